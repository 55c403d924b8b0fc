/* SPDX-License-Identifier: GPL-2.0 */
/* Lets traces start at the place of the drop, in any context but NMI, with preemption off. */
#ifndef WHYDROP_TRACE_H
#define WHYDROP_TRACE_H

#include "compat.h"
#include "capture/stack_table.h"

/* How far into a function a return address is taken to lie at most. */
#define WHYDROP_FUNCTION_SPAN	4096

/**
 * whydrop_trace_trim() - let a trace start at the place of the drop
 * @key: place is given; all but the hash is the result
 * @frames: the trace as taken, with what stands above the place
 * @nr: entries in @frames
 * @max: frames wanted from the place on
 */
void whydrop_trace_trim(struct whydrop_stack_key *key, const unsigned long *frames,
			unsigned int nr, unsigned int max);

/**
 * whydrop_trace_above() - how many frames stand above the place of a drop
 * @frames: the trace as taken
 * @nr: entries in @frames
 * @place: what to look for
 *
 * They are those of the tracing and of the freeing function. Return: that, or -1.
 */
int whydrop_trace_above(const unsigned long *frames, unsigned int nr, unsigned long place);

/* Is @place the one of packets that are freed later than dropped, as far as seen? */
bool whydrop_place_is_deferred(unsigned long place);

/* Is @addr in the function that calls the tracepoint's probes, if that is not inline? */
static inline bool whydrop_in_traceiter(unsigned long addr)
{
	return addr - (unsigned long)__traceiter_kfree_skb < 256;
}

/* Is @addr, as no return address can be, the start of a function? Takes 0.6 KiB of stack. */
bool whydrop_is_function_start(unsigned long addr);

#endif /* WHYDROP_TRACE_H */
