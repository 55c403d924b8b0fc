// SPDX-License-Identifier: GPL-2.0-only
/* Puts packets into words: names for numbers, addresses, and the flow in one line. */
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

static const char hex[] = "0123456789abcdef";

size_t addr_text(char out[ADDR_TEXT], const uint8_t *addr, unsigned int len)
{
	char *p = out;
	unsigned int i;

	if (len == 16) {
		inet_ntop(AF_INET6, addr, out, ADDR_TEXT);
		return strlen(out);
	}
	for (i = 0; len == 4 && i < 4; i++) {
		p = put_u64(p, addr[i]);
		*p++ = '.';
	}
	for (i = 0; len != 4 && i < len; i++) {
		*p++ = hex[addr[i] >> 4];
		*p++ = hex[addr[i] & 15];
		*p++ = ':';
	}
	/* There is none behind the last. */
	*--p = '\0';
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

/* Each of these writes at @p, where FLOW_TEXT is room for all, and returns the end. */
static char *put_end(char *p, const struct packet *pkt, const uint8_t *addr, unsigned int port)
{
	bool bracket = pkt->has_ports && pkt->addr_len == 16;

	if (bracket)
		*p++ = '[';
	p += addr_text(p, addr, pkt->addr_len);
	if (bracket)
		*p++ = ']';
	if (!pkt->has_ports)
		return p;
	*p++ = ':';
	return put_u64(p, port);
}

static char *put_proto(char *p, const struct packet *pkt)
{
	const char *name = proto_name(pkt->proto);

	if (pkt->proto == IPPROTO_ICMPV6)
		return stpcpy(p, " ICMPv6");
	if (!name)
		return put_u64(stpcpy(p, " proto "), pkt->proto);
	for (*p++ = ' '; *name; name++)
		*p++ = toupper((unsigned char)*name);
	return p;
}

/* @brief: what all packets of a flow have in common. */
static char *put_ip(char *p, const struct packet *pkt, bool brief)
{
	if (pkt->src) {
		p = put_end(p, pkt, pkt->src, pkt->sport);
		p = stpcpy(p, " > ");
		p = put_end(p, pkt, pkt->dst, pkt->dport);
	} else {
		p = stpcpy(p, pkt->ethertype == ETH_IPV4 ? "IPv4" : "IPv6");
	}
	if (pkt->has_proto)
		p = put_proto(p, pkt);
	if (brief)
		return p;
	if (pkt->has_tcp) {
		p = stpcpy(p, " [");
		tcp_flags(p, pkt->tcp_flags);
		p = stpcpy(p + strlen(p), "]");
	}
	if (pkt->has_icmp && icmp_name(pkt)) {
		p = stpcpy(stpcpy(p, " "), icmp_name(pkt));
	} else if (pkt->has_icmp) {
		p = put_u64(stpcpy(p, " "), pkt->icmp_type);
		p = put_u64(stpcpy(p, "/"), pkt->icmp_code);
	}
	if (pkt->fragment)
		p = stpcpy(put_u64(stpcpy(p, " frag "), pkt->frag_off), pkt->more ? "+" : "");
	return p;
}

static char *put_arp(char *p, const struct packet *pkt)
{
	p = stpcpy(p, "ARP");
	if (!pkt->src)
		return p;
	if (pkt->arp_op == 1) {
		p = stpcpy(p, " who-has ");
		p += addr_text(p, pkt->dst, 4);
		p = stpcpy(p, " tell ");
		return p + addr_text(p, pkt->src, 4);
	}
	if (pkt->arp_op == 2) {
		p = stpcpy(p, " ");
		p += addr_text(p, pkt->src, 4);
		p = stpcpy(p, " is-at ");
		/* The sender's MAC address is before its IP address. */
		return p + addr_text(p, pkt->src - 6, 6);
	}
	return put_u64(stpcpy(p, " op "), pkt->arp_op);
}

static char *put_flow(char *p, const struct packet *pkt, const struct whydrop_event *ev, bool brief)
{
	const char *family = ev->flags & WHYDROP_EV_SK ? socket_family(ev->sock_family) : NULL;
	const char *name;
	int i;

	if (pkt->has_vlan)
		p = stpcpy(put_u64(stpcpy(p, "vlan "), pkt->vlan), " ");
	if (pkt->ethertype == ETH_IPV4 || pkt->ethertype == ETH_IPV6)
		return put_ip(p, pkt, brief);
	if (pkt->ethertype == ETH_ARP)
		return put_arp(p, pkt);
	if (!pkt->ethertype)
		return stpcpy(p, family ? family : "no-header");
	p = stpcpy(p, "ethertype 0x");
	for (i = 12; i >= 0; i -= 4)
		*p++ = hex[pkt->ethertype >> i & 15];
	name = ethertype_name(pkt->ethertype);
	return name ? stpcpy(stpcpy(stpcpy(p, " ("), name), ")") : p;
}

static char *put_remarks(char *p, const struct packet *pkt)
{
	p = stpcpy(p, pkt->broken ? " bad-header" : "");
	return stpcpy(p, pkt->cut ? " (cut)" : "");
}

/* " (TUNNEL ID: WHAT)", if it is one. */
static char *put_tunnel(char *p, const struct packet *pkt, const struct whydrop_event *ev, bool brief)
{
	struct tunnel t;

	if (!packet_may_be_tunnel(pkt) || !packet_tunnel(&t, pkt))
		return p;
	p = stpcpy(stpcpy(p, " ("), t.name);
	if (t.has_id)
		p = put_u64(stpcpy(p, " "), t.id);
	p = put_flow(stpcpy(p, ": "), &t.inner, ev, brief);
	return stpcpy(brief ? p : put_remarks(p, &t.inner), ")");
}

size_t packet_flow(char out[FLOW_TEXT], const struct packet *pkt, const struct whydrop_event *ev)
{
	char *p = put_flow(out, pkt, ev, false);

	p = put_tunnel(p, pkt, ev, false);
	p = put_u64(stpcpy(p, " len "), pkt->len);
	p = put_remarks(p, pkt);
	if (ev->flags & WHYDROP_EV_UNWRITTEN)
		p = stpcpy(p, " (bytes not kept: maybe unwritten)");
	return p - out;
}

size_t packet_inner_flow(char out[FLOW_TEXT], const struct tunnel *t)
{
	static const struct whydrop_event no_socket;
	char *p = put_flow(out, &t->inner, &no_socket, false);

	p = put_u64(stpcpy(p, " len "), t->inner.len);
	return put_remarks(p, &t->inner) - out;
}

void packet_flow_key(char out[FLOW_TEXT], const struct packet *pkt, const struct whydrop_event *ev)
{
	*put_tunnel(put_flow(out, pkt, ev, true), pkt, ev, true) = '\0';
}
