// SPDX-License-Identifier: GPL-2.0-only
/* Packets: what their bytes tell, also when they are cut or lie. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/util.h"
#include "builder.h"
#include "ktap.h"
#include "stream/packet.h"

static struct whydrop_event event(unsigned int type, size_t len)
{
	return (struct whydrop_event){
		.protocol = htons(type), .caplen = len, .pkt_len = len,
		.dev_type = 1,
	};
}

/* The flow in words; the bytes in memory of exactly their size. */
static const char *flow(const struct whydrop_event *ev, const uint8_t *data)
{
	static char text[FLOW_TEXT];
	uint8_t *copy = malloc(ev->caplen);
	struct packet p;

	memcpy(copy, data, ev->caplen);
	packet_parse(&p, ev, copy);
	packet_flow(text, &p, ev);
	free(copy);
	return text;
}

static void test_udp4(void)
{
	struct whydrop_event ev = event(0x0800, 32);
	uint8_t p[64];

	pkt_ipv4(p, 17, 12);
	pkt_ports(p + 20, 40112, 9999, 12);
	CHECK_STR(flow(&ev, p), "10.0.42.1:40112 > 10.0.42.2:9999 UDP len 32");
	ev.protocol = 0;
	CHECK_STR(flow(&ev, p), "10.0.42.1:40112 > 10.0.42.2:9999 UDP len 32");
	ev.caplen = 23;
	CHECK_STR(flow(&ev, p), "10.0.42.1 > 10.0.42.2 UDP len 32 (cut)");
	ev.protocol = htons(0x0800);
	ev.caplen = 19;
	CHECK_STR(flow(&ev, p), "IPv4 len 32 (cut)");
	ev.caplen = 0;
	CHECK_STR(flow(&ev, p), "IPv4 len 32 (cut)");
	ev.l3_off = WHYDROP_NO_OFFSET;
	ev.flags = WHYDROP_EV_UNWRITTEN;
	CHECK_STR(flow(&ev, p), "IPv4 len 32 (bytes not kept: maybe unwritten)");
}

static void test_tcp(void)
{
	struct whydrop_event ev = event(0x0800, 40);
	uint8_t p[64];

	pkt_ipv4(p, 6, 20);
	pkt_ports(p + 20, 1, 65535, 20);
	p[33] = 0x02;
	CHECK_STR(flow(&ev, p), "10.0.42.1:1 > 10.0.42.2:65535 TCP [S] len 40");
	p[33] = 0x12;
	CHECK_STR(flow(&ev, p), "10.0.42.1:1 > 10.0.42.2:65535 TCP [S.] len 40");
	p[33] = 0xff;
	CHECK_HAS(flow(&ev, p), "TCP [FSRP.UEW]");
	p[33] = 0;
	CHECK_HAS(flow(&ev, p), "TCP [none]");
	ev.caplen = 30;
	CHECK_STR(flow(&ev, p), "10.0.42.1:1 > 10.0.42.2:65535 TCP len 40 (cut)");
}

static void test_ipv6(void)
{
	struct whydrop_event ev = event(0x86dd, 52);
	uint8_t p[256];
	size_t n;

	pkt_ipv6(p, 17, 12);
	pkt_ports(p + 40, 546, 547, 12);
	CHECK_STR(flow(&ev, p),
		  "[fe80::1]:546 > [ff02::1:2]:547 UDP len 52");

	/* Hop-by-hop, routing, authentication, then ICMPv6. */
	/* as the kernel's GRE leaves it: the protocol of another packet */
	ev.protocol = htons(0x0800);
	CHECK_STR(flow(&ev, p),
		  "[fe80::1]:546 > [ff02::1:2]:547 UDP len 52");
	p[5] = 200;
	CHECK_HAS(flow(&ev, p), "bad-header");

	n = pkt_ipv6(p, 0, 8 + 24 + 12 + 8);
	memset(p + n, 0, 200);
	p[n] = 43;
	p[n + 8] = 51;
	p[n + 9] = 2;
	p[n + 32] = 58;
	p[n + 33] = 1;
	p[n + 44] = 135;
	ev = event(0x86dd, n + 52);
	CHECK_STR(flow(&ev, p),
		  "fe80::1 > ff02::1:2 ICMPv6 neighbor-solicitation len 92");
	for (ev.caplen = 0; ev.caplen < n + 46; ev.caplen++)
		CHECK_HAS(flow(&ev, p), "len 92 (cut)");

	/* An extension header that says it has no end. */
	p[n + 9] = 255;
	ev.caplen = n + 52;
	CHECK_STR(flow(&ev, p), "fe80::1 > ff02::1:2 len 92 (cut)");
}

static void test_fragments(void)
{
	struct whydrop_event ev = event(0x0800, 40);
	uint8_t p[128];

	pkt_ipv4(p, 17, 20);
	pkt_ports(p + 20, 7, 9, 20);
	p[6] = 0x20;
	CHECK_STR(flow(&ev, p), "10.0.42.1:7 > 10.0.42.2:9 UDP frag 0+ len 40");
	p[7] = 185;
	CHECK_STR(flow(&ev, p), "10.0.42.1 > 10.0.42.2 UDP frag 1480+ len 40");
	p[6] = 0;
	CHECK_STR(flow(&ev, p), "10.0.42.1 > 10.0.42.2 UDP frag 1480 len 40");

	ev = event(0x86dd, 68);
	pkt_ipv6(p, 44, 28);
	memset(p + 40, 0, 8);
	p[40] = 17;
	p[43] = 1;
	pkt_ports(p + 48, 7, 9, 20);
	CHECK_STR(flow(&ev, p),
		  "[fe80::1]:7 > [ff02::1:2]:9 UDP frag 0+ len 68");
	p[42] = 0x05;
	p[43] = 0xa8;
	CHECK_STR(flow(&ev, p), "fe80::1 > ff02::1:2 UDP frag 1448 len 68");
}

static void test_broken(void)
{
	struct whydrop_event ev = event(0x0800, 32);
	uint8_t p[64];

	pkt_ipv4(p, 17, 12);
	pkt_ports(p + 20, 7, 9, 12);
	p[0] = 0x44;
	CHECK_STR(flow(&ev, p), "10.0.42.1 > 10.0.42.2 UDP len 32 bad-header");
	p[0] = 0x55;
	CHECK_STR(flow(&ev, p), "IPv4 len 32 bad-header");
	p[0] = 0x45;
	p[3] = 33;
	CHECK_STR(flow(&ev, p),
		  "10.0.42.1:7 > 10.0.42.2:9 UDP len 32 bad-header");
	p[0] = 0x4f;
	p[3] = 32;
	CHECK_STR(flow(&ev, p),
		  "10.0.42.1 > 10.0.42.2 UDP len 32 bad-header (cut)");
	/* More than 65535 bytes: the kernel writes 0. */
	p[0] = 0x45;
	p[3] = 0;
	ev.pkt_len = 70000;
	CHECK_STR(flow(&ev, p), "10.0.42.1:7 > 10.0.42.2:9 UDP len 70000");
	ev = event(0x86dd, 32);
	CHECK_STR(flow(&ev, p), "IPv6 len 32 bad-header");
}

static void test_link(void)
{
	struct whydrop_event ev = event(0x0800, 46);
	uint8_t p[128];
	size_t n;

	n = pkt_eth(p, 0x0800);
	pkt_ipv4(p + n, 17, 12);
	pkt_ports(p + n + 20, 7, 9, 12);
	ev.flags = WHYDROP_EV_MAC;
	ev.l3_off = 14;
	CHECK_STR(flow(&ev, p), "10.0.42.1:7 > 10.0.42.2:9 UDP len 32");

	/* The stack had not looked yet; the Ethernet header tells. */
	ev.l3_off = WHYDROP_NO_OFFSET;
	ev.protocol = 0;
	CHECK_STR(flow(&ev, p), "10.0.42.1:7 > 10.0.42.2:9 UDP len 32");
	ev.dev_type = 65534;
	CHECK_STR(flow(&ev, p), "no-header len 46");

	/* Two tags, before the network header or at it. */
	memmove(p + 22, p + 14, 64);
	memcpy(p + 12, "\x88\xa8\x01\x2c\x81\0\x20\x07\x08\0", 10);
	ev = event(0x0800, 54);
	ev.flags = WHYDROP_EV_MAC;
	ev.l3_off = 22;
	CHECK_STR(flow(&ev, p), "vlan 300 10.0.42.1:7 > 10.0.42.2:9 UDP len 32");
	ev.l3_off = WHYDROP_NO_OFFSET;
	CHECK_STR(flow(&ev, p), "vlan 300 10.0.42.1:7 > 10.0.42.2:9 UDP len 32");
	ev.l3_off = 14;
	ev.protocol = htons(0x88a8);
	CHECK_STR(flow(&ev, p), "vlan 300 10.0.42.1:7 > 10.0.42.2:9 UDP len 32");
	ev.flags |= WHYDROP_EV_VLAN;
	ev.vlan_tci = 0xe005;
	CHECK_STR(flow(&ev, p), "vlan 5 10.0.42.1:7 > 10.0.42.2:9 UDP len 32");
}

static void test_others(void)
{
	struct whydrop_event ev = event(0x0806, 28);
	uint8_t p[64] = "\0\1\x08\0\6\4\0\1\2\0\0\0\0\1\x0a\0\x2a\1\0\0\0\0\0\0\x0a\0\x2a\2";

	CHECK_STR(flow(&ev, p), "ARP who-has 10.0.42.2 tell 10.0.42.1 len 28");
	p[7] = 2;
	CHECK_STR(flow(&ev, p), "ARP 10.0.42.1 is-at 02:00:00:00:00:01 len 28");
	p[7] = 9;
	CHECK_STR(flow(&ev, p), "ARP op 9 len 28");
	ev.caplen = 27;
	CHECK_STR(flow(&ev, p), "ARP len 28 (cut)");
	ev = event(0x88cc, 60);
	CHECK_STR(flow(&ev, p), "ethertype 0x88cc (lldp) len 60");
	ev = event(0xbeef, 60);
	CHECK_STR(flow(&ev, p), "ethertype 0xbeef len 60");
	ev = event(0, 60);
	ev.l3_off = WHYDROP_NO_OFFSET;
	CHECK_STR(flow(&ev, p), "no-header len 60");
	ev.sock_family = AF_NETLINK;
	ev.flags = WHYDROP_EV_SK;
	CHECK_STR(flow(&ev, p), "netlink len 60");
	ev.sock_family = AF_UNIX;
	CHECK_STR(flow(&ev, p), "unix len 60");

	ev = event(0x0800, 28);
	pkt_ipv4(p, 132, 8);
	pkt_ports(p + 20, 1000, 2000, 8);
	CHECK_STR(flow(&ev, p), "10.0.42.1:1000 > 10.0.42.2:2000 SCTP len 28");
	p[9] = 253;
	CHECK_STR(flow(&ev, p), "10.0.42.1 > 10.0.42.2 proto 253 len 28");
	p[9] = 1;
	p[20] = 3;
	p[21] = 1;
	CHECK_HAS(flow(&ev, p), "ICMP host-unreachable");
	p[20] = 200;
	p[21] = 7;
	CHECK_HAS(flow(&ev, p), "ICMP 200/7");
}

static void test_offsets(void)
{
	struct whydrop_event ev = event(0x0800, 32);
	uint8_t p[64];

	pkt_ipv4(p, 17, 12);
	ev.l3_off = 33;
	CHECK_STR(flow(&ev, p), "IPv4 len 32");
	ev.pkt_len = 100;
	CHECK_STR(flow(&ev, p), "IPv4 len 67 (cut)");
	ev.l3_off = 0xfffe;
	CHECK_STR(flow(&ev, p), "IPv4 len 100");
}

/* All remarks at once, whether they can be or not. */
static void test_room(void)
{
	static const uint8_t addr[16] = { 0x20, 1, 0xd, 0xb8, 16, 1, 16, 1, 16, 1, 16, 1, 16, 1, 16, 1 };
	const struct whydrop_event ev = { .flags = WHYDROP_EV_UNWRITTEN };
	struct packet pkt = {
		.l4 = -1, .src = addr, .dst = addr, .addr_len = 16, .sport = 65535, .dport = 65535,
		.vlan = 4095, .frag_off = 65528, .len = UINT32_MAX, .tcp_flags = 255,
		.has_proto = true, .has_ports = true, .has_tcp = true, .has_icmp = true,
		.has_vlan = true, .fragment = true, .more = true, .broken = true, .cut = true,
	};
	char *text = malloc(FLOW_TEXT);
	size_t longest = 0;
	unsigned int i;

	for (i = 0; i < 65536; i++) {
		pkt.ethertype = i;
		longest = MAX(longest, packet_flow(text, &pkt, &ev));
	}
	for (i = 0; i < 65536; i++) {
		pkt.ethertype = i & 1 ? 0x86dd : 0x0800;
		pkt.proto = i >> 8;
		pkt.icmp_type = pkt.icmp_code = i & 255;
		longest = MAX(longest, packet_flow(text, &pkt, &ev));
	}
	CHECK_INT(strlen(text), packet_flow(text, &pkt, &ev));
	CHECK(longest < FLOW_TEXT);
	free(text);
}

/* A packet of @outer in IPv4 with @head behind it; then an inner one. Its length. */
static size_t tunnel4(uint8_t *p, unsigned int proto, const uint8_t *head, size_t len, bool ether,
		      bool v6)
{
	size_t n = 20 + len, inner = (v6 ? 40 : 20) + 12;

	pkt_ipv4(p, proto, len + (ether ? 14 : 0) + inner);
	memcpy(p + 20, head, len);
	if (ether)
		n += pkt_eth(p + n, v6 ? 0x86dd : 0x0800);
	n += v6 ? pkt_ipv6(p + n, 17, 12) : pkt_ipv4(p + n, 17, 12);
	/* another than the outer one's */
	p[n - (v6 ? 17 : 5)]++;
	return n + pkt_ports(p + n, 7, 8, 12);
}

static void test_tunnels(void)
{
	static const struct {
		const char *name;
		unsigned int proto;
		uint8_t head[24];
		size_t len;
		bool ether, v6;
		const char *inner;	/* NULL: none to be seen */
	} rows[] = {
		{ "VXLAN", 17, { 0x12, 0x34, 0x12, 0xb5, 0, 62, 0, 0, 8, 0, 0, 0, 0, 0, 42 }, 16, true,
		  false, " (vxlan 42: 10.0.42.2:7 > 10.0.42.2:8 UDP)" },
		{ "VXLAN, old port, largest VNI", 17,
		  { 0x12, 0x34, 0x21, 0x18, 0, 82, 0, 0, 8, 0, 0, 0, 255, 255, 255 }, 16, true, true,
		  " (vxlan 16777215: [fe80::2]:7 > [ff02::1:2]:8 UDP)" },
		{ "VXLAN with a group policy", 17,
		  { 0x12, 0x34, 0x12, 0xb5, 0, 62, 0, 0, 0x88, 0, 0, 5, 0, 0, 1 }, 16, true, false,
		  " (vxlan 1: 10.0.42.2:7 > 10.0.42.2:8 UDP)" },
		{ "no VNI: not VXLAN", 17, { 0x12, 0x34, 0x12, 0xb5, 0, 62 }, 16, true, false, NULL },
		{ "reserved bits: not VXLAN", 17,
		  { 0x12, 0x34, 0x12, 0xb5, 0, 62, 0, 0, 8, 0, 0, 0, 0, 0, 42, 1 }, 16, true, false,
		  NULL },
		{ "from that port, to another", 17,
		  { 0x12, 0xb5, 0x12, 0x34, 0, 62, 0, 0, 8, 0, 0, 0, 0, 0, 42 }, 16, true, false, NULL },
		{ "GENEVE", 17, { 0x12, 0x34, 0x17, 0xc1, 0, 62, 0, 0, 0, 0, 0x65, 0x58, 0, 1, 0 }, 16, true,
		  false, " (geneve 256: 10.0.42.2:7 > 10.0.42.2:8 UDP)" },
		{ "GENEVE with an option, without Ethernet", 17,
		  { 0x12, 0x34, 0x17, 0xc1, 0, 62, 0, 0, 1, 0, 8, 0, 0, 1, 0 }, 20, false, false,
		  " (geneve 256: 10.0.42.2:7 > 10.0.42.2:8 UDP)" },
		{ "GENEVE, a message of control", 17,
		  { 0x12, 0x34, 0x17, 0xc1, 0, 62, 0, 0, 0, 0x80, 0x65, 0x58, 0, 1, 0 }, 16, true, false,
		  NULL },
		{ "GENEVE of another version", 17,
		  { 0x12, 0x34, 0x17, 0xc1, 0, 62, 0, 0, 0x40, 0, 0x65, 0x58, 0, 1, 0 }, 16, true, false,
		  NULL },
		{ "GRE", 47, { 0, 0, 8, 0 }, 4, false, false,
		  " (gre: 10.0.42.2:7 > 10.0.42.2:8 UDP)" },
		{ "GRE with checksum, key, sequence, Ethernet", 47,
		  { 0xb0, 0, 0x65, 0x58, 1, 2, 0, 0, 255, 255, 255, 255, 0, 0, 0, 9 }, 16, true, true,
		  " (gre 4294967295: [fe80::2]:7 > [ff02::1:2]:8 UDP)" },
		{ "GRE of PPTP", 47, { 0x30, 1, 0x88, 0x0b }, 4, false, false, NULL },
		{ "GRE with a route", 47, { 0x40, 0, 8, 0, 0, 0, 0, 0 }, 8, false, false, NULL },
		{ "GRE of an unknown protocol", 47, { 0, 0, 0x88, 0xb5 }, 4, false, false,
		  " (gre: ethertype 0x88b5)" },
		{ "IPv4 in IPv4", 4, { 0 }, 0, false, false, " (ipip: 10.0.42.2:7 > 10.0.42.2:8 UDP)" },
		{ "IPv6 in IPv4", 41, { 0 }, 0, false, true, " (sit: [fe80::2]:7 > [ff02::1:2]:8 UDP)" },
		{ "IPv6 where it should be IPv4", 4, { 0 }, 0, false, true, NULL },
	};
	char text[FLOW_TEXT], *inner;
	unsigned int i, cut, shown = 0;
	uint8_t p[256];

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n = tunnel4(p, rows[i].proto, rows[i].head, rows[i].len, rows[i].ether, rows[i].v6);
		struct whydrop_event ev = event(0x0800, n);

		strcpy(text, flow(&ev, p));
		if (rows[i].inner ? !strstr(text, rows[i].inner) : !!strchr(text, '('))
			FAIL("%s: %s", rows[i].name, text);
		/* Cut anywhere: an inner packet with its addresses, or none. */
		for (cut = 0; cut < n; cut++) {
			ev.caplen = cut;
			strcpy(text, flow(&ev, p));
			inner = strstr(text, ": ");
			if (inner && strncmp(inner + 2, "10.0.42.2", 9) && strncmp(inner + 2, "fe80::2 ", 8) &&
			    strncmp(inner + 2, "[fe80::2]", 9) && strncmp(inner + 2, "ethertype", 9))
				FAIL("%s, %u bytes: %s", rows[i].name, cut, text);
			shown += inner != NULL;
		}
		/* A later fragment has no header of the tunnel's. */
		ev.caplen = n;
		p[6] = 1;
		if (strstr(flow(&ev, p), "("))
			FAIL("%s, a fragment: %s", rows[i].name, flow(&ev, p));
	}
	CHECK(shown > 100);
}

TESTS(
	{ "UDP over IPv4", test_udp4 },
	{ "TCP and its flags", test_tcp },
	{ "IPv6 and its extension headers", test_ipv6 },
	{ "fragments have no ports", test_fragments },
	{ "headers that contradict themselves", test_broken },
	{ "link-layer headers and VLANs", test_link },
	{ "ARP, ICMP, SCTP, sockets, the rest", test_others },
	{ "offsets beyond the packet", test_offsets },
	{ "what tunnels carry", test_tunnels },
	{ "the longest text has room", test_room },
)
