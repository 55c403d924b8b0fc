/* SPDX-License-Identifier: GPL-2.0 */
/* Counts drops by CPU, outcome and reason, in any context, NMI too, with preemption off. */
#ifndef WHYDROP_COUNT_H
#define WHYDROP_COUNT_H

#include <linux/compiler.h>
#include <asm/local64.h>
#include "compat.h"

/**
 * enum whydrop_outcome - what became of a drop; each has exactly one outcome
 *
 * A drop increments one cell, [outcome][slot of its reason], and no other count. So the
 * identities
 *
 *	seen = filtered + lost + recorded
 *	by id + inline + suppressed + off = recorded
 *
 * hold in every snapshot of the cells, whatever happens meanwhile. Tests compare
 * "recorded" with the sequence numbers in the rings.
 */
enum whydrop_outcome {
	WHYDROP_FILTERED_REASON,
	WHYDROP_FILTERED_DEV,
	WHYDROP_FILTERED_NETNS,
	WHYDROP_FILTERED_PACKET,
	WHYDROP_NOT_RECORDED_NMI,
	WHYDROP_NOT_RECORDED_NOBUF,
	WHYDROP_RECORDED,	/* + enum whydrop_stack_kind */
	WHYDROP_OUTCOMES = WHYDROP_RECORDED + WHYDROP_STACK_OFF + 1,
};

/* One slot for each reason that this kernel can have, and one for all others. */
#define WHYDROP_SLOT_OTHER	(WHYDROP_CORE_REASONS + \
				 (WHYDROP_SUBSYSTEMS - 1) * WHYDROP_SUBSYS_REASONS)
#define WHYDROP_SLOTS		(WHYDROP_SLOT_OTHER + 1)

/**
 * struct whydrop_counts - the counts of one CPU since load or reset
 * @cells: drops
 * @unjudged: packets that passed because the filter could not be applied
 * @started: a drop was recorded
 * @floor_pos: position in the ring of the first record that is counted here
 * @floor_seq: its number
 * @stacks: drops recorded, by stack or place, see whydrop_stack_counters()
 *
 * Written to by its CPU only. A drop that is recorded reads the pointer to the counts once, so
 * either all of its counts are here, or none. Only @unjudged is counted earlier, and the
 * counts may be reset in between.
 */
struct whydrop_counts {
	local64_t cells[WHYDROP_OUTCOMES][WHYDROP_SLOTS];
	local64_t unjudged;
	bool started;
	u64 floor_pos;
	u64 floor_seq;
	local64_t stacks[];
};

/* Return the slot that a reason is counted in. Any context. */
static __always_inline unsigned int whydrop_slot(u32 reason)
{
	u32 subsys = reason >> 16, nr = reason & 0xffff;

	if (likely(reason < WHYDROP_CORE_REASONS))
		return reason;
	/* Else the compiler computes both where there are no subsystems, which takes longer. */
	barrier();
	if (WHYDROP_SUBSYS_REASONS && subsys && subsys < WHYDROP_SUBSYSTEMS &&
	    nr < WHYDROP_SUBSYS_REASONS)
		return WHYDROP_CORE_REASONS + (subsys - 1) * WHYDROP_SUBSYS_REASONS + nr;
	return WHYDROP_SLOT_OTHER;
}

/* Return the reason that is counted in @slot; WHYDROP_NO_REASON for the last one. */
static inline u32 whydrop_slot_reason(unsigned int slot)
{
	if (slot < WHYDROP_CORE_REASONS)
		return slot;
	if (!WHYDROP_SUBSYS_REASONS || slot >= WHYDROP_SLOT_OTHER)
		return WHYDROP_NO_REASON;
	slot -= WHYDROP_CORE_REASONS;
	return (slot / (WHYDROP_SUBSYS_REASONS ?: 1) + 1) << 16 |
	       slot % (WHYDROP_SUBSYS_REASONS ?: 1);
}

/*
 * Pointers, where kernels with CONFIG_UBSAN_BOUNDS would check an index, and the probe would
 * save registers for that. Context: any, on the CPU that owns @counts, not to be migrated.
 */
static __always_inline void whydrop_count(struct whydrop_counts *counts,
					  unsigned int outcome, unsigned long slot)
{
	local64_inc(*counts->cells + (outcome * WHYDROP_SLOTS + slot));
}

/**
 * struct whydrop_totals - a snapshot of counts since load or reset
 * @seen: drops that the probe was called for
 * @filtered: refused by a filter
 * @filtered_by: of these, by what refused them, as enum whydrop_outcome
 * @lost_nmi: dropped in NMI context, or nested too deep to be recorded
 * @lost_nobuf: there was no ring to record them in
 * @recorded: drops with a record in the ring
 * @stack: of these, by enum whydrop_stack_kind
 */
struct whydrop_totals {
	u64 seen;
	u64 filtered;
	u64 filtered_by[WHYDROP_FILTERED_PACKET + 1];
	u64 lost_nmi;
	u64 lost_nobuf;
	u64 recorded;
	u64 stack[WHYDROP_STACK_OFF + 1];
};

/**
 * whydrop_count_add() - add the counts of one CPU to a snapshot
 * @totals: the snapshot
 * @slots: counts of drops seen by reason, or NULL
 * @counts: the CPU's counts
 *
 * Context: task, whydrop_cpus_lock() held.
 */
void whydrop_count_add(struct whydrop_totals *totals, u64 *slots,
		       const struct whydrop_counts *counts);

#endif /* WHYDROP_COUNT_H */
