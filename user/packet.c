// SPDX-License-Identifier: GPL-2.0-only
/* What the captured bytes of a packet tell: addresses, ports, protocol. */
#include <arpa/inet.h>
#include <ctype.h>
#include <linux/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "packet.h"
#include "util.h"

#define ETH_IPV4	0x0800
#define ETH_ARP		0x0806
#define ETH_IPV6	0x86dd

static unsigned int be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static bool is_vlan(unsigned int type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

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

static void parse_l4(struct packet *p, size_t have)
{
	const uint8_t *h;
	size_t least = 4;

	if (p->l4 < 0 || !p->has_proto || (p->fragment && p->frag_off))
		return;
	if (p->proto == IPPROTO_TCP)
		least = 14;
	else if (p->proto == IPPROTO_ICMP || p->proto == IPPROTO_ICMPV6)
		least = 2;
	h = p->l3 + p->l4;
	have = (size_t)p->l4 < have ? have - p->l4 : 0;
	switch (p->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		if (have >= 4) {
			p->sport = be16(h);
			p->dport = be16(h + 2);
			p->has_ports = true;
		}
		if (p->proto == IPPROTO_TCP && have >= least) {
			p->tcp_flags = h[13];
			p->has_tcp = true;
		}
		p->cut |= have < least;
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (have >= least) {
			p->icmp_type = h[0];
			p->icmp_code = h[1];
			p->has_icmp = true;
		}
		p->cut |= have < least;
		break;
	default:
		break;
	}
}

static void parse_ipv4(struct packet *p, size_t have)
{
	const uint8_t *h = p->l3;
	unsigned int header, total, frag;

	if (have && h[0] >> 4 != 4) {
		p->broken = true;
		return;
	}
	if (have < 20) {
		p->cut = true;
		return;
	}
	p->src = h + 12;
	p->dst = h + 16;
	p->addr_len = 4;
	p->proto = h[9];
	p->has_proto = true;
	header = (h[0] & 15) * 4;
	total = be16(h + 2);
	/* 0 is how the kernel writes more than 65535. */
	if (header < 20 || (total && (total < header || total > p->len))) {
		p->broken = true;
		if (header < 20)
			return;
	}
	frag = be16(h + 6);
	p->frag_off = (frag & 0x1fff) * 8;
	p->more = frag & 0x2000;
	p->fragment = p->frag_off || p->more;
	p->l4 = header;
	parse_l4(p, have);
}

static void parse_ipv6(struct packet *p, size_t have)
{
	const uint8_t *h = p->l3;
	size_t at = 40, len;
	unsigned int next;

	if (have && h[0] >> 4 != 6) {
		p->broken = true;
		return;
	}
	if (have < 40) {
		p->cut = true;
		return;
	}
	p->src = h + 8;
	p->dst = h + 24;
	p->addr_len = 16;
	if (be16(h + 4) + 40u > p->len)
		p->broken = true;
	for (next = h[6]; ; next = h[at], at += len) {
		switch (next) {
		case 0: case 43: case 60: case 135: case 139: case 140:
			len = at + 2 <= have ? (h[at + 1] + 1) * 8 : 0;
			break;
		case 51:
			len = at + 2 <= have ? (h[at + 1] + 2) * 4 : 0;
			break;
		case 44:
			len = at + 4 <= have ? 8 : 0;
			if (!len)
				break;
			p->fragment = true;
			p->frag_off = be16(h + at + 2) & 0xfff8;
			p->more = h[at + 3] & 1;
			if (!p->frag_off)
				break;
			p->proto = h[at];
			p->has_proto = true;
			return;
		default:
			p->proto = next;
			p->has_proto = true;
			p->l4 = at;
			parse_l4(p, have);
			return;
		}
		if (!len) {
			p->cut = true;
			return;
		}
	}
}

static void parse_arp(struct packet *p, size_t have)
{
	const uint8_t *h = p->l3;

	if (have < 28) {
		p->cut = true;
		return;
	}
	if (be16(h + 2) != ETH_IPV4 || h[4] != 6 || h[5] != 4)
		return;
	p->arp_op = be16(h + 6) < 256 ? be16(h + 6) : 0;
	p->src = h + 14;
	p->dst = h + 24;
	p->addr_len = 4;
}

/* Is there at @h what looks like an IP header of a packet of @len bytes? */
static unsigned int guess_type(const uint8_t *h, size_t have, uint32_t len)
{
	if (have >= 20 && h[0] >> 4 == 4 && (h[0] & 15) >= 5 &&
	    be16(h + 2) <= len && be16(h + 2) >= 20)
		return ETH_IPV4;
	if (have >= 40 && h[0] >> 4 == 6 && be16(h + 4) + 40u <= len)
		return ETH_IPV6;
	return 0;
}

static void see_vlan(struct packet *p, unsigned int tci)
{
	if (!p->has_vlan)
		p->vlan = tci & 0xfff;
	p->has_vlan = true;
}

void packet_parse(struct packet *p, const struct whydrop_event *ev,
		  const uint8_t *data)
{
	bool ether = ev->flags & WHYDROP_EV_MAC && ev->caplen >= 14 &&
		     (ev->dev_type == ARPHRD_ETHER ||
		      ev->dev_type == ARPHRD_LOOPBACK);
	unsigned int type = ntohs(ev->protocol), at = ev->l3_off;

	memset(p, 0, sizeof(*p));
	p->l4 = -1;
	p->len = ev->pkt_len;
	if (ev->flags & WHYDROP_EV_VLAN)
		see_vlan(p, ev->vlan_tci);
	if (ether) {
		unsigned int tag = 12;

		p->mac = data;
		for (; tag + 6 <= ev->caplen && is_vlan(be16(data + tag)) &&
		     (at == WHYDROP_NO_OFFSET || tag + 6 <= at); tag += 4)
			see_vlan(p, be16(data + tag + 2));
		if (at == WHYDROP_NO_OFFSET && be16(data + tag) >= 0x600) {
			type = be16(data + tag);
			at = tag + 2;
		}
	}
	p->ethertype = type;
	if (at == WHYDROP_NO_OFFSET || at > ev->pkt_len)
		return;
	p->len -= at;
	if (at > ev->caplen) {
		p->cut = true;
		return;
	}
	while (is_vlan(type) && at + 4 <= ev->caplen && p->len >= 4) {
		see_vlan(p, be16(data + at));
		type = be16(data + at + 2);
		at += 4;
		p->len -= 4;
	}
	p->l3 = data + at;
	if (!type)
		type = guess_type(p->l3, ev->caplen - at, p->len);
	p->ethertype = type;
	if (type == ETH_IPV4)
		parse_ipv4(p, ev->caplen - at);
	else if (type == ETH_IPV6)
		parse_ipv6(p, ev->caplen - at);
	else if (type == ETH_ARP)
		parse_arp(p, ev->caplen - at);
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
	/* As tcpdump: the dot for ACK stands last, but for those behind. */
	if (!n)
		strcpy(out, "none");
	else
		out[n] = '\0';
}

/* Text put together piece by piece; what has no room is left out. */
struct piece {
	char	*pos, *end;
};

static void put(struct piece *t, const char *s)
{
	while (*s && t->pos < t->end)
		*t->pos++ = *s++;
	*t->pos = '\0';
}

static void put_u32(struct piece *t, uint32_t v)
{
	char digits[11], *p = digits + 10;

	*p = '\0';
	do
		*--p = '0' + v % 10;
	while (v /= 10);
	put(t, p);
}

static void put_addr(struct piece *t, const struct packet *p,
		     const uint8_t *addr, unsigned int port)
{
	bool bracket = p->has_ports && p->addr_len == 16;
	char text[ADDR_TEXT];

	addr_text(text, addr, p->addr_len);
	put(t, bracket ? "[" : "");
	put(t, text);
	put(t, bracket ? "]" : "");
	if (p->has_ports) {
		put(t, ":");
		put_u32(t, port);
	}
}

static void put_proto(struct piece *t, const struct packet *p)
{
	const char *name = proto_name(p->proto);
	char c[2] = "";

	if (p->proto == IPPROTO_ICMPV6) {
		put(t, " ICMPv6");
	} else if (name) {
		for (put(t, " "); *name; name++) {
			c[0] = toupper((unsigned char)*name);
			put(t, c);
		}
	} else {
		put(t, " proto ");
		put_u32(t, p->proto);
	}
}

static void put_ip(struct piece *t, const struct packet *p)
{
	const char *word;
	char flags[12];

	if (p->src) {
		put_addr(t, p, p->src, p->sport);
		put(t, " > ");
		put_addr(t, p, p->dst, p->dport);
	} else {
		put(t, p->ethertype == ETH_IPV4 ? "IPv4" : "IPv6");
	}
	if (p->has_proto)
		put_proto(t, p);
	if (p->has_tcp) {
		tcp_flags(flags, p->tcp_flags);
		put(t, " [");
		put(t, flags);
		put(t, "]");
	}
	if (p->has_icmp) {
		put(t, " ");
		word = icmp_name(p);
		if (word) {
			put(t, word);
		} else {
			put_u32(t, p->icmp_type);
			put(t, "/");
			put_u32(t, p->icmp_code);
		}
	}
	if (p->fragment) {
		put(t, " frag ");
		put_u32(t, p->frag_off);
		put(t, p->more ? "+" : "");
	}
}

static void put_arp(struct piece *t, const struct packet *p)
{
	char a[ADDR_TEXT], b[ADDR_TEXT], mac[ADDR_TEXT];

	put(t, "ARP");
	if (!p->src)
		return;
	addr_text(a, p->src, 4);
	addr_text(b, p->dst, 4);
	addr_text(mac, p->src - 6, 6);
	if (p->arp_op == 1) {
		put(t, " who-has ");
		put(t, b);
		put(t, " tell ");
		put(t, a);
	} else if (p->arp_op == 2) {
		put(t, " ");
		put(t, a);
		put(t, " is-at ");
		put(t, mac);
	} else {
		put(t, " op ");
		put_u32(t, p->arp_op);
	}
}

void packet_flow(char *out, size_t room, const struct packet *p,
		 const struct whydrop_event *ev)
{
	const char *family = socket_family(ev->sock_family);
	const char *name = ethertype_name(p->ethertype);
	struct piece t = { out, out + room - 1 };
	char type[16];

	*out = '\0';
	if (p->has_vlan) {
		put(&t, "vlan ");
		put_u32(&t, p->vlan);
		put(&t, " ");
	}
	if (p->ethertype == ETH_IPV4 || p->ethertype == ETH_IPV6) {
		put_ip(&t, p);
	} else if (p->ethertype == ETH_ARP) {
		put_arp(&t, p);
	} else if (p->ethertype) {
		snprintf(type, sizeof(type), "0x%04x", p->ethertype);
		put(&t, "ethertype ");
		put(&t, type);
		if (name) {
			put(&t, " (");
			put(&t, name);
			put(&t, ")");
		}
	} else if (ev->flags & WHYDROP_EV_SK && family) {
		put(&t, family);
	} else {
		put(&t, "no-header");
	}
	put(&t, " len ");
	put_u32(&t, p->len);
	if (p->broken)
		put(&t, " bad-header");
	if (p->cut)
		put(&t, " (cut)");
}
