// SPDX-License-Identifier: GPL-2.0
/*
 * Runs at each drop, from the tracepoint to the ring: in any context, NMI too, with
 * preemption off.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/ktime.h>
#include <linux/tracepoint.h>
#include "compat.h"
#include "capture/config.h"
#include "capture/count.h"
#include "capture/cpu.h"
#include "capture/device.h"
#include "capture/filter.h"
#include "capture/packet.h"
#include "capture/probe.h"
#include "capture/qdisc.h"
#include "capture/sock.h"
#include "capture/stack.h"
#include "capture/walk.h"
#include "capture/walk_audit.h"
#include "capture/walk_memory.h"

static bool registered;

static u8 context(void)
{
	if (whydrop_in_hardirq())
		return WHYDROP_CTX_HARDIRQ;
	return in_serving_softirq() ? WHYDROP_CTX_SOFTIRQ : WHYDROP_CTX_TASK;
}

/**
 * struct drop - the arguments of the tracepoint, and the slot for counts
 * @skb: the packet
 * @rx_sk: the socket that should have received it, or NULL
 * @place: place of the drop
 * @reason: drop reason
 * @slot: where it is counted
 */
struct drop {
	const struct sk_buff *skb;
	const struct sock *rx_sk;
	unsigned long place;
	u32 reason;
	unsigned int slot;
};

/*
 * The stages of a drop. Each returns an outcome or a result, and leaves preemption
 * and nesting to the three parts of the probe. They are inline because every frame
 * between a drop and the unwinder would be unwound each time.
 */

/* The device of a drop, if the filter can be checked by that alone; else NULL. */
static __always_inline const struct whydrop_dev *find_device_fast(const struct whydrop_filter *f,
								  const struct sk_buff *skb)
{
	return likely(!f->devs.patterns) ? whydrop_device_find_fast(skb) : NULL;
}

/* Refuse by the device, where that takes no call. Return: the outcome. */
static __always_inline enum whydrop_outcome check_device(const struct whydrop_filter *f,
							 const struct sk_buff *skb)
{
	const struct whydrop_dev *dev = find_device_fast(f, skb);

	return dev ? whydrop_filter_check_dev(f, dev) : WHYDROP_RECORDED;
}

/* Apply the rest of the filters. Return: the outcome. */
static __always_inline enum whydrop_outcome check_filter(struct whydrop_cpu *c,
							 const struct whydrop_filter *f,
							 const struct drop *d)
{
	if (f->by_dev && unlikely(!find_device_fast(f, d->skb))) {
		enum whydrop_outcome outcome = whydrop_filter_check_slow(f, d->skb, d->rx_sk,
									 d->slot);

		if (outcome != WHYDROP_RECORDED)
			return outcome;
	}
	if (f->prog && !whydrop_filter_check_packet(f->prog, c, d->skb, d->reason, d->place))
		return WHYDROP_FILTERED_PACKET;
	return WHYDROP_RECORDED;
}

/* Find the entry for a place, with @kind as it is, or for a stack. Return: see find_stack(). */
static __always_inline const struct whydrop_stack *find_stack_slow(struct whydrop_cpu *c,
								   const struct drop *d,
								   unsigned int depth,
								   unsigned int *kind)
{
	struct whydrop_scratch *s = whydrop_scratch(c);
	const struct whydrop_stack *stack = NULL;

	s->key.reason = d->reason;
	s->key.place = d->place;
	if (!depth) {
		stack = whydrop_stack_save_place(c, &s->key, &s->added);
		if (!s->added)
			return stack;
		/* A place not seen before gets a stack, whatever the rate. */
		depth = READ_ONCE(whydrop_config.stack_depth);
	}
	/* Even without a stack: the trace shows whether the place is hidden. */
	whydrop_walk(&c->walker, __builtin_frame_address(0), &s->key, &s->walk, depth ?: 1);
	if (stack)
		whydrop_stack_mark_place(stack, &s->key);
	if (depth) {
		stack = whydrop_stack_save(c, &s->key, &s->walk, depth);
		*kind = WHYDROP_STACK_BY_ID;
		if (likely(stack && whydrop_walk_allowed()))
			whydrop_remember(&c->walker, __builtin_frame_address(0), stack, &s->walk,
					 depth);
	}
	whydrop_budget_charge(&c->budget, s->walk.cost);
	if (unlikely(!stack))
		*kind = WHYDROP_STACK_INLINE;
	return stack;
}

/*
 * Find the entry for the place of a drop or, if one is to be captured, for its
 * stack. Return: it, or NULL if the record has to carry the key in the scratch.
 */
static __always_inline const struct whydrop_stack *find_stack(struct whydrop_cpu *c,
							      const struct drop *d, u64 now,
							      unsigned int *kind)
{
	unsigned int depth = whydrop_stack_choose_depth(c, now, kind);
	const struct whydrop_stack *stack = NULL;

	if (depth && likely(whydrop_walk_allowed())) {
		struct whydrop_walk_scratch *s = &whydrop_scratch(c)->walk;

		stack = whydrop_recall(&c->walker, __builtin_frame_address(0), d->reason,
				       d->place, s, depth);
		if (likely(stack)) {
			*kind = WHYDROP_STACK_BY_ID;
			whydrop_budget_charge(&c->budget, s->cost);
		}
	} else if (!depth) {
		stack = whydrop_stack_cached_place(c, d->reason, d->place);
	}
	return likely(stack) ? stack : find_stack_slow(c, d, depth, kind);
}

/* Note the first record since load or reset: new readers start with it. */
static noinline notrace void start_counts(struct whydrop_counts *counts,
					  const struct whydrop_ring *ring)
{
	counts->floor_pos = atomic64_read(&ring->head);
	counts->floor_seq = ring->seq;
	/* Pairs with smp_load_acquire() in whydrop_cpu_floor(). */
	smp_store_release(&counts->started, true);
}

/* Count the drop and write its record. */
static __always_inline void record(struct whydrop_cpu *c, const struct drop *d)
{
	/* An upper bound, so that the size need not be known yet. */
	u32 size = sizeof(struct whydrop_event) + WHYDROP_SNAPLEN_MAX;
	u64 head, now = ktime_get_mono_fast_ns();
	struct whydrop_counts *counts;
	const struct whydrop_stack *stack;
	const struct whydrop_dev *dev;
	struct whydrop_event *ev;
	unsigned long flags;
	unsigned int kind;
	u32 id = 0, counter;

	/* What may take long, before interrupts are off. */
	dev = whydrop_device_find(d->skb, d->rx_sk, d->slot);
	stack = find_stack(c, d, now, &kind);
	if (likely(stack)) {
		id = stack->id;
		counter = stack->counter;
	} else {
		counter = whydrop_stack_place_counter(c, &whydrop_scratch(c)->key);
		size += whydrop_stack_attached_size(&whydrop_scratch(c)->key);
	}

	/* Records must not nest, and a reset must not part the counts of one. */
	local_irq_save(flags);
	counts = whydrop_counts();
	if (unlikely(!counts->started))
		start_counts(counts, &c->ring);
	whydrop_count(counts, WHYDROP_RECORDED + kind, d->slot);
	local64_inc(&counts->stacks[counter]);
	ev = whydrop_ring_reserve(&c->ring, size, &head);
	ev->rec.type = WHYDROP_REC_EVENT;
	ev->rec.cpu = raw_smp_processor_id();
	ev->mono_ns = now;
	ev->reason = d->reason;
	ev->stack_id = id;
	ev->pid = current->pid;
	memcpy(ev->comm, current->comm, sizeof(ev->comm));
	ev->ctx = context();
	ev->stack_kind = kind;
	whydrop_sock_fill(ev, d->skb, d->rx_sk);
	whydrop_qdisc_fill(ev, &c->qdisc, d->skb);
	whydrop_device_fill(ev, d->skb, d->rx_sk, dev);
	whydrop_packet_fill(ev, d->skb, d->reason, d->place, READ_ONCE(whydrop_config.snaplen));
	if (unlikely(!stack))
		whydrop_stack_attach(ev, &whydrop_scratch(c)->key);
	whydrop_ring_commit(&c->ring, ev, head);
	local_irq_restore(flags);
}

/*
 * The probe is one function in four parts, each of which ends with a call of a later one, so
 * that a drop that is refused early saves no registers, and no frame is added. Preemption
 * is off in all of them, which protects RCU pointers here; the last one enables it, if the
 * tracepoint had left it enabled. Arguments stay in their registers from one to the next.
 */
static __always_inline void probe_end(enum whydrop_outcome outcome, struct whydrop_counts *counts,
				      unsigned long slot)
{
	whydrop_count(counts, outcome, slot);
	whydrop_probe_end();
}

static noinline notrace void probe_record(struct whydrop_cpu *c, const struct sk_buff *skb,
					  unsigned long place, u32 reason,
					  const struct sock *rx_sk, unsigned long slot)
{
	const struct drop d = { skb, rx_sk, place, reason, slot };

	/* Interrupts nest in here, and leave it as they found it. */
	c->nesting++;
	barrier();
	record(c, &d);
	barrier();
	c->nesting--;
	whydrop_probe_end();
}

static noinline notrace void probe_packet(struct whydrop_cpu *c, const struct sk_buff *skb,
					  unsigned long place, u32 reason,
					  const struct sock *rx_sk, const struct whydrop_filter *f)
{
	const struct drop d = { skb, rx_sk, place, reason, whydrop_slot(reason) };
	enum whydrop_outcome outcome;

	/* As above: a filter may need the scratch. */
	c->nesting++;
	barrier();
	outcome = check_filter(c, f, &d);
	barrier();
	c->nesting--;
	if (outcome == WHYDROP_RECORDED)
		probe_record(c, skb, place, reason, rx_sk, d.slot);
	else
		probe_end(outcome, whydrop_counts(), d.slot);
}

static noinline notrace void probe_filter(struct whydrop_cpu *c, const struct sk_buff *skb,
					  unsigned long place, u32 reason,
					  const struct sock *rx_sk, const struct whydrop_filter *f)
{
	enum whydrop_outcome outcome = f->by_dev ? check_device(f, skb) : WHYDROP_RECORDED;

	if (outcome == WHYDROP_RECORDED)
		probe_packet(c, skb, place, reason, rx_sk, f);
	else
		probe_end(outcome, whydrop_counts(), whydrop_slot(reason));
}

static notrace void probe(WHYDROP_PROBE_ARGS)
{
	u32 why = WHYDROP_PROBE_REASON;
	unsigned long slot = whydrop_slot(why);
	struct whydrop_counts *counts;
	const struct whydrop_filter *f;
	struct whydrop_cpu *c;

	whydrop_probe_begin();
	counts = whydrop_counts();
	if (unlikely(!counts)) {
		local64_inc(this_cpu_ptr(&whydrop_uncounted));
		whydrop_probe_end();
		return;
	}
	f = rcu_dereference_sched(whydrop_filter);
	if (!*(f->reasons + slot)) {
		probe_end(WHYDROP_FILTERED_REASON, counts, slot);
		return;
	}
	c = whydrop_this_cpu();
	if (unlikely(!c->ring.data)) {
		local64_inc(&c->lost_nobuf);
		probe_end(WHYDROP_NOT_RECORDED_NOBUF, counts, slot);
	} else if (unlikely(in_nmi() || c->nesting >= WHYDROP_NESTING)) {
		local64_inc(&c->lost_nmi);
		probe_end(WHYDROP_NOT_RECORDED_NMI, counts, slot);
	} else if (f->more) {
		probe_filter(c, skb, (unsigned long)location, why, WHYDROP_PROBE_RX_SK, f);
	} else {
		probe_record(c, skb, (unsigned long)location, why, WHYDROP_PROBE_RX_SK, slot);
	}
}

int whydrop_probe_register(void)
{
	int ret;

	if (registered)
		return 0;
	/* Proves that the signature chosen in compat.h is this kernel's. */
	check_trace_callback_type_kfree_skb(probe);
	whydrop_qdisc_register();
	ret = register_trace_kfree_skb(probe, NULL);
	if (ret) {
		whydrop_qdisc_unregister();
		/* That probe may have run. */
		tracepoint_synchronize_unregister();
	}
	registered = !ret;
	return ret;
}

int whydrop_probe_unregister(void)
{
	int ret;

	if (!registered)
		return 0;
	ret = unregister_trace_kfree_skb(probe, NULL);
	if (ret)
		return ret;
	whydrop_qdisc_unregister();
	tracepoint_synchronize_unregister();
	registered = false;
	return 0;
}
