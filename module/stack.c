// SPDX-License-Identifier: GPL-2.0
/*
 * Where a drop happens: the trace, trimmed to start at the place of the drop
 * and to end where an interrupt began, and how often one is taken.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "compat.h"
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

bool whydrop_stack_again(struct whydrop_cpu *c, struct whydrop_scratch *s, unsigned int nr)
{
	int top = find_place(s->frames, nr, s->key.place);

	s->key.nr = nr;
	if (likely(top >= 0 && top <= s->above)) {
		if (unlikely(top > READ_ONCE(c->frames_above)))
			WRITE_ONCE(c->frames_above, top);
		s->above = top;
		return false;
	}
	if (s->above < WHYDROP_FRAMES_ABOVE) {
		s->above = WHYDROP_FRAMES_ABOVE;
		return true;
	}
	s->above = WHYDROP_NO_PLACE;
	return false;
}

/* Hash the key, after cutting its trace behind an interrupt entry known so far. */
static void cut_and_hash(struct whydrop_stack_key *key)
{
	unsigned long lo = READ_ONCE(irq_entries.lo);
	unsigned long span = READ_ONCE(irq_entries.hi) - lo;
	u64 hash = whydrop_stack_seed(key->reason, key->place);
	const unsigned long *p = key->frames, *end = p + key->nr;

	while (p != end) {
		unsigned long addr = *p++;

		hash = whydrop_stack_mix(hash, addr);
		if (unlikely(addr - lo <= span) && whydrop_is_irq_entry(addr)) {
			key->nr = p - key->frames;
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

void whydrop_stack_attach(struct whydrop_event *ev, const struct whydrop_stack_key *key)
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
	ev->rec.size += whydrop_stack_attached_size(key);
}

const struct whydrop_stack *whydrop_stack_place(struct whydrop_cpu *c,
						struct whydrop_stack_key *key, bool *added)
{
	const struct whydrop_stack *stack;

	key->hash = whydrop_stack_hash(whydrop_stack_seed(key->reason, key->place));
	key->nr = 0;
	key->flags = WHYDROP_STACK_PLACE_ONLY;
	stack = whydrop_stack_find(key);
	*added = false;
	if (!stack) {
		stack = whydrop_stack_add(key);
		*added = stack;
	}
	*whydrop_stack_remembered(c, key->place) = stack;
	return stack;
}

const struct whydrop_stack *whydrop_stack_settle(struct whydrop_scratch *s, unsigned int depth,
						 u8 ctx)
{
	struct whydrop_stack_key *key = &s->key;
	const struct whydrop_stack *stack;

	key->flags = 0;
	key->frames = s->frames;
	if (unlikely(s->above == WHYDROP_NO_PLACE)) {
		key->flags = WHYDROP_STACK_NOT_TRIMMED;
	} else {
		key->frames += s->above;
		key->nr -= s->above;
	}
	if (key->nr >= depth) {
		key->flags |= WHYDROP_STACK_CUT;
		key->nr = depth;
	}

	cut_and_hash(key);
	stack = whydrop_stack_find(key);
	if (unlikely(!stack)) {
		if (learn_irq_entries(key, ctx))
			cut_and_hash(key);
		stack = whydrop_stack_add(key);
	}
	return stack;
}
