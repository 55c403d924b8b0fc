// SPDX-License-Identifier: GPL-2.0-only
/* Parses the captured bytes of a packet: addresses, ports, protocol. */
#include <arpa/inet.h>
#include <linux/if_arp.h>
#include <netinet/in.h>
#include <string.h>

#include "stream/packet.h"

static unsigned int be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static bool is_vlan(unsigned int type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
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
	for (next = h[6];; next = h[at], at += len) {
		switch (next) {
		case 0:
		case 43:
		case 60:
		case 135:
		case 139:
		case 140:
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
	if (have >= 20 && h[0] >> 4 == 4 && (h[0] & 15) >= 5 && be16(h + 2) <= len &&
	    be16(h + 2) >= 20)
		return ETH_IPV4;
	if (have >= 40 && h[0] >> 4 == 6 && be16(h + 4) + 40u <= len)
		return ETH_IPV6;
	return 0;
}

void packet_clear(struct packet *p)
{
	memset(p, 0, sizeof(*p));
	p->l4 = -1;
}

static void set_vlan(struct packet *p, unsigned int tci)
{
	if (!p->has_vlan)
		p->vlan = tci & 0xfff;
	p->has_vlan = true;
}

/* Of every event, so it is part of packet_parse(). */
static inline __attribute__((always_inline)) void parse_l3(struct packet *p, unsigned int type,
							   const uint8_t *h)
{
	size_t have = p->end - h;

	while (is_vlan(type) && have >= 4 && p->len >= 4) {
		set_vlan(p, be16(h));
		type = be16(h + 2);
		h += 4;
		have -= 4;
		p->len -= 4;
	}
	p->l3 = h;
	if (!type)
		type = guess_type(h, have, p->len);
	p->ethertype = type;
	if (type == ETH_IPV4)
		parse_ipv4(p, have);
	else if (type == ETH_IPV6)
		parse_ipv6(p, have);
	else if (type == ETH_ARP)
		parse_arp(p, have);
}

void packet_parse_l3(struct packet *p, unsigned int type, const uint8_t *h)
{
	parse_l3(p, type, h);
}

/*
 * Where GRE in IPv6 drops, the kernel has written the inner protocol into the packet, which
 * still begins with the outer header: another one of IP, whose length is right.
 */
static unsigned int outer_type(unsigned int type, const uint8_t *h, size_t have, uint32_t len)
{
	if (type == ETH_IPV4 && have >= 40 && h[0] >> 4 == 6 && be16(h + 4) + 40u == len)
		return ETH_IPV6;
	if (type == ETH_IPV6 && have >= 20 && h[0] >> 4 == 4 && be16(h + 2) == len)
		return ETH_IPV4;
	return type;
}

void packet_parse(struct packet *p, const struct whydrop_event *ev, const uint8_t *data)
{
	bool ether = ev->flags & WHYDROP_EV_MAC && ev->caplen >= ETHER_HEADER &&
		     (ev->dev_type == ARPHRD_ETHER || ev->dev_type == ARPHRD_LOOPBACK);
	unsigned int type = ntohs(ev->protocol), at = ev->l3_off;

	packet_clear(p);
	p->len = ev->pkt_len;
	p->end = data + ev->caplen;
	if (ev->flags & WHYDROP_EV_VLAN)
		set_vlan(p, ev->vlan_tci);
	if (ether) {
		unsigned int tag = 12;

		p->mac = data;
		for (; tag + 6 <= ev->caplen && is_vlan(be16(data + tag)) &&
		       (at == WHYDROP_NO_OFFSET || tag + 6 <= at);
		     tag += 4)
			set_vlan(p, be16(data + tag + 2));
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
	type = outer_type(type, data + at, ev->caplen - at, p->len);
	parse_l3(p, type, data + at);
}
