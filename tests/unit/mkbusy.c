// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkbusy [FACTOR [SECONDS]]: a recording on stdout, of a host whose syslog server is too slow for
 * a while, among drops as a router has them: about 160 events a second, each second
 * times FACTOR, for two minutes. Each scan comes from another address and port.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"

#define MONO 86400000000000ull
#define REAL 1795923690000000000ull	/* 2026-11-29 03:41:30 UTC */
#define NETNS 4026531840u
#define NETNS_WEB 4026532281u

#define RX "ip_protocol_deliver_rcu+0x33/0x1c0", "ip_local_deliver_finish+0x74/0x90", \
	"__netif_receive_skb_one_core+0x86/0xa0", "process_backlog+0x88/0x140", "__napi_poll+0x2b/0x160", \
	"net_rx_action+0x2bc/0x370", "__do_softirq+0xd7/0x2c6", "__irq_exit_rcu+0x8e/0xb0", \
	"common_interrupt+0x82/0xa0", "asm_common_interrupt+0x22/0x40", NULL
#define CALL "do_syscall_64+0x5b/0xc0", "entry_SYSCALL_64_after_hwframe+0x64/0xce", NULL
#define TWICE(place) place, place

enum l4 { NONE, UDP, TCP, ARP };

static const struct kind {
	const char *reason, *dev, *comm;
	unsigned int netns, ctx, from, to, rate;	/* seconds; a second */
	enum l4 l4;
	unsigned int src, sport, dst, dport;		/* 0: another one each time */
	unsigned int ino, uid, rmem;			/* of a socket */
	const char *stack[20];
} kinds[] = {
	{ "SOCKET_RCVBUFF", "eth0", "ksoftirqd/1", NETNS, 1, 62, 81, 600, UDP, 0x0a002a07, 41514, 0x0a002a02, 514,
	  48211, 104, 212992, { TWICE("udp_queue_rcv_one_skb+0x2b8/0x520"), "udp_unicast_rcv_skb+0x76/0x90",
	  "__udp4_lib_rcv+0x5b1/0xd30", RX } },
	{ "SOCKET_RCVBUFF", "eth0", "ksoftirqd/1", NETNS, 1, 66, 79, 160, UDP, 0x0a002a09, 50123, 0x0a002a02, 514,
	  48211, 104, 212992, { TWICE("udp_queue_rcv_one_skb+0x2b8/0x520"), "udp_unicast_rcv_skb+0x76/0x90",
	  "__udp4_lib_rcv+0x5b1/0xd30", RX } },
	{ "TCP_LISTEN_OVERFLOW", "veth3", "swapper/2", NETNS_WEB, 1, 68, 84, 45, TCP, 0, 0, 0x0a090003, 443,
	  51877, 33, 0, { TWICE("tcp_conn_request+0x6f3/0x9d0"), "tcp_rcv_state_process+0x2a7/0xf00",
	  "tcp_v4_do_rcv+0xb6/0x270", "tcp_v4_rcv+0xe5a/0xf30", RX } },
	{ "OTHERHOST", "eth0", "swapper/0", NETNS, 1, 0, ~0u, 45, UDP, 0x0a002a15, 17500, 0x0a0000ff, 17500,
	  0, 0, 0, { TWICE("ip_rcv_core+0x1d9/0x3b0"), "ip_rcv+0x3a/0xd0", "__netif_receive_skb_one_core+0x86/0xa0",
	  "process_backlog+0x88/0x140", "__napi_poll+0x2b/0x160", "net_rx_action+0x2bc/0x370",
	  "__do_softirq+0xd7/0x2c6", NULL } },
	{ "NO_SOCKET", "eth0", "swapper/0", NETNS, 1, 0, ~0u, 25, UDP, 0x0a002a33, 5353, 0x0a002a02, 5353,
	  0, 0, 0, { TWICE("__udp4_lib_rcv+0x9c4/0xd30"), RX } },
	{ "NETFILTER_DROP", "eth0", "swapper/3", NETNS, 1, 12, ~0u, 60, TCP, 0, 0, 0x0a002a02, 0,
	  0, 0, 0, { TWICE("nft_do_chain+0x47f/0x5e0 [nf_tables]"), "nft_do_chain_inet+0xa4/0x110 [nf_tables]",
	  "nf_hook_slow+0x41/0xf0", "ip_local_deliver+0xce/0x110", "__netif_receive_skb_one_core+0x86/0xa0",
	  "process_backlog+0x88/0x140", "__napi_poll+0x2b/0x160", "net_rx_action+0x2bc/0x370",
	  "__do_softirq+0xd7/0x2c6", NULL } },
	{ "QDISC_DROP", "eth1", "nginx", NETNS_WEB, 0, 70, 80, 90, TCP, 0x0a090003, 443, 0xc6336442, 61002,
	  51901, 33, 0, { TWICE("__dev_queue_xmit+0x3d1/0xd80"), "ip_finish_output2+0x2a1/0x570",
	  "__ip_queue_xmit+0x175/0x430", "__tcp_transmit_skb+0xa73/0xc10", "tcp_write_xmit+0x3c4/0x1240",
	  "tcp_sendmsg+0x2a/0x40", "sock_sendmsg+0x5f/0x70", "__sys_sendto+0x114/0x170", CALL } },
	{ "NEIGH_FAILED", "eth1", "curl", NETNS, 0, 30, ~0u, 4, TCP, 0x0a000105, 48022, 0x0a000163, 8443,
	  53010, 1000, 0, { TWICE("neigh_invalidate+0xa5/0x160"), "neigh_timer_handler+0x207/0x2c0",
	  "call_timer_fn+0x27/0x130", "__run_timers+0x21a/0x2d0", "run_timer_softirq+0x19/0x30",
	  "__do_softirq+0xd7/0x2c6", NULL } },
	{ "UDP_CSUM", "veth3", "swapper/1", NETNS_WEB, 1, 5, ~0u, 2, UDP, 0x0a090009, 33001, 0x0a090003, 8125,
	  0, 0, 0, { TWICE("__udp4_lib_rcv+0x8a1/0xd30"), RX } },
	{ "UNHANDLED_PROTO", "eth0", "swapper/0", NETNS, 1, 0, ~0u, 1, ARP, 0x0a002a01, 0, 0x0a002a02, 0,
	  0, 0, 0, { TWICE("__netif_receive_skb_core.constprop.0+0x1f6/0xf00"),
	  "__netif_receive_skb_one_core+0x3c/0xa0", "process_backlog+0x88/0x140", NULL } },
	{ "NOT_SPECIFIED", "", "systemd-journal", NETNS, 0, 0, ~0u, 3, NONE, 0, 0, 0, 0,
	  17022, 0, 0, { TWICE("unix_release_sock+0x2c1/0x3a0"), "unix_release+0x2d/0x40",
	  "__sock_release+0x3d/0xb0", "sock_close+0x11/0x20", "__fput+0x91/0x250", "task_work_run+0x59/0x90", CALL } },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The same numbers each time. */
static uint32_t drawn = 1;

static uint32_t draw(void)
{
	drawn = drawn * 1664525 + 1013904223;
	return drawn >> 8;
}

static void put(uint8_t *p, uint32_t v, unsigned int n)
{
	while (n--) {
		p[n] = v;
		v >>= 8;
	}
}

static size_t packet(const struct kind *k, uint8_t *p)
{
	unsigned int src = k->src ? k->src : 0xc6330000 + (draw() & 0xffff);
	unsigned int sport = k->sport ? k->sport : 1024 + draw() % 60000;
	unsigned int dport = k->dport ? k->dport : 1 + draw() % 1024;
	size_t n = pkt_eth(p, k->l4 == ARP ? 0x0806 : 0x0800);

	if (k->l4 == NONE)
		return 0;
	if (k->l4 == ARP) {
		static const uint8_t head[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };

		memset(p + n, 0, 28);
		memcpy(p + n, head, sizeof(head));
		memcpy(p + n + 8, p + 6, 6);
		put(p + n + 14, k->src, 4);
		put(p + n + 24, k->dst, 4);
		return n + 28;
	}
	n += pkt_ipv4(p + n, k->l4 == TCP ? 6 : 17, 46);
	put(p + n - 8, src, 4);
	put(p + n - 4, k->dst, 4);
	pkt_ports(p + n, sport, dport, 46);
	if (k->l4 == TCP) {
		put(p + n + 4, draw(), 4);
		p[n + 12] = 0x50;
		p[n + 13] = k->sport == 443 ? 0x18 : 0x02;
		put(p + n + 14, 64240, 2);
	} else {
		put(p + n + 4, 46, 2);
		memcpy(p + n + 8, "<13>Nov 29 03:42:10 web2 app[911]: slow", 38);
	}
	return n + 46;
}

static void event(struct builder *b, size_t i, uint64_t ns)
{
	static uint64_t seq[4];
	const struct kind *k = &kinds[i];
	struct whydrop_event ev = {
		.mono_ns = MONO + ns, .reason = 2 + i, .stack_id = 1 + i, .netns = k->netns,
		.ctx = k->ctx, .dev_type = 1, .pid = k->ctx ? 0 : 700 + i,
	};
	unsigned int cpu = i % 4;
	uint8_t p[128];

	ev.seq = seq[cpu]++;
	ev.caplen = packet(k, p);
	ev.pkt_len = ev.caplen;
	strcpy(ev.comm, k->comm);
	strcpy(ev.dev, k->dev);
	ev.ifindex = *k->dev ? 2 + (k->dev[3] == '1') : 0;
	ev.l3_off = ev.caplen ? 14 : WHYDROP_NO_OFFSET;
	ev.flags = ev.caplen ? WHYDROP_EV_MAC : 0;
	if (!strcmp(k->reason, "OTHERHOST"))
		ev.flags |= WHYDROP_EV_OTHER_MAC;
	ev.protocol = htons(k->l4 == ARP ? 0x0806 : ev.caplen ? 0x0800 : 0);
	if (k->ino) {
		ev.flags |= WHYDROP_EV_SK | WHYDROP_EV_SK_FULL | (k->ctx ? WHYDROP_EV_RX_SK : WHYDROP_EV_TX_SK);
		ev.sock_family = k->l4 == NONE ? 1 : 2;
		ev.sock_type = k->l4 == TCP ? 1 : 2;
		ev.sock_protocol = k->l4 == TCP ? 6 : k->l4 == UDP ? 17 : 0;
		ev.sock_state = k->l4 == TCP ? 10 : 7;
		ev.sock_ino = k->ino;
		ev.sock_uid = k->uid;
		ev.sock_rmem = k->rmem ? k->rmem + draw() % 1280 : 0;
		ev.sock_rcvbuf = k->rmem ? 212992 : 131072;
	}
	build_event(b, cpu, &ev, p);
}

int main(int argc, char **argv)
{
	double factor = argc > 1 ? atof(argv[1]) : 1, due[KINDS] = { 0 };
	unsigned int seconds = argc > 2 ? atoi(argv[2]) : 120;
	uint64_t ms;
	size_t i, j;
	struct builder b;

	build_init(&b, false);
	build_header(&b);
	build_meta(&b, "version=0.1.0", "kernel=6.1.0-44-amd64", "machine=x86_64", "node=edge1",
		   "boot_id=2c1f0d1a-7d52-4a0e-9a4e-2f1a6b0c9d11", "load_id=8d9a2c50-1111-4222-8333-444455556666", NULL);
	build_clock(&b, MONO, REAL);
	for (i = 0; i < KINDS; i++) {
		build_reason(&b, 2 + i, "core", kinds[i].reason, "");
		build_stack(&b, 1 + i, 2 + i, 0, kinds[i].stack);
	}
	build_setting(&b, MONO, "enabled=1");
	build_setting(&b, MONO, "reasons=");
	build_setting(&b, MONO, "devs=");
	build_setting(&b, MONO, "netns=");
	build_setting(&b, MONO, "packet_filter=");
	for (ms = 0; ms < seconds * 1000ull; ms++) {
		for (i = 0; i < KINDS; i++) {
			if (ms / 1000 < kinds[i].from || ms / 1000 >= kinds[i].to)
				continue;
			/* It swells and ebbs, as queues and senders do. */
			due[i] += kinds[i].rate * factor / 1000 * (0.4 + draw() % 1000 / 833.0);
			for (j = 0; due[i] >= 1; due[i]--, j++)
				event(&b, i, ms * 1000000 + i * 1000 + j % 900 * 10);
		}
		if (ms == 71000)
			build_lost(&b, 1, WHYDROP_LOST_OVERWRITTEN, 1180);
		fwrite(b.buf, 1, b.len, stdout);
		b.len = 0;
	}
	build_free(&b);
	return ferror(stdout) || fflush(stdout);
}
