// SPDX-License-Identifier: GPL-2.0
/*
 * Where a drop happens: the trace, trimmed to start at the place of the drop,
 * and its entry in the table.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "compat.h"
#include "capture/stack.h"

/*
 * How many frames stand above the place of the drop: those of the tracing and
 * of the freeing function. Return: that, or -1.
 */
static int find_place(const unsigned long *frames, unsigned int nr, unsigned long location)
{
	unsigned int i, end = min_t(unsigned int, nr, WHYDROP_FRAMES_ABOVE + 1);

	for (i = 0; i < end; i++)
		if (frames[i] == location)
			return i;
	/*
	 * Freed later than dropped: then the location is no return address but
	 * the start of the freeing function, net_tx_action().
	 */
	for (i = 0; i < end; i++)
		if (frames[i] - location < WHYDROP_FUNCTION_SPAN)
			return i;
	return -1;
}

void whydrop_stack_trim(struct whydrop_stack_key *key, const unsigned long *frames,
			unsigned int nr, unsigned int max)
{
	int above = find_place(frames, nr, key->place);

	key->flags = 0;
	if (unlikely(above < 0)) {
		key->flags = WHYDROP_STACK_NOT_TRIMMED;
		above = 0;
	}
	key->frames = frames + above;
	key->nr = nr - above;
	if (key->nr >= max) {
		key->flags |= WHYDROP_STACK_CUT;
		key->nr = max;
	}
}

void whydrop_stack_attach(struct whydrop_event *ev, const struct whydrop_stack_key *key)
{
	struct whydrop_attached *a = (void *)ev + whydrop_attached_offset(ev->caplen);
	unsigned int i;

	a->place = key->place;
	a->nr = key->nr;
	a->flags = key->flags;
	a->pad = 0;
	for (i = 0; i < key->nr; i++)
		a->frames[i] = key->frames[i];
	ev->flags |= WHYDROP_EV_ATTACHED;
	ev->rec.size += whydrop_stack_attached_size(key);
}

const struct whydrop_stack *whydrop_stack_place(struct whydrop_cpu *c,
						struct whydrop_stack_key *key, bool *added)
{
	const struct whydrop_stack *stack;

	key->hash = whydrop_stack_hash(whydrop_stack_seed(key->reason, key->place));
	key->nr = 0;
	key->flags = WHYDROP_STACK_PLACE_ONLY;
	stack = whydrop_stack_find(key);
	*added = false;
	if (!stack) {
		stack = whydrop_stack_add(key);
		*added = stack;
	}
	*whydrop_stack_remembered(c, key->place) = stack;
	return stack;
}

const struct whydrop_stack *whydrop_stack_settle(struct whydrop_stack_key *key)
{
	u64 hash = whydrop_stack_seed(key->reason, key->place);
	const unsigned long *p = key->frames, *end = p + key->nr;
	const struct whydrop_stack *stack;

	while (p != end)
		hash = whydrop_stack_mix(hash, *p++);
	key->hash = whydrop_stack_hash(hash);
	stack = whydrop_stack_find(key);
	return likely(stack) ? stack : whydrop_stack_add(key);
}
