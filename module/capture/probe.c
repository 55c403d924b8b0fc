// SPDX-License-Identifier: GPL-2.0
/* The way of a drop, from the tracepoint to the ring. */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/ktime.h>
#include <linux/tracepoint.h>
#include "compat.h"
#include "capture/count.h"
#include "capture/cpu.h"
#include "capture/filter.h"
#include "capture/packet.h"
#include "param.h"
#include "capture/probe.h"
#include "capture/qdisc.h"
#include "capture/sock.h"
#include "capture/stack.h"

static bool registered;

static u8 context(void)
{
	if (whydrop_in_hardirq())
		return WHYDROP_CTX_HARDIRQ;
	return in_serving_softirq() ? WHYDROP_CTX_SOFTIRQ : WHYDROP_CTX_TASK;
}

/**
 * struct drop - what the tracepoint tells, and when and where that was
 * @skb: the packet
 * @rx_sk: the socket that should have received it, or NULL
 * @reason: drop reason
 * @slot: where it is counted
 * @ctx: enum whydrop_ctx
 * @now: CLOCK_MONOTONIC, nanoseconds
 */
struct drop {
	const struct sk_buff *skb;
	const struct sock *rx_sk;
	u32 reason;
	unsigned int slot;
	u8 ctx;
	u64 now;
};

/*
 * Record a drop whose place or stack has entry @stack; or has none, and the
 * record is to carry @key.
 */
static __always_inline void write_record(struct whydrop_cpu *c, const struct drop *d, u8 kind,
					 const struct whydrop_stack *stack,
					 const struct whydrop_stack_key *key)
{
	unsigned int snaplen = READ_ONCE(whydrop_config.snaplen);
	/* More than most need, so that nothing has to be found out first. */
	u32 size = sizeof(struct whydrop_event) + WHYDROP_SNAPLEN_MAX;
	u32 id = key ? 0 : stack->id;
	struct whydrop_event *ev;
	unsigned long flags;
	u64 head;

	if (key)
		size += whydrop_stack_attached_size(key);

	/* Its number, its counts and its bytes: all or, to a reset, nothing. */
	local_irq_save(flags);
	whydrop_count(&c->cells, WHYDROP_RECORDED + kind, d->slot);
	local64_inc(&c->stack_counts[id]);
	ev = whydrop_ring_reserve(&c->ring, size, &head);
	ev->rec.type = WHYDROP_REC_EVENT;
	ev->rec.cpu = raw_smp_processor_id();
	ev->mono_ns = d->now;
	ev->reason = d->reason;
	ev->stack_id = id;
	ev->pid = current->pid;
	memcpy(ev->comm, current->comm, sizeof(ev->comm));
	ev->flags = 0;
	ev->ctx = d->ctx;
	ev->stack_kind = kind;
	whydrop_sock_fill(ev, d->skb, d->rx_sk);
	whydrop_qdisc_fill(ev, &c->qdisc, d->skb);
	whydrop_packet_fill(ev, d->skb, snaplen);
	if (key)
		whydrop_stack_attach(ev, key);
	whydrop_ring_commit(&c->ring, ev, head);
	local_irq_restore(flags);
}

/*
 * The longer way: with a stack, or for a place that is not remembered. What
 * record() has found out is in the scratch that it took.
 */
static noinline notrace void record_stack(struct whydrop_cpu *c, unsigned int slot, u32 reason,
					  const struct sk_buff *skb, const struct sock *rx_sk,
					  unsigned long place)
{
	struct whydrop_scratch *s = &c->scratch[c->nesting - 1];
	struct drop d = { skb, rx_sk, reason, slot, context(), s->now };
	const struct whydrop_stack *stack = NULL;
	unsigned int depth = s->depth;
	u8 kind = s->kind;

	s->key.reason = reason;
	s->key.place = place;
	if (!depth) {
		bool added;

		stack = whydrop_stack_place(c, &s->key, &added);
		/* A place not seen before gets a stack, whatever the rate. */
		if (added)
			depth = READ_ONCE(whydrop_config.stack_depth);
	}
	if (depth) {
		whydrop_walk(&c->walker, __builtin_frame_address(0), &s->key, &s->walk, depth);
		stack = whydrop_stack_settle(&s->key);
		kind = WHYDROP_STACK_BY_ID;
	}
	if (likely(stack))
		write_record(c, &d, kind, stack, NULL);
	else
		write_record(c, &d, WHYDROP_STACK_INLINE, NULL, &s->key);

	barrier();
	c->nesting--;
	preempt_enable_notrace();
}

/*
 * Each frame on top of the drop has to be unwound, every time: so the probe
 * ends with this, and this ends with record_stack(), which unwinds by itself.
 */
static noinline notrace void record(struct whydrop_cpu *c, unsigned int slot, u32 reason,
				    const struct sk_buff *skb, const struct sock *rx_sk,
				    unsigned long place)
{
	u64 now = ktime_get_mono_fast_ns();
	const struct whydrop_stack *stack;
	struct whydrop_scratch *s;
	unsigned int depth;
	u8 kind;

	depth = whydrop_stack_depth(c, now, &kind);
	stack = depth ? NULL : whydrop_stack_place_known(c, reason, place);
	if (stack) {
		struct drop d = { skb, rx_sk, reason, slot, context(), now };

		write_record(c, &d, kind, stack, NULL);
		preempt_enable_notrace();
		return;
	}
	/* Interrupts nest in here, and leave it as they found it. */
	s = &c->scratch[c->nesting++];
	barrier();
	s->now = now;
	s->depth = depth;
	s->kind = kind;
	record_stack(c, slot, reason, skb, rx_sk, place);
}

static __always_inline void refuse(struct whydrop_cpu *c, enum whydrop_outcome outcome,
				   u32 reason)
{
	whydrop_count(&c->cells, outcome, whydrop_slot(reason));
	preempt_enable_notrace();
}

/* Record it, if the packet filter lets it pass. */
static noinline notrace void judge_packet(const struct whydrop_filter *f, struct whydrop_cpu *c,
					  u32 reason, const struct sk_buff *skb,
					  const struct sock *rx_sk, unsigned long location)
{
	if (whydrop_filter_judge_packet(f->prog, c, skb))
		record(c, whydrop_slot(reason), reason, skb, rx_sk, location);
	else
		refuse(c, WHYDROP_FILTERED_PACKET, reason);
}

static __always_inline void judged(enum whydrop_outcome outcome, const struct whydrop_filter *f,
				   struct whydrop_cpu *c, u32 reason, const struct sk_buff *skb,
				   const struct sock *rx_sk, unsigned long location)
{
	if (outcome != WHYDROP_RECORDED)
		refuse(c, outcome, reason);
	else if (f->prog)
		judge_packet(f, c, reason, skb, rx_sk, location);
	else
		record(c, whydrop_slot(reason), reason, skb, rx_sk, location);
}

static noinline notrace void judge_slowly(const struct whydrop_filter *f, struct whydrop_cpu *c,
					  u32 reason, const struct sk_buff *skb,
					  const struct sock *rx_sk, unsigned long location)
{
	judged(whydrop_filter_judge_slowly(f, skb, rx_sk), f, c, reason, skb, rx_sk, location);
}

/*
 * Record it, if filters other than that of reasons let it pass. Saves no
 * register, since all that needs more than a few ends it.
 */
static noinline notrace void judge(const struct whydrop_filter *f, struct whydrop_cpu *c,
				   u32 reason, const struct sk_buff *skb,
				   const struct sock *rx_sk, unsigned long location)
{
	enum whydrop_outcome outcome = WHYDROP_RECORDED;

	if (f->by_dev) {
		const struct whydrop_dev *dev = whydrop_netdev_find(skb->dev);

		if (unlikely(!dev || f->devs.patterns)) {
			judge_slowly(f, c, reason, skb, rx_sk, location);
			return;
		}
		outcome = whydrop_filter_judge_dev(f, dev);
	}
	judged(outcome, f, c, reason, skb, rx_sk, location);
}

static notrace void probe(WHYDROP_PROBE_ARGS)
{
	u32 why = WHYDROP_PROBE_REASON;
	unsigned int slot = whydrop_slot(why);
	const struct whydrop_filter *f;
	struct whydrop_cpu *c;

	/* From 7.0 on the tracepoint leaves it on; here it stands for RCU, too. */
	preempt_disable_notrace();
	c = whydrop_this_cpu();
	f = rcu_dereference_sched(whydrop_filter);
	if (unlikely(!c)) {
		this_cpu_inc(whydrop_uncounted);
	} else if (f && !test_bit(slot, f->reasons)) {
		whydrop_count(&c->cells, WHYDROP_FILTERED_REASON, slot);
	} else if (unlikely(!c->ring.data)) {
		whydrop_count(&c->cells, WHYDROP_NOT_RECORDED_NOBUF, slot);
		local64_inc(&c->lost_nobuf);
	} else if (unlikely(in_nmi() || c->nesting >= WHYDROP_NESTING)) {
		whydrop_count(&c->cells, WHYDROP_NOT_RECORDED_NMI, slot);
		local64_inc(&c->lost_nmi);
	} else {
		/* These end with what this one has begun. */
		if (f && f->more)
			judge(f, c, why, skb, WHYDROP_PROBE_RX_SK, (unsigned long)location);
		else
			record(c, slot, why, skb, WHYDROP_PROBE_RX_SK, (unsigned long)location);
		return;
	}
	preempt_enable_notrace();
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
