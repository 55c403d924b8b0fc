// SPDX-License-Identifier: GPL-2.0
/*
 * Tells what the addresses in a trace are: where an interrupt began, and on POWER also what
 * is no code. In any context but NMI, with preemption off.
 */
#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "capture/irq_entry.h"
#include "uapi/whydrop.h"

/* The first code of an interrupt, which these kernels do not list as its entry. */
static const char *const not_listed[] = {
#if defined(CONFIG_ARM64)
	"el1h_64_irq", "el1h_64_fiq",
#elif defined(CONFIG_ARM)
	"__irq_svc",
#elif defined(CONFIG_X86_32)
	"handle_exception",
#elif defined(CONFIG_MIPS)
	/* the last two are names of the same address */
	"handle_int", "except_vec_vi_handler", "except_vec_vi_end",
#elif defined(CONFIG_PPC)
	"hardware_interrupt_common_virt", "decrementer_common_virt", "doorbell_super_common_virt",
	"h_doorbell_common_virt", "h_virt_irq_common_virt", "performance_monitor_common_virt",
	/* where interrupts run that came while they were off */
	"__replay_soft_interrupts", "replay_soft_interrupts", "arch_local_irq_restore",
#endif
	NULL
};

/*
 * Return addresses of entries of interrupts, told by their names once each. The text of the
 * kernel's image does not change its meaning.
 */
#define INTERRUPTS	32
static unsigned long interrupts[INTERRUPTS] __read_mostly;

/*
 * And addresses that are none. They may be a module's: another one's at the same address is
 * none, either. Each set has the hash in common; a new address drives out the oldest one.
 */
#define SETS_BITS	7
#define WAYS		8
static unsigned long others[BIT(SETS_BITS)][WAYS] __cacheline_aligned;

static __always_inline unsigned long *set_of(unsigned long addr)
{
	return others[hash_long(addr, SETS_BITS)];
}

/* Nearly always so, for each frame that is unwound. */
static __always_inline bool is_known_other(const unsigned long *set, unsigned long addr)
{
	unsigned int i;

	if (likely(READ_ONCE(set[0]) == addr))
		return true;
	for (i = 1; i < WAYS; i++)
		if (READ_ONCE(set[i]) == addr)
			return true;
	return false;
}

static notrace bool is_known_interrupt(unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < INTERRUPTS; i++) {
		unsigned long known = READ_ONCE(interrupts[i]);

		if (known == addr)
			return true;
		if (!known)
			break;
	}
	return false;
}

static notrace void add_to_interrupts(unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < INTERRUPTS; i++)
		if (!cmpxchg(&interrupts[i], 0, addr))
			return;
}

/* Of two at the same time, one may be forgotten: it is told by its name again. */
static notrace void add_to_set(unsigned long *set, unsigned long addr)
{
	unsigned int i;

	for (i = WAYS - 1; i; i--)
		WRITE_ONCE(set[i], READ_ONCE(set[i - 1]));
	WRITE_ONCE(set[0], addr);
}

struct whydrop_text whydrop_irq_entries_seen __read_mostly;

static notrace void note_range(unsigned long addr)
{
	static DEFINE_RAW_SPINLOCK(lock);
	struct whydrop_text *seen = &whydrop_irq_entries_seen;
	unsigned long flags, first = addr, last = addr;

	raw_spin_lock_irqsave(&lock, flags);
	if (seen->size) {
		first = min(first, seen->start);
		last = max(last, seen->start + seen->size - 1);
	}
	WRITE_ONCE(seen->start, first);
	WRITE_ONCE(seen->size, last - first + 1);
	raw_spin_unlock_irqrestore(&lock, flags);
}

/*
 * Behind do_softirq_own_stack(), the unwinder of POWER takes for a return address whatever
 * lies where one would be saved: on 6.1 a 0, on 7.2 another in each task's traces.
 */
#define DATA_BITS	6
static unsigned long data[BIT(DATA_BITS)];

static __always_inline unsigned long *data_slot(unsigned long addr)
{
	return &data[hash_long(addr, DATA_BITS)];
}

/* What BPF has compiled may have no name, either. */
static notrace bool is_data(const char *name, unsigned long addr)
{
	return IS_ENABLED(CONFIG_PPC) && strstarts(name, "0x") && !is_vmalloc_addr((void *)addr);
}

static __always_inline bool is_known_data(unsigned long addr)
{
	return IS_ENABLED(CONFIG_PPC) && READ_ONCE(*data_slot(addr)) == addr;
}

/*
 * The start of softirqs is listed, too, whose caller may be the task that sent the packet.
 * RISC-V lists all of its assembler code: where the kernel changes to the stack of
 * interrupts, for a task's own softirq, too, and where threads begin.
 */
static notrace bool is_name_of_interrupt(const char *name, unsigned long addr)
{
	const char *const *known;

	if (whydrop_is_irq_entry(addr))
		return !strstr(name, "softirq") && strcmp(name, "call_on_irq_stack") &&
		       !strstarts(name, "ret_from_fork") && strcmp(name, "__switch_to");
	for (known = not_listed; *known; known++)
		if (!strcmp(name, *known))
			return true;
	return false;
}

static noinline notrace bool tell_interrupt(unsigned long addr)
{
	char name[KSYM_SYMBOL_LEN];

	if (is_known_interrupt(addr))
		return true;
	if (is_known_data(addr))
		return false;
	sprint_symbol_no_offset(name, addr - 1);
	if (is_name_of_interrupt(name, addr)) {
		note_range(addr);
		add_to_interrupts(addr);
		return true;
	}
	if (is_data(name, addr))
		WRITE_ONCE(*data_slot(addr), addr);
	else
		add_to_set(set_of(addr), addr);
	return false;
}

notrace unsigned int whydrop_leave_out_data(unsigned long *frames, unsigned int nr)
{
	unsigned int i, n = 0;

	if (!IS_ENABLED(CONFIG_PPC))
		return nr;
	for (i = 0; i < nr; i++) {
		unsigned long addr = frames[i];

		/* What is empty in a set is 0, too. */
		if (addr && (is_known_other(set_of(addr), addr) || tell_interrupt(addr) ||
			     !is_known_data(addr)))
			frames[n++] = addr;
	}
	return n;
}

notrace bool whydrop_is_interrupt(unsigned long addr)
{
	return !is_known_other(set_of(addr), addr) && tell_interrupt(addr);
}

notrace void whydrop_cut_interrupted(struct whydrop_stack_key *key, bool full)
{
	bool skip = whydrop_skips_irq_entry();
	unsigned int n;

	for (n = 1; n < key->nr; n++) {
		unsigned long addr = key->frames[n - 1];

		if (likely(is_known_other(set_of(addr), addr)) || !whydrop_ends_at(addr, &skip) ||
		    full)
			continue;
		key->nr = n;
		key->flags |= WHYDROP_STACK_INTERRUPTED;
		key->flags &= ~WHYDROP_STACK_CUT;
		return;
	}
}
