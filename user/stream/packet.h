/* SPDX-License-Identifier: GPL-2.0-only */
/* The headers of a captured packet, as numbers and as words. */
#ifndef WHYDROP_PACKET_H
#define WHYDROP_PACKET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <whydrop.h>

#define ETH_IPV4	0x0800
#define ETH_ARP		0x0806
#define ETH_IPV6	0x86dd

/* The headers of a packet, as far as captured. */
struct packet {
	const uint8_t	*l3;		/* network header, or NULL */
	const uint8_t	*src, *dst;	/* addresses, addr_len bytes, or NULL */
	const uint8_t	*mac;		/* link header: dst, src; or NULL */
	const uint8_t	*end;		/* behind the last captured byte */
	uint32_t	len;		/* from the network header on */
	uint32_t	frag_off;	/* bytes, if fragment */
	int		l4;		/* offset from l3; -1: unknown, or there is none */
	uint16_t	ethertype;	/* 0: unknown */
	uint16_t	sport, dport;	/* if has_ports */
	uint8_t		addr_len;	/* 0, 4 or 16 */
	uint8_t		proto;		/* if has_proto */
	uint8_t		tcp_flags;	/* if has_tcp */
	uint8_t		icmp_type, icmp_code;	/* if has_icmp */
	uint8_t		arp_op;		/* if family is ARP */
	uint16_t	vlan;		/* if has_vlan: the outermost VLAN id */
	bool		has_proto : 1;
	bool		has_ports : 1;
	bool		has_tcp : 1;
	bool		has_icmp : 1;
	bool		has_vlan : 1;
	bool		fragment : 1;
	bool		more : 1;	/* fragments follow */
	bool		broken : 1;	/* its headers are inconsistent */
	bool		cut : 1;	/* its headers were not captured whole */
};

void packet_parse(struct packet *p, const struct whydrop_event *ev,
		  const uint8_t *data);

#define ETHER_HEADER	14

/* Forget all of @p, whose network header is not known then. */
void packet_clear(struct packet *p);
/* Parse the packet at @h, of EtherType @type; @p has its len and end, and the link's fields. */
void packet_parse_l3(struct packet *p, unsigned int type, const uint8_t *h);

/* What a tunnel carries. */
struct tunnel {
	const char	*name;		/* as the type of "ip link" */
	uint32_t	id;		/* if has_id: VNI, or the key of GRE */
	bool		has_id;
	struct packet	inner;
};

/*
 * Find what a packet of VXLAN, GENEVE, GRE or IP in IP carries. Return: whether it is one,
 * and enough was captured.
 */
bool packet_tunnel(struct tunnel *t, const struct packet *outer);

#define PORT_VXLAN	4789
#define PORT_VXLAN_OLD	8472	/* what Linux took before there was a number */
#define PORT_GENEVE	6081

/* Tell most packets, which are of no tunnel, in few instructions. Return: whether it may be one. */
static inline bool packet_may_be_tunnel(const struct packet *p)
{
	switch (p->proto) {
	case IPPROTO_UDP:
		return p->dport == PORT_VXLAN || p->dport == PORT_VXLAN_OLD || p->dport == PORT_GENEVE;
	case IPPROTO_GRE:
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
		return true;
	default:
		return false;
	}
}

/* flow.c: numbers to words */

/* Lower-case name of an IP protocol, or NULL. */
const char *proto_name(unsigned int proto);
/* Lower-case name of what an EtherType stands for, or NULL. */
const char *ethertype_name(unsigned int type);
/* Lower-case name of an address family of sockets, or NULL. */
const char *socket_family(unsigned int family);
/* Name of a common ICMP type, or NULL. */
const char *icmp_name(const struct packet *p);
/* "S.", "FPU", … as tcpdump has them. */
void tcp_flags(char out[12], unsigned int flags);

#define ADDR_TEXT 46
/* Write an IPv4, IPv6 or MAC address as text. Return: its length. */
size_t addr_text(char out[ADDR_TEXT], const uint8_t *addr, unsigned int len);

/* The longest, a tunnel with IPv6 addresses within and without, has about 350 bytes. */
#define FLOW_TEXT 512
/* Describe a packet as tcpdump does; nothing needs escapes. Return: the length. */
size_t packet_flow(char out[FLOW_TEXT], const struct packet *pkt, const struct whydrop_event *ev);
/* Describe what a tunnel carries, likewise. */
size_t packet_inner_flow(char out[FLOW_TEXT], const struct tunnel *t);
/* Describe what the packets of its flow have in common: addresses, ports and protocol. */
void packet_flow_key(char out[FLOW_TEXT], const struct packet *pkt, const struct whydrop_event *ev);

#endif
