// SPDX-License-Identifier: GPL-2.0
/*
 * Walks a stack by steps that were learned from the kernel's unwinder, in any context but
 * NMI, with preemption off. That takes a tenth of the time of an unwind; walk.md says why
 * the trace is the same.
 */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "compat.h"
#include "capture/config.h"
#include "capture/cpu.h"
#include "capture/trace.h"
#include "capture/walk.h"
#include "capture/walk_audit.h"
#include "capture/walk_learn.h"
#include "capture/walk_oracle.h"
#include "capture/walk_step.h"

/* Traces that the self-test takes; it learns from the first ones. */
#define SELFTEST_TRACES	4

atomic_t whydrop_walk_generation __read_mostly = ATOMIC_INIT(1);

/*
 * Walk the stack. The trace starts at the first return address from key->place on that is
 * less than @span behind it. Return: WHYDROP_WALK_DONE, or the negative of another counter.
 */
static __always_inline int walk(struct whydrop_walker *w, void *fp, unsigned long span,
				struct whydrop_stack_key *key, unsigned long *frames,
				unsigned int max)
{
	unsigned long start = (unsigned long)fp, place = key->place;
	struct whydrop_frame f = {
		.ip = whydrop_stack_word(start + sizeof(long)),
		.sp = start + 2 * sizeof(long),
		.bp = whydrop_stack_word(start),
		.end = whydrop_task_stack_end(),
	};
	u32 changes = READ_ONCE(w->changes);
	const struct whydrop_step *step;
	unsigned int n = 0;
	u16 flags = 0;
	int ret;

	if (f.end - start > THREAD_SIZE) {
		f.end = w->irq_end;
		if (f.end - start > IRQ_STACK_SIZE)
			return -WHYDROP_WALK_STACK;
	}
	for (; f.ip - place >= span; n++) {
		if (n == WHYDROP_FRAMES_ABOVE)
			return -WHYDROP_WALK_PLACE;
		ret = whydrop_step_apply(whydrop_step_find(w, f.ip), &f);
		if (unlikely(ret))
			return ret < 0 ? ret : -WHYDROP_WALK_PLACE;
	}
	for (n = 0; ; ) {
		step = whydrop_step_find(w, f.ip);
		frames[n++] = f.ip;
		if (unlikely(n == max) && step->base >= WHYDROP_STEP_SP) {
			flags = WHYDROP_STACK_CUT;
			break;
		}
		ret = whydrop_step_apply(step, &f);
		if (unlikely(ret)) {
			if (ret < 0)
				return ret;
			if (ret == WHYDROP_END_INTERRUPTED) {
				if (READ_ONCE(whydrop_config.stack_full))
					return -WHYDROP_WALK_SCOPE;
				flags = WHYDROP_STACK_INTERRUPTED;
			}
			break;
		}
	}
	/* An interrupt may have learned a step, and so have changed one that was just read. */
	barrier();
	if (unlikely(READ_ONCE(w->changes) != changes))
		return -WHYDROP_WALK_CHANGED;
	key->frames = frames;
	key->nr = n;
	key->flags = flags;
	key->unverified = true;
	return WHYDROP_WALK_DONE;
}

/* Steps cleared at a time with interrupts off. */
#define STEPS_PER_IRQS_OFF	128

static noinline notrace void clear_steps(struct whydrop_walker *w, u32 now)
{
	unsigned int i, n;
	unsigned long flags;

	/*
	 * Interrupts must not find a step that is half cleared, nor be off for as long as
	 * it takes to clear all steps. An interrupt in between clears all steps itself
	 * first; what it then learns may be cleared here again.
	 */
	for (i = 0; i < ARRAY_SIZE(w->steps); i += n) {
		n = min_t(unsigned int, ARRAY_SIZE(w->steps) - i, STEPS_PER_IRQS_OFF);
		local_irq_save(flags);
		memset(&w->steps[i], 0, n * sizeof(w->steps[0]));
		local_irq_restore(flags);
	}
	local_irq_save(flags);
	w->changes++;
	w->generation = now;
	local_irq_restore(flags);
}

static noinline notrace void unwind_and_audit(struct whydrop_walker *w, void *fp,
					      struct whydrop_stack_key *key,
					      struct whydrop_walk_scratch *s, unsigned int max,
					      bool learn)
{
	whydrop_unwind(w, fp, key, s, max, learn);
	whydrop_audit(w, key, s, max, NULL);
}

notrace void whydrop_walk(struct whydrop_walker *w, void *fp, struct whydrop_stack_key *key,
			  struct whydrop_walk_scratch *s, unsigned int max)
{
	bool learn = whydrop_walk_allowed();
	int ret = -WHYDROP_WALK_OFF;

	s->cost = WHYDROP_COST_WALK;
	if (likely(learn)) {
		u32 now = atomic_read(&whydrop_walk_generation);

		if (unlikely(w->generation != now))
			clear_steps(w, now);
		ret = walk(w, fp, 1, key, s->frames, max);
		if (unlikely(ret == -WHYDROP_WALK_PLACE && whydrop_place_is_deferred(key->place))) {
			ret = walk(w, fp, WHYDROP_FUNCTION_SPAN, key, s->frames, max);
			if (ret == WHYDROP_WALK_DONE)
				key->flags |= WHYDROP_STACK_DEFERRED;
		}
	}
	local64_inc(&w->counts[-ret]);
	if (likely(ret == WHYDROP_WALK_DONE)) {
		if (unlikely(whydrop_audit_is_due(w)))
			whydrop_walk_verify(w, key, s, max);
	} else if (unlikely(whydrop_audit_is_due(w))) {
		unwind_and_audit(w, fp, key, s, max, learn);
	} else {
		whydrop_unwind(w, fp, key, s, max, learn);
	}
}

void whydrop_walk_invalidate(void)
{
	atomic_inc(&whydrop_walk_generation);
}

/* Walk, with an audit each, traces that start at the caller. */
static noinline void walk_caller(struct whydrop_cpu *c)
{
	struct whydrop_scratch *s = &c->scratch[0];
	unsigned int i;

	for (i = 0; i < SELFTEST_TRACES; i++) {
		s->key.place = (unsigned long)__builtin_return_address(0);
		c->walker.since_audit = U32_MAX - 1;
		whydrop_walk(&c->walker, __builtin_frame_address(0), &s->key, &s->walk,
			     WHYDROP_FRAMES_MAX);
	}
}

void whydrop_walk_selftest(void)
{
	struct whydrop_cpu *c;

	preempt_disable();
	c = whydrop_this_cpu();
	if (c)
		walk_caller(c);
	preempt_enable();
}

int whydrop_walk_init(void)
{
	whydrop_audit_init();
	return whydrop_oracle_init();
}

void whydrop_walk_exit(void)
{
	whydrop_audit_exit();
	whydrop_oracle_exit();
}
