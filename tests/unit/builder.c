// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "builder.h"

uint16_t build_u16(const struct builder *b, uint16_t v)
{
	return b->swap ? __builtin_bswap16(v) : v;
}

uint32_t build_u32(const struct builder *b, uint32_t v)
{
	return b->swap ? __builtin_bswap32(v) : v;
}

static uint64_t build_u64(const struct builder *b, uint64_t v)
{
	return b->swap ? __builtin_bswap64(v) : v;
}

void build_init(struct builder *b, bool swap)
{
	memset(b, 0, sizeof(*b));
	b->swap = swap;
}

void build_free(struct builder *b)
{
	free(b->buf);
	memset(b, 0, sizeof(*b));
}

static void add(struct builder *b, const void *p, size_t len)
{
	if (b->len + len > b->room) {
		b->room = (b->len + len) * 2 + 4096;
		b->buf = realloc(b->buf, b->room);
		if (!b->buf)
			abort();
	}
	if (len)
		memcpy(b->buf + b->len, p, len);
	b->len += len;
}

static void start(struct builder *b, unsigned int type, unsigned int cpu)
{
	struct whydrop_rec rec = {
		.type = build_u16(b, type), .cpu = build_u16(b, cpu),
	};

	b->last = b->len;
	add(b, &rec, sizeof(rec));
}

static void finish(struct builder *b)
{
	static const uint8_t zero[8];
	uint32_t size;

	add(b, zero, -(b->len - b->last) & 7);
	size = build_u32(b, b->len - b->last);
	memcpy(b->buf + b->last, &size, sizeof(size));
}

void build_record(struct builder *b, unsigned int type, const void *text,
		  size_t len)
{
	start(b, type, 0);
	add(b, text, len);
	finish(b);
}

void build_header(struct builder *b)
{
	struct whydrop_file_header h = {
		.byte_order = build_u32(b, WHYDROP_BYTE_ORDER),
		.abi_major = build_u16(b, WHYDROP_ABI_MAJOR),
		.abi_minor = build_u16(b, WHYDROP_ABI_MINOR),
		.header_size = build_u32(b, sizeof(h)),
	};

	memcpy(h.magic, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN);
	add(b, &h, sizeof(h));
}

void build_meta(struct builder *b, ...)
{
	const char *text;
	va_list ap;

	start(b, WHYDROP_REC_META, 0);
	va_start(ap, b);
	while ((text = va_arg(ap, const char *)))
		add(b, text, strlen(text) + 1);
	va_end(ap);
	finish(b);
}

void build_clock(struct builder *b, uint64_t mono_ns, uint64_t real_ns)
{
	uint64_t v[2] = { build_u64(b, mono_ns), build_u64(b, real_ns) };

	start(b, WHYDROP_REC_CLOCK, 0);
	add(b, v, sizeof(v));
	finish(b);
}

void build_setting(struct builder *b, uint64_t mono_ns, const char *text)
{
	uint64_t v = build_u64(b, mono_ns);

	start(b, WHYDROP_REC_SETTING, 0);
	add(b, &v, sizeof(v));
	add(b, text, strlen(text) + 1);
	finish(b);
}

void build_name(struct builder *b, unsigned int kind, uint32_t id, const char *text, size_t len)
{
	char rec[512];
	uint32_t head[2] = { build_u32(b, kind), build_u32(b, id) };

	memcpy(rec, head, sizeof(head));
	memcpy(rec + sizeof(head), text, len);
	build_record(b, WHYDROP_REC_NAME, rec, sizeof(head) + len);
}

void build_host(struct builder *b, unsigned int first, uint32_t there, const char *text, size_t len)
{
	uint32_t v[2] = { build_u32(b, there), 0 };

	start(b, WHYDROP_REC_HOST, first);
	add(b, v, sizeof(v));
	add(b, text, len);
	finish(b);
}

void build_reason(struct builder *b, uint32_t reason, const char *subsys,
		  const char *name, const char *description)
{
	uint32_t v[2] = { build_u32(b, reason), 0 };

	start(b, WHYDROP_REC_REASON, 0);
	add(b, v, sizeof(v));
	add(b, subsys, strlen(subsys) + 1);
	add(b, name, strlen(name) + 1);
	add(b, description, strlen(description) + 1);
	finish(b);
}

void build_stack(struct builder *b, uint32_t id, uint32_t reason,
		 unsigned int flags, const char *const *text)
{
	struct whydrop_stack_rec st = {
		.id = build_u32(b, id), .reason = build_u32(b, reason),
		.flags = build_u16(b, flags),
	};
	unsigned int i, len = 0;

	for (i = 0; text[i]; i++)
		len += strlen(text[i]) + 1;
	st.nr = build_u16(b, i - 1);
	st.text_len = build_u32(b, len);
	start(b, WHYDROP_REC_STACK, 0);
	add(b, &st.id, sizeof(st) - sizeof(st.rec));
	for (i = 0; text[i]; i++)
		add(b, text[i], strlen(text[i]) + 1);
	finish(b);
}

#define SWAP16(x) ((x) = build_u16(b, x))
#define SWAP32(x) ((x) = build_u32(b, x))
#define SWAP64(x) ((x) = build_u64(b, x))

/* Written out, so that it does not share a mistake with the decoder. */
void build_event(struct builder *b, unsigned int cpu,
		 const struct whydrop_event *from, const uint8_t *data)
{
	struct whydrop_event ev = *from;
	size_t caplen = ev.caplen;

	SWAP64(ev.seq); SWAP64(ev.mono_ns); SWAP32(ev.reason);
	SWAP32(ev.stack_id); SWAP32(ev.pid); SWAP32(ev.ifindex);
	SWAP32(ev.iif); SWAP32(ev.netns); SWAP32(ev.pkt_len); SWAP32(ev.mark);
	SWAP16(ev.flags); SWAP16(ev.caplen); SWAP16(ev.l3_off);
	SWAP16(ev.dev_type); SWAP16(ev.vlan_tci); SWAP16(ev.sock_protocol);
	SWAP64(ev.sock_cookie); SWAP32(ev.sock_ino); SWAP32(ev.sock_uid);
	SWAP32(ev.sock_rmem); SWAP32(ev.sock_rcvbuf);
	start(b, WHYDROP_REC_EVENT, cpu);
	add(b, &ev.seq, sizeof(ev) - sizeof(ev.rec));
	add(b, data, caplen);
	finish(b);
}

void build_lost(struct builder *b, unsigned int cpu, unsigned int cause,
		uint64_t count)
{
	uint64_t n = build_u64(b, count);
	uint32_t v[2] = { build_u32(b, cause), 0 };

	start(b, WHYDROP_REC_LOST, cpu);
	add(b, &n, sizeof(n));
	add(b, v, sizeof(v));
	finish(b);
}

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v;
}

size_t pkt_eth(uint8_t *p, unsigned int type)
{
	static const uint8_t macs[12] = {
		0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x01,
	};

	memcpy(p, macs, sizeof(macs));
	put16(p + 12, type);
	return 14;
}

size_t pkt_ipv4(uint8_t *p, unsigned int proto, size_t payload)
{
	memset(p, 0, 20);
	p[0] = 0x45;
	put16(p + 2, 20 + payload);
	p[8] = 64;
	p[9] = proto;
	inet_pton(AF_INET, "10.0.42.1", p + 12);
	inet_pton(AF_INET, "10.0.42.2", p + 16);
	return 20;
}

size_t pkt_ipv6(uint8_t *p, unsigned int next, size_t payload)
{
	memset(p, 0, 40);
	p[0] = 0x60;
	put16(p + 4, payload);
	p[6] = next;
	p[7] = 64;
	inet_pton(AF_INET6, "fe80::1", p + 8);
	inet_pton(AF_INET6, "ff02::1:2", p + 24);
	return 40;
}

size_t pkt_ports(uint8_t *p, unsigned int sport, unsigned int dport, size_t len)
{
	memset(p, 0, len);
	put16(p, sport);
	put16(p + 2, dport);
	return len;
}

#define AT_UDP "__udp4_lib_rcv+0x9c4/0xd30"
#define AT_TCP "tcp_v4_rcv+0x1b0/0xf30"
#define AT_NFT "nft_do_chain+0x3b0/0x5a0 [nf_tables]"

static const char *const stack_udp[] = {
	AT_UDP, AT_UDP, "ip_protocol_deliver_rcu+0x33/0x1c0",
	"ip_local_deliver_finish+0x74/0x90", "__netif_receive_skb_one_core+0x86/0xa0",
	"process_backlog+0x88/0x140", NULL,
};

static const char *const stack_tcp[] = {
	AT_TCP, AT_TCP, "ip_protocol_deliver_rcu+0x33/0x1c0",
	"ip_local_deliver_finish+0x74/0x90", NULL,
};

static const char *const stack_nft[] = {
	"nf_hook_slow+0xa8/0xd0", "nf_hook_slow+0xa8/0xd0",
	AT_NFT, "ip_local_deliver+0xd7/0x100", NULL,
};

static const char *const place_other[] = { "ip_rcv_core+0x1d9/0x3b0", NULL };
static const char *const stack_arp[] = {
	"arp_rcv+0x13a/0x1c0", "arp_rcv+0x13a/0x1c0", NULL,
};

static const char *const stack_raw6[] = {
	"rawv6_rcv+0x318/0x340", "rawv6_rcv+0x318/0x340",
	"raw6_local_deliver+0x10d/0x200", "0xffffffffc0de1000", NULL,
};

static const char *const stack_unix[] = {
	"unix_release_sock+0x2c1/0x3a0", "unix_release_sock+0x2c1/0x3a0",
	"unix_release+0x2d/0x40", "__sock_release+0x3d/0xb0", NULL,
};

static const char *const stack_evil[] = {
	"evil\033[31m\"name\\+0x1/0x2 [\xff\xc3\xa9]", "evil\033[31m\"name\\+0x1/0x2 [\xff\xc3\xa9]",
	NULL,
};

/*
 * 2026-11-22 19:42:07.114201337 UTC, shortly after boot: as a live stream of
 * this machine it must be of the past.
 */
#define MONO0 643385999ull
#define REAL0 1795376527114201337ull

void build_sample(struct builder *b)
{
	struct whydrop_event ev = { 0 };
	uint8_t p[256];
	size_t n;

	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.1.0-test", "machine=x86_64",
		   "node=sample", "load_id=8d9a2c50-1111-4222-8333-444455556666",
		   NULL);
	build_clock(b, MONO0, REAL0);
	build_reason(b, 2, "core", "NOT_SPECIFIED", "drop reason is not specified");
	build_reason(b, 3, "core", "NO_SOCKET", "socket not found");
	build_reason(b, 6, "core", "SOCKET_FILTER", "dropped by socket filter");
	build_reason(b, 7, "core", "OTHERHOST", "packet don't belong to current host");
	build_reason(b, 8, "core", "NETFILTER_DROP", "dropped by netfilter");
	build_reason(b, 0x30001, "openvswitch", "OVS_LAST_ACTION",
		     "last action of the flow");
	build_lost(b, 0, WHYDROP_LOST_HISTORY, 41);

	/* 1: UDP to a closed port. */
	build_stack(b, 1, 3, 0, stack_udp);
	ev = (struct whydrop_event){
		.seq = 1842, .mono_ns = MONO0, .reason = 3, .stack_id = 1,
		.ifindex = 4, .comm = "swapper/0", .dev = "veth0", .iif = 4,
		.netns = 4026532281, .pkt_len = 32, .ctx = WHYDROP_CTX_SOFTIRQ,
		.caplen = 32, .dev_type = 1, .protocol = htons(0x0800),
		.flags = 0,
	};
	n = pkt_ipv4(p, 17, 12);
	n += pkt_ports(p + n, 40112, 9999, 12);
	build_event(b, 0, &ev, p);

	/* 2: TCP SYN to a closed port, with Ethernet header and VLAN. */
	build_stack(b, 2, 3, WHYDROP_STACK_CUT, stack_tcp);
	ev = (struct whydrop_event){
		.seq = 7, .mono_ns = MONO0 + 1000000, .reason = 3,
		.stack_id = 2, .pid = 712, .ifindex = 2,
		.comm = "irq/160-iwlwifi", .dev = "eth0", .iif = 2,
		.netns = 4026531840, .pkt_len = 74, .mark = 0x2a,
		.flags = WHYDROP_EV_MAC | WHYDROP_EV_VLAN | WHYDROP_EV_DEV_BY_IIF,
		.ctx = WHYDROP_CTX_SOFTIRQ, .caplen = 74, .l3_off = 14,
		.dev_type = 1, .protocol = htons(0x0800), .vlan_tci = 0x200a,
	};
	n = pkt_eth(p, 0x0800);
	n += pkt_ipv4(p + n, 6, 40);
	pkt_ports(p + n, 51000, 443, 40);
	p[n + 12] = 0xa0;
	p[n + 13] = 0x02;
	build_event(b, 1, &ev, p);

	/* 3: refused by nftables, in a task: ping, with its socket. */
	build_stack(b, 3, 8, WHYDROP_STACK_INTERRUPTED, stack_nft);
	ev = (struct whydrop_event){
		.seq = 1843, .mono_ns = MONO0 + 2000000, .reason = 8,
		.stack_id = 3, .pid = 4242, .ifindex = 1, .comm = "ping",
		.dev = "lo", .netns = 4026531840, .pkt_len = 84,
		.flags = WHYDROP_EV_SK | WHYDROP_EV_SK_FULL | WHYDROP_EV_TX_SK,
		.caplen = 84, .dev_type = 772, .protocol = htons(0x0800),
		.sock_protocol = 1, .sock_ino = 31337, .sock_uid = 1000,
		.sock_rmem = 768, .sock_rcvbuf = 212992, .sock_family = AF_INET,
		.sock_type = SOCK_RAW, .sock_state = 7,
	};
	memset(p, 0, sizeof(p));
	pkt_ipv4(p, 1, 64);
	p[20] = 8;
	build_event(b, 0, &ev, p);

	/* 4: somebody else's packet; the rate of stacks was spent. */
	build_stack(b, 4, 7, WHYDROP_STACK_PLACE_ONLY, place_other);
	build_lost(b, 1, WHYDROP_LOST_OVERWRITTEN, 118);
	ev = (struct whydrop_event){
		.seq = 126, .mono_ns = MONO0 + 3000000, .reason = 7,
		.stack_id = 4, .ifindex = 2, .comm = "swapper/1",
		.dev = "eth0", .netns = 4026531840, .pkt_len = 60,
		.flags = WHYDROP_EV_MAC | WHYDROP_EV_OTHER_MAC,
		.ctx = WHYDROP_CTX_SOFTIRQ,
		.stack_kind = WHYDROP_STACK_SUPPRESSED, .caplen = 56,
		.l3_off = 14, .dev_type = 1, .protocol = htons(0x86dd),
	};
	n = pkt_eth(p, 0x86dd);
	n += pkt_ipv6(p + n, 17, 20);
	pkt_ports(p + n, 546, 547, 20);
	ev.caplen = 62;
	ev.pkt_len = 74;
	build_event(b, 1, &ev, p);

	/* 5: ARP. */
	build_stack(b, 5, 2, 0, stack_arp);
	ev = (struct whydrop_event){
		.seq = 1844, .mono_ns = MONO0 + 4000000, .reason = 2,
		.stack_id = 5, .ifindex = 4, .comm = "swapper/0",
		.dev = "veth0", .netns = 4026532281, .pkt_len = 28,
		.ctx = WHYDROP_CTX_HARDIRQ, .caplen = 28, .dev_type = 1,
		.protocol = htons(0x0806),
	};
	memcpy(p, "\0\1\x08\0\6\4\0\1\2\0\0\0\0\1\x0a\0\x2a\1\0\0\0\0\0\0\x0a\0\x2a\2", 28);
	build_event(b, 0, &ev, p);

	/* 6: ICMPv6 refused by a socket's filter; a frame without symbol. */
	build_stack(b, 6, 6, WHYDROP_STACK_UNLOADED, stack_raw6);
	ev = (struct whydrop_event){
		.seq = 127, .mono_ns = MONO0 + 5000000, .reason = 6,
		.stack_id = 6, .pid = 712, .ifindex = 3,
		.comm = "irq/160-iwlwifi", .dev = "wlan0",
		.netns = 4026531840, .pkt_len = 86,
		.flags = WHYDROP_EV_SK | WHYDROP_EV_SK_FULL | WHYDROP_EV_RX_SK,
		.ctx = WHYDROP_CTX_SOFTIRQ, .caplen = 86, .dev_type = 1,
		.protocol = htons(0x86dd), .sock_cookie = 77,
		.sock_protocol = 58, .sock_ino = 40123, .sock_uid = 997,
		.sock_rmem = 4608, .sock_rcvbuf = 212992,
		.sock_family = AF_INET6, .sock_type = SOCK_RAW, .sock_state = 7,
	};
	memset(p, 0, sizeof(p));
	pkt_ipv6(p, 58, 46);
	p[40] = 135;
	build_event(b, 1, &ev, p);

	/* 7: unix socket: no device, no network header. */
	build_stack(b, 7, 2, 0, stack_unix);
	ev = (struct whydrop_event){
		.seq = 1845, .mono_ns = MONO0 + 6000000, .reason = 2,
		.stack_id = 7, .pid = 900, .comm = "dbus-daemon",
		.pkt_len = 144, .flags = WHYDROP_EV_SK | WHYDROP_EV_SK_FULL,
		.l3_off = WHYDROP_NO_OFFSET, .sock_family = AF_UNIX,
		.sock_type = SOCK_STREAM, .sock_state = 7, .sock_ino = 12,
		.stack_kind = WHYDROP_STACK_BY_ID,
	};
	build_event(b, 0, &ev, NULL);

	/* 8: names that want to steer the terminal; subsystem; transient. */
	build_stack(b, 0x80000001, 0x30001, WHYDROP_STACK_TRANSIENT, stack_evil);
	ev = (struct whydrop_event){
		.seq = 128, .mono_ns = MONO0 + 7000000, .reason = 0x30001,
		.stack_id = 0x80000001, .pid = 13, .ifindex = 9,
		.comm = "a\033[2Jb\n\"c\xff\\", .dev = "d\x9b\x31m\xc2\x9b",
		.netns = 4026531840, .pkt_len = 60,
		.stack_kind = WHYDROP_STACK_INLINE, .dev_type = 1,
		.protocol = htons(0x88cc), .l3_off = 0, .caplen = 4,
	};
	memcpy(p, "\x02\x07\x04\x02", 4);
	build_event(b, 1, &ev, p);

	/* 9: a number without a name; 10: no reasons at all; a fragment. */
	ev = (struct whydrop_event){
		.seq = 1846, .mono_ns = MONO0 + 1500000000, .reason = 0x7ffff,
		.stack_id = 2, .pid = 1, .comm = "systemd", .dev = "eth0",
		.ifindex = 2, .netns = 4026531840, .pkt_len = 1500,
		.stack_kind = WHYDROP_STACK_OFF, .caplen = 40, .dev_type = 1,
		.protocol = htons(0x0800),
	};
	n = pkt_ipv4(p, 17, 1480);
	p[6] = 0x20;
	p[7] = 185;
	pkt_ports(p + n, 40112, 9999, 20);
	build_event(b, 0, &ev, p);
	ev.seq++;
	ev.mono_ns++;
	ev.reason = WHYDROP_NO_REASON;
	ev.stack_id = 99;
	p[6] = 0x20;
	p[7] = 0;
	build_event(b, 0, &ev, p);
}
