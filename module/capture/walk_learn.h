/* SPDX-License-Identifier: GPL-2.0 */
/* Unwinds a stack and learns its steps, in any context but NMI, with preemption off. */
#ifndef WHYDROP_WALK_LEARN_H
#define WHYDROP_WALK_LEARN_H

#include "capture/stack_table.h"
#include "capture/walk_types.h"

/**
 * whydrop_unwind() - take the stack trace of a drop by the kernel's unwinder
 * @w: walker of the current CPU
 * @fp: see whydrop_walk()
 * @key: see whydrop_walk()
 * @s: see whydrop_walk()
 * @max: see whydrop_walk()
 * @learn: let @w learn the steps on the way
 */
void whydrop_unwind(struct whydrop_walker *w, void *fp, struct whydrop_stack_key *key,
		    struct whydrop_walk_scratch *s, unsigned int max, bool learn);

#endif /* WHYDROP_WALK_LEARN_H */
