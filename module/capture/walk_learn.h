/* SPDX-License-Identifier: GPL-2.0 */
/* Unwinds a stack and learns its steps, in any context but NMI, with preemption off. */
#ifndef WHYDROP_WALK_LEARN_H
#define WHYDROP_WALK_LEARN_H

#include "capture/stack_table.h"
#include "capture/walk_types.h"

/**
 * whydrop_unwind() - the trace that leads to a drop, as the kernel unwinds it
 * @learn: let @w learn the steps on the way
 *
 * For the others see whydrop_walk().
 */
void whydrop_unwind(struct whydrop_walker *w, void *fa, struct whydrop_stack_key *key,
		    struct whydrop_walk_scratch *s, unsigned int max, bool learn);

#endif /* WHYDROP_WALK_LEARN_H */
