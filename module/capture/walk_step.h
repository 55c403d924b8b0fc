/* SPDX-License-Identifier: GPL-2.0 */
/* Finds and makes a step from a frame to its caller's, in any context, with preemption off. */
#ifndef WHYDROP_WALK_STEP_H
#define WHYDROP_WALK_STEP_H

#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/sched/task_stack.h>
#include "capture/walk_types.h"

/* A word of a stack, which KASAN may have poisoned for others. */
static __always_inline unsigned long whydrop_stack_word(unsigned long addr)
{
	return READ_ONCE_NOCHECK(*(unsigned long *)addr);
}

static inline unsigned long whydrop_task_stack_end(void)
{
	return (unsigned long)task_stack_page(current) + THREAD_SIZE;
}

/* The first slot that the step from @addr may be in. */
static __always_inline struct whydrop_step *whydrop_step_slot(struct whydrop_walker *w,
							      unsigned long addr)
{
	/* In bytes, with the multiplication by the slot's size in the shift. */
	u32 hash = (u32)addr * GOLDEN_RATIO_32 >>
		   (32 - const_ilog2(WHYDROP_STEPS * sizeof(struct whydrop_step)));

	return (void *)w->steps + (hash & -(u32)sizeof(struct whydrop_step));
}

/* The same, if it is not there: in another slot, or unknown. Any context. */
const struct whydrop_step *whydrop_step_find_slow(const struct whydrop_step *slot,
						  unsigned long addr);

/* The step from @addr, perhaps unknown. Any context. */
static __always_inline const struct whydrop_step *
whydrop_step_find(struct whydrop_walker *w, unsigned long addr)
{
	const struct whydrop_step *slot = whydrop_step_slot(w, addr);

	return likely(READ_ONCE(slot->addr) == addr) ? slot : whydrop_step_find_slow(slot, addr);
}

/* What is rare: a step over a word, to another stack, to registers, to the end, or none. */
int whydrop_step_make_rare(const struct whydrop_step *s, struct whydrop_frame *f);

/* The same for a copy: that has an address, the original may stay in registers. */
static __always_inline int whydrop_step_make_slow(const struct whydrop_step *s,
						  struct whydrop_frame *f)
{
	struct whydrop_frame copy = *f;
	int ret = whydrop_step_make_rare(s, &copy);

	*f = copy;
	return ret;
}

/**
 * whydrop_step_make() - make a step
 * @s: the step
 * @f: where it starts, on the running task's or the interrupt stack; changed to
 *	where it leads
 *
 * Both who walks and who learns make a step by this. Return: 0, or enum
 * whydrop_step_end, or the negative of why it cannot be made. What lies outside of
 * the stacks is not read.
 */
static __always_inline int whydrop_step_make(const struct whydrop_step *s,
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
			return whydrop_step_make_slow(s, f);
	} else {
		return whydrop_step_make_slow(s, f);
	}
	if (s->bp_base != WHYDROP_BP_KEPT)
		f->bp = whydrop_stack_word(cfa + s->bp);
	f->ip = whydrop_stack_word(cfa - sizeof(long));
	f->sp = cfa;
	return 0;
}

#endif /* WHYDROP_WALK_STEP_H */
