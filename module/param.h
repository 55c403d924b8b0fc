/* SPDX-License-Identifier: GPL-2.0 */
/* Parameters that are settled at load, and the start and stop of all, in a task. */
#ifndef WHYDROP_PARAM_H
#define WHYDROP_PARAM_H

#include <linux/types.h>

/* Size of each ring in bytes, a power of two; 0: no rings. Settled at load. */
size_t whydrop_ring_bytes(void);

/* Room of the table of stacks. Settled at load. */
unsigned int whydrop_max_stacks(void);

/* Whether the probe is to be registered. */
bool whydrop_enabled(void);

/**
 * whydrop_params_start() - from here on setters have an effect at once
 *
 * Registers the probe if "enabled" says so. Context: task.
 * Return: 0 or a negative errno.
 */
int whydrop_params_start(void);

/* Unregister the probe, and let nothing register it again. Task. */
void whydrop_params_stop(void);

#endif /* WHYDROP_PARAM_H */
