// SPDX-License-Identifier: GPL-2.0
/*
 * Unwinds a stack with the kernel's unwinder, and learns the steps on the way, in any
 * context but NMI, with preemption off. A step is learned only if it leads on the real
 * stack to the same frame as the unwinder.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/unwind.h>
#include "compat.h"
#include "capture/config.h"
#include "capture/trace.h"
#include "capture/walk_learn.h"
#include "capture/walk_oracle.h"
#include "capture/walk_step.h"

static noinline notrace void store_step(struct whydrop_walker *w, u32 generation,
					const struct whydrop_step *step)
{
	struct whydrop_step *slot = whydrop_step_slot(w, step->addr);
	unsigned long flags;
	unsigned int i;

	/* Interrupts use and change the steps, too. */
	local_irq_save(flags);
	if (w->generation == generation) {
		for (i = 0; i < WHYDROP_STEP_WAYS - 1; i++)
			if (!slot[i].addr || slot[i].addr == step->addr)
				break;
		if (slot[i].addr && slot[i].addr != step->addr)
			i = w->changes % WHYDROP_STEP_WAYS;
		slot[i] = *step;
		w->changes++;
		local64_inc(&w->counts[step->base == WHYDROP_STEP_UNUSABLE ?
				       WHYDROP_WALK_REFUSED : WHYDROP_WALK_LEARNED]);
	}
	local_irq_restore(flags);
}

/*
 * Does an address keep its meaning until the module notifier is called? Those in the
 * kernel's image and in modules do. Code generated at run time, by BPF or for tracing,
 * lies between the modules, but belongs to none.
 */
static bool is_lasting_text(unsigned long addr, char *symbol)
{
	if (addr < MODULES_VADDR)
		return true;
	sprint_symbol(symbol, addr - 1);
	return strchr(symbol, '[');
}

/* Ask the oracle for the step from a frame. Return: whether to check it by the real one. */
static noinline notrace bool learn_step(struct whydrop_walker *w, u32 generation,
					struct unwind_state *state,
					struct whydrop_walk_scratch *s,
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
	s->cost += WHYDROP_COST_LEARN;
	/* If they differ, the word on the stack is that of a tracer's trampoline. */
	if (raw == state->ip && is_lasting_text(raw, s->symbol)) {
		if (whydrop_oracle_ask(raw, step))
			return true;
		step->base = WHYDROP_STEP_UNUSABLE;
	}
	store_step(w, generation, step);
	return false;
}

/* Does @step lead from @f to the same frame as the unwinder, which is at @state? */
static bool is_real_step(const struct whydrop_step *step, struct whydrop_frame *f,
			 struct unwind_state *state)
{
	switch (whydrop_step_apply(step, f)) {
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

/* Does the unwinder start where a walk does? */
static bool starts_at_fp(const struct unwind_state *state, void *fp)
{
	unsigned long start = (unsigned long)fp;

	return !state->regs && state->sp == start + 2 * sizeof(long) &&
	       state->bp == whydrop_stack_word(start);
}

/*
 * Is frame number @nr, which returns to @addr, the place of the drop? Where a tracer hooks
 * the return of the function that frees the packet (kretprobe, function graph), the
 * tracepoint reports the tracer's address, which has replaced the return address. The
 * unwinder knows the true one, which becomes the place; but only in the frame that called
 * the freeing function.
 */
static noinline notrace bool is_drop_place(const struct unwind_state *state,
					   struct whydrop_stack_key *key,
					   const unsigned long *frames, unsigned int nr,
					   unsigned long addr)
{
	if (addr == key->place)
		return true;
	if (nr != 1 + whydrop_trace_freeing(frames, nr) || state->regs || state->signal ||
	    whydrop_stack_word(state->sp - sizeof(long)) != key->place)
		return false;
	key->place = addr;
	return true;
}

notrace void whydrop_unwind(struct whydrop_walker *w, void *fp, struct whydrop_stack_key *key,
			    struct whydrop_walk_scratch *s, unsigned int max, bool learn)
{
	unsigned int nr = 0, limit = max + WHYDROP_FRAMES_ABOVE;
	u32 generation = READ_ONCE(w->generation);
	bool full = READ_ONCE(whydrop_config.stack_full), found = false;
	struct unwind_state state;
	struct whydrop_step step;
	struct whydrop_frame f;
	u16 flags = 0;

	s->cost += WHYDROP_COST_UNWIND;
	unwind_start(&state, current, NULL, fp);
	learn = learn && starts_at_fp(&state, fp);
	if (state.stack_info.type == STACK_TYPE_IRQ)
		w->irq_end = (unsigned long)state.stack_info.end;
	while (!unwind_done(&state)) {
		unsigned long addr;
		bool new;

		/* Before its address is asked for: interrupted code may be none that is known. */
		if (state.regs && !user_mode(state.regs) && !full) {
			flags = WHYDROP_STACK_INTERRUPTED;
			break;
		}
		addr = unwind_get_return_address(&state);
		if (!addr)
			break;
		if (!found && nr <= WHYDROP_FRAMES_ABOVE &&
		    is_drop_place(&state, key, s->frames, nr, addr)) {
			found = true;
			limit = nr + max;
		}
		s->frames[nr++] = addr;
		new = learn && learn_step(w, generation, &state, s, &step);
		if (nr == limit && !new)
			break;
		f.sp = state.sp;
		f.bp = state.bp;
		f.end = (unsigned long)state.stack_info.end;
		unwind_next_frame(&state);
		if (new) {
			if (!is_real_step(&step, &f, &state))
				step.base = WHYDROP_STEP_UNUSABLE;
			store_step(w, generation, &step);
		}
		if (nr == limit)
			break;
	}
	whydrop_trace_trim(key, s->frames, nr, max);
	if (flags && !(key->flags & WHYDROP_STACK_CUT))
		key->flags |= flags;
}
