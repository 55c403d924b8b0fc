/* SPDX-License-Identifier: GPL-2.0 */
/* Compares frame pointers with the unwinder, in a task; what a drop calls is in walk_memory.h. */
#ifndef WHYDROP_WALK_FRAMES_H
#define WHYDROP_WALK_FRAMES_H

#include "capture/stack_table.h"
#include "capture/walk_types.h"

/* Before the first drop. */
void whydrop_frames_init(void);

/**
 * whydrop_frames_compare() - compare a trace of the caller with the kernel's own
 * @w: walker of the current CPU
 * @key: buffer
 * @s: buffers
 *
 * What is found is counted. Context: task, preemption off.
 */
void whydrop_frames_compare(struct whydrop_walker *w, struct whydrop_stack_key *key,
			    struct whydrop_walk_scratch *s);

#endif /* WHYDROP_WALK_FRAMES_H */
