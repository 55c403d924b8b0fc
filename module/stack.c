// SPDX-License-Identifier: GPL-2.0
/*
 * Where a drop happens: the trace, trimmed to start at the place of the drop
 * and to end where an interrupt began, and how often one is taken.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "compat.h"
#include "param.h"
#include "stack.h"

/* How far into a function a return address is taken to lie at most. */
#define FUNCTION_SPAN	4096

/*
 * Where return addresses of interrupt entries were met so far. Known in full
 * only to the kernel proper, which tells about one address at a time: asked
 * when a trace is new, which all with an entry unknown yet are.
 */
static struct {
	unsigned long lo;
	unsigned long hi;
} irq_entries __read_mostly = { .lo = ULONG_MAX };

/* Context: preemption off. Nested callers may get one capture more or less. */
static bool take_token(struct whydrop_bucket *b, u64 now)
{
	unsigned int burst = READ_ONCE(whydrop_config.stack_burst);

	if (!burst)
		return true;
	if (now - b->since >= READ_ONCE(whydrop_config.stack_interval)) {
		b->since = now;
		b->spent = 0;
	}
	if (b->spent >= burst)
		return false;
	b->spent++;
	return true;
}

/*
 * How many frames stand above the place of the drop: those of the tracing and
 * of the freeing function. Return: that, or -1.
 */
static int find_place(const unsigned long *frames, unsigned int nr, unsigned long location)
{
	unsigned int i, end = min_t(unsigned int, nr, WHYDROP_FRAMES_ABOVE + 1);

	for (i = 0; i < end; i++)
		if (frames[i] == location)
			return i;
	/*
	 * Freed later than dropped: then the location is no return address but
	 * the start of the freeing function, net_tx_action().
	 */
	for (i = 0; i < end; i++)
		if (frames[i] - location < FUNCTION_SPAN)
			return i;
	return -1;
}

/*
 * Fill key->frames, nr and flags with a trace of at most @depth frames.
 *
 * Each frame costs, so none is captured only to be trimmed: the number of those
 * above the place is learned. It only grows, so that all traces which go by the
 * same way are of the same length.
 */
static void trace(struct whydrop_cpu *c, unsigned long *frames, unsigned int depth,
		  struct whydrop_stack_key *key)
{
	unsigned int above = READ_ONCE(c->frames_above);
	unsigned int room = depth + above;
	unsigned int nr = stack_trace_save(frames, room, 0);
	int top = find_place(frames, nr, key->place);

	if (unlikely(top < 0 || top > above)) {
		room = depth + WHYDROP_FRAMES_ABOVE;
		nr = stack_trace_save(frames, room, 0);
		top = find_place(frames, nr, key->place);
		if (top > (int)above)
			WRITE_ONCE(c->frames_above, top);
	}
	if (unlikely(top < 0)) {
		key->flags |= WHYDROP_STACK_NOT_TRIMMED;
		top = 0;
	}
	if (nr == room || nr - top > depth)
		key->flags |= WHYDROP_STACK_CUT;
	key->nr = min(nr - top, depth);
	key->frames = frames + top;
}

/* Hash the key, after cutting its trace behind an interrupt entry known so far. */
static void cut_and_hash(struct whydrop_stack_key *key)
{
	unsigned long lo = READ_ONCE(irq_entries.lo);
	unsigned long span = READ_ONCE(irq_entries.hi) - lo;
	u64 hash = whydrop_stack_seed(key->reason, key->place);
	unsigned int i;

	for (i = 0; i < key->nr; i++) {
		hash = whydrop_stack_mix(hash, key->frames[i]);
		if (unlikely(key->frames[i] - lo <= span) &&
		    whydrop_is_irq_entry(key->frames[i])) {
			key->nr = i + 1;
			key->flags |= WHYDROP_STACK_INTERRUPTED;
			key->flags &= ~WHYDROP_STACK_CUT;
			break;
		}
	}
	key->hash = whydrop_stack_hash(hash);
}

/*
 * Look for an interrupt entry that is not known yet. To the kernel, the start
 * of softirqs is one as well; it is passed by, for what called it may be the
 * very task that sent the packet. Return: whether there was one.
 */
static bool learn_irq_entries(const struct whydrop_stack_key *key, u8 ctx)
{
	bool skip = ctx == WHYDROP_CTX_SOFTIRQ;
	unsigned int i;

	for (i = 0; i < key->nr; i++) {
		unsigned long addr = key->frames[i];

		if (!whydrop_is_irq_entry(addr))
			continue;
		if (skip) {
			skip = false;
			continue;
		}
		if (addr >= READ_ONCE(irq_entries.lo) && addr <= READ_ONCE(irq_entries.hi))
			return false;
		if (addr > READ_ONCE(irq_entries.hi))
			WRITE_ONCE(irq_entries.hi, addr);
		if (addr < READ_ONCE(irq_entries.lo))
			WRITE_ONCE(irq_entries.lo, addr);
		return true;
	}
	return false;
}

/* There is no room in the table: the record takes it along. */
static void attach(struct whydrop_event *ev, const struct whydrop_stack_key *key)
{
	struct whydrop_attached *a = (void *)ev + whydrop_attached_offset(ev->caplen);
	unsigned int i;

	a->place = key->place;
	a->nr = key->nr;
	a->flags = key->flags;
	a->pad = 0;
	for (i = 0; i < key->nr; i++)
		a->frames[i] = key->frames[i];
	ev->flags |= WHYDROP_EV_ATTACHED;
	ev->rec.size += struct_size(a, frames, key->nr);
}

void whydrop_stack_capture(struct whydrop_cpu *c, struct whydrop_scratch *s,
			   unsigned long location)
{
	struct whydrop_event *ev = &s->ev;
	struct whydrop_stack_key key = {
		.reason = ev->reason,
		.place = location,
		.flags = WHYDROP_STACK_PLACE_ONLY,
	};
	unsigned int depth = READ_ONCE(whydrop_config.stack_depth);
	const struct whydrop_stack *stack;

	if (!depth || !take_token(&c->bucket, ev->mono_ns)) {
		key.hash = whydrop_stack_hash(whydrop_stack_seed(key.reason, key.place));
		ev->stack_kind = depth ? WHYDROP_STACK_SUPPRESSED : WHYDROP_STACK_OFF;
		stack = whydrop_stack_find(&key);
		if (likely(stack))
			goto found;
		stack = whydrop_stack_add(&key);
		if (!stack) {
			ev->stack_id = 0;
			attach(ev, &key);
			return;
		}
		if (!depth)
			goto found;
		/* A place not seen before gets a stack, whatever the rate. */
	}

	key.flags = 0;
	trace(c, s->frames, depth, &key);
	cut_and_hash(&key);
	ev->stack_kind = WHYDROP_STACK_BY_ID;
	stack = whydrop_stack_find(&key);
	if (unlikely(!stack)) {
		if (learn_irq_entries(&key, ev->ctx))
			cut_and_hash(&key);
		stack = whydrop_stack_add(&key);
		if (!stack) {
			ev->stack_kind = WHYDROP_STACK_INLINE;
			ev->stack_id = 0;
			attach(ev, &key);
			return;
		}
	}
found:
	ev->stack_id = stack->id;
}
