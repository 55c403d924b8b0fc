// SPDX-License-Identifier: GPL-2.0
/* Takes traces where steps cannot be learned: any context but NMI, preemption off. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/stacktrace.h>
#include "compat.h"
#include "capture/config.h"
#include "capture/trace.h"
#include "capture/walk.h"

/*
 * Cut a trace behind the entry of an interrupt. The kernel counts the start of softirqs
 * as an entry, too; that one is skipped, because its caller may be the task that sent the
 * packet.
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

/*
 * Where a tracer hooks the return of the function that frees the packet, the tracepoint
 * reports the tracer's address as the place. The trace has the true one: behind the frames
 * of this module, of the tracepoint, and of the freeing function.
 */
static notrace void recover_place(struct whydrop_stack_key *key, const unsigned long *frames,
				  unsigned int nr)
{
	unsigned int i = 0;

	if (whydrop_trace_above(frames, nr, key->place) >= 0 ||
	    whydrop_place_is_deferred(key->place) || !whydrop_is_function_start(key->place))
		return;
	while (i < nr && within_module_core(frames[i], THIS_MODULE))
		i++;
	if (i < nr && whydrop_in_traceiter(frames[i]))
		i++;
	/* A frame within the function that starts at the place: it frees packets later. */
	if (i + 1 >= nr || frames[i] - key->place < WHYDROP_FUNCTION_SPAN)
		return;
	key->place = frames[i + 1];
}

notrace void whydrop_walk(struct whydrop_walker *w, void *fp, struct whydrop_stack_key *key,
			  struct whydrop_walk_scratch *s, unsigned int max)
{
	unsigned int nr = whydrop_trace_save(s->frames, max + WHYDROP_FRAMES_ABOVE);

	s->cost = WHYDROP_COST_UNWIND;
	recover_place(key, s->frames, nr);
	whydrop_trace_trim(key, s->frames, nr, max);
	if (!READ_ONCE(whydrop_config.stack_full))
		cut_interrupted(key);
}
