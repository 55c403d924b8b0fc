// SPDX-License-Identifier: GPL-2.0
/* The way of a drop, from the tracepoint to the ring. */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/ktime.h>
#include <linux/tracepoint.h>
#include "compat.h"
#include "count.h"
#include "cpu.h"
#include "filter.h"
#include "packet.h"
#include "param.h"
#include "probe.h"
#include "sock.h"
#include "stack.h"

static bool registered;

static u8 context(void)
{
	if (whydrop_in_hardirq())
		return WHYDROP_CTX_HARDIRQ;
	return in_serving_softirq() ? WHYDROP_CTX_SOFTIRQ : WHYDROP_CTX_TASK;
}

static noinline notrace void record(struct whydrop_cpu *c, unsigned int slot, u32 reason,
				    const struct sk_buff *skb, const struct sock *rx_sk,
				    unsigned long location)
{
	struct whydrop_scratch *s;
	struct whydrop_event *ev;
	unsigned long flags;

	/* Interrupts nest in here, and leave it as they found it. */
	s = &c->scratch[c->nesting++];
	barrier();

	ev = &s->ev;
	memset(ev, 0, sizeof(*ev));
	ev->rec.type = WHYDROP_REC_EVENT;
	ev->rec.cpu = raw_smp_processor_id();
	ev->mono_ns = ktime_get_mono_fast_ns();
	ev->reason = reason;
	ev->ctx = context();
	ev->pid = current->pid;
	memcpy(ev->comm, current->comm, sizeof(ev->comm));
	whydrop_sock_fill(ev, skb, rx_sk);
	whydrop_packet_fill(ev, skb, READ_ONCE(whydrop_config.snaplen));
	whydrop_stack_capture(c, s, location);

	/* Its number, its counts and its bytes: all or, to a reset, nothing. */
	local_irq_save(flags);
	whydrop_count(&c->cells, WHYDROP_RECORDED + ev->stack_kind, slot);
	local64_inc(&c->stack_counts[ev->stack_id]);
	whydrop_ring_write(&c->ring, ev);
	local_irq_restore(flags);

	barrier();
	c->nesting--;
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
		enum whydrop_outcome outcome = WHYDROP_RECORDED;

		if (f && f->more)
			outcome = whydrop_filter_judge(f, c, skb, WHYDROP_PROBE_RX_SK);
		if (outcome == WHYDROP_RECORDED)
			record(c, slot, why, skb, WHYDROP_PROBE_RX_SK, (unsigned long)location);
		else
			whydrop_count(&c->cells, outcome, slot);
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
	ret = register_trace_kfree_skb(probe, NULL);
	/* Failed or not, a probe may have run. */
	if (ret)
		tracepoint_synchronize_unregister();
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
	tracepoint_synchronize_unregister();
	registered = false;
	return 0;
}
