// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkrec sample|swapped|empty|old|places|unnamed|future|turns|hostile|again|late|big|forged|events N|
 * offsets|stack FRAME...|flows N M|reasons N|renamed N|numbers N|losses N|boots N|talks N|
 * hosts|hosts-swapped|names|names-swapped|now NETNS SOCKET|tunnels|settings NAME=VALUE ...|piece HOST LOAD FROM NR [STEP [LOST]]|
 * rates [FROM TO EVERY NAME]...|devices N [FROM]: a recording on stdout.
 *
 * old: of a kernel without reasons. future: values that this source does not know. late: of the year 2039. big: a file of more than
 * 2 GiB, most of which takes no room. offsets: of a kernel without names of functions. stack: one event with these frames. flows: N flows
 * of one packet each, then M packets of another flow. reasons: N reasons with an event
 * each; numbers: without their names. places: NOT_SPECIFIED at some. renamed: the last of N
 * reasons gets another name N times. losses: N gaps on as many CPUs as there can be. boots: N
 * recordings, of another boot each, one behind the other. talks: two, the second of which says
 * N pages about its host. forged: clocks at both ends of their range. piece: events
 * FROM, FROM + STEP, ... of that load of the module on that host, on two CPUs in turn, one
 * a millisecond; each CPU has lost LOST before. Hosts were booted a day apart, and what one
 * calls a reason or a stack is another one's something else. rates: drops of the reason NAME
 * from second FROM to TO, EVERY so many milliseconds; FROM and TO are of CLOCK_MONOTONIC.
 * devices: N events, each of another device with a hostile name.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "builder.h"

static void many(struct builder *b, unsigned long nr)
{
	static const char *const deep[] = {
		"ip_rcv_core+0x1d9/0x3b0", "ip_rcv_core+0x1d9/0x3b0",
		"ip_rcv+0x3a/0xd0", "__netif_receive_skb_one_core+0x86/0xa0",
		"process_backlog+0x88/0x140", "__napi_poll+0x2b/0x160",
		"net_rx_action+0x2bc/0x370", "__do_softirq+0xd7/0x2c6",
		"do_softirq.part.0+0x90/0xc0", "__local_bh_enable_ip+0x6a/0x80",
		"__dev_queue_xmit+0x2c5/0xd80", "packet_snd+0x3c2/0xa50 [af_packet]",
		"sock_sendmsg+0x5f/0x70", "__sys_sendto+0x114/0x170",
		"__x64_sys_sendto+0x20/0x30", "do_syscall_64+0x5b/0xc0",
		"entry_SYSCALL_64_after_hwframe+0x64/0xce", NULL,
	};
	struct whydrop_event ev = {
		.reason = 7, .stack_id = 1, .pid = 1234, .ifindex = 4,
		.comm = "sender", .dev = "veth0", .netns = 4026532281,
		.pkt_len = 46, .flags = WHYDROP_EV_MAC, .ctx = 1, .caplen = 60,
		.l3_off = 14, .dev_type = 1, .protocol = htons(0x0800),
	};
	uint8_t p[64];
	size_t n;

	n = pkt_eth(p, 0x0800);
	n += pkt_ipv4(p + n, 17, 26);
	pkt_ports(p + n, 40112, 9999, 26);
	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.1.0-test", NULL);
	build_clock(b, 1000000000, 1795376527000000000);
	build_reason(b, 7, "core", "OTHERHOST", "not for this host");
	build_stack(b, 1, 7, 0, deep);
	for (; nr--; ev.seq++) {
		ev.mono_ns = 1000000000 + ev.seq * 1234;
		build_event(b, ev.seq & 1, &ev, p);
		fwrite(b->buf, 1, b->len, stdout);
		b->len = 0;
	}
}

static void offsets(struct builder *b)
{
	static const char *const text[] = {
		"text-0x30", "text-0x30", "text+0x100", "text+0x10 [veth]", "text+0x1c0",
		"text-0xffffffffffffffffffffff", "[unknown]", NULL,
	};
	struct whydrop_event ev = { .reason = 7, .stack_id = 1, .l3_off = WHYDROP_NO_OFFSET };

	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.1.0-test",
		   "anchors=schedule-0x80 vfree+0x40 seq_read+0x80 get_random_bytes+0xc0 eth_type_trans+0x140",
		   NULL);
	build_reason(b, 7, "core", "OTHERHOST", "not for this host");
	build_stack(b, 1, 7, 0, text);
	build_event(b, 0, &ev, NULL);
}

static void stack(struct builder *b, char *const *frame)
{
	struct whydrop_event ev = { .reason = 7, .stack_id = 1, .l3_off = WHYDROP_NO_OFFSET };
	const char *text[66] = { frame[0] ? frame[0] : "nowhere" };
	unsigned int i;

	for (i = 0; i < 64 && frame[i]; i++)
		text[i + 1] = frame[i];
	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.1.0-test", NULL);
	build_reason(b, 7, "core", "OTHERHOST", "not for this host");
	build_stack(b, 1, 7, 0, text);
	build_event(b, 0, &ev, NULL);
}

/* Without a reason, at places and of devices that have to do with each other. */
static void places(struct builder *b)
{
	static const char *const stack[][3] = {
		{ "gro_cells_receive+0x1/0x2", "gro_cells_receive+0x1/0x2", NULL },
		{ "veth_xmit+0x1/0x2", "veth_xmit+0x1/0x2", NULL },
		{ "bond_start_xmit+0x1/0x2", "bond_start_xmit+0x1/0x2", NULL },
	};
	static const char *const dev[] = { "gre1", "veth7", "" };
	struct whydrop_event ev = { .reason = 2, .l3_off = WHYDROP_NO_OFFSET };
	unsigned int i, j;

	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.1.0-test", NULL);
	build_reason(b, 2, "core", "NOT_SPECIFIED", "");
	for (i = 0; i < 3; i++) {
		build_stack(b, i + 1, 2, 0, stack[i]);
		ev.stack_id = i + 1;
		snprintf(ev.dev, sizeof(ev.dev), "%s", dev[i]);
		for (j = 0; j < 4 - i; j++, ev.seq++)
			build_event(b, 0, &ev, NULL);
	}
}

/* As the module of 5.10 writes it. */
static void old(struct builder *b)
{
	static const char *const stack[] = {
		"__udp4_lib_rcv+0x9c4/0xd30", "__udp4_lib_rcv+0x9c4/0xd30", NULL,
	};
	struct whydrop_event ev = {
		.reason = WHYDROP_NO_REASON, .stack_id = 1, .l3_off = WHYDROP_NO_OFFSET,
		.pkt_len = 60,
	};

	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=5.10.0-test", NULL);
	build_clock(b, 1000000000, 1795376527000000000);
	build_reason(b, WHYDROP_NO_REASON, "core", "NOT_AVAILABLE",
		     "this kernel gives no reasons, see the place");
	build_stack(b, 1, WHYDROP_NO_REASON, 0, stack);
	for (; ev.seq < 3; ev.seq++) {
		ev.mono_ns = 1000000000 + ev.seq;
		build_event(b, 0, &ev, NULL);
	}
}

/* Reasons that no record has named, each with a stack. */
static void unnamed(struct builder *b)
{
	static const uint32_t reasons[] = { WHYDROP_NO_REASON, 0x7ffff, 0x7fffe };
	struct whydrop_event ev = { .l3_off = WHYDROP_NO_OFFSET };
	unsigned int i;

	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=7.3.0-test", NULL);
	build_clock(b, 1000000000, 1795376527000000000);
	for (i = 0; i < 3; i++) {
		static const char *const stack[] = { "f+0x1/0x2", "f+0x1/0x2", NULL };

		ev.stack_id = ev.seq + 1;
		ev.reason = reasons[i];
		ev.mono_ns = 1000000000 + ev.seq;
		build_stack(b, ev.stack_id, ev.reason, 0, stack);
		build_event(b, 0, &ev, NULL);
		ev.seq++;
	}
}

/* As a module may write it that is newer than the reader: each value has no name here. */
static void future(struct builder *b)
{
	static const char *const stack[] = { "f+0x1/0x2", "f+0x1/0x2", NULL };
	struct whydrop_event ev = {
		.reason = 7, .stack_id = 1, .l3_off = 14, .pkt_len = 46, .caplen = 46,
		.flags = 0xffff & ~WHYDROP_EV_MAC, .ctx = 77, .stack_kind = 78, .sock_family = 199,
		.sock_type = 80, .sock_state = 81, .dev_type = 65000, .protocol = htons(0x88b5),
	};
	uint8_t p[64] = { 0 };

	build_header(b);
	build_meta(b, "version=9.1.0", "kernel=19.1.0-test", "color=blue", NULL);
	build_clock(b, 1000000000, 1795376527000000000);
	build_reason(b, 7, "core", "OTHERHOST", "");
	build_stack(b, 1, 7, 0x4000 | WHYDROP_STACK_CUT, stack);
	build_event(b, 0, &ev, p);
	ev.protocol = 0;
	ev.l3_off = WHYDROP_NO_OFFSET;
	ev.seq++;
	build_event(b, 0, &ev, p);
	build_lost(b, 0, 82, 5);
}

/* The end of summer time, a subsystem that comes late, a clock that is set back. */
static void turns(struct builder *b)
{
	static const char *const stack[] = { "f+0x1/0x2", "f+0x1/0x2", NULL };
	const uint64_t hour = UINT64_C(3600000000000), midnight = UINT64_C(1792886400000000000);
	struct whydrop_event ev = { .reason = 3, .stack_id = 1, .l3_off = WHYDROP_NO_OFFSET };

	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.12.0-test", NULL);
	build_clock(b, 0, midnight);	/* 2026-10-25, UTC */
	build_reason(b, 3, "core", "NO_SOCKET", "");
	build_stack(b, 1, 3, 0, stack);
	for (; ev.seq < 3; ev.seq++) {
		ev.mono_ns = hour / 2 + ev.seq * hour;
		build_event(b, 0, &ev, NULL);
	}
	build_reason(b, 0x30001, "openvswitch", "OVS_LATE", "");
	build_stack(b, 2, 0x30001, 0, stack);
	ev.reason = 0x30001;
	ev.stack_id = 2;
	ev.mono_ns += hour;
	build_event(b, 0, &ev, NULL);
	build_clock(b, 4 * hour, midnight + 4 * hour - 365 * 24 * hour);
	ev.seq++;
	ev.reason = 3;
	ev.stack_id = 1;
	ev.mono_ns = 4 * hour;
	build_event(b, 0, &ev, NULL);
}

/* Names that mean something to a terminal or to one of the formats. */
static void hostile(struct builder *b)
{
	static const char *const stack[] = {
		"pl;ace one+0x1/0x2 [m o;d]", "pl;ace one+0x1/0x2 [m o;d]",
		"fr\na\tme;2\033]0;x\007+0x3/0x4", "\xff\xfe caf\xc3\xa9+0x0/0x1",
		"", "99 99", "\xe2\x80\xae" "drawkcab+0x1/0x2", NULL,
	};
	struct whydrop_event ev = {
		.reason = 0x50001, .stack_id = 1, .ifindex = 4, .netns = 4026532281,
		.comm = "\033[2J\033]0;pwn\007%s", .dev = "e;\"\\\n{x}=1 \x9b\xff",
		.pkt_len = 60,
	};

	build_header(b);
	build_meta(b, "version=1\"\\\n\033[2J", "kernel=\033[31mk", "node=n\n\033[1mo",
		   "load_id=l\"\n\\", NULL);
	build_clock(b, 1000000000, 1795376527000000000);
	build_reason(b, 0x50001, "su\"b{}", "RE;A\"SON\n1 \033[2J", "d\033[2J");
	build_stack(b, 1, 0x50001, 0, stack);
	for (; ev.seq < 3; ev.seq++) {
		ev.mono_ns = 1000000000 + ev.seq;
		build_event(b, 0, &ev, NULL);
	}
}

/* Ids whose meaning changes, each for the reason's last event; stacks that grow. */
static void again(struct builder *b)
{
	static const char *const names[] = { "FIRST", "SECOND", "THIRD" };
	const char *frames[65] = { "place+0x1/0x2" };
	struct whydrop_event ev = { .reason = 7, .l3_off = WHYDROP_NO_OFFSET, .pkt_len = 60 };
	unsigned int i, nr;

	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.1.0-test", NULL);
	build_clock(b, 1000000000, 1795376527000000000);
	for (i = 0; i < 3; i++) {
		build_reason(b, 7, "core", names[i], "");
		for (nr = 1; nr <= 16 * (i + 1); nr++)
			frames[nr] = "frame_of_a_function_with_a_long_name+0x1/0x2";
		for (ev.stack_kind = WHYDROP_STACK_BY_ID; ev.stack_kind <= WHYDROP_STACK_INLINE;
		     ev.stack_kind++) {
			ev.stack_id = ev.stack_kind == WHYDROP_STACK_INLINE ? 0x80000001 : 1;
			build_stack(b, ev.stack_id, 7, ev.stack_kind == WHYDROP_STACK_INLINE ?
				    WHYDROP_STACK_TRANSIENT : 0, frames);
			ev.mono_ns = 1000000000 + ev.seq++;
			build_event(b, 0, &ev, NULL);
		}
	}
}

/* Past what 32 bits count: seconds since 1970, and as "big" the bytes of a file. */
static void late(struct builder *b, bool big)
{
	struct whydrop_event ev = { .reason = 3, .l3_off = WHYDROP_NO_OFFSET, .mono_ns = 1000 };
	static const struct whydrop_rec pad = { .size = 1 << 20, .type = WHYDROP_REC_PAD };
	unsigned int i;

	build_header(b);
	build_clock(b, 0, UINT64_C(2190000000000000000));
	build_reason(b, 3, "core", "NO_SOCKET", "");
	fwrite(b->buf, 1, b->len, stdout);
	b->len = 0;
	for (i = 0; big && i < 2100; i++) {
		fwrite(&pad, 1, sizeof(pad), stdout);
		fseeko(stdout, pad.size - sizeof(pad), SEEK_CUR);
	}
	build_event(b, 0, &ev, NULL);
}

static void write_out(struct builder *b)
{
	fwrite(b->buf, 1, b->len, stdout);
	b->len = 0;
}

static void start(struct builder *b)
{
	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.1.0-test", NULL);
	build_clock(b, 1000000000, 1795376527000000000);
}

/* A scan, and behind it the flow that is the trouble. */
static void flows(struct builder *b, unsigned long nr, unsigned long heavy)
{
	static const char *const place[] = { "ip_rcv_core+0x1d9/0x3b0", NULL };
	struct whydrop_event ev = {
		.reason = 7, .stack_id = 1, .comm = "sender", .dev = "veth0", .netns = 4026532281,
		.pkt_len = 46, .caplen = 46, .dev_type = 1, .protocol = htons(0x0800),
	};
	unsigned long i;
	uint8_t p[64];
	size_t n;

	n = pkt_ipv4(p, 17, 26);
	pkt_ports(p + n, 40112, 9999, 26);
	start(b);
	build_reason(b, 7, "core", "OTHERHOST", "not for this host");
	build_stack(b, 1, 7, WHYDROP_STACK_PLACE_ONLY, place);
	for (i = 0; i < nr + heavy; i++, ev.seq++) {
		uint32_t from = htonl(i < nr ? 0xac100000 + i : 0x0a002a01);

		memcpy(p + 12, &from, sizeof(from));
		ev.mono_ns = 1000000000 + ev.seq * 1000;
		build_event(b, 0, &ev, p);
		write_out(b);
	}
}

/* One packet of VXLAN, one of SIT, one of GRE that carries no IP. */
static void tunnels(struct builder *b)
{
	static const char *const place[] = { "__udp4_lib_rcv+0x9c4/0xd30", NULL };
	static const uint8_t vxlan[8] = { 8, 0, 0, 0, 0, 0, 42, 0 }, gre[4] = { 0, 0, 0x88, 0xcc };
	struct whydrop_event ev = {
		.reason = 3, .stack_id = 1, .comm = "sender", .dev = "veth0", .netns = 4026532281,
		.dev_type = 1, .protocol = htons(0x0800), .mono_ns = 1000000000,
	};
	uint8_t p[128];
	size_t n;

	start(b);
	build_reason(b, 3, "core", "NO_SOCKET", "nobody");
	build_stack(b, 1, 3, WHYDROP_STACK_PLACE_ONLY, place);

	n = pkt_ipv4(p, 17, 8 + sizeof(vxlan) + 14 + 20 + 20);
	n += pkt_ports(p + n, 50000, 4789, 8);
	n = mempcpy(p + n, vxlan, sizeof(vxlan)) - (void *)p;
	n += pkt_eth(p + n, 0x0800);
	n += pkt_ipv4(p + n, 6, 20);
	n += pkt_ports(p + n, 1024, 80, 20);
	p[n - 7] = 2;
	ev.pkt_len = ev.caplen = n;
	build_event(b, 0, &ev, p);

	n = pkt_ipv4(p, 41, 40 + 8);
	n += pkt_ipv6(p + n, 17, 8);
	n += pkt_ports(p + n, 5, 53, 8);
	ev.pkt_len = ev.caplen = n;
	ev.seq++;
	build_event(b, 0, &ev, p);

	n = pkt_ipv4(p, 47, sizeof(gre) + 20);
	n = mempcpy(p + n, gre, sizeof(gre)) - (void *)p;
	memset(p + n, 0, 20);
	ev.pkt_len = ev.caplen = n + 20;
	ev.seq++;
	build_event(b, 0, &ev, p);
}

/* @named: by records. */
static void reasons(struct builder *b, unsigned long nr, bool named, bool renamed)
{
	struct whydrop_event ev = { .l3_off = WHYDROP_NO_OFFSET, .pkt_len = 60 };
	unsigned long i;
	char name[32];

	start(b);
	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "REASON_%lu", i);
		/* Numbers that a plain hash puts into one place. */
		ev.reason = i << 16 | i >> 16;
		if (named)
			build_reason(b, ev.reason, "core", name, "");
		ev.mono_ns = 1000000000 + ev.seq++;
		build_event(b, 0, &ev, NULL);
		write_out(b);
	}
	for (i = 0; renamed && i < nr; i++) {
		snprintf(name, sizeof(name), "ANOTHER_%lu", i);
		build_reason(b, ev.reason, "core", name, "");
		ev.mono_ns = 1000000000 + ev.seq++;
		build_event(b, 0, &ev, NULL);
		write_out(b);
	}
}

static void losses(struct builder *b, unsigned long nr)
{
	start(b);
	while (nr--) {
		build_lost(b, nr & 0xffff, WHYDROP_LOST_OVERWRITTEN + nr % 2 * 2, 1);
		write_out(b);
	}
}

/* Of as many boots, each with an event of the last CPU that there can be. */
static void boots(struct builder *b, unsigned long nr)
{
	struct whydrop_event ev = { .reason = 7, .l3_off = WHYDROP_NO_OFFSET, .pkt_len = 60 };
	char boot[32];
	unsigned long i;

	for (i = 0; i < nr; i++) {
		snprintf(boot, sizeof(boot), "boot_id=%lu", i);
		build_header(b);
		build_meta(b, "version=0.1.0", "kernel=6.1.0-test", boot, NULL);
		build_event(b, 65535, &ev, NULL);
		write_out(b);
	}
}

/* A recording that says of its host what fits on @nr pages, behind another one. */
static void talks(struct builder *b, unsigned long nr)
{
	struct whydrop_event ev = { .reason = 7, .l3_off = WHYDROP_NO_OFFSET, .pkt_len = 60 };
	static char text[4000];
	unsigned long i;

	memset(text, 'x', sizeof(text) - 1);
	start(b);
	build_event(b, 0, &ev, NULL);
	build_header(b);
	for (i = 0; i < nr; i++) {
		memcpy(text, "key=", 4);
		build_meta(b, text, NULL);
		write_out(b);
	}
	build_event(b, 0, &ev, NULL);
}

static void forged(struct builder *b)
{
	static const uint64_t ends[] = {
		0, 1, INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX, 1795376527000000000,
	};
	static const char *const stack[] = { "f+0x1/0x2", "f+0x1/0x2", NULL };
	struct whydrop_event ev = { .reason = 7, .stack_id = 1, .l3_off = WHYDROP_NO_OFFSET };
	unsigned int i, j;

	start(b);
	build_reason(b, 7, "core", "OTHERHOST", "not for this host");
	build_stack(b, 1, 7, 0, stack);
	for (i = 0; i < 36; i++) {
		build_clock(b, ends[i / 6], ends[i % 6]);
		for (j = 0; j < 6; j++) {
			ev.mono_ns = ends[j];
			build_event(b, 0, &ev, NULL);
			ev.seq++;
		}
		build_lost(b, i, WHYDROP_LOST_OVERWRITTEN, ends[i % 6]);
	}
}

/* Each, and an event behind it. */
static void settings(struct builder *b, char **text)
{
	struct whydrop_event ev = { .reason = 7, .l3_off = WHYDROP_NO_OFFSET, .pkt_len = 60 };

	start(b);
	build_reason(b, 7, "core", "OTHERHOST", "not for this host");
	for (; *text; text++, ev.seq++) {
		ev.mono_ns = 1000000000 + ev.seq;
		build_setting(b, ev.mono_ns, *text);
		build_event(b, 0, &ev, NULL);
	}
}

/*
 * Of three hosts, one of which has many CPUs; and a loss of each. Their devices and the inodes
 * of their namespaces are the same.
 */
static void hosts(struct builder *b)
{
	static const char a[] = "host=web1\0node=a\0kernel=6.1\0new=1", c[] = "host=\033[31m\"<b>";
	static const unsigned int cpu[] = { 0, 256, 1, 512, 257, 768, 1023 };
	static const char *const stack[] = { "ip_rcv_core+0x1d9/0x3b0", "ip_rcv_core+0x1d9/0x3b0", NULL };
	struct whydrop_event ev = { .reason = 7, .stack_id = 1, .l3_off = WHYDROP_NO_OFFSET,
				    .pkt_len = 60, .dev = "lo", .netns = 4026531840 };
	size_t i;

	start(b);
	build_host(b, 0, 0, a, sizeof(a));
	build_host(b, 256, 0, "host=web2", 10);
	build_host(b, 512, 256, "host=web2", 10);
	build_host(b, 768, 0, c, sizeof(c));
	build_reason(b, 7, "core", "OTHERHOST", "not for this host");
	build_stack(b, 1, 7, 0, stack);
	for (i = 0; i < sizeof(cpu) / sizeof(cpu[0]); i++, ev.seq += 3) {
		build_lost(b, cpu[i], WHYDROP_LOST_OVERWRITTEN, 2);
		ev.mono_ns = 1000000000 + i;
		build_event(b, cpu[i], &ev, NULL);
	}
}

/* Names of namespaces and of sockets: they come, change and go between events. */
static void names(struct builder *b)
{
#define NAME(kind, id, text) { kind, id, text, sizeof(text), 0, 0 }
#define EVENT(netns, sock) { 0, 0, NULL, 0, netns, sock }
	static const struct {
		unsigned int kind;
		uint32_t id;
		const char *text;
		size_t len;
		uint32_t netns, sock;
	} items[] = {
		EVENT(100, 0),
		NAME(WHYDROP_NAME_NETNS, 100, "name=blue"), EVENT(100, 0), EVENT(100, 6),
		NAME(WHYDROP_NAME_NETNS, 101, "new=1\0name=docker:web"),
		NAME(WHYDROP_NAME_SOCKET, 7, "pid=42\0comm=nginx\0unit=nginx.service"), EVENT(101, 7),
		NAME(WHYDROP_NAME_NETNS, 100, ""), EVENT(100, 0),
		NAME(WHYDROP_NAME_NETNS, 100, "name=red"), EVENT(100, 0),
		NAME(9, 100, "name=unknown"), NAME(WHYDROP_NAME_NETNS, 0, "name=zero"),
		NAME(WHYDROP_NAME_SOCKET, 8, "comm=without-pid"),
		NAME(WHYDROP_NAME_NETNS, 102, "name=\033]0;x\a\"\n\377"), EVENT(102, 8), EVENT(0, 0),
		NAME(WHYDROP_NAME_SOCKET, 8, "pid=43\0comm=a\033b\"\\"), EVENT(102, 8),
	};
	struct whydrop_event ev = { .reason = 7, .l3_off = WHYDROP_NO_OFFSET, .pkt_len = 60,
				    .dev = "lo" };
	size_t i;

	start(b);
	build_reason(b, 7, "core", "OTHERHOST", "not for this host");
	for (i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		if (items[i].kind) {
			build_name(b, items[i].kind, items[i].id, items[i].text, items[i].len);
			continue;
		}
		ev.mono_ns = 1000000000 + ev.seq;
		ev.netns = items[i].netns;
		ev.sock_ino = items[i].sock;
		ev.flags = ev.sock_ino ? WHYDROP_EV_SK | WHYDROP_EV_SK_FULL : 0;
		build_event(b, 0, &ev, NULL);
		ev.seq++;
	}
}

/* An event of just now, behind what `settings' begins. */
static void now(struct builder *b, uint32_t netns, uint32_t sock_ino)
{
	struct whydrop_event ev = { .reason = 7, .l3_off = WHYDROP_NO_OFFSET, .pkt_len = 60,
				    .netns = netns, .sock_ino = sock_ino };
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ev.mono_ns = ts.tv_sec * UINT64_C(1000000000) + ts.tv_nsec;
	ev.flags = sock_ino ? WHYDROP_EV_SK | WHYDROP_EV_SK_FULL : 0;
	build_event(b, 0, &ev, NULL);
}

static void piece(struct builder *b, char **arg, int nr_arg)
{
	unsigned long host = strtoul(arg[0], NULL, 0), load = strtoul(arg[1], NULL, 0);
	unsigned long from = strtoul(arg[2], NULL, 0), nr = strtoul(arg[3], NULL, 0);
	unsigned long step = nr_arg > 4 ? strtoul(arg[4], NULL, 0) : 1;
	unsigned long lost = nr_arg > 5 ? strtoul(arg[5], NULL, 0) : 0, i;
	char node[32], boot[64], loads[64], name[32], place[64];
	const char *const stack[] = { place, place, NULL };
	struct whydrop_event ev = {
		.reason = 7, .stack_id = 1, .l3_off = WHYDROP_NO_OFFSET, .dev = "eth0",
		.netns = 4026531840, .pkt_len = 60,
	};

	snprintf(node, sizeof(node), "node=host%lu", host);
	snprintf(boot, sizeof(boot), "boot_id=%08lx-0000-4000-8000-000000000000", host);
	snprintf(loads, sizeof(loads), "load_id=%08lx-0000-4000-8000-%012lx", host, load);
	snprintf(name, sizeof(name), "REASON_%lu", host);
	snprintf(place, sizeof(place), "place_%lu_%lu+0x1/0x2", host, load);
	b->swap = host == 2;
	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.1.0-test", node, loads, boot, NULL);
	build_clock(b, 0, 1795376527000000000 + host * 86400000000000);
	build_reason(b, 7, "core", name, "");
	build_reason(b, 8, "core", "NOT_OF_ANY", "");
	for (i = 0; lost && i < 2; i++)
		build_lost(b, i, WHYDROP_LOST_OVERWRITTEN, lost);
	build_stack(b, 1, 7, 0, stack);
	for (i = 0; i < nr; i++) {
		ev.seq = (from + i * step) / 2;
		ev.mono_ns = load * 3600000000000 + (from + i * step) * 1000000;
		build_event(b, (from + i * step) % 2, &ev, NULL);
		write_out(b);
	}
}

static void devices(struct builder *b, unsigned long nr, unsigned long from)
{
	struct whydrop_event ev = { .reason = 7, .l3_off = WHYDROP_NO_OFFSET, .pkt_len = 60 };

	build_header(b);
	build_meta(b, "version=0.1.0", "load_id=1", NULL);
	build_reason(b, 7, "core", "OTHERHOST", "not for this host");
	for (ev.seq = from; nr--; ev.seq++) {
		ev.mono_ns = 1000000000 + ev.seq;
		snprintf(ev.dev, sizeof(ev.dev), "\"}\n\\\033%lx", (unsigned long)ev.seq);
		build_event(b, 0, &ev, NULL);
		write_out(b);
	}
}

/* At the same time: what comes first is written first. */
static void rates(struct builder *b, char **arg)
{
	struct series {
		uint64_t next, end, every;
	} all[16], *first;
	struct whydrop_event ev = {
		.l3_off = WHYDROP_NO_OFFSET, .dev = "eth0", .netns = 100, .pkt_len = 60,
		.sock_ino = 7, .flags = WHYDROP_EV_SK | WHYDROP_EV_SK_FULL,
	};
	static const char netns[] = "name=blue", sock[] = "pid=42\0comm=nginx";
	size_t nr = 0, i;

	start(b);
	build_name(b, WHYDROP_NAME_NETNS, 100, netns, sizeof(netns));
	build_name(b, WHYDROP_NAME_SOCKET, 7, sock, sizeof(sock));
	for (; arg[0] && arg[1] && arg[2] && arg[3] && nr < 16; arg += 4, nr++) {
		const char *const stack[] = { "__udp4_lib_rcv+0x9c4/0xd30", "ip_rcv+0x1/0x2", NULL };

		all[nr] = (struct series){ strtoull(arg[0], NULL, 0) * 1000,
					   strtoull(arg[1], NULL, 0) * 1000, strtoull(arg[2], NULL, 0) };
		build_reason(b, nr + 1, "core", arg[3], "");
		build_stack(b, nr + 1, nr + 1, 0, stack);
	}
	for (;; first->next += first->every, ev.seq++) {
		for (first = NULL, i = 0; i < nr; i++)
			if (all[i].next < all[i].end && (!first || all[i].next < first->next))
				first = &all[i];
		if (!first)
			break;
		ev.reason = ev.stack_id = first - all + 1;
		ev.mono_ns = first->next * 1000000;
		build_event(b, 0, &ev, NULL);
		write_out(b);
	}
}

int main(int argc, char **argv)
{
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 0) : 1000;
	unsigned long m = argc > 3 ? strtoul(argv[3], NULL, 0) : 1000;
	const char *what = argc > 1 ? argv[1] : "sample";
	struct builder b;

	build_init(&b, !strcmp(what, "swapped") || !strcmp(what, "names-swapped") ||
		       !strcmp(what, "hosts-swapped"));
	if (!strcmp(what, "empty"))
		build_header(&b);
	else if (!strcmp(what, "events"))
		many(&b, n);
	else if (!strcmp(what, "flows"))
		flows(&b, n, m);
	else if (!strcmp(what, "reasons") || !strcmp(what, "renamed"))
		reasons(&b, n, true, !strcmp(what, "renamed"));
	else if (!strcmp(what, "numbers"))
		reasons(&b, n, false, false);
	else if (!strcmp(what, "names") || !strcmp(what, "names-swapped"))
		names(&b);
	else if (!strcmp(what, "hosts") || !strcmp(what, "hosts-swapped"))
		hosts(&b);
	else if (!strcmp(what, "now"))
		now(&b, n, m);
	else if (!strcmp(what, "settings"))
		settings(&b, argv + 2);
	else if (!strcmp(what, "devices"))
		devices(&b, n, argc > 3 ? m : 0);
	else if (!strcmp(what, "rates"))
		rates(&b, argv + 2);
	else if (!strcmp(what, "piece") && argc > 5)
		piece(&b, argv + 2, argc - 2);
	else if (!strcmp(what, "losses"))
		losses(&b, n);
	else if (!strcmp(what, "forged"))
		forged(&b);
	else if (!strcmp(what, "talks"))
		talks(&b, n);
	else if (!strcmp(what, "boots"))
		boots(&b, n);
	else if (!strcmp(what, "offsets"))
		offsets(&b);
	else if (!strcmp(what, "stack"))
		stack(&b, argv + 2);
	else if (!strcmp(what, "tunnels"))
		tunnels(&b);
	else if (!strcmp(what, "places"))
		places(&b);
	else if (!strcmp(what, "late") || !strcmp(what, "big"))
		late(&b, !strcmp(what, "big"));
	else if (!strcmp(what, "old"))
		old(&b);
	else if (!strcmp(what, "unnamed"))
		unnamed(&b);
	else if (!strcmp(what, "future"))
		future(&b);
	else if (!strcmp(what, "turns"))
		turns(&b);
	else if (!strcmp(what, "hostile"))
		hostile(&b);
	else if (!strcmp(what, "again"))
		again(&b);
	else
		build_sample(&b);
	if (b.len)
		fwrite(b.buf, 1, b.len, stdout);
	build_free(&b);
	return fflush(stdout) ? 1 : 0;
}
