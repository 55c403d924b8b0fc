// SPDX-License-Identifier: GPL-2.0
/*
 * Walk a stack by steps that the kernel's unwinder was asked for before: a
 * tenth of what it takes to unwind it. Why that is the same trace: walk.md.
 */
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>
#include <linux/timex.h>
#include "compat.h"
#include "capture/cpu.h"
#include "param.h"
#include "capture/stack.h"
#include "capture/walk.h"
#include "capture/walk_step.h"

/* What may stand above the frame that nobody called: registers, padding. */
#define OUTERMOST_ROOM	(sizeof(struct pt_regs) + 64)

/* Traces that the self-test takes: the first ones to learn from. */
#define SELFTEST_TRACES	4

static bool allowed __read_mostly = true;
static bool was_wrong __read_mostly;	/* once, and so never allowed again */
static u32 doubted __read_mostly;	/* entries of the table that were there by then */
static atomic_t generation __read_mostly = ATOMIC_INIT(1);

/* The first walk that was wrong. */
static struct {
	unsigned long claimed;
	struct irq_work work;
	struct whydrop_stack_key walked;
	struct whydrop_stack_key unwound;
	unsigned long frames[2][WHYDROP_FRAMES_TAKEN];
} mismatch;

noinline notrace const struct whydrop_step *
whydrop_step_find_more(const struct whydrop_step *slot, unsigned long addr)
{
	static const struct whydrop_step unknown = { .base = WHYDROP_STEP_UNKNOWN };
	unsigned int i;

	for (i = 1; i < WHYDROP_STEP_WAYS; i++)
		if (READ_ONCE(slot[i].addr) == addr)
			return &slot[i];
	return &unknown;
}

static unsigned long task_stack_end(void)
{
	return (unsigned long)task_stack_page(current) + THREAD_SIZE;
}

/* Whether the word at @addr is in the part of the stack that is ahead. */
static bool is_ahead(const struct whydrop_frame *f, unsigned long addr)
{
	return !(addr & 7) && addr >= f->sp && addr <= f->end - sizeof(long);
}

/* The interrupt stack was entered from the task's: go on there. */
static bool leave_irq_stack(struct whydrop_frame *f, unsigned long cfa)
{
	unsigned long end = task_stack_end();

	if (f->end == end || end - cfa >= THREAD_SIZE)
		return false;
	f->sp = end - THREAD_SIZE;
	f->end = end;
	return true;
}

static int regs_end(const struct whydrop_frame *f, unsigned long regs)
{
	unsigned long cs;

	if (!is_ahead(f, regs) || f->end - regs < sizeof(struct pt_regs))
		return -WHYDROP_WALK_STACK;
	cs = (u16)whydrop_stack_word(regs + offsetof(struct pt_regs, cs));
	return (cs & 3) == 3 ? WHYDROP_END_OUTERMOST : WHYDROP_END_INTERRUPTED;
}

int whydrop_step_make(const struct whydrop_step *s, struct whydrop_frame *f)
{
	unsigned long cfa, addr;

	switch (s->base) {
	case WHYDROP_STEP_SP:
		cfa = f->sp + s->cfa;
		break;
	case WHYDROP_STEP_BP:
		cfa = f->bp + s->cfa;
		break;
	case WHYDROP_STEP_SP_WORD:
	case WHYDROP_STEP_BP_WORD:
		addr = (s->base == WHYDROP_STEP_SP_WORD ? f->sp : f->bp) + s->cfa;
		if (!is_ahead(f, addr))
			return -WHYDROP_WALK_STACK;
		cfa = whydrop_stack_word(addr) + s->off;
		break;
	case WHYDROP_STEP_REGS:
		f->sp += s->cfa;
		return regs_end(f, f->sp);
	case WHYDROP_STEP_END:
		return f->end == task_stack_end() && f->end - f->sp <= OUTERMOST_ROOM ?
		       WHYDROP_END_OUTERMOST : -WHYDROP_WALK_STACK;
	case WHYDROP_STEP_UNKNOWN:
		return -WHYDROP_WALK_UNKNOWN;
	default:
		return -WHYDROP_WALK_NEVER;
	}

	/* The return address is the word below; the frame is not empty. */
	if (!is_ahead(f, cfa - sizeof(long)) && !leave_irq_stack(f, cfa))
		return -WHYDROP_WALK_STACK;
	if (!is_ahead(f, cfa - sizeof(long)))
		return -WHYDROP_WALK_STACK;
	if (s->bp_base != WHYDROP_BP_KEPT) {
		addr = (s->bp_base == WHYDROP_BP_AT_CFA ? cfa : f->bp) + s->bp;
		if (!is_ahead(f, addr))
			return -WHYDROP_WALK_STACK;
		f->bp = whydrop_stack_word(addr);
	}
	f->ip = whydrop_stack_word(cfa - sizeof(long));
	f->sp = cfa;
	return 0;
}

/* The same, with the most frequent ones inline. */
static __always_inline int make_step(const struct whydrop_step *s, struct whydrop_frame *f)
{
	struct whydrop_frame other;
	unsigned long cfa;
	int ret;

	if (likely(s->base == WHYDROP_STEP_SP)) {
		cfa = f->sp + s->cfa;
		if (unlikely(cfa > f->end))
			return -WHYDROP_WALK_STACK;
	} else if (s->base == WHYDROP_STEP_BP) {
		cfa = f->bp + s->cfa;
		if (unlikely(cfa & 7 || cfa > f->end || (long)(cfa - f->sp) < -s->bp))
			goto other;
	} else {
		goto other;
	}
	if (s->bp_base != WHYDROP_BP_KEPT)
		f->bp = whydrop_stack_word(cfa + s->bp);
	f->ip = whydrop_stack_word(cfa - sizeof(long));
	f->sp = cfa;
	return 0;

other:
	/* A copy: its address is told, the original may stay in registers. */
	other = *f;
	ret = whydrop_step_make(s, &other);
	*f = other;
	return ret;
}

/*
 * Walk. The place is where a return address is less than @span behind key->place.
 * Return: how it ended, or the negative of why it did not.
 */
static __always_inline int walk(struct whydrop_walker *w, void *fa, unsigned long span,
				struct whydrop_stack_key *key, unsigned long *frames,
				unsigned int max)
{
	unsigned long at = (unsigned long)fa;
	struct whydrop_frame f = {
		.ip = whydrop_stack_word(at + sizeof(long)),
		.sp = at + 2 * sizeof(long),
		.bp = whydrop_stack_word(at),
		.end = task_stack_end(),
	};
	u32 changes = READ_ONCE(w->changes);
	const struct whydrop_step *step;
	unsigned int n = 0;
	u16 flags = 0;
	int ret;

	if (f.end - at > THREAD_SIZE) {
		f.end = w->irq_end;
		if (f.end - at > IRQ_STACK_SIZE)
			return -WHYDROP_WALK_STACK;
	}
	for (; f.ip - key->place >= span; n++) {
		if (n == WHYDROP_FRAMES_ABOVE)
			return -WHYDROP_WALK_PLACE;
		ret = make_step(whydrop_step_find(w, f.ip), &f);
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
		ret = make_step(step, &f);
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
	/* An interrupt may have learned, and so have changed a step halfway. */
	barrier();
	if (unlikely(READ_ONCE(w->changes) != changes))
		return -WHYDROP_WALK_CHANGED;
	key->frames = frames;
	key->nr = n;
	key->flags = flags;
	key->walked = true;
	return WHYDROP_WALK_DONE;
}

static void print_key(const struct whydrop_stack_key *key)
{
	unsigned int i;

	for (i = 0; i < key->nr; i++)
		pr_err("  %pB\n", (void *)key->frames[i]);
}

static void tell_mismatch(struct irq_work *work)
{
	pr_err("a walked stack was wrong; from now on each stack is unwound. Please report: dropped at %pS, walked (flags %#x):\n",
	       (void *)mismatch.walked.place, mismatch.walked.flags);
	print_key(&mismatch.walked);
	pr_err("unwound (flags %#x):\n", mismatch.unwound.flags);
	print_key(&mismatch.unwound);
}

static void copy_key(struct whydrop_stack_key *to, unsigned long *frames,
		     const struct whydrop_stack_key *key)
{
	*to = *key;
	to->frames = frames;
	memcpy(frames, key->frames, key->nr * sizeof(*frames));
}

static bool same(const struct whydrop_stack_key *walked, const struct whydrop_stack_key *unwound)
{
	if (memcmp(walked->frames, unwound->frames,
		   min(walked->nr, unwound->nr) * sizeof(*walked->frames)))
		return false;
	/* The other one goes on into what was interrupted, if that is text that it knows. */
	if (walked->flags & WHYDROP_STACK_INTERRUPTED)
		return unwound->nr >= walked->nr;
	return unwound->nr == walked->nr && unwound->flags == walked->flags;
}

/* Compare a trace with the one that the kernel saves. Return: whether it is the same. */
static noinline notrace bool audit(struct whydrop_walker *w, const struct whydrop_stack_key *key,
				   struct whydrop_walk_scratch *s, unsigned int max,
				   struct whydrop_stack_key *saved)
{
	struct whydrop_stack_key ref = { .reason = key->reason, .place = key->place };
	unsigned int nr;

	/* Without a place, both start with whoever asks for them. */
	if (key->flags & WHYDROP_STACK_NOT_TRIMMED)
		return true;
	nr = stack_trace_save(s->again, max + WHYDROP_FRAMES_ABOVE, 0);
	whydrop_stack_trim(&ref, s->again, nr, max);
	local64_inc(&w->counts[WHYDROP_WALK_AUDITS]);
	if (likely(same(key, &ref)))
		return true;
	if (saved)
		*saved = ref;
	local64_inc(&w->counts[WHYDROP_WALK_MISMATCHES]);
	if (!READ_ONCE(was_wrong))
		WRITE_ONCE(doubted, whydrop_stacks_stored());
	WRITE_ONCE(was_wrong, true);
	/* Pairs with smp_mb() in whydrop_walk_allow(). */
	smp_mb();
	WRITE_ONCE(allowed, false);
	if (test_and_set_bit(0, &mismatch.claimed))
		return false;
	copy_key(&mismatch.walked, mismatch.frames[0], key);
	copy_key(&mismatch.unwound, mismatch.frames[1], &ref);
	/* Not here: whoever drops may hold what printing takes. */
	irq_work_queue(&mismatch.work);
	return false;
}

notrace void whydrop_walk_verify(struct whydrop_walker *w, struct whydrop_stack_key *key,
				 struct whydrop_walk_scratch *s, unsigned int max)
{
	struct whydrop_stack_key saved;

	if (likely(audit(w, key, s, max, &saved)))
		key->walked = false;
	else
		*key = saved;
}

static noinline notrace void forget(struct whydrop_walker *w, u32 now)
{
	unsigned long flags;

	/* Nobody must find a step that is half gone. */
	local_irq_save(flags);
	memset(w->steps, 0, sizeof(w->steps));
	w->changes++;
	w->generation = now;
	local_irq_restore(flags);
}

static noinline notrace void unwind_and_audit(struct whydrop_walker *w, void *fa,
					      struct whydrop_stack_key *key,
					      struct whydrop_walk_scratch *s, unsigned int max,
					      bool learn)
{
	whydrop_unwind(w, fa, key, s, max, learn);
	audit(w, key, s, max, NULL);
}

/* Draw after how many traces one is compared: @mean on average, and no stride of drops. */
static noinline notrace bool next_audit(struct whydrop_walker *w, u32 mean)
{
	bool due = w->audit_mean == mean;

	w->random = w->random * 1664525 + 1013904223 + random_get_entropy();
	w->audit_mean = mean;
	w->since_audit = 0;
	/* At the most there is none, see set_stack_audit(). */
	w->audit_after = mean == U32_MAX ? mean : 1 + ((u64)w->random * (2ull * mean - 1) >> 32);
	return due || mean == 1;
}

/* Return true if this trace is to be compared. */
static __always_inline bool audit_is_due(struct whydrop_walker *w)
{
	u32 mean = READ_ONCE(whydrop_config.stack_audit);

	if (likely(++w->since_audit < w->audit_after && mean == w->audit_mean))
		return false;
	return next_audit(w, mean);
}

notrace void whydrop_walk(struct whydrop_walker *w, void *fa, struct whydrop_stack_key *key,
			  struct whydrop_walk_scratch *s, unsigned int max)
{
	bool learn = READ_ONCE(allowed);
	int ret = -WHYDROP_WALK_OFF;

	if (likely(learn)) {
		u32 now = atomic_read(&generation);

		if (unlikely(w->generation != now))
			forget(w, now);
		ret = walk(w, fa, 1, key, s->frames, max);
		if (unlikely(ret == -WHYDROP_WALK_PLACE && whydrop_stack_is_deferred(key->place))) {
			ret = walk(w, fa, WHYDROP_FUNCTION_SPAN, key, s->frames, max);
			if (ret == WHYDROP_WALK_DONE)
				key->flags |= WHYDROP_STACK_DEFERRED;
		}
	}
	local64_inc(&w->counts[-ret]);
	if (likely(ret == WHYDROP_WALK_DONE)) {
		if (unlikely(audit_is_due(w)))
			whydrop_walk_verify(w, key, s, max);
	} else if (unlikely(audit_is_due(w))) {
		unwind_and_audit(w, fa, key, s, max, learn);
	} else {
		whydrop_unwind(w, fa, key, s, max, learn);
	}
}

int whydrop_walk_allow(bool on)
{
	WRITE_ONCE(allowed, on && !READ_ONCE(was_wrong));
	/* Pairs with smp_mb() in audit(): the last word is not that it is allowed. */
	smp_mb();
	if (!on || !READ_ONCE(was_wrong))
		return 0;
	WRITE_ONCE(allowed, false);
	return -EPERM;
}

bool whydrop_walk_doubts(u32 id)
{
	return id <= READ_ONCE(doubted);
}

bool whydrop_walk_allowed(void)
{
	return READ_ONCE(allowed);
}

void whydrop_walk_forget(void)
{
	atomic_inc(&generation);
}

u64 whydrop_walk_count(enum whydrop_walk_count what)
{
	struct whydrop_cpu *c;
	int cpu = -1;
	u64 sum = 0;

	while ((c = whydrop_next_cpu(&cpu)))
		sum += local64_read(&c->walker.counts[what]);
	return sum;
}

/* A trace that starts at the caller. */
static noinline void selftest_here(struct whydrop_cpu *c)
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
		selftest_here(c);
	preempt_enable();
}

int whydrop_walk_init(void)
{
	init_irq_work(&mismatch.work, tell_mismatch);
	return whydrop_learn_init();
}

void whydrop_walk_exit(void)
{
	irq_work_sync(&mismatch.work);
	whydrop_learn_exit();
}
