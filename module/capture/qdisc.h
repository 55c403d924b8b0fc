/* SPDX-License-Identifier: GPL-2.0 */
/* Hands on why a qdisc dropped a packet, in the context of that drop, with interrupts off. */
#ifndef WHYDROP_QDISC_H
#define WHYDROP_QDISC_H

#include <linux/pkt_sched.h>
#include "compat.h"
#include "capture/cpu.h"

/*
 * From 7.1 on, kfree_skb says QDISC_DROP for most of what qdiscs drop. Another
 * tracepoint, qdisc_drop, tells why, and the qdisc of the transmit queue, which is
 * the one or has it below. It does so just before and on the same CPU: kept until
 * then. What was not asked for, because the drop was filtered, the next one
 * overwrites.
 */

/**
 * whydrop_qdisc_register() - get to know of drops by qdiscs
 *
 * Where the kernel does not tell, or there is no memory, events lack it. For
 * whydrop_probe_register(), before its own probe. Context: task.
 */
void whydrop_qdisc_register(void);

/* After the probe that asks; the caller waits for those that still run. Task. */
void whydrop_qdisc_unregister(void);

/**
 * whydrop_qdisc_fill() - what is known of a drop by a qdisc
 * @ev: its reason filled in; result: the fields of the qdisc
 * @q: the last drop by a qdisc on this CPU
 * @skb: the packet
 *
 * Context: interrupts off.
 */
static __always_inline void whydrop_qdisc_fill(struct whydrop_event *ev, struct whydrop_qdisc *q,
					       const struct sk_buff *skb)
{
	ev->pad = 0;
	ev->qdisc = 0;
	ev->qdisc_reason = 0;
#ifdef HAVE_QDISC_DROP
	if (ev->reason == SKB_DROP_REASON_QDISC_DROP && q->skb == skb) {
		ev->qdisc = TC_H_MAJ(q->handle) >> 16;
		ev->qdisc_reason = q->reason & ~SKB_DROP_REASON_SUBSYS_MASK;
		q->skb = NULL;
	}
#endif
}

#endif /* WHYDROP_QDISC_H */
