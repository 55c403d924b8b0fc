/* SPDX-License-Identifier: GPL-2.0 */
/* Between walk.c, which goes, and walk_learn.c, which asks for the way. */
#ifndef WHYDROP_WALK_STEP_H
#define WHYDROP_WALK_STEP_H

#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include "capture/walk.h"

/**
 * enum whydrop_step_base - what a step starts from
 * @WHYDROP_STEP_NEVER: none is to be made from this address
 * @WHYDROP_STEP_UNKNOWN: nobody asked yet
 * @WHYDROP_STEP_SP: CFA = SP + cfa
 * @WHYDROP_STEP_BP: CFA = BP + cfa
 * @WHYDROP_STEP_SP_WORD: CFA = *(SP + cfa) + off
 * @WHYDROP_STEP_BP_WORD: CFA = *(BP + cfa) + off
 * @WHYDROP_STEP_REGS: registers of what was interrupted are at SP + cfa
 * @WHYDROP_STEP_END: nobody called
 *
 * CFA, canonical frame address: SP as it was before the call. In the first two
 * kinds, the saved BP lies below it by -bp > 0 bytes, at least one word, also if
 * none is read; and in the first one that is inside of the frame: cfa >= -bp.
 */
enum whydrop_step_base {
	WHYDROP_STEP_NEVER,
	WHYDROP_STEP_UNKNOWN,
	WHYDROP_STEP_SP,
	WHYDROP_STEP_BP,
	WHYDROP_STEP_SP_WORD,
	WHYDROP_STEP_BP_WORD,
	WHYDROP_STEP_REGS,
	WHYDROP_STEP_END,
};

/* Where the caller's BP is: unchanged, or at an offset from CFA or BP. */
enum whydrop_step_bp {
	WHYDROP_BP_KEPT,
	WHYDROP_BP_AT_CFA,
	WHYDROP_BP_AT_BP,
};

/**
 * struct whydrop_frame - where a walk is
 * @ip: return address
 * @sp: stack pointer of the function it lies in
 * @bp: its base pointer
 * @end: of the stack
 */
struct whydrop_frame {
	unsigned long ip;
	unsigned long sp;
	unsigned long bp;
	unsigned long end;
};

/* How a walk ends if not for want of knowledge, which is negative. */
enum whydrop_step_end {
	WHYDROP_END_OUTERMOST = 1,
	WHYDROP_END_INTERRUPTED,
};

/* A word of a stack, which KASAN may have poisoned for others. */
static __always_inline unsigned long whydrop_stack_word(unsigned long addr)
{
	return READ_ONCE_NOCHECK(*(unsigned long *)addr);
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
const struct whydrop_step *whydrop_step_find_more(const struct whydrop_step *slot,
						  unsigned long addr);

/* The step from @addr, perhaps unknown. Any context. */
static __always_inline const struct whydrop_step *
whydrop_step_find(struct whydrop_walker *w, unsigned long addr)
{
	const struct whydrop_step *slot = whydrop_step_slot(w, addr);

	return likely(READ_ONCE(slot->addr) == addr) ? slot : whydrop_step_find_more(slot, addr);
}

/**
 * whydrop_step_make() - make a step of any kind
 * @s: the step
 * @f: where it starts, on the running task's or the interrupt stack; changed to
 *	where it leads
 *
 * Return: 0, or enum whydrop_step_end, or the negative of why it cannot be
 * made. What lies outside of the stacks is not read.
 */
int whydrop_step_make(const struct whydrop_step *s, struct whydrop_frame *f);

/**
 * whydrop_unwind() - the trace that leads to a drop, as the kernel unwinds it
 * @learn: let @w learn the steps on the way
 *
 * For the others see whydrop_walk().
 */
void whydrop_unwind(struct whydrop_walker *w, void *fa, struct whydrop_stack_key *key,
		    struct whydrop_walk_scratch *s, unsigned int max, bool learn);

/* Make the stacks that the unwinder is asked about. Task. Return: 0 or -ENOMEM. */
int whydrop_learn_init(void);
void whydrop_learn_exit(void);

#endif /* WHYDROP_WALK_STEP_H */
