// SPDX-License-Identifier: GPL-2.0
/*
 * Finds out what step the kernel's unwinder makes from an address, in any context but NMI:
 * it is asked to make it on stacks made up for that, where each word tells its place.
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

/* Base pointers to ask with, as words of @near. */
#define BP	(NEAR / 2)
#define BP_MOVE	8

/**
 * struct made_up - a stack for the unwinder to make one step on
 * @near: where SP and BP point to; each word is the address of one in @far
 * @far: where a step leads to over a word in @near; each tells its own index + 1
 *
 * No address is such a number, and no number is in both.
 */
struct made_up {
	unsigned long near[NEAR];
	unsigned long far[FAR];
};

/*
 * Only read once made. In the first one, near[i] is &far[FIRST + i]; in the second
 * one, each is &far[FIRST - 1]: what a step adds to a word shows there. No word is the
 * same in both, so a step that went over none is not taken for one that did.
 */
static struct made_up *stacks;

/* What the unwinder made of a frame. */
struct answer {
	unsigned long sp;
	unsigned long bp;
	unsigned long regs;
	bool full_regs;
	bool signal;
	bool more;
	bool error;
};

/* Let the unwinder make a step from @addr, with SP at m->near and BP at @bp words. */
static noinline notrace struct answer ask_unwinder(unsigned long addr, struct made_up *m,
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

/* Index of the word of @array, @nr entries, at @addr; or -1. */
static int word_at(const unsigned long *array, unsigned int nr, unsigned long addr)
{
	unsigned long off = addr - (unsigned long)array;

	return off < nr * sizeof(*array) && !(off % sizeof(*array)) ? off / sizeof(*array) : -1;
}

/* Whether the base pointer, moved in the second question, has moved an answer. */
enum moved { STAYED, MOVED, ODD };

static enum moved moved(unsigned long first, unsigned long second, unsigned long by)
{
	return first == second ? STAYED : second - first == by ? MOVED : ODD;
}

static bool solve_cfa(unsigned long addr, const struct answer *a, const struct answer *b,
		      struct whydrop_step *step)
{
	enum moved with_bp = moved(a->sp, b->sp, BP_MOVE * sizeof(long));
	int i = word_at(stacks[0].near, NEAR, a->sp);
	struct answer c;

	if (with_bp == ODD)
		return false;
	if (i >= 0) {
		step->base = with_bp == MOVED ? WHYDROP_STEP_BP : WHYDROP_STEP_SP;
		step->cfa = (with_bp == MOVED ? i - BP : i) * (int)sizeof(long);
		return true;
	}
	c = ask_unwinder(addr, &stacks[1], BP);
	if (!c.more || c.error || c.regs)
		return false;
	step->off = c.sp - (unsigned long)&stacks[1].far[FIRST - 1];
	i = word_at(&stacks[0].far[FIRST], NEAR, a->sp - step->off);
	if (i < 0)
		return false;
	step->base = with_bp == MOVED ? WHYDROP_STEP_BP_WORD : WHYDROP_STEP_SP_WORD;
	step->cfa = (with_bp == MOVED ? i - BP : i) * (int)sizeof(long);
	return true;
}

static bool solve_bp(const struct answer *a, const struct answer *b, struct whydrop_step *step)
{
	unsigned long bp = (unsigned long)&stacks[0].near[BP];
	bool direct = step->base == WHYDROP_STEP_SP || step->base == WHYDROP_STEP_BP;
	unsigned long addr;
	enum moved with_bp;
	int i;

	if (a->bp == bp && moved(a->bp, b->bp, BP_MOVE * sizeof(long)) == MOVED) {
		step->bp_base = WHYDROP_BP_KEPT;
		return true;
	}
	i = word_at(&stacks[0].far[FIRST], NEAR, a->bp);
	if (i >= 0) {
		/* Loaded from near[i]. */
		addr = (unsigned long)&stacks[0].near[i];
		with_bp = moved(a->bp, b->bp, BP_MOVE * sizeof(long));
		if (direct && with_bp == (step->base == WHYDROP_STEP_BP ? MOVED : STAYED)) {
			step->bp_base = WHYDROP_BP_AT_CFA;
			step->bp = addr - a->sp;
			return true;
		}
		step->bp_base = WHYDROP_BP_AT_BP;
		step->bp = addr - bp;
		return step->base == WHYDROP_STEP_BP_WORD && with_bp == MOVED;
	}
	/* Or from far[i]: over a word, and each tells its index. */
	i = a->bp - 1;
	if (direct || a->bp - 1 >= FAR)
		return false;
	with_bp = moved(a->bp, b->bp, BP_MOVE);
	step->bp_base = WHYDROP_BP_AT_CFA;
	step->bp = (unsigned long)&stacks[0].far[i] - a->sp;
	return with_bp == (step->base == WHYDROP_STEP_BP_WORD ? MOVED : STAYED);
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
		i = word_at(stacks[0].near, NEAR, a.regs);
		step->base = WHYDROP_STEP_REGS;
		step->cfa = i * (int)sizeof(long);
		return i >= 0 && a.regs == b.regs && a.full_regs;
	}
	if (a.signal || !solve_cfa(addr, &a, &b, step) || !solve_bp(&a, &b, step))
		return false;
	/* What a walk relies on for the most frequent kinds. */
	if (step->bp_base == WHYDROP_BP_KEPT)
		step->bp = -(int)sizeof(long);
	return (step->base != WHYDROP_STEP_SP && step->base != WHYDROP_STEP_BP) ||
	       (step->bp_base != WHYDROP_BP_AT_BP && step->bp < 0 &&
		(step->base != WHYDROP_STEP_SP || step->cfa >= -step->bp));
}

static void fill_stack(struct made_up *m, unsigned int first, unsigned int stride)
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
