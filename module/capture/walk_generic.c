// SPDX-License-Identifier: GPL-2.0
/* The trace that leads to a drop, where the kernel's unwinder cannot be asked. */
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include "compat.h"
#include "param.h"
#include "capture/stack.h"
#include "capture/walk.h"

/*
 * Cut a trace behind the entry of an interrupt. To the kernel, the start of
 * softirqs is one as well; it is passed by, for what called it may be the very
 * task that sent the packet.
 */
static void cut_interrupted(struct whydrop_stack_key *key)
{
	bool skip = in_serving_softirq() && !whydrop_in_hardirq();
	unsigned int i;

	for (i = 0; i < key->nr; i++) {
		if (!whydrop_is_irq_entry(key->frames[i]))
			continue;
		if (skip) {
			skip = false;
			continue;
		}
		key->nr = i + 1;
		key->flags |= WHYDROP_STACK_INTERRUPTED;
		key->flags &= ~WHYDROP_STACK_CUT;
		break;
	}
}

notrace void whydrop_walk(struct whydrop_walker *w, void *fa, struct whydrop_stack_key *key,
			  struct whydrop_walk_scratch *s, unsigned int max)
{
	unsigned int nr = stack_trace_save(s->frames, max + WHYDROP_FRAMES_ABOVE, 0);

	whydrop_stack_trim(key, s->frames, nr, max);
	if (!READ_ONCE(whydrop_config.stack_full))
		cut_interrupted(key);
}
