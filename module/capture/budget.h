/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The budget of each CPU for stacks, in work instead of stacks: any context but NMI,
 * preemption off.
 */
#ifndef WHYDROP_BUDGET_H
#define WHYDROP_BUDGET_H

#include <linux/bitops.h>
#include <linux/types.h>
#include <asm/local64.h>
#include "capture/config.h"

/*
 * A CPU can save up so much of its budget, and in each interval what it does not spend: a
 * power of two, in nanoseconds, a quarter second.
 */
#define WHYDROP_BUDGET_BITS	28
#define WHYDROP_BUDGET_SAVED	((s64)BIT_ULL(WHYDROP_BUDGET_BITS))
/* So often, in nanoseconds, it is decided which part of the drops get a stack. */
#define WHYDROP_BUDGET_INTERVAL	(WHYDROP_BUDGET_SAVED / 2)

/* The part of the drops that get a stack: so many of 2^32; this is all. */
#define WHYDROP_BUDGET_ALL	U32_MAX

/**
 * struct whydrop_budget - what a CPU may spend on stacks
 * @paid: the budget of the time until then is spent, CLOCK_MONOTONIC nanoseconds
 * @base: @paid at the start of the current interval
 * @since: that start
 * @wanted: drops in it that should get a stack
 * @taken: stacks taken in it
 * @chance: the part of the drops that get one
 * @random: state of the generator that chooses them
 * @unit: the setting that applies to @paid
 * @share: of the budget, what was spent in the last interval, in percent
 *
 * The budget is time: it grows by a nanosecond each nanosecond, and each unit of cost takes
 * whydrop_config.stack_unit. @paid is exact; an interrupt may get lost in the others.
 */
struct whydrop_budget {
	local64_t paid;
	u64 base;
	u64 since;
	u32 wanted;
	u32 taken;
	u32 chance;
	u32 random;
	u32 unit;
	u32 share;
};

/* End an interval: choose @chance by what was wanted in it. */
void whydrop_budget_adapt(struct whydrop_budget *b, u64 now);

/**
 * whydrop_budget_allows() - decide whether a drop gets a stack
 * @b: budget of the current CPU
 * @now: CLOCK_MONOTONIC, nanoseconds
 *
 * Once more is wanted than the budget allows, each drop gets a stack with the same chance,
 * whatever it is, so that the stacks taken are a fair sample. Until the chance is known, the
 * second half of what was saved up is spent with a chance that falls with it.
 */
static __always_inline bool whydrop_budget_allows(struct whydrop_budget *b, u64 now)
{
	u32 chance;
	s64 left;

	if (!READ_ONCE(whydrop_config.stack_unit))
		return true;
	if (unlikely((s64)(now - b->since) >= WHYDROP_BUDGET_INTERVAL))
		whydrop_budget_adapt(b, now);
	b->wanted++;
	left = now - local64_read(&b->paid);
	if (left <= 0)
		return false;
	chance = b->chance;
	if (left < WHYDROP_BUDGET_SAVED / 2)
		chance = min(chance, (u32)left << (33 - WHYDROP_BUDGET_BITS));
	if (likely(chance == WHYDROP_BUDGET_ALL))
		return true;
	b->random = b->random * 1664525 + 1013904223;
	return b->random < chance;
}

/**
 * whydrop_budget_charge() - charge a stack that was taken
 * @b: budget of the current CPU
 * @cost: in units of WHYDROP_COST_WALK
 */
static __always_inline void whydrop_budget_charge(struct whydrop_budget *b, u32 cost)
{
	local64_add((u64)cost * READ_ONCE(whydrop_config.stack_unit), &b->paid);
	b->taken++;
}

/* Percentage of its budget that a CPU spends at @now. Any context. */
u32 whydrop_budget_share(const struct whydrop_budget *b, u64 now);

#endif /* WHYDROP_BUDGET_H */
