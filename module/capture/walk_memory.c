// SPDX-License-Identifier: GPL-2.0
/*
 * Remembers whole traces: the words that a walk has read, and where on the stack. In any
 * context but NMI, with preemption off.
 */
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/string.h>
#include "capture/config.h"
#include "capture/walk.h"
#include "capture/walk_audit.h"
#include "capture/walk_memory.h"
#include "capture/walk_step.h"

/* Of the traces that are not recalled, one of so many is stored; if in vain, half as many. */
#define MISSES_MIN	8
#define MISSES_MAX	4096

/* Return the end of the stack that @start is on, or 0 if that is not known. */
static __always_inline unsigned long find_end(const struct whydrop_walker *w, unsigned long start)
{
	unsigned long end = whydrop_task_stack_end();

	if (likely(end - start <= THREAD_SIZE))
		return end;
	end = w->irq_end;
	return end - start <= IRQ_STACK_SIZE ? end : 0;
}

static __always_inline struct whydrop_trace_set *find_set(struct whydrop_walker *w,
							  unsigned long place)
{
	u32 hash = (u32)place * GOLDEN_RATIO_32;

	return &w->sets[hash >> (32 - const_ilog2(WHYDROP_TRACE_SETS))];
}

/* Would a walk accept this base of a part? It then may be read up to the part's reach. */
static __always_inline bool is_base(const struct whydrop_trace_part *p, unsigned long base,
				    const unsigned long *bases, unsigned long *end)
{
	if (unlikely(p->enters_task)) {
		unsigned long task_end = whydrop_task_stack_end();

		if (*end == task_end || task_end - base - p->least >= THREAD_SIZE)
			return false;
		*end = task_end;
	} else if ((long)(base - bases[p->above]) < p->least) {
		return false;
	}
	return !(base & 7) && (long)(*end - base) >= p->reach;
}

/* Does the stack have the words of @t, where they lead to each other? */
static __always_inline bool is_there(const struct whydrop_trace *t, unsigned long start,
				     unsigned long end)
{
	const struct whydrop_trace_part *p = t->parts, *parts_end = p + t->nr_parts;
	const unsigned long *word = t->words, *words_end;
	unsigned long bases[WHYDROP_TRACE_PARTS], base = start;
	const s16 *at = t->at;
	unsigned int n = 0;

	if (unlikely((long)(end - start) < p->reach))
		return false;
	for (;;) {
		for (words_end = t->words + p->nr; word != words_end; word++, at++)
			if (whydrop_stack_word(base + *at) != *word)
				return false;
		if (likely(++p == parts_end))
			break;
		bases[n++] = base;
		base = whydrop_stack_word(bases[p->from] + p->at);
		if (!is_base(p, base, bases, &end))
			return false;
	}
	return likely(t->outermost == S32_MAX) ||
	       whydrop_step_is_outermost(base + t->outermost, end);
}

/* Is this the trace of the drop, as far as can be told without its words? */
static __always_inline bool is_candidate(const struct whydrop_trace *t, u32 reason,
					 unsigned long place, unsigned int max)
{
	const struct whydrop_stack *stack = t->stack;

	if (!stack || READ_ONCE(stack->retired) || stack->place != place ||
	    stack->reason != reason || t->max != max ||
	    t->generation != atomic_read(&whydrop_walk_generation))
		return false;
	/*
	 * Pairs with smp_mb__before_atomic() in free_entry(). The id is read last: if it is
	 * still the same, the entry was not recycled before its other fields were read.
	 */
	smp_rmb();
	return READ_ONCE(stack->id) == t->id;
}

notrace const struct whydrop_stack *whydrop_recall(struct whydrop_walker *w, void *fp, u32 reason,
						   unsigned long place,
						   struct whydrop_walk_scratch *s,
						   unsigned int max)
{
	unsigned long start = (unsigned long)fp, end = find_end(w, start);
	struct whydrop_trace_set *set = find_set(w, place);
	const struct whydrop_stack *stack = NULL;
	unsigned int i, way = set->last;

	if (unlikely(!end))
		return NULL;
	/* Until it is decremented, interrupts store no traces: what was checked stays. */
	w->recalling++;
	barrier();
	for (i = 0; ; way = i++) {
		const struct whydrop_trace *t = &set->traces[way];

		if (is_candidate(t, reason, place, max) && is_there(t, start, end)) {
			stack = t->stack;
			break;
		}
		if (i == WHYDROP_TRACE_WAYS)
			break;
	}
	barrier();
	w->recalling--;
	if (!stack)
		return NULL;
	if (unlikely(stack->flags & WHYDROP_STACK_INTERRUPTED) &&
	    READ_ONCE(whydrop_config.stack_full))
		return NULL;
	set->last = way;
	set->misses_wanted = MISSES_MIN;
	s->cost = WHYDROP_COST_WALK;
	local64_inc(&w->counts[WHYDROP_WALK_DONE]);
	local64_inc(&w->counts[WHYDROP_WALK_RECALLED]);
	if (unlikely(whydrop_audit_is_due(w)) && !whydrop_audit_stack(w, stack, s, max))
		return NULL;
	return stack;
}

/**
 * struct place - of a word, or what a register points to, while a trace is recorded
 * @part: bytes from the base of this part
 * @off: so many
 */
struct place {
	u8 part;
	s32 off;
};

/**
 * struct recording - a walk that is remembered
 * @t: the result
 * @nr: number of its words
 * @f: the frame that has been reached
 * @sp: f.sp
 * @bp: f.bp, if @bp_known
 * @bp_at: where f.bp was read
 * @bp_known: it has been followed
 */
struct recording {
	struct whydrop_trace *t;
	unsigned int nr;
	struct whydrop_frame f;
	struct place sp;
	struct place bp;
	struct place bp_at;
	bool bp_known;
};

static notrace struct place move(struct place p, s32 by)
{
	p.off += by;
	return p;
}

/* What was read up to here is on the stack. */
static notrace void note_reach(struct recording *r, struct place end)
{
	struct whydrop_trace_part *p = &r->t->parts[end.part];

	p->reach = max(p->reach, end.off);
}

/* Remember a word that must be the same. It is in the last part, as a walk goes upwards. */
static notrace bool note_word(struct recording *r, struct place at, unsigned long word)
{
	struct whydrop_trace *t = r->t;

	if (at.part != t->nr_parts - 1 || at.off != (s16)at.off || r->nr == WHYDROP_TRACE_WORDS)
		return false;
	t->at[r->nr] = at.off;
	t->words[r->nr++] = word;
	t->parts[at.part].nr = r->nr;
	note_reach(r, move(at, sizeof(long)));
	return true;
}

/*
 * The word there is the base of a new part; by @to bytes from it, at least, is where SP may
 * be by then. Return: the base, or a place in no part.
 */
static notrace struct place note_base(struct recording *r, struct place at, s32 to)
{
	struct whydrop_trace *t = r->t;
	struct whydrop_trace_part *p = &t->parts[t->nr_parts];
	struct place base = { .part = t->nr_parts };

	if (t->nr_parts == WHYDROP_TRACE_PARTS) {
		base.part = WHYDROP_TRACE_PARTS;
		return base;
	}
	note_reach(r, move(at, sizeof(long)));
	*p = (struct whydrop_trace_part){
		.nr = r->nr,
		.from = at.part,
		.at = at.off,
		.above = r->sp.part,
		.least = r->sp.off - to,
		.reach = S32_MIN,
	};
	t->nr_parts++;
	return base;
}

static notrace bool know_bp(struct recording *r, s32 to)
{
	/* As long as it is kept, it may not be below what SP is by now: only once. */
	if (r->bp_known)
		return false;
	r->bp = note_base(r, r->bp_at, to);
	r->bp_known = r->bp.part < WHYDROP_TRACE_PARTS;
	return r->bp_known;
}

/* Find where a step that is not by SP alone leads to. Return: whether that can be remembered. */
static notrace bool note_cfa(struct recording *r, const struct whydrop_step *s,
			     const struct whydrop_frame *was, struct place *cfa)
{
	struct place at = move(r->sp, s->cfa);
	s32 to;

	switch (s->base) {
	case WHYDROP_STEP_SP:
		*cfa = at;
		return true;
	case WHYDROP_STEP_BP:
		/* Otherwise the step was of the rare kind, see whydrop_step_apply(). */
		if ((long)(was->bp + s->cfa - was->sp) < -s->bp || r->f.end != was->end ||
		    !know_bp(r, s->cfa + s->bp))
			return false;
		*cfa = move(r->bp, s->cfa);
		return true;
	case WHYDROP_STEP_BP_WORD:
		if (!know_bp(r, s->cfa))
			return false;
		at = move(r->bp, s->cfa);
		fallthrough;
	case WHYDROP_STEP_SP_WORD:
		/* The frame has the return address, and maybe BP. */
		to = s->off - (s32)sizeof(long);
		if (s->bp_base == WHYDROP_BP_AT_CFA)
			to = min(to, s->off + s->bp);
		*cfa = note_base(r, at, to);
		if (cfa->part == WHYDROP_TRACE_PARTS)
			return false;
		if (r->f.end != was->end) {
			r->t->parts[cfa->part].enters_task = true;
			r->t->parts[cfa->part].least = to;
		}
		*cfa = move(*cfa, s->off);
		return true;
	default:
		return false;
	}
}

/* Make a step, and remember what it depends on. Return: see whydrop_step_apply(). */
static notrace int note_step(struct recording *r, const struct whydrop_step *s)
{
	struct whydrop_frame was = r->f;
	int ret = whydrop_step_apply(s, &r->f);
	struct place cfa, at;
	unsigned long cs;

	if (ret < 0)
		return ret;
	if (s->base == WHYDROP_STEP_REGS) {
		at = move(r->sp, s->cfa);
		note_reach(r, move(at, sizeof(struct pt_regs)));
		cs = whydrop_stack_word(r->f.sp + offsetof(struct pt_regs, cs));
		return note_word(r, move(at, offsetof(struct pt_regs, cs)), cs) ? ret :
		       -WHYDROP_WALK_DYNAMIC;
	}
	if (s->base == WHYDROP_STEP_END) {
		r->t->outermost = r->sp.off;
		return r->sp.part == r->t->nr_parts - 1 ? ret : -WHYDROP_WALK_DYNAMIC;
	}
	if (!note_cfa(r, s, &was, &cfa) || !note_word(r, move(cfa, -(s32)sizeof(long)), r->f.ip))
		return -WHYDROP_WALK_DYNAMIC;
	note_reach(r, cfa);
	r->sp = cfa;
	if (s->bp_base == WHYDROP_BP_KEPT)
		return 0;
	if (s->bp_base == WHYDROP_BP_AT_BP) {
		/* In the frame of BP, above what SP was: see know_bp(). */
		if (s->base != WHYDROP_STEP_BP_WORD || s->bp < s->cfa)
			return -WHYDROP_WALK_DYNAMIC;
		r->bp_at = move(r->bp, s->bp);
	} else {
		r->bp_at = move(cfa, s->bp);
	}
	note_reach(r, move(r->bp_at, sizeof(long)));
	r->bp_known = false;
	return 0;
}

/* Walk the trace of @stack once more. Return: whether it is that, and all is in @r->t. */
static notrace bool record_trace(struct whydrop_walker *w, struct recording *r,
				 const struct whydrop_stack *stack, unsigned int max)
{
	unsigned int above = 0, n = 0;
	const struct whydrop_step *step;
	int ret;

	if (!note_word(r, move(r->sp, -(s32)sizeof(long)), r->f.ip))
		return false;
	for (;;) {
		step = whydrop_step_find(w, r->f.ip);
		if (n || r->f.ip == stack->place) {
			if (n == stack->nr || stack->frames[n] != r->f.ip)
				return false;
			if (++n == max && step->base >= WHYDROP_STEP_SP)
				return n == stack->nr && stack->flags == WHYDROP_STACK_CUT;
		} else if (above++ == WHYDROP_FRAMES_ABOVE) {
			return false;
		}
		ret = note_step(r, step);
		if (ret < 0)
			return false;
		if (ret)
			return n && n == stack->nr && stack->flags ==
			       (ret == WHYDROP_END_INTERRUPTED ? WHYDROP_STACK_INTERRUPTED : 0);
	}
}

static notrace bool record(struct whydrop_walker *w, unsigned long start, unsigned long end,
			   const struct whydrop_stack *stack, struct whydrop_trace *t,
			   unsigned int max)
{
	u32 changes = READ_ONCE(w->changes);
	struct recording r = {
		.t = t,
		.f = {
			.ip = whydrop_stack_word(start + sizeof(long)),
			.sp = start + 2 * sizeof(long),
			.bp = whydrop_stack_word(start),
			.end = end,
		},
		.sp = { .off = 2 * sizeof(long) },
	};

	t->stack = stack;
	t->id = READ_ONCE(stack->id);
	t->generation = w->generation;
	t->max = max;
	t->outermost = S32_MAX;
	t->nr_parts = 1;
	t->parts[0].reach = 2 * sizeof(long);
	if (!record_trace(w, &r, stack, max))
		return false;
	/* As in a walk: a step may just have been changed by an interrupt. */
	barrier();
	return READ_ONCE(w->changes) == changes;
}

noinline notrace void whydrop_remember(struct whydrop_walker *w, void *fp,
				       const struct whydrop_stack *stack,
				       struct whydrop_walk_scratch *s, unsigned int max)
{
	unsigned long start = (unsigned long)fp, end = find_end(w, start), flags;
	struct whydrop_trace_set *set = find_set(w, stack->place);
	bool ok;

	if (set->misses < set->misses_wanted) {
		set->misses++;
		return;
	}
	ok = end && record(w, start, end, stack, &s->trace, max);
	s->cost += WHYDROP_COST_WALK;
	/* Interrupts store traces, too. */
	local_irq_save(flags);
	set->misses = 0;
	set->misses_wanted = clamp_t(u32, set->misses_wanted * 2, MISSES_MIN, MISSES_MAX);
	if (ok && !w->recalling)
		set->traces[set->next++ % WHYDROP_TRACE_WAYS] = s->trace;
	local_irq_restore(flags);
}
