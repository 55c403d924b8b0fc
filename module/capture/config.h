/* SPDX-License-Identifier: GPL-2.0 */
/* Settings that a drop looks at, in any context; a task changes them, see param.c. */
#ifndef WHYDROP_CONFIG_H
#define WHYDROP_CONFIG_H

#include <linux/types.h>

/* Defaults. */
#define WHYDROP_STACK_DEPTH	24
#define WHYDROP_STACK_RATE	1000
#define WHYDROP_STACK_AUDIT	1024
#define WHYDROP_SNAPLEN		96

/* Intervals per second that stack_rate is kept in, so that bursts are short. */
#define WHYDROP_RATE_INTERVALS	8

/**
 * struct whydrop_config - what the parameters say
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

#endif /* WHYDROP_CONFIG_H */
