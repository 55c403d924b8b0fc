// SPDX-License-Identifier: GPL-2.0
/*
 * Stores the place and stack of a drop in the table or, if that is full, in the record: in
 * any context but NMI, with preemption off.
 */
#include <linux/kernel.h>
#include "compat.h"
#include "capture/owner.h"
#include "capture/stack.h"
#include "capture/walk_audit.h"

void whydrop_stack_attach(struct whydrop_event *ev, const struct whydrop_stack_key *key)
{
	struct whydrop_attached *a = (void *)ev + whydrop_attached_offset(ev->caplen);
	unsigned int i;

	a->place = key->place;
	a->nr = key->nr;
	a->flags = key->flags;
	a->generation = whydrop_owner_generation();
	for (i = 0; i < key->nr; i++)
		a->frames[i] = key->frames[i];
	ev->flags |= WHYDROP_EV_ATTACHED;
	ev->rec.size += whydrop_stack_attached_size(key);
}

const struct whydrop_stack *whydrop_stack_save_place(struct whydrop_cpu *c,
						     struct whydrop_stack_key *key, bool *added)
{
	const struct whydrop_stack *stack;

	key->hash = whydrop_stack_hash_end(whydrop_stack_hash_start(key->reason, key->place));
	key->nr = 0;
	key->flags = WHYDROP_STACK_PLACE_ONLY;
	stack = whydrop_stack_find(key);
	*added = false;
	if (!stack) {
		stack = whydrop_stack_add(key);
		*added = stack;
	}
	/* Pairs with cmpxchg() in clear_place_caches(), which runs on any CPU. */
	WRITE_ONCE(*whydrop_stack_cache_slot(c, key->place), stack);
	return stack;
}

notrace u32 whydrop_stack_place_counter(struct whydrop_cpu *c, const struct whydrop_stack_key *key)
{
	struct whydrop_stack_key place = { .reason = key->reason, .place = key->place };
	const struct whydrop_stack *stack;
	bool added = false;

	stack = whydrop_stack_cached_place(c, key->reason, key->place);
	if (!stack)
		stack = whydrop_stack_save_place(c, &place, &added);
	if (!stack)
		return whydrop_stack_other_counter(whydrop_slot(key->reason));
	if (added)
		whydrop_stack_mark_place(stack, key);
	return stack->counter;
}

static notrace u32 hash_key(const struct whydrop_stack_key *key)
{
	u64 hash = whydrop_stack_hash_start(key->reason, key->place);
	const unsigned long *p = key->frames, *end = p + key->nr;

	while (p != end)
		hash = whydrop_stack_hash_word(hash, *p++);
	return whydrop_stack_hash_end(hash);
}

const struct whydrop_stack *whydrop_stack_save(struct whydrop_cpu *c,
					       struct whydrop_stack_key *key,
					       struct whydrop_walk_scratch *s, unsigned int max)
{
	const struct whydrop_stack *stack;

	key->hash = hash_key(key);
	stack = whydrop_stack_find(key);
	if (likely(stack))
		return stack;
	/* A walked trace is verified before it is stored for the first time. */
	if (key->unverified) {
		whydrop_walk_verify(&c->walker, key, s, max);
		key->hash = hash_key(key);
	}
	return whydrop_stack_add(key);
}

void whydrop_stack_mark_place(const struct whydrop_stack *stack,
			      const struct whydrop_stack_key *key)
{
	u16 flags = key->flags & WHYDROP_STACK_DEFERRED;

	if (key->place != stack->place)
		flags |= WHYDROP_STACK_HIDDEN;
	if (flags)
		whydrop_stack_set_flags(stack, flags);
}
