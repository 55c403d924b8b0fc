// SPDX-License-Identifier: GPL-2.0-only
/* Packets in words: names for numbers, addresses, and all of it in a line. */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "stream/packet.h"
#include "base/util.h"

const char *proto_name(unsigned int proto)
{
	static const char *const names[256] = {
		[1] = "icmp", [2] = "igmp", [4] = "ipip", [6] = "tcp",
		[17] = "udp", [33] = "dccp", [41] = "ipv6", [47] = "gre",
		[50] = "esp", [51] = "ah", [58] = "icmpv6", [88] = "eigrp",
		[89] = "ospf", [103] = "pim", [108] = "ipcomp", [112] = "vrrp",
		[115] = "l2tp", [132] = "sctp", [136] = "udplite",
		[137] = "mpls",
	};

	return proto < ARRAY_SIZE(names) ? names[proto] : NULL;
}

const char *ethertype_name(unsigned int type)
{
	static const struct {
		unsigned short type;
		const char *name;
	} names[] = {
		{ ETH_IPV4, "ipv4" }, { ETH_ARP, "arp" }, { ETH_IPV6, "ipv6" },
		{ 0x0001, "802.3" }, { 0x0004, "802.2" }, { 0x0003, "all" },
		{ 0x000c, "can" }, { 0x00f6, "802.15.4" }, { 0x0842, "wol" },
		{ 0x8035, "rarp" }, { 0x809b, "atalk" }, { 0x8100, "vlan" },
		{ 0x8137, "ipx" }, { 0x8808, "pause" }, { 0x8809, "slow" },
		{ 0x8847, "mpls" }, { 0x8848, "mpls" }, { 0x8863, "pppoe" },
		{ 0x8864, "pppoe" }, { 0x888e, "eapol" }, { 0x8892, "profinet" },
		{ 0x88a8, "vlan" }, { 0x88c7, "rsn-preauth" },
		{ 0x88cc, "lldp" }, { 0x88e5, "macsec" }, { 0x88e7, "pbb" },
		{ 0x88f7, "ptp" }, { 0x8902, "cfm" }, { 0x8906, "fcoe" },
		{ 0x9000, "loopback" }, { 0x88b8, "goose" },
		{ 0x4305, "batman" }, { 0x00fb, "hsr" }, { 0x892f, "hsr" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].type == type)
			return names[i].name;
	return NULL;
}

const char *socket_family(unsigned int family)
{
	static const char *const names[] = {
		[AF_UNIX] = "unix", [AF_INET] = "inet", [AF_INET6] = "inet6",
		[AF_NETLINK] = "netlink", [AF_PACKET] = "packet",
		[AF_BLUETOOTH] = "bluetooth", [AF_CAN] = "can",
		[AF_TIPC] = "tipc", [AF_VSOCK] = "vsock", [AF_KCM] = "kcm",
		[AF_QIPCRTR] = "qipcrtr", [AF_SMC] = "smc", [AF_XDP] = "xdp",
		[AF_PPPOX] = "pppox", [AF_KEY] = "key", [AF_X25] = "x25",
		[AF_AX25] = "ax25", [AF_RXRPC] = "rxrpc", [AF_ALG] = "alg",
		[AF_PHONET] = "phonet", [AF_IEEE802154] = "ieee802154",
	};

	return family < ARRAY_SIZE(names) ? names[family] : NULL;
}

const char *icmp_name(const struct packet *p)
{
	static const char *const unreachable[] = {
		"net-unreachable", "host-unreachable", "protocol-unreachable",
		"port-unreachable", "need-to-frag",
	};

	if (p->proto == IPPROTO_ICMP) {
		switch (p->icmp_type) {
		case 0: return "echo-reply";
		case 3: return p->icmp_code < ARRAY_SIZE(unreachable) ?
			       unreachable[p->icmp_code] : "unreachable";
		case 5: return "redirect";
		case 8: return "echo-request";
		case 9: return "router-advertisement";
		case 10: return "router-solicitation";
		case 11: return "time-exceeded";
		case 12: return "parameter-problem";
		default: return NULL;
		}
	}
	switch (p->icmp_type) {
	case 1: return p->icmp_code == 4 ? "port-unreachable" : "unreachable";
	case 2: return "packet-too-big";
	case 3: return "time-exceeded";
	case 4: return "parameter-problem";
	case 128: return "echo-request";
	case 129: return "echo-reply";
	case 130: return "mld-query";
	case 131: return "mld-report";
	case 132: return "mld-done";
	case 133: return "router-solicitation";
	case 134: return "router-advertisement";
	case 135: return "neighbor-solicitation";
	case 136: return "neighbor-advertisement";
	case 137: return "redirect";
	case 143: return "mld2-report";
	default: return NULL;
	}
}

static char *put_byte(char *p, unsigned int v)
{
	if (v >= 100)
		*p++ = '0' + v / 100;
	if (v >= 10)
		*p++ = '0' + v / 10 % 10;
	*p++ = '0' + v % 10;
	return p;
}

size_t addr_text(char out[ADDR_TEXT], const uint8_t *addr, unsigned int len)
{
	static const char hex[] = "0123456789abcdef";
	char *p = out;
	unsigned int i;

	if (len == 16) {
		inet_ntop(AF_INET6, addr, out, ADDR_TEXT);
		return strlen(out);
	}
	for (i = 0; i < len; i++) {
		if (i)
			*p++ = len == 4 ? '.' : ':';
		if (len == 4) {
			p = put_byte(p, addr[i]);
		} else {
			*p++ = hex[addr[i] >> 4];
			*p++ = hex[addr[i] & 15];
		}
	}
	*p = '\0';
	return p - out;
}

void tcp_flags(char out[12], unsigned int flags)
{
	static const char letters[] = "FSRP.UEW";
	unsigned int i, n = 0;

	for (i = 0; i < 8; i++)
		if (flags & 1 << i)
			out[n++] = letters[i];
	if (!n)
		strcpy(out, "none");
	else
		out[n] = '\0';
}

/* Text put together piece by piece; what has no room is left out. */
struct piece {
	char	*pos, *end;
};

static void put_all(struct piece *t, const char *const *s)
{
	const char *p;

	for (; *s; s++)
		for (p = *s; *p && t->pos < t->end; p++)
			*t->pos++ = *p;
	*t->pos = '\0';
}

#define PUT(t, ...) put_all(t, (const char *const []){ __VA_ARGS__, NULL })

static void put_u32(struct piece *t, const char *before, uint32_t v, const char *behind)
{
	char digits[11], *p = digits + 10;

	*p = '\0';
	do
		*--p = '0' + v % 10;
	while (v /= 10);
	PUT(t, before, p, behind);
}

static void put_addr(struct piece *t, const struct packet *p, const uint8_t *addr,
		     unsigned int port)
{
	bool bracket = p->has_ports && p->addr_len == 16;
	char text[ADDR_TEXT];

	addr_text(text, addr, p->addr_len);
	PUT(t, bracket ? "[" : "", text, bracket ? "]" : "");
	if (p->has_ports)
		put_u32(t, ":", port, "");
}

static void put_proto(struct piece *t, const struct packet *p)
{
	const char *name = proto_name(p->proto);
	char upper[16] = "";
	size_t i;

	for (i = 0; name && name[i] && i < sizeof(upper) - 1; i++)
		upper[i] = toupper((unsigned char)name[i]);
	if (p->proto == IPPROTO_ICMPV6)
		PUT(t, " ICMPv6");
	else if (name)
		PUT(t, " ", upper);
	else
		put_u32(t, " proto ", p->proto, "");
}

/* @brief: what all packets of a flow have in common. */
static void put_ip(struct piece *t, const struct packet *p, bool brief)
{
	char flags[12];

	if (p->src) {
		put_addr(t, p, p->src, p->sport);
		PUT(t, " > ");
		put_addr(t, p, p->dst, p->dport);
	} else {
		PUT(t, p->ethertype == ETH_IPV4 ? "IPv4" : "IPv6");
	}
	if (p->has_proto)
		put_proto(t, p);
	if (brief)
		return;
	if (p->has_tcp) {
		tcp_flags(flags, p->tcp_flags);
		PUT(t, " [", flags, "]");
	}
	if (p->has_icmp && icmp_name(p)) {
		PUT(t, " ", icmp_name(p));
	} else if (p->has_icmp) {
		put_u32(t, " ", p->icmp_type, "/");
		put_u32(t, "", p->icmp_code, "");
	}
	if (p->fragment)
		put_u32(t, " frag ", p->frag_off, p->more ? "+" : "");
}

static void put_arp(struct piece *t, const struct packet *p)
{
	char from[ADDR_TEXT], about[ADDR_TEXT], mac[ADDR_TEXT];

	PUT(t, "ARP");
	if (!p->src)
		return;
	addr_text(from, p->src, 4);
	addr_text(about, p->dst, 4);
	addr_text(mac, p->src - 6, 6);
	if (p->arp_op == 1)
		PUT(t, " who-has ", about, " tell ", from);
	else if (p->arp_op == 2)
		PUT(t, " ", from, " is-at ", mac);
	else
		put_u32(t, " op ", p->arp_op, "");
}

static void put_flow(struct piece *t, const struct packet *p, const struct whydrop_event *ev,
		     bool brief)
{
	const char *family = ev->flags & WHYDROP_EV_SK ? socket_family(ev->sock_family) : NULL;
	const char *name = ethertype_name(p->ethertype);
	char type[16];

	if (p->has_vlan)
		put_u32(t, "vlan ", p->vlan, " ");
	if (p->ethertype == ETH_IPV4 || p->ethertype == ETH_IPV6) {
		put_ip(t, p, brief);
	} else if (p->ethertype == ETH_ARP) {
		put_arp(t, p);
	} else if (p->ethertype) {
		snprintf(type, sizeof(type), "0x%04x", p->ethertype);
		PUT(t, "ethertype ", type);
		if (name)
			PUT(t, " (", name, ")");
	} else {
		PUT(t, family ? family : "no-header");
	}
}

void packet_flow(char *out, size_t room, const struct packet *p, const struct whydrop_event *ev)
{
	struct piece t = { out, out + room - 1 };

	*out = '\0';
	put_flow(&t, p, ev, false);
	put_u32(&t, " len ", p->len, "");
	if (p->broken)
		PUT(&t, " bad-header");
	if (p->cut)
		PUT(&t, " (cut)");
	if (ev->flags & WHYDROP_EV_UNWRITTEN)
		PUT(&t, " (bytes not kept: maybe unwritten)");
}

void packet_flow_key(char *out, size_t room, const struct packet *p, const struct whydrop_event *ev)
{
	struct piece t = { out, out + room - 1 };

	*out = '\0';
	put_flow(&t, p, ev, true);
}
