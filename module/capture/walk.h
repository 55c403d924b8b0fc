/* SPDX-License-Identifier: GPL-2.0 */
/* Takes the stack trace of a drop, in any context but NMI, with preemption off. */
#ifndef WHYDROP_WALK_H
#define WHYDROP_WALK_H

#include <linux/atomic.h>
#include "capture/stack_table.h"
#include "capture/walk_types.h"

/**
 * whydrop_walk() - take the stack trace of a drop
 * @w: walker of the current CPU
 * @fp: __builtin_frame_address(0) of the caller, which is not part of the trace
 * @key: the place is given; frames, nr and flags are the result
 * @s: buffer for the frames; the cost is a result, too
 * @max: maximum number of frames from the place on, up to WHYDROP_FRAMES_MAX
 *
 * Context: any but NMI, preemption off.
 */
void whydrop_walk(struct whydrop_walker *w, void *fp, struct whydrop_stack_key *key,
		  struct whydrop_walk_scratch *s, unsigned int max);

#ifdef HAVE_ORC
/* Steps and traces that were learned in another one are invalid. */
extern atomic_t whydrop_walk_generation;

/* Invalidate the steps of all CPUs: an address may get another meaning. Any context. */
void whydrop_walk_invalidate(void);
#else
static inline void whydrop_walk_invalidate(void) {}
#endif

#ifdef HAVE_WALK
/* Called before the CPUs get their memory, and after they lost it. Task. Return: 0 or -ENOMEM. */
int whydrop_walk_init(void);
void whydrop_walk_exit(void);

/* Walk and verify a trace of the caller, before the first drop. Task. */
void whydrop_walk_selftest(void);
#else
static inline int whydrop_walk_init(void) { return 0; }
static inline void whydrop_walk_exit(void) {}
static inline void whydrop_walk_selftest(void) {}
#endif

#endif /* WHYDROP_WALK_H */
