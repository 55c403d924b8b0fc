// SPDX-License-Identifier: GPL-2.0-only
/* Finds the packet that a tunnel carries, in the captured bytes of the outer one. */
#include <netinet/in.h>
#include <string.h>

#include "stream/packet.h"

#define ETH_BRIDGED	0x6558	/* what GRE and GENEVE write for Ethernet */

static unsigned int be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t be24(const uint8_t *p)
{
	return p[0] << 16 | be16(p + 1);
}

/* Let the packet at @h, of the protocol @type, be the inner one. */
static bool set_inner(struct tunnel *t, unsigned int type, const uint8_t *h,
		      const struct packet *outer)
{
	struct packet *p = &t->inner;
	size_t before = h - outer->l3;

	if (h > outer->end || before > outer->len)
		return false;
	packet_clear(p);
	p->end = outer->end;
	p->len = outer->len - before;
	if (type == ETH_BRIDGED) {
		if (outer->end - h < ETHER_HEADER)
			return false;
		p->mac = h;
		type = be16(h + 12);
		h += ETHER_HEADER;
		if (p->len < ETHER_HEADER)
			return false;
		p->len -= ETHER_HEADER;
	}
	packet_parse_l3(p, type, h);
	/* Of a header that is not whole there is nothing to show. */
	return p->src || (p->ethertype && p->ethertype != ETH_IPV4 && p->ethertype != ETH_IPV6);
}

/* Only with its flags as RFC 7348 has them, or with the group policy: any program may use the port. */
static bool vxlan(struct tunnel *t, const uint8_t *h, const struct packet *outer)
{
	if (outer->end - h < 8 || (h[0] & 0x7f) != 0x08 || h[7])
		return false;
	t->name = "vxlan";
	t->has_id = true;
	t->id = be24(h + 4);
	return set_inner(t, ETH_BRIDGED, h + 8, outer);
}

static bool geneve(struct tunnel *t, const uint8_t *h, const struct packet *outer)
{
	/* version 0, no control packet, reserved bits clear */
	if (outer->end - h < 8 || h[0] >> 6 || h[1] & 0xbf || h[7])
		return false;
	t->name = "geneve";
	t->has_id = true;
	t->id = be24(h + 4);
	return set_inner(t, be16(h + 2), h + 8 + (h[0] & 63) * 4, outer);
}

/* Version 0 of RFC 2784 and 2890, without the routing of RFC 1701. */
static bool gre(struct tunnel *t, const uint8_t *h, const struct packet *outer)
{
	size_t len = 4;

	if (outer->end - h < 4 || h[0] & 0x4f || h[1])
		return false;
	if (h[0] & 0x80)
		len += 4;
	t->name = "gre";
	if (h[0] & 0x20) {
		if (outer->end - h < (ptrdiff_t)len + 4)
			return false;
		t->has_id = true;
		t->id = (uint32_t)be16(h + len) << 16 | be16(h + len + 2);
		len += 4;
	}
	if (h[0] & 0x10)
		len += 4;
	return set_inner(t, be16(h + 2), h + len, outer);
}

bool packet_tunnel(struct tunnel *t, const struct packet *outer)
{
	const uint8_t *h;
	bool v4 = outer->addr_len == 4;

	if (outer->l4 < 0 || !outer->has_proto || outer->frag_off)
		return false;
	h = outer->l3 + outer->l4;
	if (h > outer->end)
		return false;
	t->has_id = false;
	t->id = 0;
	switch (outer->proto) {
	case IPPROTO_UDP:
		if (!outer->has_ports)
			return false;
		h += 8;
		if (h > outer->end)
			return false;
		if (outer->dport == PORT_VXLAN || outer->dport == PORT_VXLAN_OLD)
			return vxlan(t, h, outer);
		return outer->dport == PORT_GENEVE && geneve(t, h, outer);
	case IPPROTO_GRE:
		return gre(t, h, outer);
	case IPPROTO_IPIP:
		t->name = v4 ? "ipip" : "ipip6";
		return set_inner(t, ETH_IPV4, h, outer);
	case IPPROTO_IPV6:
		t->name = v4 ? "sit" : "ip6ip6";
		return set_inner(t, ETH_IPV6, h, outer);
	default:
		return false;
	}
}
