/* SPDX-License-Identifier: GPL-2.0 */
/* Makes a step from a frame to its caller's, in any context, with preemption off. */
#ifndef WHYDROP_WALK_STEP_H
#define WHYDROP_WALK_STEP_H

#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include "capture/walk_types.h"

/* Read a word of a stack. KASAN may have poisoned it, as part of another function's frame. */
static __always_inline unsigned long whydrop_stack_word(unsigned long addr)
{
	return READ_ONCE_NOCHECK(*(unsigned long *)addr);
}

static inline unsigned long whydrop_task_stack_end(void)
{
	return (unsigned long)task_stack_page(current) + THREAD_SIZE;
}

/* Can the outermost frame be at @sp, on the stack up to @end? Registers and padding are above. */
static inline bool whydrop_step_is_outermost(unsigned long sp, unsigned long end)
{
	return end == whydrop_task_stack_end() && end - sp <= sizeof(struct pt_regs) + 64;
}

/* Return the first slot that the step from @addr may be in. */
static __always_inline struct whydrop_step *whydrop_step_slot(struct whydrop_walker *w,
							      unsigned long addr)
{
	/* The shift multiplies by the size of a slot as well: this is an offset in bytes. */
	u32 hash = (u32)addr * GOLDEN_RATIO_32 >>
		   (32 - const_ilog2(WHYDROP_STEPS * sizeof(struct whydrop_step)));

	return (void *)w->steps + (hash & -(u32)sizeof(struct whydrop_step));
}

/* Look for the step in the other slots. Any context. Return: the step, or an unknown one. */
const struct whydrop_step *whydrop_step_find_slow(const struct whydrop_step *slot,
						  unsigned long addr);

/* Look up the step from @addr. Any context. Return: the step, or an unknown one. */
static __always_inline const struct whydrop_step *
whydrop_step_find(struct whydrop_walker *w, unsigned long addr)
{
	const struct whydrop_step *slot = whydrop_step_slot(w, addr);

	return likely(READ_ONCE(slot->addr) == addr) ? slot : whydrop_step_find_slow(slot, addr);
}

/* Rare steps: those over a word, to another stack, to registers or to the end; failures. */
int whydrop_step_apply_rare(const struct whydrop_step *s, struct whydrop_frame *f);

/* The same on a copy, so that the caller's frame needs no address and stays in registers. */
static __always_inline int whydrop_step_apply_slow(const struct whydrop_step *s,
						   struct whydrop_frame *f)
{
	struct whydrop_frame copy = *f;
	int ret = whydrop_step_apply_rare(s, &copy);

	*f = copy;
	return ret;
}

/**
 * whydrop_step_apply() - make a step
 * @s: the step
 * @f: a frame on the stack of the current task or of interrupts; replaced by its
 *	caller's
 *
 * Walking and learning both use this function. It reads nothing outside of the stacks.
 * Return: 0, or enum whydrop_step_end, or the negative of enum whydrop_walk_count.
 */
static __always_inline int whydrop_step_apply(const struct whydrop_step *s,
					      struct whydrop_frame *f)
{
	unsigned long cfa;

	if (likely(s->base == WHYDROP_STEP_SP)) {
		cfa = f->sp + s->cfa;
		if (unlikely(cfa > f->end))
			return -WHYDROP_WALK_STACK;
	} else if (s->base == WHYDROP_STEP_BP) {
		cfa = f->bp + s->cfa;
		if (unlikely(cfa & 7 || cfa > f->end || (long)(cfa - f->sp) < -s->bp))
			return whydrop_step_apply_slow(s, f);
	} else {
		return whydrop_step_apply_slow(s, f);
	}
	if (s->bp_base != WHYDROP_BP_KEPT)
		f->bp = whydrop_stack_word(cfa + s->bp);
	f->ip = whydrop_stack_word(cfa - sizeof(long));
	f->sp = cfa;
	return 0;
}

#endif /* WHYDROP_WALK_STEP_H */
