/* SPDX-License-Identifier: GPL-2.0 */
/* Adds to a drop by a qdisc its own reason, in the context of the drop, interrupts off. */
#ifndef WHYDROP_QDISC_H
#define WHYDROP_QDISC_H

#include <linux/pkt_sched.h>
#include "compat.h"
#include "capture/cpu.h"

/*
 * From 7.1 on, kfree_skb reports QDISC_DROP for most of what qdiscs drop. Another
 * tracepoint, qdisc_drop, reports why, and the qdisc of the transmit queue: the one that
 * dropped, or one above it. It does so just before, on the same CPU, so that is stored
 * until then. If the drop is filtered, the next one overwrites it.
 */

/**
 * whydrop_qdisc_register() - register the probe on qdisc_drop
 *
 * If the kernel does not have it, or there is no memory, events lack the qdisc. Called by
 * whydrop_probe_register(), before it registers its own probe. Context: task.
 */
void whydrop_qdisc_register(void);

/* Called after the other probe is unregistered; the caller waits for running ones. Task. */
void whydrop_qdisc_unregister(void);

/**
 * whydrop_qdisc_fill() - record the qdisc of a drop, and its reason
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
