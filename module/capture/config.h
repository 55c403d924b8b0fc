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

/* stack_rate applies to each of so many intervals per second, so that bursts are short. */
#define WHYDROP_RATE_INTERVALS	8

/**
 * struct whydrop_config - values of the parameters
 * @stack_depth: frames to keep; 0: none
 * @stack_burst: stack captures per @stack_interval and CPU; 0: no limit
 * @stack_interval: nanoseconds
 * @stack_full: traces go on into the interrupted context
 * @stack_audit: mean number of traces per audit; UINT_MAX: no audits
 * @snaplen: bytes of packet to keep
 *
 * Each value is read on its own: a drop may see an old one and a new one.
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
