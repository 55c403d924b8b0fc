/* SPDX-License-Identifier: GPL-2.0 */
/* Takes the trace that leads to a drop, in any context but NMI, with preemption off. */
#ifndef WHYDROP_WALK_H
#define WHYDROP_WALK_H

#include "capture/stack_table.h"
#include "capture/walk_types.h"

/**
 * whydrop_walk() - the trace that leads to a drop
 * @w: of the CPU that is running
 * @fa: __builtin_frame_address(0) of the caller, which does not show itself
 * @key: its place is given; frames, nr and flags are the result
 * @s: where the frames are put
 * @max: frames wanted from the place on, at most WHYDROP_FRAMES_MAX
 *
 * Context: any but NMI, preemption off.
 */
void whydrop_walk(struct whydrop_walker *w, void *fa, struct whydrop_stack_key *key,
		  struct whydrop_walk_scratch *s, unsigned int max);

#ifdef HAVE_ORC
/* All steps are to be learned anew: addresses got another meaning. Any context. */
void whydrop_walk_forget(void);

/* Before the CPUs have their memory, and after. Task. Return: 0 or -ENOMEM. */
int whydrop_walk_init(void);
void whydrop_walk_exit(void);

/* Compare a trace from here before any is taken of a drop. Task. */
void whydrop_walk_selftest(void);

/* Count @what of all CPUs. Task. */
u64 whydrop_walk_count(enum whydrop_walk_count what);
#else
static inline void whydrop_walk_forget(void) {}
static inline int whydrop_walk_init(void) { return 0; }
static inline void whydrop_walk_exit(void) {}
static inline void whydrop_walk_selftest(void) {}
static inline u64 whydrop_walk_count(enum whydrop_walk_count what) { return 0; }
#endif

#endif /* WHYDROP_WALK_H */
