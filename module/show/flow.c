// SPDX-License-Identifier: GPL-2.0
/* Prints addresses, ports and protocol of a captured packet; any context, called by tasks. */
#include <linux/icmp.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include "show/flow.h"

/* The captured bytes from a header on. */
struct bytes {
	const u8 *p;
	size_t len;
};

static bool skip_bytes(struct bytes *b, size_t n)
{
	if (b->len < n)
		return false;
	b->p += n;
	b->len -= n;
	return true;
}

struct l4 {
	u8 proto;
	bool first;	/* not a later fragment, so that there are ports */
	bool v6;
	const void *src;
	const void *dst;
};

static size_t print_addr(char *buf, size_t size, const struct l4 *l4, const void *addr, int port)
{
	if (port < 0)
		return scnprintf(buf, size, l4->v6 ? "%pI6c" : "%pI4", addr);
	return scnprintf(buf, size, l4->v6 ? "[%pI6c]:%d" : "%pI4:%d", addr, port);
}

static const char *proto_name(u8 proto)
{
	switch (proto) {
	case IPPROTO_ICMP:
		return "ICMP";
	case IPPROTO_IGMP:
		return "IGMP";
	case IPPROTO_IPIP:
		return "IPIP";
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_IPV6:
		return "IPv6-in-IP";
	case IPPROTO_GRE:
		return "GRE";
	case IPPROTO_ESP:
		return "ESP";
	case IPPROTO_AH:
		return "AH";
	case IPPROTO_ICMPV6:
		return "ICMPv6";
	case IPPROTO_SCTP:
		return "SCTP";
	case IPPROTO_UDPLITE:
		return "UDPLITE";
	}
	return NULL;
}

static bool has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP ||
	       proto == IPPROTO_UDPLITE || proto == IPPROTO_DCCP;
}

static size_t print_tcp_flags(char *buf, size_t size, const struct tcphdr *tcp)
{
	return scnprintf(buf, size, " [%s%s%s%s%s]", tcp->syn ? "S" : "", tcp->fin ? "F" : "",
			 tcp->rst ? "R" : "", tcp->psh ? "P" : "", tcp->ack ? "." : "");
}

static size_t print_l4(char *buf, size_t size, const struct l4 *l4, const struct bytes *b)
{
	bool ports = l4->first && has_ports(l4->proto) && b->len >= 4;
	const __be16 *port = (const __be16 *)b->p;
	const char *name = proto_name(l4->proto);
	size_t n;

	n = scnprintf(buf, size, l4->v6 ? "IPv6 " : "IPv4 ");
	n += print_addr(buf + n, size - n, l4, l4->src, ports ? ntohs(port[0]) : -1);
	n += scnprintf(buf + n, size - n, " > ");
	n += print_addr(buf + n, size - n, l4, l4->dst, ports ? ntohs(port[1]) : -1);
	if (name)
		n += scnprintf(buf + n, size - n, " %s", name);
	else
		n += scnprintf(buf + n, size - n, " proto %u", l4->proto);
	if (!l4->first)
		return n + scnprintf(buf + n, size - n, " fragment");
	if (l4->proto == IPPROTO_TCP && b->len >= 14)
		n += print_tcp_flags(buf + n, size - n, (const struct tcphdr *)b->p);
	else if ((l4->proto == IPPROTO_ICMP || l4->proto == IPPROTO_ICMPV6) && b->len >= 2)
		n += scnprintf(buf + n, size - n, " type %u code %u", b->p[0], b->p[1]);
	return n;
}

static size_t print_ipv4(char *buf, size_t size, struct bytes b)
{
	const struct iphdr *ip = (const struct iphdr *)b.p;
	struct l4 l4;

	if (b.len < sizeof(*ip))
		return scnprintf(buf, size, "IPv4");
	l4 = (struct l4){ ip->protocol, !(ip->frag_off & htons(0x1fff)), false,
			  &ip->saddr, &ip->daddr };
	if (!skip_bytes(&b, max_t(size_t, ip->ihl * 4, sizeof(*ip))))
		b.len = 0;
	return print_l4(buf, size, &l4, &b);
}

static size_t print_ipv6(char *buf, size_t size, struct bytes b)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)b.p;
	struct l4 l4;

	if (!skip_bytes(&b, sizeof(*ip)))
		return scnprintf(buf, size, "IPv6");
	l4 = (struct l4){ ip->nexthdr, true, true, &ip->saddr, &ip->daddr };
	while (b.len >= 8) {
		if (l4.proto == IPPROTO_FRAGMENT) {
			if (*(const __be16 *)(b.p + 2) & htons(0xfff8))
				l4.first = false;
			l4.proto = b.p[0];
			skip_bytes(&b, 8);
		} else if (l4.proto == IPPROTO_HOPOPTS || l4.proto == IPPROTO_ROUTING ||
			   l4.proto == IPPROTO_DSTOPTS) {
			size_t n = (b.p[1] + 1) * 8;

			l4.proto = b.p[0];
			if (!skip_bytes(&b, n))
				b.len = 0;
		} else {
			break;
		}
		if (!l4.first)
			break;
	}
	return print_l4(buf, size, &l4, &b);
}

static size_t print_arp(char *buf, size_t size, struct bytes b)
{
	const struct arphdr *arp = (const struct arphdr *)b.p;

	/* Ethernet and IPv4: 8 bytes of header, then MAC, IP, MAC, IP. */
	if (b.len < 28 || arp->ar_hln != 6 || arp->ar_pln != 4)
		return scnprintf(buf, size, "ARP");
	return scnprintf(buf, size, "ARP %pI4 > %pI4 %s", b.p + 14, b.p + 24,
			 arp->ar_op == htons(ARPOP_REQUEST) ? "request" :
			 arp->ar_op == htons(ARPOP_REPLY) ? "reply" : "");
}

static size_t print_other(char *buf, size_t size, const struct whydrop_event *ev)
{
	if (ev->protocol)
		return scnprintf(buf, size, "ethertype 0x%04x", ntohs(ev->protocol));
	if (ev->sock_family == AF_UNIX)
		return scnprintf(buf, size, "unix");
	if (ev->sock_family == AF_NETLINK)
		return scnprintf(buf, size, "netlink");
	if (ev->sock_family)
		return scnprintf(buf, size, "family %u", ev->sock_family);
	return scnprintf(buf, size, "packet");
}

size_t whydrop_flow_print(const struct whydrop_event *ev, char *buf, size_t size)
{
	struct bytes b = { ev->data, ev->caplen };
	u32 len = ev->pkt_len;
	size_t n;

	if (ev->l3_off == WHYDROP_NO_OFFSET || !skip_bytes(&b, ev->l3_off))
		b.len = 0;
	else
		len -= min_t(u32, len, ev->l3_off);
	/* GRE in IPv6 drops with the inner protocol, at the outer header. */
	if (ev->protocol == htons(ETH_P_IP) && b.len && b.p[0] >> 4 == 4)
		n = print_ipv4(buf, size, b);
	else if (ev->protocol == htons(ETH_P_IPV6) && b.len && b.p[0] >> 4 == 6)
		n = print_ipv6(buf, size, b);
	else if (ev->protocol == htons(ETH_P_ARP) && b.len)
		n = print_arp(buf, size, b);
	else
		n = print_other(buf, size, ev);
	return n + scnprintf(buf + n, size - n, " len %u%s", len,
			     ev->flags & WHYDROP_EV_UNWRITTEN ?
			     " (bytes not kept: maybe unwritten)" : "");
}
