/* SPDX-License-Identifier: GPL-2.0 */
/* Finds the entry for a drop's place and trace, in any context but NMI, with preemption off. */
#ifndef WHYDROP_STACK_H
#define WHYDROP_STACK_H

#include "capture/config.h"
#include "capture/cpu.h"

/*
 * Where a drop happens is its place, which costs little, and maybe a stack,
 * which costs more:
 *
 *	depth = whydrop_stack_depth(...);
 *	if (depth) {
 *		s->key.reason, s->key.place = ...;
 *		whydrop_walk(..., &s->key, ..., depth);
 *		stack = whydrop_stack_settle(c, &s->key, ..., depth);
 *	}
 *
 * All of these: context any but NMI, preemption off.
 */

/* Nested callers may get one capture more or less. */
static __always_inline bool whydrop_stack_token(struct whydrop_bucket *b, u64 now)
{
	unsigned int burst = READ_ONCE(whydrop_config.stack_burst);

	if (!burst)
		return true;
	if (now - b->since >= READ_ONCE(whydrop_config.stack_interval)) {
		b->since = now;
		b->spent = 0;
	}
	if (b->spent >= burst)
		return false;
	b->spent++;
	return true;
}

/**
 * whydrop_stack_depth() - whether to capture a stack
 * @c: the CPU that is running
 * @now: CLOCK_MONOTONIC, nanoseconds
 * @kind: result: enum whydrop_stack_kind, if none is captured
 *
 * Return: how many frames from the place on, or 0.
 */
static __always_inline unsigned int whydrop_stack_depth(struct whydrop_cpu *c, u64 now, u8 *kind)
{
	unsigned int depth = READ_ONCE(whydrop_config.stack_depth);

	*kind = depth ? WHYDROP_STACK_SUPPRESSED : WHYDROP_STACK_OFF;
	return depth && whydrop_stack_token(&c->bucket, now) ? depth : 0;
}

/* Where the entry for the place alone is remembered, or that of another one. */
static __always_inline const struct whydrop_stack **
whydrop_stack_remembered(struct whydrop_cpu *c, unsigned long place)
{
	return &c->places[(place >> 2) % WHYDROP_PLACES];
}

/**
 * whydrop_stack_place_known() - the entry for a place alone, if remembered
 * @c: the CPU that is running
 * @reason: drop reason
 * @place: place of the drop
 *
 * Return: the entry or NULL.
 */
static __always_inline const struct whydrop_stack *
whydrop_stack_place_known(struct whydrop_cpu *c, u32 reason, unsigned long place)
{
	const struct whydrop_stack *stack = READ_ONCE(*whydrop_stack_remembered(c, place));

	if (likely(stack && stack->place == place && stack->reason == reason &&
		   !READ_ONCE(stack->retired)))
		return stack;
	return NULL;
}

/**
 * whydrop_stack_place() - find the entry for a place alone, or add it
 * @c: the CPU that is running, which will remember it
 * @key: reason and place; the rest is written
 * @added: result: it was added, so that the place is a new one
 *
 * Return: the entry, or NULL if the record has to carry @key.
 */
const struct whydrop_stack *whydrop_stack_place(struct whydrop_cpu *c,
						struct whydrop_stack_key *key, bool *added);

/**
 * whydrop_stack_counter() - where to count a drop that carries its stack or place
 * @c: the CPU that is running
 * @key: what it carries
 *
 * Return: the counter of its place's entry, or the one for all other places.
 */
u32 whydrop_stack_counter(struct whydrop_cpu *c, const struct whydrop_stack_key *key);

/**
 * whydrop_stack_settle() - find a stack in the table, or add it
 * @c: the CPU that is running
 * @key: reason, place and trace; the hash is written, and the trace if it was
 *	walked wrong
 * @s: where the trace is
 * @max: frames wanted
 *
 * Return: the entry, or NULL if the record has to carry the key.
 */
const struct whydrop_stack *whydrop_stack_settle(struct whydrop_cpu *c,
						 struct whydrop_stack_key *key,
						 struct whydrop_walk_scratch *s, unsigned int max);

/**
 * whydrop_stack_classify() - mark the entry for a place alone
 * @stack: the entry
 * @key: with the trace that was taken of its first drop, and the place that it shows
 */
void whydrop_stack_classify(const struct whydrop_stack *stack,
			    const struct whydrop_stack_key *key);

/* Bytes that whydrop_stack_attach() appends to a record. */
static inline u32 whydrop_stack_attached_size(const struct whydrop_stack_key *key)
{
	return sizeof(struct whydrop_attached) + key->nr * sizeof(u64);
}

/**
 * whydrop_stack_attach() - let a record carry what has no entry in the table
 * @ev: the record, whole but for this
 * @key: what it has to carry
 */
void whydrop_stack_attach(struct whydrop_event *ev, const struct whydrop_stack_key *key);

#endif /* WHYDROP_STACK_H */
