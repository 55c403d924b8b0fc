// SPDX-License-Identifier: GPL-2.0
/*
 * Finds out which step the kernel's unwinder makes from an address, in any context but NMI:
 * lets it make the step on fake stacks, where each word tells its own location.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/unwind.h>
#include "capture/walk_oracle.h"

#define NEAR	512	/* words: more than any frame has */
#define FAR	(NEAR + 2 * MARGIN)
#define MARGIN	64
#define FIRST	(MARGIN + 1)

/* The base pointer, as an index of near[], and by how much it is moved for comparison. */
#define BP	(NEAR / 2)
#define BP_MOVE	8

/**
 * struct fake_stack - a stack for the unwinder to make one step on
 * @near: SP and BP point into it; each word is the address of a word of @far
 * @far: reached by steps that go over a word of @near; each word is its own index + 1
 *
 * An index is never an address, so a word tells in which of the two it was.
 */
struct fake_stack {
	unsigned long near[NEAR];
	unsigned long far[FAR];
};

/*
 * Not changed once filled. In the first stack, near[i] is &far[FIRST + i]. In the second
 * one, each word is &far[FIRST - 1], which shows the offset that a step adds to a word. No
 * word is the same in both, so a step that goes over no word cannot seem to go over one.
 */
static struct fake_stack *stacks;

/* The state of the unwinder after the step. */
struct answer {
	unsigned long sp;
	unsigned long bp;
	unsigned long regs;
	bool full_regs;
	bool signal;
	bool more;
	bool error;
};

/* Let the unwinder make a step from @addr, with SP at m->near[0] and BP at m->near[bp]. */
static noinline notrace struct answer ask_unwinder(unsigned long addr, struct fake_stack *m,
						   unsigned int bp)
{
	struct unwind_state state = {
		.stack_info = {
			.type = STACK_TYPE_TASK,
			.begin = m->near,
			.end = m->far + FAR,
		},
		.task = current,
		.ip = addr,
		.sp = (unsigned long)m->near,
		.bp = (unsigned long)&m->near[bp],
	};
	struct answer a;

	a.more = unwind_next_frame(&state);
	a.error = unwind_error(&state);
	a.sp = state.sp;
	a.bp = state.bp;
	a.regs = (unsigned long)state.regs;
	a.full_regs = state.full_regs;
	a.signal = state.signal;
	return a;
}

/* Return the index of the word at @addr in @array of @nr words, or -1. */
static int word_index(const unsigned long *array, unsigned int nr, unsigned long addr)
{
	unsigned long off = addr - (unsigned long)array;

	return off < nr * sizeof(*array) && !(off % sizeof(*array)) ? off / sizeof(*array) : -1;
}

/* How an answer shifts when BP is moved: not at all, by as much, or otherwise. */
enum shift { SHIFT_NONE, SHIFT_BP, SHIFT_OTHER };

static enum shift compare(unsigned long first, unsigned long second, unsigned long by)
{
	return first == second ? SHIFT_NONE : second - first == by ? SHIFT_BP : SHIFT_OTHER;
}

static bool solve_cfa(unsigned long addr, const struct answer *a, const struct answer *b,
		      struct whydrop_step *step)
{
	enum shift bp_shift = compare(a->sp, b->sp, BP_MOVE * sizeof(long));
	int i = word_index(stacks[0].near, NEAR, a->sp);
	struct answer c;

	if (bp_shift == SHIFT_OTHER)
		return false;
	if (i >= 0) {
		step->base = bp_shift == SHIFT_BP ? WHYDROP_STEP_BP : WHYDROP_STEP_SP;
		step->cfa = (bp_shift == SHIFT_BP ? i - BP : i) * (int)sizeof(long);
		return true;
	}
	c = ask_unwinder(addr, &stacks[1], BP);
	if (!c.more || c.error || c.regs)
		return false;
	step->off = c.sp - (unsigned long)&stacks[1].far[FIRST - 1];
	i = word_index(&stacks[0].far[FIRST], NEAR, a->sp - step->off);
	if (i < 0)
		return false;
	step->base = bp_shift == SHIFT_BP ? WHYDROP_STEP_BP_WORD : WHYDROP_STEP_SP_WORD;
	step->cfa = (bp_shift == SHIFT_BP ? i - BP : i) * (int)sizeof(long);
	return true;
}

static bool solve_bp(const struct answer *a, const struct answer *b, struct whydrop_step *step)
{
	unsigned long bp = (unsigned long)&stacks[0].near[BP];
	bool direct = step->base == WHYDROP_STEP_SP || step->base == WHYDROP_STEP_BP;
	unsigned long addr;
	enum shift bp_shift;
	int i;

	if (a->bp == bp && compare(a->bp, b->bp, BP_MOVE * sizeof(long)) == SHIFT_BP) {
		step->bp_base = WHYDROP_BP_KEPT;
		return true;
	}
	i = word_index(&stacks[0].far[FIRST], NEAR, a->bp);
	if (i >= 0) {
		/* BP was loaded from near[i]. */
		addr = (unsigned long)&stacks[0].near[i];
		bp_shift = compare(a->bp, b->bp, BP_MOVE * sizeof(long));
		if (direct && bp_shift == (step->base == WHYDROP_STEP_BP ? SHIFT_BP : SHIFT_NONE)) {
			step->bp_base = WHYDROP_BP_AT_CFA;
			step->bp = addr - a->sp;
			return true;
		}
		step->bp_base = WHYDROP_BP_AT_BP;
		step->bp = addr - bp;
		return step->base == WHYDROP_STEP_BP_WORD && bp_shift == SHIFT_BP;
	}
	/* Or from far[i], by a step that goes over a word. */
	i = a->bp - 1;
	if (direct || a->bp - 1 >= FAR)
		return false;
	bp_shift = compare(a->bp, b->bp, BP_MOVE);
	step->bp_base = WHYDROP_BP_AT_CFA;
	step->bp = (unsigned long)&stacks[0].far[i] - a->sp;
	return bp_shift == (step->base == WHYDROP_STEP_BP_WORD ? SHIFT_BP : SHIFT_NONE);
}

notrace bool whydrop_oracle_ask(unsigned long addr, struct whydrop_step *step)
{
	struct answer a = ask_unwinder(addr, &stacks[0], BP);
	struct answer b = ask_unwinder(addr, &stacks[0], BP + BP_MOVE);
	int i;

	memset(step, 0, sizeof(*step));
	step->addr = addr;
	if (a.error || b.error || a.more != b.more)
		return false;
	if (!a.more) {
		step->base = WHYDROP_STEP_END;
		return true;
	}
	if (a.regs || b.regs) {
		i = word_index(stacks[0].near, NEAR, a.regs);
		step->base = WHYDROP_STEP_REGS;
		step->cfa = i * (int)sizeof(long);
		return i >= 0 && a.regs == b.regs && a.full_regs;
	}
	if (a.signal || !solve_cfa(addr, &a, &b, step) || !solve_bp(&a, &b, step))
		return false;
	/* See enum whydrop_step_base: walks rely on this without a check. */
	if (step->bp_base == WHYDROP_BP_KEPT)
		step->bp = -(int)sizeof(long);
	return (step->base != WHYDROP_STEP_SP && step->base != WHYDROP_STEP_BP) ||
	       (step->bp_base != WHYDROP_BP_AT_BP && step->bp < 0 &&
		(step->base != WHYDROP_STEP_SP || step->cfa >= -step->bp));
}

static void fill_stack(struct fake_stack *m, unsigned int first, unsigned int stride)
{
	unsigned int i;

	for (i = 0; i < NEAR; i++)
		m->near[i] = (unsigned long)&m->far[first + i * stride];
	for (i = 0; i < FAR; i++)
		m->far[i] = i + 1;
}

int whydrop_oracle_init(void)
{
	stacks = kvmalloc_array(2, sizeof(*stacks), GFP_KERNEL);
	if (!stacks)
		return -ENOMEM;
	fill_stack(&stacks[0], FIRST, 1);
	fill_stack(&stacks[1], FIRST - 1, 0);
	return 0;
}

void whydrop_oracle_exit(void)
{
	kvfree(stacks);
	stacks = NULL;
}
