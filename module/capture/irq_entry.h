/* SPDX-License-Identifier: GPL-2.0 */
/* Finds where an interrupt began in a trace, and what is no code: any context, preemption off. */
#ifndef WHYDROP_IRQ_ENTRY_H
#define WHYDROP_IRQ_ENTRY_H

#include <linux/compiler.h>
#include <linux/interrupt.h>
#include "compat.h"
#include "capture/stack_table.h"

/**
 * struct whydrop_text - a range of addresses
 * @start: the first one
 * @size: bytes
 */
struct whydrop_text {
	unsigned long start;
	unsigned long size;
};

/* Is @addr, a return address, in the entry of an interrupt? Without names, or of softirqs? */
bool whydrop_is_interrupt(unsigned long addr);

/*
 * Without names, the first entry in a softirq is taken for the start of softirqs, whose
 * caller may be the task that sent the packet.
 */
static __always_inline bool whydrop_skips_irq_entry(void)
{
	return !IS_ENABLED(CONFIG_KALLSYMS) && in_serving_softirq() && !whydrop_in_hardirq();
}

/* Does a trace end behind @addr? @skip is at first what whydrop_skips_irq_entry() said. */
static __always_inline bool whydrop_ends_at(unsigned long addr, bool *skip)
{
	bool ends = whydrop_is_interrupt(addr);

	if (!IS_ENABLED(CONFIG_KALLSYMS) && ends && *skip) {
		*skip = false;
		return false;
	}
	return ends;
}

/**
 * whydrop_cut_interrupted() - cut a trace behind the entry of an interrupt
 * @key: the trace
 * @full: do not cut, only note where entries are
 *
 * Nothing is behind the entry of an interrupt of a program, or of its system calls, which
 * some architectures have the same entry for: these are not cut.
 */
void whydrop_cut_interrupted(struct whydrop_stack_key *key, bool full);

/**
 * whydrop_leave_out_data() - remove what is no return address from a trace
 * @frames: the trace
 * @nr: its frames
 *
 * Only the unwinder of POWER has such; elsewhere, nothing is done.
 *
 * Return: number of frames that are left.
 */
unsigned int whydrop_leave_out_data(unsigned long *frames, unsigned int nr);

/* Written by whydrop_is_interrupt() only. */
extern struct whydrop_text whydrop_irq_entries_seen;

/*
 * Return where all entries are that any unwound trace has had: the range is empty at first,
 * and not exact while it changes.
 */
static __always_inline struct whydrop_text whydrop_irq_entries(void)
{
	struct whydrop_text range = {
		READ_ONCE(whydrop_irq_entries_seen.start),
		READ_ONCE(whydrop_irq_entries_seen.size),
	};

	return range;
}

#endif /* WHYDROP_IRQ_ENTRY_H */
