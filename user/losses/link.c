// SPDX-License-Identifier: GPL-2.0-only
/* What devices count: by netlink, which tells kinds of devices, or from /proc. */
#include <linux/gen_stats.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/util.h"
#include "losses/counters.h"
#include "losses/driver.h"
#include "losses/link.h"
#include "losses/nl.h"

#define STAT(name) { #name, offsetof(struct rtnl_link_stats64, name) }

static const struct {
	const char *name;
	size_t	at;
} link_stats[] = {
	STAT(rx_missed_errors), STAT(rx_fifo_errors), STAT(rx_over_errors), STAT(rx_crc_errors),
	STAT(rx_frame_errors), STAT(rx_length_errors), STAT(rx_errors), STAT(tx_errors),
	STAT(tx_aborted_errors), STAT(tx_carrier_errors), STAT(tx_fifo_errors),
	STAT(tx_window_errors), STAT(rx_dropped), STAT(tx_dropped), STAT(rx_nohandler),
	/* Of 5.19, and not in all headers to build with. */
	{ "rx_otherhost_dropped", offsetof(struct rtnl_link_stats64, rx_nohandler) + 8 },
};

struct link_reader {
	struct losses	*l;
	int		sock;
};

static void add_driver(const struct link_reader *r, const char *dev, unsigned int ifindex)
{
	if (r->sock >= 0)
		losses_read_driver(r->l, r->sock, dev, ifindex);
}

static void add_link(const struct nlmsghdr *h, void *arg)
{
	const struct ifinfomsg *ifi = nl_body(h, sizeof(*ifi));
	const struct link_reader *r = arg;
	const void *stats, *info;
	char name[IFNAMSIZ];
	const char *layer, *text;
	uint64_t val;
	size_t i;

	text = ifi ? nl_attr(h, sizeof(*ifi), IFLA_IFNAME, 1) : NULL;
	stats = ifi ? nl_attr(h, sizeof(*ifi), IFLA_STATS64, 8) : NULL;
	if (h->nlmsg_type != RTM_NEWLINK || !text || !stats)
		return;
	nl_text(text, name, sizeof(name));
	info = nl_attr(h, sizeof(*ifi), IFLA_LINKINFO, 0);
	layer = ifi->ifi_flags & IFF_LOOPBACK || (info && nl_attr_in(info, IFLA_INFO_KIND, 1)) ?
		"device" : "nic";
	for (i = 0; i < ARRAY_SIZE(link_stats); i++) {
		if (link_stats[i].at + sizeof(val) > nl_attr_len(stats))
			continue;
		memcpy(&val, (const char *)stats + link_stats[i].at, sizeof(val));
		/* Most are 0, of as many devices as there are: no need to look these up. */
		if (val)
			losses_add(r->l, counter_find(layer, link_stats[i].name), name, NULL,
				   ifi->ifi_index, val);
	}
	add_driver(r, name, ifi->ifi_index);
}

/* Columns of /proc/net/dev behind the name. */
enum { DEV_RX_ERRS = 2, DEV_RX_DROP = 3, DEV_TX_ERRS = 10, DEV_TX_DROP = 11, DEV_COLUMNS = 12 };

static void read_proc_dev(const struct link_reader *r)
{
	char *text = read_text("/proc/net", "dev", NULL), *pos = text, *line, *word, *colon;
	uint64_t val[DEV_COLUMNS];
	unsigned int nr, index;

	while ((line = next_line(&pos))) {
		/* A name may have a colon, numbers have none. */
		colon = strrchr(line, ':');
		if (!colon)
			continue;
		*colon++ = '\0';
		line += strspn(line, " ");
		for (nr = 0; nr < DEV_COLUMNS && (word = next_word(&colon)); nr++)
			if (!parse_u64(word, UINT64_MAX, &val[nr]))
				break;
		if (nr < DEV_COLUMNS)
			continue;
		index = if_nametoindex(line);
		losses_add(r->l, counter_find("device", "rx_errs"), line, NULL, index, val[DEV_RX_ERRS]);
		losses_add(r->l, counter_find("device", "rx_drop"), line, NULL, index, val[DEV_RX_DROP]);
		losses_add(r->l, counter_find("device", "tx_errs"), line, NULL, index, val[DEV_TX_ERRS]);
		losses_add(r->l, counter_find("device", "tx_drop"), line, NULL, index, val[DEV_TX_DROP]);
		add_driver(r, line, index);
	}
	free(text);
}

void losses_read_links(struct losses *l, unsigned int *left)
{
	struct link_reader r = { l, socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) };
	const struct ifinfomsg all = { .ifi_family = AF_UNSPEC };

	if (r.sock < 0)
		r.sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (!nl_dump(NETLINK_ROUTE, RTM_GETLINK, &all, sizeof(all), add_link, &r)) {
		*left |= BIT(LEFT_NETLINK);
		read_proc_dev(&r);
	}
	if (r.sock >= 0)
		close(r.sock);
}

static void add_qdisc(const struct nlmsghdr *h, void *arg)
{
	const struct tcmsg *tcm = nl_body(h, sizeof(*tcm));
	const struct gnet_stats_queue *queue;
	char dev[IFNAMSIZ], where[128], kind[32];
	const char *text, *counter = "drops";
	const void *stats;

	text = tcm ? nl_attr(h, sizeof(*tcm), TCA_KIND, 1) : NULL;
	stats = tcm ? nl_attr(h, sizeof(*tcm), TCA_STATS2, 0) : NULL;
	queue = stats ? nl_attr_in(stats, TCA_STATS_QUEUE, sizeof(*queue)) : NULL;
	if (h->nlmsg_type != RTM_NEWQDISC || !text || !queue || !queue->drops ||
	    !if_indextoname(tcm->tcm_ifindex, dev))
		return;
	nl_text(text, kind, sizeof(kind));
	if (!strcmp(kind, "ingress") || !strcmp(kind, "clsact"))
		counter = "filter_drops";
	else if (tcm->tcm_parent != TC_H_ROOT)
		counter = "class_drops";
	snprintf(where, sizeof(where), "%s %s %x:", dev, kind, TC_H_MAJ(tcm->tcm_handle) >> 16);
	losses_add(arg, counter_find("qdisc", counter), where, NULL,
		   (uint64_t)tcm->tcm_ifindex << 32 | tcm->tcm_parent, queue->drops);
}

void losses_read_qdiscs(struct losses *l)
{
	const struct tcmsg all = { .tcm_family = AF_UNSPEC };

	nl_dump(NETLINK_ROUTE, RTM_GETQDISC, &all, sizeof(all), add_qdisc, l);
}
