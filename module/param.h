/* SPDX-License-Identifier: GPL-2.0 */
/* What the parameters say, read in any context, and their start and stop, in a task. */
#ifndef WHYDROP_PARAM_H
#define WHYDROP_PARAM_H

#include <linux/types.h>

/**
 * struct whydrop_config - what the parameters say, for the way of a drop
 * @stack_depth: frames to keep; 0: none
 * @stack_burst: stack captures per @stack_interval and CPU; 0: no bound
 * @stack_interval: nanoseconds
 * @stack_full: traces go on into what was interrupted
 * @stack_audit: of how many traces one is compared; UINT_MAX: none
 * @snaplen: bytes of packet to keep
 *
 * Each is read on its own; one drop may see an old value and a new one.
 */
struct whydrop_config {
	unsigned int stack_depth;
	unsigned int stack_burst;
	u64 stack_interval;
	bool stack_full;
	unsigned int stack_audit;
	unsigned int snaplen;
};

extern struct whydrop_config whydrop_config;

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
