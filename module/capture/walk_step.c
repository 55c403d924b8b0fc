// SPDX-License-Identifier: GPL-2.0
/* Makes the rare kinds of steps from a frame to its caller's: any context, preemption off. */
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include "capture/walk_step.h"

noinline notrace const struct whydrop_step *
whydrop_step_find_slow(const struct whydrop_step *slot, unsigned long addr)
{
	static const struct whydrop_step unknown = { .base = WHYDROP_STEP_UNKNOWN };
	unsigned int i;

	for (i = 1; i < WHYDROP_STEP_WAYS; i++)
		if (READ_ONCE(slot[i].addr) == addr)
			return &slot[i];
	return &unknown;
}

/* Is the word at @addr in the part of the stack that a walk has not passed yet? */
static bool is_above_sp(const struct whydrop_frame *f, unsigned long addr)
{
	return !(addr & 7) && addr >= f->sp && addr <= f->end - sizeof(long);
}

/* Go on in the task's stack, from which the interrupt stack was entered. */
static bool leave_irq_stack(struct whydrop_frame *f, unsigned long cfa)
{
	unsigned long end = whydrop_task_stack_end();

	if (f->end == end || end - cfa >= THREAD_SIZE)
		return false;
	f->sp = end - THREAD_SIZE;
	f->end = end;
	return true;
}

static int end_at_regs(const struct whydrop_frame *f, unsigned long regs)
{
	unsigned long cs;

	if (!is_above_sp(f, regs) || f->end - regs < sizeof(struct pt_regs))
		return -WHYDROP_WALK_STACK;
	cs = (u16)whydrop_stack_word(regs + offsetof(struct pt_regs, cs));
	return (cs & 3) == 3 ? WHYDROP_END_OUTERMOST : WHYDROP_END_INTERRUPTED;
}

int whydrop_step_apply_rare(const struct whydrop_step *s, struct whydrop_frame *f)
{
	unsigned long cfa, addr;

	switch (s->base) {
	case WHYDROP_STEP_BP:
		cfa = f->bp + s->cfa;
		break;
	case WHYDROP_STEP_SP_WORD:
	case WHYDROP_STEP_BP_WORD:
		addr = (s->base == WHYDROP_STEP_SP_WORD ? f->sp : f->bp) + s->cfa;
		if (!is_above_sp(f, addr))
			return -WHYDROP_WALK_STACK;
		cfa = whydrop_stack_word(addr) + s->off;
		break;
	case WHYDROP_STEP_REGS:
		f->sp += s->cfa;
		return end_at_regs(f, f->sp);
	case WHYDROP_STEP_END:
		return whydrop_step_is_outermost(f->sp, f->end) ? WHYDROP_END_OUTERMOST :
		       -WHYDROP_WALK_STACK;
	case WHYDROP_STEP_UNKNOWN:
		return -WHYDROP_WALK_UNKNOWN;
	default:
		return -WHYDROP_WALK_DYNAMIC;
	}

	/* The return address is the word below the CFA, and the frame has at least that word. */
	if (!is_above_sp(f, cfa - sizeof(long)) && !leave_irq_stack(f, cfa))
		return -WHYDROP_WALK_STACK;
	if (!is_above_sp(f, cfa - sizeof(long)))
		return -WHYDROP_WALK_STACK;
	if (s->bp_base != WHYDROP_BP_KEPT) {
		addr = (s->bp_base == WHYDROP_BP_AT_CFA ? cfa : f->bp) + s->bp;
		if (!is_above_sp(f, addr))
			return -WHYDROP_WALK_STACK;
		f->bp = whydrop_stack_word(addr);
	}
	f->ip = whydrop_stack_word(cfa - sizeof(long));
	f->sp = cfa;
	return 0;
}
