/* SPDX-License-Identifier: GPL-2.0 */
/* Parameters that are fixed at load, and the start and stop of the others, in a task. */
#ifndef WHYDROP_PARAM_H
#define WHYDROP_PARAM_H

#include <linux/types.h>

/* Size of each ring in bytes, a power of two; 0: no rings. Fixed at load. */
size_t whydrop_ring_bytes(void);

/* Number of stacks that fit in the table. Fixed at load. */
unsigned int whydrop_max_stacks(void);

/* Is the probe to be registered? */
bool whydrop_enabled(void);

/**
 * whydrop_params_start() - let setters take effect at once from now on
 *
 * Registers the probe if "enabled" says so. Context: task.
 * Return: 0 or a negative errno.
 */
int whydrop_params_start(void);

/* Unregister the probe, and let nothing register it again. Task. */
void whydrop_params_stop(void);

#endif /* WHYDROP_PARAM_H */
