// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of lost packets: names that public drivers have, each row of the tables, and
 * what came between two looks.
 */
#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"
#include "explain/table.h"
#include "ktap.h"
#include "losses/counters.h"
#include "losses/driver.h"
#include "losses/link.h"
#include "losses/losses.h"
#include "losses/nl.h"
#include "losses/order.h"
#include "losses/protocols.h"
#include "losses/saw.h"
#include "losses/take.h"
#include "base/util.h"

/* As in the sources of Linux 7.3, drivers/net; %u is 0. */
static const struct {
	const char *driver, *name, *counter;	/* NULL: no loss, or not one packet each */
} names[] = {
	{ "veth", "rx_queue_0_xdp_drops", "xdp_drop_veth" },
	{ "veth", "rx_queue_0_drops", "rx_drop" },
	{ "veth", "rx_queue_0_xdp_packets", NULL },
	{ "veth", "tx_queue_0_xdp_xmit_errors", "xdp_error" },
	{ "veth", "peer_ifindex", NULL },
	{ "virtio_net", "rx0_drops", "rx_drop" },
	{ "virtio_net", "rx0_xdp_drops", "xdp_drop" },
	{ "virtio_net", "tx0_xdp_tx_drops", "xdp_error" },
	{ "virtio_net", "rx0_kicks", NULL },
	{ "vmxnet3", "     xdp drops", "xdp_drop" },
	{ "vmxnet3", "  drv dropped rx total", "rx_drop" },
	{ "vmxnet3", "  drv dropped tx total", "tx_drop" },
	{ "vmxnet3", "  pkts tx discard", "tx_drop" },
	{ "hv_netvsc", "rx_queue_0_xdp_drop", "xdp_drop" },
	{ "hv_netvsc", "vf_tx_dropped", "tx_drop" },
	{ "e1000e", "rx_missed_errors", "no_buffer" },
	{ "e1000e", "rx_no_buffer_count", "no_buffer" },
	{ "e1000e", "rx_over_errors", "no_buffer" },
	{ "e1000e", "rx_crc_errors", "damaged" },
	{ "e1000e", "rx_align_errors", "damaged" },
	{ "e1000e", "rx_csum_offload_errors", NULL },
	{ "e1000e", "alloc_rx_buff_failed", NULL },
	{ "e1000e", "tx_deferred_ok", NULL },
	{ "e1000e", "tx_dropped", "tx_drop" },
	{ "e1000e", "rx_flow_control_xoff", NULL },
	{ "igb", "rx_queue_0_drops", "rx_drop" },
	{ "igb", "rx_queue_0_csum_err", NULL },
	{ "igb", "tx_hwtstamp_timeouts", NULL },
	{ "ixgbe", "rx_fifo_errors", "no_buffer" },
	{ "ixgbe", "fdir_miss", NULL },
	{ "ixgbe", "fdir_overflow", NULL },
	{ "ixgbe", "rx_fcoe_dropped", "rx_drop" },
	{ "i40e", "port.rx_crc_errors", "damaged" },
	{ "i40e", "port.rx_discards", "rx_drop" },
	{ "i40e", "port.rx_jabber", "damaged" },
	{ "i40e", "port.tx_dropped_link_down", "tx_drop" },
	{ "i40e", "port.arq_overflows", NULL },
	{ "i40e", "veb.tx_discards", "tx_drop" },
	{ "ice", "rx_dropped.nic", "rx_drop" },
	{ "ice", "tx_hwtstamp_discarded", NULL },
	{ "ena", "bw_in_allowance_exceeded", "allowance" },
	{ "ena", "conntrack_allowance_exceeded", "allowance" },
	{ "ena", "queue_0_rx_xdp_drop", "xdp_drop" },
	{ "ena", "queue_0_rx_xdp_aborted", "xdp_drop" },
	{ "ena", "queue_0_rx_xdp_pass", NULL },
	{ "ena", "queue_0_rx_csum_good", NULL },
	{ "ena", "queue_0_tx_missed_tx", NULL },
	{ "ena", "rx_drops", "rx_drop" },
	{ "gve", "rx_drops_packet_over_mru[0]", "rx_drop" },
	{ "gve", "rx_no_buffers_posted[0]", "no_buffer" },
	{ "gve", "rx_xdp_drop[0]", "xdp_drop" },
	{ "gve", "tx_xdp_xmit_errors[0]", "xdp_error" },
	{ "tg3", "rx_fcs_errors", "damaged" },
	{ "tg3", "rx_discards", "rx_drop" },
	{ "tg3", "tx_discards", "tx_drop" },
	{ "tg3", "mbuf_lwm_thresh_hit", "no_buffer" },
	{ "r8169", "rx_missed", "no_buffer" },
	{ "r8169", "align_errors", "damaged" },
	{ "mlx5_core", "rx_out_of_buffer", "no_buffer" },
	{ "mlx5_core", "rx_discards_phy", "rx_drop" },
	{ "mlx5_core", "rx_xdp_drop", "xdp_drop" },
	{ "mlx5_core", "rx_xdp_tx_err", "xdp_error" },
	{ "mlx5_core", "rx_xdp_tx_full", "xdp_error" },
	{ "mlx5_core", "tx_queue_dropped", "tx_drop" },
	{ "mlx5_core", "rx_vport_unicast_bytes", NULL },
	{ "mlx5_core", "rx_cache_full", NULL },
	{ "mlx5_core", "ch0_poll", NULL },
	{ "mlx4_en", "rx0_xdp_drop", "xdp_drop" },
	{ "fec", "IEEE_rx_drop", "rx_drop" },
	{ "fec", "IEEE_tx_drop", "tx_drop" },
	{ "fec", "tx_crc_errors", NULL },
	{ "fec", "tx_jabber", NULL },
	{ "mvneta", "rx_discard", "rx_drop" },
	{ "mvneta", "rx_overrun", "no_buffer" },
	{ "macb", "rx_frame_check_sequence_errors", "damaged" },
	{ "macb", "rx_resource_errors", "no_buffer" },
	{ "macb", "rx_udp_checksum_errors", NULL },
	{ "stmmac", "mmc_rx_fifo_overflow", "no_buffer" },
	{ "stmmac", "mtl_rx_fifo_fill_level_full", NULL },
	{ "stmmac", "rx_overflow_irq", NULL },
	{ "sfc", "port_rx_nodesc_drops", "no_buffer" },
	{ "sfc", "port_rx_pm_discard_bb_overflow", "no_buffer" },
	{ "mana", "hc_rx_discards_no_wqe", "rx_drop" },
	{ "mana", "hc_tx_pkt_drop_phy", "tx_drop" },
	{ "bnxt_en", "rx_stat_discard", "rx_drop" },
};

static void driver_names(void)
{
	const struct counter *c;
	const char *got;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		c = counter_of_driver(names[i].driver, names[i].name);
		got = c ? c->name : "(none)";
		if (strcmp(got, names[i].counter ? names[i].counter : "(none)"))
			FAIL("%s %s: %s", names[i].driver, names[i].name, got);
	}
}

/* A reason that no kernel has would never be seen, and so say that it was not. */
static void tables(void)
{
	const struct counter *c, *whole;
	size_t i = 0, nr = 0;

	while ((c = counter_next(&i))) {
		nr++;
		if (counter_find(c->layer, c->name) != c)
			FAIL("%s %s: twice", c->layer, c->name);
		if ((c->seen == LOSS_SEEN) == !!c->why)
			FAIL("%s: says why, or does not", c->name);
		if (c->seen == LOSS_UNSEEN && c->reasons)
			FAIL("%s: has reasons, but is not seen", c->name);
		if (c->seen == LOSS_SEEN && !c->reasons)
			FAIL("%s: is seen, but by no reason", c->name);
		if (c->why && strlen(c->why) > 46)
			FAIL("%s: why is long", c->name);
		if (!c->meaning || c->meaning[strlen(c->meaning) - 1] != '.')
			FAIL("%s: no sentence", c->name);
		if (!c->look || !strstr(c->look, " # ") || c->look[strlen(c->look) - 1] != '\n')
			FAIL("%s: no command", c->name);
		whole = c->part_of ? counter_find(c->layer, c->part_of) ?:
			counter_find("nic", c->part_of) ?: counter_find(NULL, c->part_of) : NULL;
		if (c->part_of && !whole)
			FAIL("%s: part of %s, which is none", c->name, c->part_of);
	}
	if (nr < 100)
		FAIL("only %zu counters", nr);
}

/* An exact name is found where it stands: no pattern before it takes it. */
static void reasons(void)
{
	char label[64];
	const char *p;
	size_t i, len, nr = 0;

	for (i = 0; i < nr_explain; i++)
		for (p = explain_table[i].names; *p; p += len + strspn(p + len, " ")) {
			len = strcspn(p, " ");
			snprintf(label, sizeof(label), "%.*s", (int)len, p);
			nr++;
			if (!strpbrk(label, "*?[") && explain_find(label) != &explain_table[i])
				FAIL("%s: another entry before it matches", label);
		}
	if (nr < 100)
		FAIL("only %zu names", nr);
}

/* What people ask most about. */
static void intents(void)
{
	static const struct {
		const char	*layer, *counter;
		enum intent	intent;
	} some[] = {
		{ "nic", "rx_missed_errors", INTENT_BAD },
		{ "nic", "rx_crc_errors", INTENT_BAD },
		{ "nic", "rx_dropped", INTENT_SUSPICIOUS },
		{ "nic", "rx_nohandler", INTENT_USUAL },
		{ "nic", "rx_otherhost_dropped", INTENT_USUAL },
		{ "nic", "trap_dropped", INTENT_SUSPICIOUS },
		{ "driver", "xdp_drop", INTENT_USUAL },
		{ "driver", "no_buffer", INTENT_BAD },
		{ "driver", "rx_drop", INTENT_SUSPICIOUS },
		{ "softnet", "backlog_full", INTENT_BAD },
		{ "softnet", "time_squeeze", INTENT_SUSPICIOUS },
		{ "qdisc", "drops", INTENT_USUAL },
		{ "qdisc", "filter_drops", INTENT_USUAL },
		{ "conntrack", "drop", INTENT_BAD },
		{ "ipsec", "XfrmInNoStates", INTENT_SUSPICIOUS },
		{ "ipv6", "Ip6OutNoRoutes", INTENT_SUSPICIOUS },
		{ "icmp", "Icmp6InErrors", INTENT_SUSPICIOUS },
		{ "udp", "UdpNoPorts", INTENT_USUAL },
		{ "udp", "UdpIgnoredMulti", INTENT_USUAL },
		{ "udp", "UdpRcvbufErrors", INTENT_BAD },
		{ "socket", "udp_drops", INTENT_BAD },
		{ "socket", "netlink_drops", INTENT_SUSPICIOUS },
	};
	const struct counter *c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		c = counter_find(some[i].layer, some[i].counter);
		if (!c || counter_intent(c) != some[i].intent)
			FAIL("%s: %s", some[i].counter, c ? intent_word(counter_intent(c)) : "unknown");
	}
	for (i = 0; (c = counter_next(&i));)
		if (counter_intent(c) == INTENT_UNKNOWN)
			FAIL("%s: nobody knows", c->name);
}

static void take(struct losses *l, uint64_t missed, const char *dev, uint64_t id)
{
	memset(l, 0, sizeof(*l));
	losses_add(l, counter_find("nic", "rx_missed_errors"), dev, NULL, id, missed);
	losses_add(l, counter_find("udp", "UdpNoPorts"), "", NULL, 0, 40);
}

static void between(void)
{
	struct losses old, now;

	take(&old, 10, "eth0", 2);
	take(&now, 17, "eth0", 2);
	losses_since(&now, &old);
	if (now.nr != 2 || now.row[0]->lost != 7 || now.row[0]->count != 17 || now.row[1]->lost)
		FAIL("7 more: %llu", (unsigned long long)now.row[0]->lost);
	losses_free(&now);
	take(&now, 17, "wan0", 2);
	losses_since(&now, &old);
	if (now.row[0]->lost != 7)
		FAIL("renamed: %llu", (unsigned long long)now.row[0]->lost);
	losses_free(&now);
	take(&now, 17, "eth0", 3);
	losses_since(&now, &old);
	if (now.row[0]->lost != 17)
		FAIL("another device: %llu", (unsigned long long)now.row[0]->lost);
	losses_free(&now);
	take(&now, 4, "eth0", 2);
	losses_since(&now, &old);
	if (now.row[0]->lost != 4)
		FAIL("set to zero: %llu", (unsigned long long)now.row[0]->lost);
	losses_free(&now);
	take(&now, 0, "eth0", 2);
	if (now.nr != 1)
		FAIL("0 has a row");
	losses_free(&now);
	losses_free(&old);
}

/* What is in two counters is lost once, and what one of them alone has, as well. */
static void unseen(void)
{
	static const struct {
		const char	*layer, *counter, *where;
		uint64_t	lost, sum;	/* of all up to here */
	} rows[] = {
		{ "nic", "rx_hw_drop_overruns", "eth0 rx queue 3", 7, 7 },
		{ "nic", "rx_hw_drops", "eth0 rx queue 3", 10, 10 },
		{ "nic", "rx_hw_drops", "eth00 rx queue 3", 100, 110 },
		{ "driver", "no_buffer", "eth0", 12, 110 },
		{ "nic", "rx_missed_errors", "eth0", 12, 112 },
		{ "udp", "UdpNoPorts", "", 1000, 112 },
		{ "driver", "xdp_drop", "eth0", 1000, 1112 },
	};
	struct losses l = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		losses_add(&l, counter_find(rows[i].layer, rows[i].counter), rows[i].where, NULL, 0,
			   rows[i].lost);
		if (losses_unseen(&l) != rows[i].sum)
			FAIL("%s %s: %llu", rows[i].where, rows[i].counter,
			     (unsigned long long)losses_unseen(&l));
	}
	losses_free(&l);
}

static void set(struct reason_table *t, struct reason *r, uint64_t no_socket, uint64_t other)
{
	r[0] = (struct reason){ .label = "NO_SOCKET", .count = no_socket };
	r[1] = (struct reason){ .label = "NOT_SPECIFIED", .count = other };
	t->reason = r;
	t->nr = 2;
}

static void compare(void)
{
	const struct counter *ports = counter_find("udp", "UdpNoPorts");
	const struct counter *esp = counter_find("ipsec", "XfrmInNoStates");
	const struct counter *none = counter_find("udp", "UdpInCsumErrors");
	struct reason before[2], now[2];
	struct saw s = { .readable = true, .since = true };
	struct saw_reason r;
	const char *pos = NULL;
	bool known;

	set(&s.before, before, 100, 5);
	set(&s.now, now, 123, 6);
	if (!saw_next(&s, ports, &pos, &r) || strcmp(r.name, "NO_SOCKET") || r.count != 23 || !r.known)
		FAIL("NO_SOCKET: %llu", (unsigned long long)r.count);
	if (saw_next(&s, ports, &pos, &r))
		FAIL("one more: %s", r.name);
	if (saw_compare(&s, ports, 23) != SAW_ALL || saw_compare(&s, ports, 24) != SAW_FEWER)
		FAIL("23 are not 23, or 24 are");
	if (saw_compare(&s, esp, 23) != SAW_UNSURE)
		FAIL("what has no reason of its own cannot be compared");
	if (saw_compare(&s, none, 1) != SAW_UNSURE)
		FAIL("what this kernel does not have cannot be compared");
	if (saw_others(&s, ports, 23, &known) || !known || !saw_others(&s, ports, 22, &known))
		FAIL("23 are others, or one more than 22 is none");
	if (saw_others(&s, esp, 0, &known) || known || saw_others(&s, none, 0, &known) || known)
		FAIL("without a reason of its own, nobody knows of others");
	s.since = false;
	if (saw_others(&s, ports, 123, &known) || !saw_others(&s, ports, 122, &known))
		FAIL("since load: 123 are others, or one more than 122 is none");
	if (saw_compare(&s, ports, 124) != SAW_UNSURE)
		FAIL("what is of different times cannot be compared");
	pos = NULL;
	saw_next(&s, ports, &pos, &r);
	if (r.count != 123)
		FAIL("since load: %llu", (unsigned long long)r.count);
	s.readable = false;
	if (saw_others(&s, ports, 0, &known) || known)
		FAIL("others without the module");
}

/* What no counter has, as the drops of a firewall. */
static void only(void)
{
	struct reason before[] = { { .label = "NO_SOCKET", .count = 4 }, { .label = "OTHERHOST", .count = 9 },
				   { .label = "NETFILTER_DROP", .count = 3 } };
	struct reason now[] = { { .label = "NO_SOCKET", .count = 7 }, { .label = "OTHERHOST", .count = 9 },
				{ .label = "TCP_CSUM", .count = 2 },
				{ .label = "NETFILTER_DROP", .count = 100 } };
	struct saw s = { .readable = true, .since = true,
			 .before = { .reason = before, .nr = 3 }, .now = { .reason = now, .nr = 4 } };
	struct losses l = { 0 };
	struct loss_row **rows;
	struct saw_reason *r;
	size_t nr_rows, nr;

	losses_add(&l, counter_find("udp", "UdpNoPorts"), "", NULL, 0, 3);
	rows = losses_sorted(&l, &nr_rows);
	r = saw_only(&s, rows, nr_rows, &nr);
	if (nr != 2 || strcmp(r[0].name, "NETFILTER_DROP") || r[0].count != 97 ||
	    strcmp(r[1].name, "TCP_CSUM") || r[1].count != 2)
		FAIL("%zu of 2, the first %s", nr, nr ? r[0].name : "-");
	free(r);
	r = saw_only(&s, rows, 0, &nr);
	if (nr != 3 || strcmp(r[1].name, "NO_SOCKET") || r[1].count != 3)
		FAIL("without rows: %zu of 3", nr);
	free(r);
	s.readable = false;
	r = saw_only(&s, rows, 0, &nr);
	if (nr)
		FAIL("without the module: %zu", nr);
	free(r);
	free(rows);
	losses_free(&l);
}

/* Attributes that end before they should are none. */
static void attributes(void)
{
	struct {
		struct nlmsghdr h;
		struct nlattr a;
		uint32_t val;
		struct nlattr b;
	} m = {
		.h = { .nlmsg_len = sizeof(m) },
		.a = { .nla_len = 8, .nla_type = 3 },
		.val = 77,
		.b = { .nla_len = 40, .nla_type = 4 },
	};
	const uint32_t *val = nl_attr(&m.h, 0, 3, 4);

	if (!val || *val != 77 || nl_attr_len(val) != 4)
		FAIL("the first is not found");
	if (nl_attr(&m.h, 0, 3, 5))
		FAIL("one that is too short is found");
	if (nl_attr(&m.h, 0, 4, 0))
		FAIL("one that goes beyond the end is found");
	m.h.nlmsg_len = sizeof(m.h);
	if (nl_attr(&m.h, 0, 3, 0) || nl_body(&m.h, 1))
		FAIL("one behind the end is found");
	m.h.nlmsg_len = sizeof(m.h) + 2;
	if (nl_attr(&m.h, 8, 3, 0))
		FAIL("one behind a body that is cut is found");
}

int main(void)
{
	static const struct test tests[] = {
		{ "names of drivers' counters", driver_names },
		{ "each counter is told whole", tables },
		{ "each reason is explained by its own entry", reasons },
		{ "what they mostly mean", intents },
		{ "what came between two looks", between },
		{ "what nobody saw, once", unseen },
		{ "what the module saw of it", compare },
		{ "what only the module saw", only },
		{ "attributes of netlink, cut and whole", attributes },
	};

	return run_tests(tests, ARRAY_SIZE(tests));
}
