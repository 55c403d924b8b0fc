/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recognizes a whole trace that was walked before, without a walk: in any context but NMI,
 * with preemption off. walk.md says why it is the same trace.
 */
#ifndef WHYDROP_WALK_MEMORY_H
#define WHYDROP_WALK_MEMORY_H

#include "capture/stack_table.h"
#include "capture/walk_types.h"

#ifdef HAVE_WALK
/**
 * whydrop_recall() - find the stack of a drop, if the CPU remembers its trace
 * @w: walker of the current CPU
 * @fp: see whydrop_walk()
 * @reason: drop reason
 * @place: place of the drop
 * @s: buffers, for an audit
 * @max: maximum number of frames from the place on
 *
 * Walking has to be allowed, for both functions. Return: the entry; or NULL: the stack has
 * to be walked.
 */
const struct whydrop_stack *whydrop_recall(struct whydrop_walker *w, void *fp, u32 reason,
					   unsigned long place, struct whydrop_walk_scratch *s,
					   unsigned int max);

/**
 * whydrop_remember() - remember a trace that was just taken, if that is likely to be of use
 * @w: walker of the current CPU
 * @fp: see whydrop_walk()
 * @stack: the entry, which is that of this trace
 * @s: buffers
 * @max: maximum number of frames from the place on
 */
void whydrop_remember(struct whydrop_walker *w, void *fp, const struct whydrop_stack *stack,
		      struct whydrop_walk_scratch *s, unsigned int max);
#else
static inline const struct whydrop_stack *
whydrop_recall(struct whydrop_walker *w, void *fp, u32 reason, unsigned long place,
	       struct whydrop_walk_scratch *s, unsigned int max)
{
	return NULL;
}

static inline void whydrop_remember(struct whydrop_walker *w, void *fp,
				    const struct whydrop_stack *stack,
				    struct whydrop_walk_scratch *s, unsigned int max) {}
#endif

#endif /* WHYDROP_WALK_MEMORY_H */
