/* SPDX-License-Identifier: GPL-2.0 */
/* Stores the place and stack of a drop: any context but NMI, preemption off. */
#ifndef WHYDROP_STACK_H
#define WHYDROP_STACK_H

#include "capture/config.h"
#include "capture/cpu.h"

/*
 * Each drop has a place, which costs little. Where a stack is due as well, which costs
 * more, it is taken and stored like this:
 *
 *	depth = whydrop_stack_choose_depth(...);
 *	if (depth) {
 *		s->key.reason, s->key.place = ...;
 *		whydrop_walk(..., &s->key, ..., depth);
 *		stack = whydrop_stack_save(c, &s->key, ..., depth);
 *		whydrop_budget_charge(&c->budget, ...);
 *	}
 *
 * Context of all functions: any but NMI, preemption off.
 */

/**
 * whydrop_stack_choose_depth() - decide whether to capture a stack
 * @c: the current CPU
 * @now: CLOCK_MONOTONIC, nanoseconds
 * @kind: result: enum whydrop_stack_kind, if no stack is to be captured
 *
 * Return: number of frames to capture, from the place outwards, or 0.
 */
static __always_inline unsigned int whydrop_stack_choose_depth(struct whydrop_cpu *c, u64 now,
							       unsigned int *kind)
{
	unsigned int depth = READ_ONCE(whydrop_config.stack_depth);

	*kind = depth ? WHYDROP_STACK_SUPPRESSED : WHYDROP_STACK_OFF;
	return depth && whydrop_budget_allows(&c->budget, now) ? depth : 0;
}

/* Where a CPU caches the entry of a place; another place with the same hash may be there. */
static __always_inline const struct whydrop_stack **
whydrop_stack_cache_slot(struct whydrop_cpu *c, unsigned long place)
{
	return &c->place_cache[(place >> 2) % WHYDROP_PLACE_CACHE];
}

/**
 * whydrop_stack_cached_place() - look up the entry of a place in the CPU's cache
 * @c: the current CPU
 * @reason: drop reason
 * @place: place of the drop
 *
 * Return: the entry, or NULL if it is not cached.
 */
static __always_inline const struct whydrop_stack *
whydrop_stack_cached_place(struct whydrop_cpu *c, u32 reason, unsigned long place)
{
	const struct whydrop_stack *stack = READ_ONCE(*whydrop_stack_cache_slot(c, place));

	if (likely(stack && stack->place == place && stack->reason == reason &&
		   !READ_ONCE(stack->retired)))
		return stack;
	return NULL;
}

/**
 * whydrop_stack_save_place() - look up the entry of a place in the table, or add it
 * @c: the current CPU, which caches it
 * @key: reason and place; the rest is written
 * @added: result: the place was not known before
 *
 * Return: the entry, or NULL if the record has to carry @key.
 */
const struct whydrop_stack *whydrop_stack_save_place(struct whydrop_cpu *c,
						     struct whydrop_stack_key *key, bool *added);

/**
 * whydrop_stack_place_counter() - choose the counter for a drop whose stack has no entry
 * @c: the current CPU
 * @key: what the record carries instead
 *
 * Return: the counter of its place's entry, or whydrop_stack_other_counter().
 */
u32 whydrop_stack_place_counter(struct whydrop_cpu *c, const struct whydrop_stack_key *key);

/**
 * whydrop_stack_save() - look up a stack in the table, or verify and add it
 * @c: the current CPU
 * @key: reason, place and trace; the hash is written, and the trace is corrected if the
 *	walk was wrong
 * @s: where the trace is
 * @max: maximum number of frames
 *
 * Return: the entry, or NULL if the record has to carry the key.
 */
const struct whydrop_stack *whydrop_stack_save(struct whydrop_cpu *c,
					       struct whydrop_stack_key *key,
					       struct whydrop_walk_scratch *s, unsigned int max);

/**
 * whydrop_stack_mark_place() - flag the entry of a place as deferred or hidden
 * @stack: the entry
 * @key: the trace of its first drop, and the place found in it
 */
void whydrop_stack_mark_place(const struct whydrop_stack *stack,
			      const struct whydrop_stack_key *key);

/* Bytes that whydrop_stack_attach() appends to a record. */
static inline u32 whydrop_stack_attached_size(const struct whydrop_stack_key *key)
{
	return sizeof(struct whydrop_attached) + key->nr * sizeof(u64);
}

/**
 * whydrop_stack_attach() - append a stack that has no entry in the table to a record
 * @ev: the record, otherwise complete
 * @key: the place and its trace
 */
void whydrop_stack_attach(struct whydrop_event *ev, const struct whydrop_stack_key *key);

#endif /* WHYDROP_STACK_H */
