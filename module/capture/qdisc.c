// SPDX-License-Identifier: GPL-2.0
/* Notes why a qdisc drops a packet, in the context of its drop, with interrupts off. */
#include <linux/tracepoint.h>
#include "capture/qdisc.h"

#ifdef HAVE_QDISC_DROP
#include <net/sch_generic.h>
#include <trace/events/qdisc.h>

/* Found by its name, as it is not exported; NULL while no probe is registered on it. */
static struct tracepoint *qdisc_tp;

static notrace void qdisc_probe(void *data, struct Qdisc *qdisc, const struct netdev_queue *txq,
				struct net_device *dev, struct sk_buff *skb,
				enum qdisc_drop_reason reason)
{
	struct whydrop_cpu *c;
	unsigned long flags;

	/* An interrupt may drop, too, and the three words belong together. */
	local_irq_save(flags);
	c = whydrop_this_cpu();
	if (likely(c)) {
		c->qdisc.skb = skb;
		c->qdisc.reason = reason;
		c->qdisc.handle = qdisc->handle;
	}
	local_irq_restore(flags);
}

static void find(struct tracepoint *tp, void *found)
{
	if (!strcmp(tp->name, "qdisc_drop"))
		*(struct tracepoint **)found = tp;
}

void whydrop_qdisc_register(void)
{
	struct tracepoint *found = NULL;

	if (qdisc_tp)
		return;
	check_trace_callback_type_qdisc_drop(qdisc_probe);
	for_each_kernel_tracepoint(find, &found);
	if (found && !tracepoint_probe_register(found, qdisc_probe, NULL))
		qdisc_tp = found;
}

void whydrop_qdisc_unregister(void)
{
	/* Cannot fail: kernels that have the tracepoint need no memory to unregister. */
	if (qdisc_tp)
		tracepoint_probe_unregister(qdisc_tp, qdisc_probe, NULL);
	qdisc_tp = NULL;
}
#else
void whydrop_qdisc_register(void)
{
}

void whydrop_qdisc_unregister(void)
{
}
#endif
