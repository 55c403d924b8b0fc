// SPDX-License-Identifier: GPL-2.0-only
/* How often a table of neighbors was full, by netlink. */
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/util.h"
#include "losses/counters.h"
#include "losses/neighbor.h"
#include "losses/nl.h"

void losses_add_neighbors(const struct nlmsghdr *h, void *losses)
{
	const struct ndtmsg *msg = nl_body(h, sizeof(*msg));
	struct ndt_stats val;
	const void *stats;

	stats = msg ? nl_attr(h, sizeof(*msg), NDTA_STATS, sizeof(val)) : NULL;
	if (!stats || (msg->ndtm_family != AF_INET && msg->ndtm_family != AF_INET6))
		return;
	memcpy(&val, stats, sizeof(val));
	losses_add(losses, counter_find("neighbor", "table_fulls"),
		   msg->ndtm_family == AF_INET ? "IPv4" : "IPv6", NULL, 0, val.ndts_table_fulls);
}

void losses_read_neighbors(struct losses *l)
{
	const struct ndtmsg all = { .ndtm_family = AF_UNSPEC };

	nl_dump(NETLINK_ROUTE, RTM_GETNEIGHTBL, &all, sizeof(all), losses_add_neighbors, l);
}
