// SPDX-License-Identifier: GPL-2.0
/*
 * Unwind a stack with the kernel's unwinder, and learn the steps on the way:
 * what it does at an address is asked on stacks made up for it, where each word
 * tells its place; and it must do the same on the real one.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/unwind.h>
#include "compat.h"
#include "param.h"
#include "capture/stack.h"
#include "capture/walk.h"
#include "capture/walk_step.h"

#define NEAR	512	/* words: more than any frame has */
#define FAR	(NEAR + 2 * MARGIN)
#define MARGIN	64

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
 * Only read once made. In the first one, near[i] is &far[MARGIN + i]; in the
 * second one, each is &far[MARGIN]: what a step adds to a word shows there.
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
static noinline notrace struct answer ask(unsigned long addr, struct made_up *m, unsigned int bp)
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
	c = ask(addr, &stacks[1], BP);
	if (!c.more || c.error || c.regs)
		return false;
	step->off = c.sp - (unsigned long)&stacks[1].far[MARGIN];
	i = word_at(&stacks[0].far[MARGIN], NEAR, a->sp - step->off);
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
	i = word_at(&stacks[0].far[MARGIN], NEAR, a->bp);
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

/* Find out the step from @addr. Return: whether it is one of those known. */
static bool solve(unsigned long addr, struct whydrop_step *step)
{
	struct answer a = ask(addr, &stacks[0], BP), b = ask(addr, &stacks[0], BP + BP_MOVE);
	int i;

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

static noinline notrace void publish(struct whydrop_walker *w, u32 generation,
				     const struct whydrop_step *step)
{
	struct whydrop_step *slot = whydrop_step_slot(w, step->addr);
	unsigned long flags;
	unsigned int i;

	/* Whoever interrupts may learn, too, or walk. */
	local_irq_save(flags);
	if (w->generation == generation) {
		for (i = 0; i < WHYDROP_STEP_WAYS - 1; i++)
			if (!slot[i].addr || slot[i].addr == step->addr)
				break;
		if (slot[i].addr && slot[i].addr != step->addr)
			i = w->changes % WHYDROP_STEP_WAYS;
		slot[i] = *step;
		w->changes++;
		local64_inc(&w->counts[step->base == WHYDROP_STEP_NEVER ?
				       WHYDROP_WALK_REFUSED : WHYDROP_WALK_LEARNED]);
	}
	local_irq_restore(flags);
}

/*
 * Addresses that mean the same until the module notifier is called: those in
 * the kernel's image, and in modules. Code made at run time, by BPF or for
 * tracing, lies among the modules, but belongs to none.
 */
static bool is_lasting(unsigned long addr, char *symbol)
{
	if (addr < MODULES_VADDR)
		return true;
	sprint_symbol(symbol, addr - 1);
	return strchr(symbol, '[');
}

/* Ask for the step from a frame. Return: whether to compare it with the real one. */
static noinline notrace bool learn_step(struct whydrop_walker *w, u32 generation,
					struct unwind_state *state, char *symbol,
					struct whydrop_step *step)
{
	unsigned long raw;

	if (state->regs || state->signal || unwind_error(state))
		return false;
	memset(step, 0, sizeof(*step));
	raw = whydrop_stack_word(state->sp - sizeof(long));
	step->addr = raw;
	if (whydrop_step_find(w, raw)->base != WHYDROP_STEP_UNKNOWN)
		return false;
	/* Another return address stands there, of a tracer's trampoline. */
	if (raw == state->ip && is_lasting(raw, symbol)) {
		if (solve(raw, step))
			return true;
		step->base = WHYDROP_STEP_NEVER;
	}
	publish(w, generation, step);
	return false;
}

/* The real step from @f led to @state: does @step, too? */
static bool agrees(const struct whydrop_step *step, struct whydrop_frame *f,
		   struct unwind_state *state)
{
	switch (whydrop_step_make(step, f)) {
	case 0:
		return !unwind_done(state) && !state->regs && f->sp == state->sp &&
		       f->bp == state->bp;
	case WHYDROP_END_INTERRUPTED:
		return state->regs == (void *)f->sp && !user_mode(state->regs);
	case WHYDROP_END_OUTERMOST:
		return step->base == WHYDROP_STEP_END ? unwind_done(state) && !unwind_error(state) :
		       state->regs == (void *)f->sp && user_mode(state->regs);
	default:
		return false;
	}
}

/* Whether the unwinder starts where a walk does. */
static bool starts_there(const struct unwind_state *state, void *fa)
{
	unsigned long at = (unsigned long)fa;

	return !state->regs && state->sp == at + 2 * sizeof(long) &&
	       state->bp == whydrop_stack_word(at);
}

/*
 * Is frame number @nr, which returns to @addr, the place of the drop? Where the
 * freeing function's return is hooked (kretprobe, function graph), the tracepoint
 * gives the tracer's address for it, since that stands where the return address
 * was. The unwinder knows the true one, and that becomes the place; but only in the
 * frame that called the freeing function: the second one, or the third where the
 * tracepoint has a function of its own.
 */
static noinline notrace bool is_place(const struct unwind_state *state,
				      struct whydrop_stack_key *key, const unsigned long *frames,
				      unsigned int nr, unsigned long addr)
{
	if (addr == key->place)
		return true;
	if (!nr || nr != 1 + whydrop_in_traceiter(frames[0]) || state->regs || state->signal ||
	    whydrop_stack_word(state->sp - sizeof(long)) != key->place)
		return false;
	key->place = addr;
	return true;
}

notrace void whydrop_unwind(struct whydrop_walker *w, void *fa, struct whydrop_stack_key *key,
			    struct whydrop_walk_scratch *s, unsigned int max, bool learn)
{
	unsigned int nr = 0, limit = max + WHYDROP_FRAMES_ABOVE;
	u32 generation = READ_ONCE(w->generation);
	bool full = READ_ONCE(whydrop_config.stack_full), found = false;
	struct unwind_state state;
	struct whydrop_step step;
	struct whydrop_frame f;
	u16 flags = 0;

	unwind_start(&state, current, NULL, fa);
	learn = learn && starts_there(&state, fa);
	if (state.stack_info.type == STACK_TYPE_IRQ)
		w->irq_end = (unsigned long)state.stack_info.end;
	while (!unwind_done(&state)) {
		unsigned long addr;
		bool new;

		/* First, for the text of what was interrupted may be none that is known. */
		if (state.regs && !user_mode(state.regs) && !full) {
			flags = WHYDROP_STACK_INTERRUPTED;
			break;
		}
		addr = unwind_get_return_address(&state);
		if (!addr)
			break;
		if (!found && nr <= WHYDROP_FRAMES_ABOVE &&
		    is_place(&state, key, s->frames, nr, addr)) {
			found = true;
			limit = nr + max;
		}
		s->frames[nr++] = addr;
		new = learn && learn_step(w, generation, &state, s->symbol, &step);
		if (nr == limit && !new)
			break;
		f.sp = state.sp;
		f.bp = state.bp;
		f.end = (unsigned long)state.stack_info.end;
		unwind_next_frame(&state);
		if (new) {
			if (!agrees(&step, &f, &state))
				step.base = WHYDROP_STEP_NEVER;
			publish(w, generation, &step);
		}
		if (nr == limit)
			break;
	}
	whydrop_stack_trim(key, s->frames, nr, max);
	if (flags && !(key->flags & WHYDROP_STACK_CUT))
		key->flags |= flags;
}

static void make_up(struct made_up *m, unsigned int stride)
{
	unsigned int i;

	for (i = 0; i < NEAR; i++)
		m->near[i] = (unsigned long)&m->far[MARGIN + i * stride];
	for (i = 0; i < FAR; i++)
		m->far[i] = i + 1;
}

int whydrop_learn_init(void)
{
	stacks = kvmalloc_array(2, sizeof(*stacks), GFP_KERNEL);
	if (!stacks)
		return -ENOMEM;
	make_up(&stacks[0], 1);
	make_up(&stacks[1], 0);
	return 0;
}

void whydrop_learn_exit(void)
{
	kvfree(stacks);
	stacks = NULL;
}
