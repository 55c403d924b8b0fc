// SPDX-License-Identifier: GPL-2.0
/* Finds where an interrupt began in a trace: in any context but NMI, with preemption off. */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "capture/irq_entry.h"

/*
 * What the kernel lists as entries of interrupts, told by their names once each: interrupts,
 * and others. The text of the kernel's image does not change its meaning.
 */
#define ENTRIES	16
static unsigned long interrupts[ENTRIES], others[ENTRIES];

static notrace bool is_in(const unsigned long *list, unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < ENTRIES; i++) {
		unsigned long known = READ_ONCE(list[i]);

		if (known == addr)
			return true;
		if (!known)
			break;
	}
	return false;
}

static notrace void add_to(unsigned long *list, unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < ENTRIES; i++)
		if (!cmpxchg(&list[i], 0, addr))
			return;
}

/*
 * The start of softirqs is listed, too, whose caller may be the task that sent the packet.
 * RISC-V lists all of its assembler code: where the kernel changes to the stack of
 * interrupts, for a task's own softirq, too, and where threads begin.
 */
static noinline notrace bool has_name_of_interrupt(unsigned long addr)
{
	char name[KSYM_SYMBOL_LEN];

	sprint_symbol_no_offset(name, addr - 1);
	return !strstr(name, "softirq") && strcmp(name, "call_on_irq_stack") &&
	       !strstarts(name, "ret_from_fork") && strcmp(name, "__switch_to");
}

notrace bool whydrop_is_interrupt(unsigned long addr)
{
	bool ret;

	if (is_in(interrupts, addr))
		return true;
	if (is_in(others, addr))
		return false;
	ret = has_name_of_interrupt(addr);
	add_to(ret ? interrupts : others, addr);
	return ret;
}

struct whydrop_text whydrop_irq_entries_seen __read_mostly;

/* The code of all entries is less than twice as long. */
#define SEARCH_FIRST	BIT(20)

/*
 * The kernel does not tell where the code of entries is, but of any address whether it is
 * there. It is contiguous, or two such ranges, which are joined with what is between them.
 */
static noinline notrace void note_irq_entry(unsigned long addr)
{
	static DEFINE_RAW_SPINLOCK(lock);
	struct whydrop_text *seen = &whydrop_irq_entries_seen;
	unsigned long flags, step, first = addr, last = addr;

	for (step = SEARCH_FIRST; step; step >>= 1) {
		if (whydrop_is_irq_entry(first - step))
			first -= step;
		if (whydrop_is_irq_entry(last + step))
			last += step;
	}
	raw_spin_lock_irqsave(&lock, flags);
	if (seen->size) {
		first = min(first, seen->start);
		last = max(last, seen->start + seen->size - 1);
	}
	WRITE_ONCE(seen->start, first);
	WRITE_ONCE(seen->size, last - first + 1);
	raw_spin_unlock_irqrestore(&lock, flags);
}

notrace void whydrop_cut_interrupted(struct whydrop_stack_key *key, bool full)
{
	bool skip = whydrop_skips_irq_entry();
	unsigned int n = 0;

	for (;;) {
		struct whydrop_text seen = whydrop_irq_entries();
		unsigned long addr;

		n += whydrop_until_irq_entry(key->frames + n, key->nr - n);
		if (n == key->nr)
			return;
		addr = key->frames[n - 1];
		if (unlikely(addr - seen.start >= seen.size))
			note_irq_entry(addr);
		if (full || !whydrop_cuts_at_entry(addr, &skip))
			continue;
		key->nr = n;
		key->flags |= WHYDROP_STACK_INTERRUPTED;
		key->flags &= ~WHYDROP_STACK_CUT;
		return;
	}
}
