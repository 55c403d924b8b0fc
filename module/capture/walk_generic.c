// SPDX-License-Identifier: GPL-2.0
/* Takes traces where steps cannot be learned: any context but NMI, preemption off. */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include "compat.h"
#include "capture/config.h"
#include "capture/trace.h"
#include "capture/walk.h"

/*
 * What the kernel lists as entries of interrupts, told by their names once each: interrupts,
 * and others. The text of the kernel's image does not change its meaning.
 */
#define ENTRIES	16
static unsigned long interrupts[ENTRIES], others[ENTRIES];

static notrace bool is_in(const unsigned long *list, unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < ENTRIES; i++)
		if (READ_ONCE(list[i]) == addr)
			return true;
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

static notrace bool is_interrupt(unsigned long addr)
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

/*
 * Cut a trace behind the entry of an interrupt. Nothing is behind one of a program, or
 * behind its system calls, which RISC-V has the same entry for. Without names, the first
 * entry in a softirq is taken for the start of softirqs.
 */
static void cut_interrupted(struct whydrop_stack_key *key)
{
	bool skip = !IS_ENABLED(CONFIG_KALLSYMS) && in_serving_softirq() && !whydrop_in_hardirq();
	unsigned int i;

	for (i = 0; i + 1 < key->nr; i++) {
		if (!whydrop_is_irq_entry(key->frames[i]))
			continue;
		if (IS_ENABLED(CONFIG_KALLSYMS) ? !is_interrupt(key->frames[i]) : skip) {
			skip = false;
			continue;
		}
		key->nr = i + 1;
		key->flags |= WHYDROP_STACK_INTERRUPTED;
		key->flags &= ~WHYDROP_STACK_CUT;
		break;
	}
}

#if defined(CONFIG_RISCV) && defined(CONFIG_FRAME_POINTER)
/* What each function of this architecture saves below where its frame pointer points. */
struct frame_record {
	unsigned long fp, ra;
};

static notrace struct frame_record record_below(unsigned long fp)
{
	const struct frame_record *r = (const struct frame_record *)fp - 1;

	return (struct frame_record){ READ_ONCE_NOCHECK(r->fp), READ_ONCE_NOCHECK(r->ra) };
}

/* Is there room for a record below @fp, in the stack that ends at @end? */
static notrace bool is_frame(unsigned long fp, unsigned long above, unsigned long end)
{
	return fp >= above + sizeof(struct frame_record) && fp <= end &&
	       IS_ALIGNED(fp, sizeof(long));
}

/*
 * The unwinder of RISC-V ends where the kernel changes to the stack of interrupts, which it
 * does for a task's own softirq, too. Go on to the task's stack, by frame pointers from @fp
 * of a caller: each frame is above the one before, and within one of the two stacks.
 */
static notrace unsigned int go_on(unsigned long fp, unsigned long *frames, unsigned int nr,
				  unsigned int size)
{
	unsigned long task = (unsigned long)task_stack_page(current), task_end = task + THREAD_SIZE;
	unsigned long end = ALIGN(fp, THREAD_SIZE);
	struct frame_record r;

	if (!nr || nr == size || is_frame(fp, task, task_end) ||
	    !whydrop_is_irq_entry(frames[nr - 1]) || is_interrupt(frames[nr - 1]))
		return nr;
	for (; !is_frame(fp, task, task_end); fp = r.fp) {
		r = record_below(fp);
		if (!is_frame(r.fp, task, task_end) && !is_frame(r.fp, fp, end))
			return nr;
	}
	while (nr < size) {
		r = record_below(fp);
		if (r.ra < TASK_SIZE)
			break;
		frames[nr++] = r.ra;
		if (whydrop_is_irq_entry(r.ra) && is_interrupt(r.ra)) {
			struct pt_regs *regs = (struct pt_regs *)fp;

			if (nr == size || fp + sizeof(*regs) > task_end || user_mode(regs))
				break;
			frames[nr++] = regs->epc;
			r.fp = regs->s0;
		}
		if (!is_frame(r.fp, fp, task_end))
			break;
		fp = r.fp;
	}
	return nr;
}
#else
static unsigned int go_on(unsigned long fp, unsigned long *frames, unsigned int nr,
			  unsigned int size)
{
	return nr;
}
#endif

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

	nr = go_on((unsigned long)fp, s->frames, nr, max + WHYDROP_FRAMES_ABOVE);
	s->cost = WHYDROP_COST_UNWIND;
	recover_place(key, s->frames, nr);
	whydrop_trace_trim(key, s->frames, nr, max);
	if (!READ_ONCE(whydrop_config.stack_full))
		cut_interrupted(key);
}
