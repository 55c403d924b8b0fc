// SPDX-License-Identifier: GPL-2.0-only
/*
 * What bridges count beside their devices. Of all that, only broken messages of groups are
 * losses: the counters of VLANs are traffic, those of spanning tree are its messages, and
 * what a port that blocks does not let through is counted nowhere.
 */
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

#include "base/util.h"
#include "losses/bridge.h"
#include "losses/counters.h"
#include "losses/nl.h"

static void add_groups(struct losses *l, const void *xstats, const char *dev, uint32_t ifindex)
{
	const void *bridge, *stats;
	struct br_mcast_stats val;

	bridge = xstats ? nl_attr_in(xstats, LINK_XSTATS_TYPE_BRIDGE, 0) : NULL;
	stats = bridge ? nl_attr_in(bridge, BRIDGE_XSTATS_MCAST, sizeof(val)) : NULL;
	if (!stats)
		return;
	memcpy(&val, stats, sizeof(val));
	losses_add(l, counter_find("bridge", "igmp_parse_errors"), dev, NULL, ifindex,
		   val.igmp_parse_errors);
	losses_add(l, counter_find("bridge", "mld_parse_errors"), dev, NULL, ifindex,
		   val.mld_parse_errors);
}

void losses_add_bridge(const struct nlmsghdr *h, void *losses)
{
	const struct if_stats_msg *msg = nl_body(h, sizeof(*msg));
	const void *own, *port;
	char dev[IFNAMSIZ];

	own = msg ? nl_attr(h, sizeof(*msg), IFLA_STATS_LINK_XSTATS, 0) : NULL;
	port = msg ? nl_attr(h, sizeof(*msg), IFLA_STATS_LINK_XSTATS_SLAVE, 0) : NULL;
	if ((!own && !port) || !if_indextoname(msg->ifindex, dev))
		return;
	add_groups(losses, own, dev, msg->ifindex);
	add_groups(losses, port, dev, msg->ifindex);
}

void losses_read_bridges(struct losses *l)
{
	const struct if_stats_msg all = {
		.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS) |
			       IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS_SLAVE),
	};

	nl_dump(NETLINK_ROUTE, RTM_GETSTATS, &all, sizeof(all), losses_add_bridge, l);
}
