// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each queue of a card lost, by the netdev family of generic netlink: under names that
 * are the same for all drivers, unlike those of ethtool.
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "losses/counters.h"
#include "losses/genl.h"
#include "losses/queue.h"

/* Of linux/netdev.h, as in Linux 6.10; many a host builds with older headers. */
enum { QSTATS_GET = 12 };
enum { QSTATS_SCOPE_QUEUE = 1 };
enum { QUEUE_RX, QUEUE_TX };
enum {
	QSTATS_IFINDEX = 1,
	QSTATS_QUEUE_TYPE,
	QSTATS_QUEUE_ID,
	QSTATS_SCOPE,
};

static const struct {
	uint16_t	attr;
	const char	*name;
} stats[] = {
	{ 12, "rx_alloc_fail" },
	{ 13, "rx_hw_drops" },
	{ 14, "rx_hw_drop_overruns" },
	{ 23, "rx_hw_drop_ratelimits" },
	{ 24, "tx_hw_drops" },
	{ 25, "tx_hw_drop_errors" },
	{ 32, "tx_hw_drop_ratelimits" },
};

void losses_add_queue(const struct nlmsghdr *h, void *losses)
{
	uint64_t ifindex, type, queue, val;
	char dev[IFNAMSIZ] = "", where[64];
	size_t i;

	if (!nl_number(nl_attr(h, GENL_BODY, QSTATS_IFINDEX, 4), &ifindex) ||
	    !nl_number(nl_attr(h, GENL_BODY, QSTATS_QUEUE_TYPE, 4), &type) ||
	    !nl_number(nl_attr(h, GENL_BODY, QSTATS_QUEUE_ID, 4), &queue) || type > QUEUE_TX)
		return;
	for (i = 0; i < ARRAY_SIZE(stats); i++) {
		if (!nl_number(nl_attr(h, GENL_BODY, stats[i].attr, 4), &val) || !val)
			continue;
		/* It may be gone meanwhile. */
		if (!*dev && !if_indextoname(ifindex, dev))
			return;
		snprintf(where, sizeof(where), "%s %s queue %u", dev, type == QUEUE_RX ? "rx" : "tx",
			 (unsigned int)queue);
		losses_add(losses, counter_find("nic", stats[i].name), where, NULL,
			   ifindex << 32 | type << 31 | (queue & INT32_MAX), val);
	}
}

void losses_read_queues(struct losses *l)
{
	struct genl_family netdev = { .name = "netdev" };
	const struct {
		struct nlattr	head;
		uint32_t	val;
	} scope = { { sizeof(scope), QSTATS_SCOPE }, QSTATS_SCOPE_QUEUE };

	if (genl_find(&netdev))
		genl_dump(&netdev, QSTATS_GET, &scope, sizeof(scope), losses_add_queue, l);
}
