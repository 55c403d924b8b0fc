// SPDX-License-Identifier: GPL-2.0
/*
 * Takes no traces, for kernels without CONFIG_STACKTRACE: any context but NMI, preemption
 * off. stack_depth is 0 there, so a drop has a place, and nothing else.
 */
#include <linux/kernel.h>
#include "capture/walk.h"

notrace void whydrop_walk(struct whydrop_walker *w, void *fp, struct whydrop_stack_key *key,
			  struct whydrop_walk_scratch *s, unsigned int max)
{
	key->frames = s->frames;
	key->nr = 0;
	key->flags = 0;
	key->unverified = false;
	s->cost = 0;
}
