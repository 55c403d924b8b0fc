/* SPDX-License-Identifier: GPL-2.0 */
/* Settings that a drop looks at, in any context; a task changes them, see param.c. */
#ifndef WHYDROP_CONFIG_H
#define WHYDROP_CONFIG_H

#include <linux/types.h>

/* Defaults. Without CONFIG_STACKTRACE there are no stacks, only places. */
#ifdef HAVE_STACKTRACE
#define WHYDROP_STACK_DEPTH	24
#else
#define WHYDROP_STACK_DEPTH	0
#endif
#define WHYDROP_STACK_RATE	8000
#define WHYDROP_STACK_AUDIT	1024
#define WHYDROP_SNAPLEN		96

/*
 * What a stack costs: stack_rate allows so many times WHYDROP_COST_UNWIND a second. With 16
 * frames on 6.1, an unwind takes 6,700 instructions; walking a known stack and finding it in
 * the table, 830; recognizing it without, 420, for which the same is charged. Learning a step
 * takes up to three steps of the unwinder and, in modules, the look-up of a symbol. On arm64
 * (6.12), an unwind takes 2,200, and following the frame pointers of a known stack 800.
 */
#define WHYDROP_COST_WALK	1
#define WHYDROP_COST_FOLLOW	3
#define WHYDROP_COST_UNWIND	8
#define WHYDROP_COST_LEARN	8

/**
 * struct whydrop_config - values of the parameters
 * @stack_depth: frames to keep; 0: none
 * @stack_unit: nanoseconds of a CPU's budget that WHYDROP_COST_WALK takes; 0: no limit
 * @stack_full: traces go on into the interrupted context
 * @stack_audit: mean number of traces per audit; UINT_MAX: no audits
 * @snaplen: bytes of packet to keep
 *
 * Each value is read on its own: a drop may see an old one and a new one.
 */
struct whydrop_config {
	unsigned int stack_depth;
	unsigned int stack_unit;
	bool stack_full;
	unsigned int stack_audit;
	unsigned int snaplen;
};

extern struct whydrop_config whydrop_config;

#endif /* WHYDROP_CONFIG_H */
