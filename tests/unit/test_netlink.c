// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of the kernel by netlink: what queues, traps, bridges and tables of neighbors
 * lost, as kernels tell it that the tests have no hardware for, and answers that are cut or
 * damaged, which must be nothing but wrong.
 */
#include <linux/devlink.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/util.h"
#include "ktap.h"
#include "losses/bridge.h"
#include "losses/devlink.h"
#include "losses/genl.h"
#include "losses/losses.h"
#include "losses/neighbor.h"
#include "losses/queue.h"

#define LOOPBACK 1	/* index of lo, in each namespace */

/* An answer under construction. */
struct answer {
	char	buf[1024] __attribute__((aligned(8)));
	size_t	len;
};

static void begin(struct answer *a, uint16_t type, const void *body, size_t len)
{
	memset(a, 0, sizeof(*a));
	((struct nlmsghdr *)a->buf)->nlmsg_type = type;
	memcpy(a->buf + NLMSG_HDRLEN, body, len);
	a->len = NLMSG_HDRLEN + NLMSG_ALIGN(len);
}

static void begin_genl(struct answer *a, uint8_t cmd)
{
	const struct genlmsghdr head = { .cmd = cmd, .version = 1 };

	begin(a, 0x1d, &head, sizeof(head));
}

static size_t put(struct answer *a, uint16_t type, const void *val, size_t len)
{
	const struct nlattr attr = { .nla_len = sizeof(attr) + len, .nla_type = type };
	size_t at = a->len;

	memcpy(a->buf + at, &attr, sizeof(attr));
	if (len)
		memcpy(a->buf + at + sizeof(attr), val, len);
	a->len += NLA_ALIGN(attr.nla_len);
	return at;
}

static void add_text(struct answer *a, uint16_t type, const char *text)
{
	put(a, type, text, strlen(text) + 1);
}

static void add_u32(struct answer *a, uint16_t type, uint32_t val)
{
	put(a, type, &val, sizeof(val));
}

static void add_u64(struct answer *a, uint16_t type, uint64_t val)
{
	put(a, type, &val, sizeof(val));
}

static size_t open_nest(struct answer *a, uint16_t type)
{
	return put(a, type | NLA_F_NESTED, NULL, 0);
}

static void close_nest(struct answer *a, size_t at)
{
	((struct nlattr *)(a->buf + at))->nla_len = a->len - at;
}

static const struct nlmsghdr *finish(struct answer *a)
{
	struct nlmsghdr *h = (struct nlmsghdr *)a->buf;

	h->nlmsg_len = a->len;
	return h;
}

/* The answers, as a kernel gives them. */

static void family(struct answer *a)
{
	const uint16_t id = 0x1d;

	begin_genl(a, CTRL_CMD_NEWFAMILY);
	add_text(a, CTRL_ATTR_FAMILY_NAME, "netdev");
	put(a, CTRL_ATTR_FAMILY_ID, &id, sizeof(id));
}

/* 7.3's order: what fits 32 bits is of 32 bits. */
static void queue(struct answer *a)
{
	begin_genl(a, 12);
	add_u32(a, 1, LOOPBACK);
	add_u32(a, 2, 0);
	add_u32(a, 3, 3);
	add_u32(a, 8, 123456);
	add_u64(a, 9, 1ULL << 40);
	add_u32(a, 12, 5);
	add_u64(a, 13, (1ULL << 32) + 7);
	add_u32(a, 14, 7);
	add_u32(a, 18, 99);
	add_u32(a, 23, 0);
}

static void tx_queue(struct answer *a)
{
	begin_genl(a, 12);
	add_u32(a, 1, LOOPBACK);
	add_u32(a, 2, 1);
	add_u32(a, 3, 0);
	add_u32(a, 24, 11);
	add_u32(a, 25, 4);
	add_u32(a, 32, 2);
	add_u32(a, 33, 1000);
}

static void trap_of(struct answer *a, const char *name, uint8_t type)
{
	size_t stats;

	begin_genl(a, DEVLINK_CMD_TRAP_NEW);
	add_text(a, DEVLINK_ATTR_BUS_NAME, "pci");
	add_text(a, DEVLINK_ATTR_DEV_NAME, "0000:01:00.0");
	add_text(a, DEVLINK_ATTR_TRAP_GROUP_NAME, "l3_drops");
	add_text(a, DEVLINK_ATTR_TRAP_NAME, name);
	put(a, DEVLINK_ATTR_TRAP_TYPE, &type, sizeof(type));
	put(a, DEVLINK_ATTR_TRAP_GENERIC, NULL, 0);
	stats = open_nest(a, DEVLINK_ATTR_STATS);
	add_u64(a, DEVLINK_ATTR_STATS_RX_DROPPED, 1234);
	add_u64(a, DEVLINK_ATTR_STATS_RX_PACKETS, 23);
	add_u64(a, DEVLINK_ATTR_STATS_RX_BYTES, 2300);
	close_nest(a, stats);
}

static void trap(struct answer *a)
{
	trap_of(a, "blackhole_route", DEVLINK_TRAP_TYPE_DROP);
}

static void policer(struct answer *a)
{
	size_t stats;

	begin_genl(a, DEVLINK_CMD_TRAP_POLICER_NEW);
	add_text(a, DEVLINK_ATTR_BUS_NAME, "pci");
	add_text(a, DEVLINK_ATTR_DEV_NAME, "0000:01:00.0");
	add_u32(a, DEVLINK_ATTR_TRAP_POLICER_ID, 9);
	add_u64(a, DEVLINK_ATTR_TRAP_POLICER_RATE, 1000);
	stats = open_nest(a, DEVLINK_ATTR_STATS);
	add_u64(a, DEVLINK_ATTR_STATS_RX_DROPPED, 31);
	close_nest(a, stats);
}

static void bridge(struct answer *a)
{
	const struct if_stats_msg body = { .ifindex = LOOPBACK };
	const struct bridge_vlan_xstats vlan = { .rx_packets = 77, .vid = 1 };
	struct br_mcast_stats groups;
	size_t own, kind;

	memset(&groups, 0x55, sizeof(groups));
	groups.igmp_parse_errors = 13;
	groups.mld_parse_errors = 17;
	begin(a, RTM_NEWSTATS, &body, sizeof(body));
	own = open_nest(a, IFLA_STATS_LINK_XSTATS_SLAVE);
	kind = open_nest(a, LINK_XSTATS_TYPE_BRIDGE);
	put(a, BRIDGE_XSTATS_VLAN, &vlan, sizeof(vlan));
	put(a, BRIDGE_XSTATS_MCAST, &groups, sizeof(groups));
	close_nest(a, kind);
	close_nest(a, own);
}

static void neighbors(struct answer *a)
{
	const struct ndtmsg body = { .ndtm_family = AF_INET6 };
	const struct ndt_stats stats = { .ndts_res_failed = 5, .ndts_table_fulls = 41 };

	begin(a, RTM_NEWNEIGHTBL, &body, sizeof(body));
	add_text(a, NDTA_NAME, "ndisc_cache");
	add_u32(a, NDTA_THRESH3, 1024);
	put(a, NDTA_STATS, &stats, sizeof(stats));
}

struct want {
	const char	*layer, *counter, *where, *name;
	uint64_t	count;
};

static void check(const char *what, const struct losses *l, const struct want *want, size_t nr)
{
	size_t i, j;

	if (l->nr != nr)
		FAIL("%s: %zu rows, not %zu", what, l->nr, nr);
	for (i = 0; i < nr; i++) {
		for (j = 0; j < l->nr; j++) {
			const struct loss_row *r = l->row[j];

			if (!strcmp(r->counter->layer, want[i].layer) &&
			    !strcmp(r->counter->name, want[i].counter) &&
			    !strcmp(r->where, want[i].where) && r->count == want[i].count &&
			    !strcmp(r->name ? r->name : "", want[i].name ? want[i].name : ""))
				break;
		}
		if (j == l->nr)
			FAIL("%s: no %s %s %s %llu", what, want[i].where, want[i].counter,
			     want[i].name ? want[i].name : "", (unsigned long long)want[i].count);
	}
}

static const struct {
	const char	*what;
	void		(*make)(struct answer *a);
	nl_answer	read;
	size_t		body;		/* bytes before its attributes */
	struct want	want[4];
	size_t		nr;
} answers[] = {
	{ "queue", queue, losses_add_queue, GENL_BODY, {
		{ "nic", "rx_alloc_fail", "lo rx queue 3", NULL, 5 },
		{ "nic", "rx_hw_drops", "lo rx queue 3", NULL, (1ULL << 32) + 7 },
		{ "nic", "rx_hw_drop_overruns", "lo rx queue 3", NULL, 7 } }, 3 },
	{ "tx queue", tx_queue, losses_add_queue, GENL_BODY, {
		{ "nic", "tx_hw_drops", "lo tx queue 0", NULL, 11 },
		{ "nic", "tx_hw_drop_errors", "lo tx queue 0", NULL, 4 },
		{ "nic", "tx_hw_drop_ratelimits", "lo tx queue 0", NULL, 2 } }, 3 },
	{ "trap", trap, losses_add_trap, GENL_BODY, {
		{ "nic", "trap_dropped", "pci/0000:01:00.0", "blackhole_route", 1234 },
		{ "nic", "trap_reported", "pci/0000:01:00.0", "blackhole_route", 23 } }, 2 },
	{ "policer", policer, losses_add_policer, GENL_BODY, {
		{ "nic", "policer_dropped", "pci/0000:01:00.0 policer 9", NULL, 31 } }, 1 },
	{ "bridge", bridge, losses_add_bridge, sizeof(struct if_stats_msg), {
		{ "bridge", "igmp_parse_errors", "lo", NULL, 13 },
		{ "bridge", "mld_parse_errors", "lo", NULL, 17 } }, 2 },
	{ "neighbors", neighbors, losses_add_neighbors, sizeof(struct ndtmsg), {
		{ "neighbor", "table_fulls", "IPv6", NULL, 41 } }, 1 },
};

static void whole(void)
{
	struct losses l = { 0 };
	struct answer a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		answers[i].make(&a);
		answers[i].read(finish(&a), &l);
		check(answers[i].what, &l, answers[i].want, answers[i].nr);
		losses_free(&l);
	}
}

/* A packet that is handed to this host is no loss; nor is a device that has gone. */
static void no_losses(void)
{
	const struct if_stats_msg gone = { .ifindex = INT32_MAX };
	struct losses l = { 0 };
	struct answer a;

	trap_of(&a, "ttl_value_is_too_small", DEVLINK_TRAP_TYPE_EXCEPTION);
	losses_add_trap(finish(&a), &l);
	trap_of(&a, "lacp", DEVLINK_TRAP_TYPE_CONTROL);
	losses_add_trap(finish(&a), &l);
	queue(&a);
	memset(a.buf + NLMSG_HDRLEN + GENL_BODY + NLA_HDRLEN, 0x7f, 4);
	losses_add_queue(finish(&a), &l);
	bridge(&a);
	memcpy(a.buf + NLMSG_HDRLEN, &gone, sizeof(gone));
	losses_add_bridge(finish(&a), &l);
	check("no losses", &l, NULL, 0);
	losses_free(&l);
}

static void families(void)
{
	struct genl_family netdev = { .name = "netdev" }, devlink = { .name = "devlink" };
	struct genl_family longer = { .name = "netdevs" };
	struct answer a;

	family(&a);
	genl_match(finish(&a), &netdev);
	genl_match(finish(&a), &devlink);
	genl_match(finish(&a), &longer);
	if (netdev.id != 0x1d || devlink.id || longer.id)
		FAIL("netdev %u, devlink %u, netdevs %u", netdev.id, devlink.id, longer.id);
}

/* In memory that ends where it ends, which the sanitizers watch. */
static void read_copy(nl_answer read, const struct answer *a, size_t len, void *arg)
{
	struct nlmsghdr *h = need(malloc(len));

	memcpy(h, a->buf, len);
	h->nlmsg_len = len;
	read(h, arg);
	free(h);
}

/* What ends behind @to ends there now, so that the answer is whole, but for what is missing. */
static void mend(struct answer *a, size_t from, size_t to)
{
	struct nlattr *attr;

	while (from + sizeof(*attr) <= to) {
		attr = (struct nlattr *)(a->buf + from);
		if (from + attr->nla_len > to)
			attr->nla_len = to - from;
		if (attr->nla_type & NLA_F_NESTED)
			mend(a, from + sizeof(*attr), from + attr->nla_len);
		from += NLA_ALIGN(attr->nla_len);
	}
}

static void read_damaged(void (*make)(struct answer *a), nl_answer read, size_t body, void *arg,
			 void (*done)(void *arg))
{
	struct answer a, bad;
	size_t len, i, n;

	make(&a);
	for (len = NLMSG_HDRLEN; len <= a.len; len++) {
		read_copy(read, &a, len, arg);
		done(arg);
		bad = a;
		mend(&bad, NLMSG_HDRLEN + NLMSG_ALIGN(body), len);
		read_copy(read, &bad, len, arg);
		done(arg);
	}
	for (n = 0; n < 20000; n++) {
		bad = a;
		for (i = rand() % 4 + 1; i; i--)
			bad.buf[NLMSG_HDRLEN + rand() % (a.len - NLMSG_HDRLEN)] =
				rand() % 3 ? rand() % 40 : rand();
		read_copy(read, &bad, a.len, arg);
		done(arg);
	}
}

static void free_losses(void *arg)
{
	struct losses *l = arg;
	size_t i;

	for (i = 0; i < l->nr; i++)
		if (strlen(l->row[i]->where) > 159 || !l->row[i]->count)
			FAIL("a row of %llu at %s", (unsigned long long)l->row[i]->count,
			     l->row[i]->where);
	losses_free(l);
}

static void free_family(void *arg)
{
	struct genl_family *f = arg;

	f->id = 0;
}

static void damaged(void)
{
	struct genl_family netdev = { .name = "netdev" };
	struct losses l = { 0 };
	size_t i;

	srand(23);
	for (i = 0; i < ARRAY_SIZE(answers); i++)
		read_damaged(answers[i].make, answers[i].read, answers[i].body, &l, free_losses);
	read_damaged(family, genl_match, GENL_BODY, &netdev, free_family);
}

int main(void)
{
	static const struct test tests[] = {
		{ "answers of netlink, whole", whole },
		{ "what is no loss", no_losses },
		{ "families of generic netlink", families },
		{ "answers of netlink, cut and damaged", damaged },
	};

	return run_tests(tests, ARRAY_SIZE(tests));
}
