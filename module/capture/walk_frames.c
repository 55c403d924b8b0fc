// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the stack of a drop by following frame pointers, where the kernel's unwinder does
 * the same: any context but NMI, preemption off. walk.md says why it is the same stack.
 */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>
#include <asm/memory.h>
#include <asm/processor.h>
#include "compat.h"
#include "capture/config.h"
#include "capture/irq_entry.h"
#include "capture/walk.h"
#include "capture/walk_audit.h"
#include "capture/walk_frames.h"
#include "capture/walk_memory.h"

/* See whydrop_signature(). */
static unsigned long signature __read_mostly;

/**
 * struct record - a frame record, and where others may be
 * @at: its address
 * @next: the frame pointer in it: address of the caller's record
 * @ip: return address
 * @last: the last address where the stack may have a record
 * @on_task_stack: else it is the stack of interrupts
 * @signature: bits to be set in return addresses
 */
struct record {
	unsigned long at;
	unsigned long next;
	unsigned long ip;
	unsigned long last;
	bool on_task_stack;
	unsigned long signature;
};

/* Size of a record: frame pointer and return address. */
#define RECORD	(2 * sizeof(long))

static __always_inline unsigned long word(unsigned long addr)
{
	return READ_ONCE_NOCHECK(*(unsigned long *)addr);
}

/* The outermost record of the current task, behind which there is nothing. */
static __always_inline unsigned long outermost_record(void)
{
	return (unsigned long)&task_pt_regs(current)->stackframe;
}

static __always_inline void read_record(struct record *r, unsigned long at)
{
	r->at = at;
	r->next = word(at);
	r->ip = word(at + sizeof(long)) | r->signature;
}

/* Begin at the record at @fp. Return: whether it is on a stack with known bounds. */
static __always_inline bool begin(struct record *r, void *fp)
{
	unsigned long at = (unsigned long)fp;

	r->on_task_stack = at - (unsigned long)task_stack_page(current) < THREAD_SIZE;
	/* No other stack but that of interrupts is in use here, except in NMIs. */
	r->last = (likely(r->on_task_stack) ? outermost_record() :
		   ALIGN_DOWN(at, THREAD_ALIGN) + IRQ_STACK_SIZE) - RECORD;
	if (unlikely(at > r->last || at & 7))
		return false;
	r->signature = READ_ONCE(signature);
	read_record(r, at);
	return true;
}

/* What follows is not a record of the same stack. Return: see next_record(). */
static noinline notrace int leave_stack_slow(struct record *r)
{
	unsigned long first = (unsigned long)task_stack_page(current);
	unsigned long outermost = outermost_record();

	if (r->next == outermost)
		return 1;
	if (r->on_task_stack || r->next < first || r->next > outermost - RECORD || r->next & 7)
		return -WHYDROP_WALK_STACK;
	r->on_task_stack = true;
	r->last = outermost - RECORD;
	read_record(r, r->next);
	return 0;
}

/* The same on a copy, so that the caller's record needs no address and stays in registers. */
static __always_inline int leave_stack(struct record *r)
{
	struct record copy = *r;
	int ret = leave_stack_slow(&copy);

	*r = copy;
	return ret;
}

#ifdef HAVE_FRAME_META
/*
 * A record of zeros is part of the registers of an exception in the kernel; the unwinder
 * goes on with these. Return: see next_record().
 */
static noinline notrace int cross_exception_slow(struct record *r, unsigned long low)
{
	struct pt_regs *regs = container_of((struct frame_record_meta *)r->at, struct pt_regs,
					    stackframe);
	unsigned long end = (unsigned long)(regs + 1);

	if ((unsigned long)regs < low || end > r->last + RECORD || word(r->at + sizeof(long)) ||
	    word((unsigned long)&regs->stackframe.type) != FRAME_META_TYPE_PT_REGS)
		return -WHYDROP_WALK_STACK;
	/* The next record is behind the registers. */
	r->at = end - RECORD;
	r->next = word((unsigned long)&regs->regs[29]);
	r->ip = word((unsigned long)&regs->pc) | r->signature;
	return 0;
}

/* As above. */
static __always_inline int cross_exception(struct record *r, unsigned long low)
{
	struct record copy = *r;
	int ret = cross_exception_slow(&copy, low);

	*r = copy;
	return ret;
}
#endif

/*
 * Go on to the caller's record. It is behind this one, or the first one of another stack.
 * Return: 0; 1: this was the outermost one; or the negative of enum whydrop_walk_count.
 */
static __always_inline int next_record(struct record *r)
{
	unsigned long low = r->at + RECORD;

	if (unlikely(r->next < low || r->next > r->last || r->next & 7)) {
		int ret = leave_stack(r);

		if (ret)
			return ret;
		low = (unsigned long)task_stack_page(current);
	} else {
		read_record(r, r->next);
	}
#ifdef HAVE_FRAME_META
	if (unlikely(!r->next))
		return cross_exception(r, low);
#endif
	return 0;
}

/*
 * Take the trace as it is on the stack: key->hash, nr and flags are the result, as those of
 * whydrop_walk(). Return: WHYDROP_WALK_DONE, or the negative of another counter.
 */
static __always_inline int follow(void *fp, struct whydrop_stack_key *key, unsigned long *frames,
				  unsigned int max)
{
	unsigned long place = key->place;
	u64 hash = whydrop_stack_hash_start(key->reason, place);
	bool full = READ_ONCE(whydrop_config.stack_full);
	bool skip = whydrop_skips_irq_entry();
	struct whydrop_text entries = whydrop_irq_entries();
	unsigned int n;
	struct record r;
	int ret;

	if (full)
		entries.size = 0;
	if (unlikely(!begin(&r, fp)))
		return -WHYDROP_WALK_STACK;
	for (n = 0; r.ip != place; n++) {
		if (n == WHYDROP_FRAMES_ABOVE)
			return -WHYDROP_WALK_PLACE;
		ret = next_record(&r);
		if (unlikely(ret))
			return ret < 0 ? ret : -WHYDROP_WALK_PLACE;
	}
	key->frames = frames;
	key->flags = 0;
	for (n = 0; ; ) {
		unsigned long ip = r.ip;

		frames[n++] = ip;
		hash = whydrop_stack_hash_word(hash, ip);
		if (unlikely(n == max)) {
			key->flags = WHYDROP_STACK_CUT;
			break;
		}
		ret = next_record(&r);
		if (unlikely(ret)) {
			if (ret < 0)
				return ret;
			break;
		}
		if (unlikely(ip - entries.start < entries.size) && whydrop_ends_at(ip, &skip)) {
			key->flags = WHYDROP_STACK_INTERRUPTED;
			break;
		}
	}
	key->nr = n;
	key->hash = whydrop_stack_hash_end(hash);
	return WHYDROP_WALK_DONE;
}

notrace const struct whydrop_stack *whydrop_recall(struct whydrop_walker *w, void *fp, u32 reason,
						   unsigned long place,
						   struct whydrop_walk_scratch *s,
						   unsigned int max)
{
	struct whydrop_stack_key key = { .reason = reason, .place = place };
	const struct whydrop_stack *stack = NULL;
	int ret = follow(fp, &key, s->frames, max);

	if (likely(ret == WHYDROP_WALK_DONE)) {
		stack = whydrop_stack_find(&key);
		if (unlikely(!stack))
			ret = -WHYDROP_WALK_UNKNOWN;
		else if (unlikely(!READ_ONCE(stack->plain)))
			ret = -WHYDROP_WALK_DYNAMIC;
	}
	local64_inc(&w->counts[-ret]);
	if (unlikely(ret))
		return NULL;
	s->cost = WHYDROP_COST_FOLLOW;
	if (unlikely(whydrop_audit_is_due(w)) && !whydrop_audit_stack(w, stack, s, max))
		return NULL;
	return stack;
}

/*
 * Is the kernel's trace, which was just taken, the one that stands on the stack? Not if a
 * tracer has replaced return addresses: the unwinder finds the true ones.
 */
static noinline notrace bool is_plain(void *fp, const struct whydrop_stack_key *unwound,
				      unsigned long *buffer, unsigned int max)
{
	struct whydrop_stack_key key = { .reason = unwound->reason, .place = unwound->place };

	return follow(fp, &key, buffer, max) == WHYDROP_WALK_DONE && key.nr == unwound->nr &&
	       key.flags == (unwound->flags & (WHYDROP_STACK_CUT | WHYDROP_STACK_INTERRUPTED)) &&
	       !memcmp(key.frames, unwound->frames, key.nr * sizeof(*key.frames));
}

notrace void whydrop_remember(struct whydrop_walker *w, void *fp,
			      const struct whydrop_stack *stack, struct whydrop_walk_scratch *s,
			      unsigned int max)
{
	const struct whydrop_stack_key key = {
		.reason = stack->reason,
		.flags = stack->flags,
		.nr = stack->nr,
		.place = stack->place,
		.frames = stack->frames,
	};

	if (READ_ONCE(stack->plain))
		return;
	s->cost += WHYDROP_COST_FOLLOW;
	if (is_plain(fp, &key, s->saved, max)) {
		whydrop_stack_set_plain(stack);
		local64_inc(&w->counts[WHYDROP_WALK_LEARNED]);
	} else {
		local64_inc(&w->counts[WHYDROP_WALK_REFUSED]);
	}
}

notrace void whydrop_frames_compare(struct whydrop_walker *w, struct whydrop_stack_key *key,
				    struct whydrop_walk_scratch *s)
{
	void *fp = __builtin_frame_address(0);
	bool plain;

	key->reason = 0;
	key->place = (unsigned long)__builtin_return_address(0);
	whydrop_walk(w, fp, key, s, WHYDROP_FRAMES_MAX);
	plain = is_plain(fp, key, s->saved, WHYDROP_FRAMES_MAX);
	local64_inc(&w->counts[WHYDROP_WALK_AUDITS]);
	local64_inc(&w->counts[plain ? WHYDROP_WALK_LEARNED : WHYDROP_WALK_REFUSED]);
}

void whydrop_frames_init(void)
{
	signature = whydrop_signature();
}
