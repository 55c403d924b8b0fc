/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records what was dropped: lengths and the first bytes of the packet; in any context but
 * NMI, with preemption off. On the way of every drop, hence inline; packet.c has what is
 * rarely needed.
 */
#ifndef WHYDROP_PACKET_H
#define WHYDROP_PACKET_H

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include "capture/ring.h"

/* Context of all functions: any, preemption off, for a packet that is about to be freed. */

/**
 * whydrop_packet_init() - look up the functions that get complete packets only
 *
 * Context: task, before there are drops.
 */
void whydrop_packet_init(void);

/* Copy non-linear bytes @from to @to into ev->data. Return: the end of what was copied. */
unsigned int whydrop_packet_copy_frags(struct whydrop_event *ev, const struct sk_buff *skb,
				       unsigned int from, unsigned int to);

/* An Ethernet header with up to two VLAN tags behind it. */
#define WHYDROP_ETH_HLEN_MAX	(ETH_HLEN + 2 * VLAN_HLEN)
/* No link layer has a longer header. */
#define WHYDROP_MAC_LEN_MAX	96

/* Pointers to the headers, checked to lie in the linear part; NULL where unknown. */
struct whydrop_headers {
	const u8 *mac;
	const u8 *net;
	const u8 *tail;
};

/* Return the network header of @skb, if it is in the linear part, or NULL. */
static __always_inline const u8 *whydrop_packet_network(const struct sk_buff *skb)
{
	/* 0 means that it is not set: there is always at least one byte of headroom. */
	if (skb->network_header && skb_network_header(skb) <= skb_tail_pointer(skb))
		return skb_network_header(skb);
	return NULL;
}

/**
 * whydrop_packet_ip() - find the IP header of a packet, which is rarely needed
 * @skb: the packet
 * @reason: why it is dropped
 * @place: where
 *
 * Goes by the EtherType, because the bytes of other protocols may look like an IP header.
 * Return: the header, in the linear part, behind VLAN tags that are still in the packet;
 * NULL if there is none, or if it is not known to have been written.
 */
const u8 *whydrop_packet_ip(const struct sk_buff *skb, u32 reason, unsigned long place);

/* The parts of a packet that are known to have been written. */
enum whydrop_written {
	WHYDROP_WRITTEN_BYTES	= 1 << 0,	/* from skb->data on */
	WHYDROP_WRITTEN_MAC	= 1 << 1,	/* the link-layer header */
	WHYDROP_WRITTEN_NET	= 1 << 2,	/* the network header */
};

/**
 * whydrop_packet_written() - find out what was written of a packet that was not received
 * @skb: the packet; its skb_iif is 0
 * @reason: why it is dropped
 * @place: where
 *
 * Such a packet may be dropped because its sender could not fill it. Then it contains what
 * was in that memory before, so only the parts that were surely written may be read.
 * Return: enum whydrop_written.
 */
unsigned int whydrop_packet_written(const struct sk_buff *skb, u32 reason, unsigned long place);

static __always_inline void whydrop_packet_headers(struct whydrop_headers *h,
						   const struct sk_buff *skb)
{
	h->tail = skb_tail_pointer(skb);
	h->mac = NULL;
	h->net = whydrop_packet_network(skb);
	if (skb_mac_header_was_set(skb) && skb_mac_header(skb) <= h->tail)
		h->mac = skb_mac_header(skb);
}

/* Is there an Ethernet header, with its VLAN tags, between @mac and @net? */
static __always_inline bool whydrop_packet_is_ethernet(const struct whydrop_headers *h,
						       const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)h->mac;
	long len = h->net - h->mac;

	if (!h->mac || !h->net)
		return false;
	if (len < ETH_HLEN || len > WHYDROP_ETH_HLEN_MAX)
		return false;
	return eth->h_proto == skb->protocol || eth_type_vlan(eth->h_proto) ||
	       ntohs(eth->h_proto) < ETH_P_802_3_MIN;
}

/* Return the first byte to keep: that of the link-layer header, if that is certain. */
static __always_inline const u8 *whydrop_packet_start(struct whydrop_event *ev,
						      const struct sk_buff *skb,
						      const struct whydrop_headers *h)
{
	if (whydrop_packet_is_ethernet(h, skb)) {
		/* The device may be of another type by now, but the header is not. */
		if (ev->dev_type != ARPHRD_LOOPBACK)
			ev->dev_type = ARPHRD_ETHER;
		ev->flags |= WHYDROP_EV_MAC;
		return h->mac;
	}
	if (h->mac && h->net && h->mac < h->net && h->net - h->mac <= WHYDROP_MAC_LEN_MAX &&
	    (skb->data == h->mac || (ev->dev_type && ev->dev_type != ARPHRD_ETHER &&
				     ev->dev_type != ARPHRD_LOOPBACK))) {
		ev->flags |= WHYDROP_EV_MAC;
		return h->mac;
	}
	if (h->net)
		return h->net;
	if (h->mac && h->mac <= skb->data && skb->data - h->mac <= WHYDROP_MAC_LEN_MAX) {
		ev->flags |= WHYDROP_EV_MAC;
		return h->mac;
	}
	return skb->data;
}

/**
 * whydrop_packet_fill() - record lengths and first bytes of a packet
 * @ev: result; its device is filled in; flags are added
 * @skb: the packet
 * @reason: why it is dropped
 * @place: where
 * @snaplen: bytes to keep, at most WHYDROP_SNAPLEN_MAX
 *
 * Sets ev->rec.size to the size of the record so far.
 */
static __always_inline void whydrop_packet_fill(struct whydrop_event *ev,
						const struct sk_buff *skb, u32 reason,
						unsigned long place, unsigned int snaplen)
{
	unsigned int linear, cap;
	struct whydrop_headers h;
	const u8 *start;
	int len;

	ev->iif = skb->skb_iif;
	ev->mark = skb->mark;
	ev->protocol = skb->protocol;
	ev->vlan_tci = 0;
	if (skb_vlan_tag_present(skb)) {
		ev->flags |= WHYDROP_EV_VLAN;
		ev->vlan_tci = skb_vlan_tag_get(skb);
	}

	whydrop_packet_headers(&h, skb);
	if (unlikely(!skb->skb_iif)) {
		unsigned int written = whydrop_packet_written(skb, reason, place);

		if (!(written & WHYDROP_WRITTEN_MAC))
			h.mac = NULL;
		if (!(written & WHYDROP_WRITTEN_NET))
			h.net = NULL;
		if (!(written & WHYDROP_WRITTEN_BYTES)) {
			ev->flags |= WHYDROP_EV_UNWRITTEN;
			snaplen = 0;
		}
	}
	start = whydrop_packet_start(ev, skb, &h);
	/* skb->data may be before or behind @start: count what was pulled, too. */
	len = (int)skb->len + (int)(skb->data - start);
	ev->pkt_len = max(len, 0);
	ev->l3_off = h.net ? h.net - start : WHYDROP_NO_OFFSET;

	cap = min(snaplen, ev->pkt_len);
	/* Zero the padding behind the last byte, up to a multiple of 8. */
	if (cap)
		*(u64 *)&ev->data[(cap - 1) & ~7u] = 0;
	linear = min_t(unsigned int, cap, h.tail - start);
	memcpy(ev->data, start, linear);
	if (unlikely(linear < cap))
		cap = whydrop_packet_copy_frags(ev, skb, linear, cap);
	ev->caplen = cap;
	ev->rec.size = whydrop_attached_offset(cap);
}

#endif /* WHYDROP_PACKET_H */
