/* SPDX-License-Identifier: GPL-2.0 */
/* Lets traces start at the place of the drop, in any context but NMI, with preemption off. */
#ifndef WHYDROP_TRACE_H
#define WHYDROP_TRACE_H

#include "compat.h"
#include "capture/stack_table.h"

/* Return addresses up to this far behind the start of a function are taken to be in it. */
#define WHYDROP_FUNCTION_SPAN	4096

/**
 * whydrop_trace_trim() - let a trace start at the place of the drop
 * @key: place is given; all but the hash is the result
 * @frames: the trace, including the frames above the place
 * @nr: number of @frames
 * @max: maximum number of frames from the place on
 */
void whydrop_trace_trim(struct whydrop_stack_key *key, const unsigned long *frames,
			unsigned int nr, unsigned int max);

/**
 * whydrop_trace_above() - count the frames above the place of a drop
 * @frames: the trace
 * @nr: number of @frames
 * @place: the place
 *
 * They belong to the tracing and to the freeing function. Return: their number, or -1 if the
 * place is not in the trace.
 */
int whydrop_trace_above(const unsigned long *frames, unsigned int nr, unsigned long place);

/**
 * whydrop_trace_freeing() - find the frame of the function that frees the packet
 * @frames: the trace, from this module's own frames on, if it has any
 * @nr: number of @frames
 *
 * It is behind those of this module, which has none where each of its calls is the last of
 * its function, and behind that of the tracepoint. Return: its number; @nr if there is none.
 */
unsigned int whydrop_trace_freeing(const unsigned long *frames, unsigned int nr);

/* Is @place that of packets which are freed later than dropped, as far as seen? */
bool whydrop_place_is_deferred(unsigned long place);

/* Is @addr the start of a function, and so no return address? Uses 0.6 KiB of stack. */
bool whydrop_is_function_start(unsigned long addr);

#endif /* WHYDROP_TRACE_H */
