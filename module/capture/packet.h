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

/**
 * whydrop_packet_start() - find the first byte of any packet to keep
 * @ev: result: l3_off; its device is filled in, whose type is corrected; flags are added
 * @skb: the packet
 * @reason: why it is dropped
 * @place: where
 *
 * Return: that byte: of the link-layer header, if that is certain. With
 * WHYDROP_EV_UNWRITTEN set it may not be read.
 */
const u8 *whydrop_packet_start(struct whydrop_event *ev, const struct sk_buff *skb, u32 reason,
			       unsigned long place);

/*
 * Is the link-layer header of a packet with this iif and protocol certain to be one of
 * Ethernet, by few instructions? As of most of what was received: its protocol is that of the
 * packet, and there is room for two VLAN tags before the network header. One comparison tells
 * that both headers are set and in order, too.
 */
static __always_inline bool whydrop_packet_is_plain(const struct sk_buff *skb, u32 iif,
						    __be16 protocol)
{
	unsigned long mac = skb->mac_header, net = skb->network_header;

	return iif && net - mac - ETH_HLEN <= 2 * VLAN_HLEN &&
	       net <= (unsigned long)(skb_tail_pointer(skb) - skb->head) &&
	       ((const struct ethhdr *)(skb->head + mac))->h_proto == protocol;
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
	/* What is read once more below, the compiler takes for changed by then. */
	__be16 protocol = skb->protocol;
	unsigned int linear, cap;
	u32 iif = skb->skb_iif;
	const u8 *start;
	int len;

	ev->iif = iif;
	ev->mark = skb->mark;
	ev->protocol = protocol;
	ev->vlan_tci = 0;
	if (skb_vlan_tag_present(skb)) {
		ev->flags |= WHYDROP_EV_VLAN;
		ev->vlan_tci = skb_vlan_tag_get(skb);
	}
	if (likely(whydrop_packet_is_plain(skb, iif, protocol))) {
		start = skb_mac_header(skb);
		ev->l3_off = skb->network_header - skb->mac_header;
		ev->flags |= WHYDROP_EV_MAC;
		/* The device may be of another type by now, but the header is not. */
		if (unlikely(ev->dev_type != ARPHRD_ETHER) && ev->dev_type != ARPHRD_LOOPBACK)
			ev->dev_type = ARPHRD_ETHER;
	} else {
		start = whydrop_packet_start(ev, skb, reason, place);
		if (ev->flags & WHYDROP_EV_UNWRITTEN)
			snaplen = 0;
	}
	/* skb->data may be before or behind @start: count what was pulled, too. */
	len = (int)skb->len + (int)(skb->data - start);
	ev->pkt_len = max(len, 0);

	cap = min(snaplen, ev->pkt_len);
	/* Zero the padding behind the last byte, up to a multiple of 8. */
	if (cap)
		*(u64 *)&ev->data[(cap - 1) & ~7u] = 0;
	linear = min_t(unsigned int, cap, skb_tail_pointer(skb) - start);
	memcpy(ev->data, start, linear);
	if (unlikely(linear < cap))
		cap = whydrop_packet_copy_frags(ev, skb, linear, cap);
	ev->caplen = cap;
	ev->rec.size = whydrop_attached_offset(cap);
}

#endif /* WHYDROP_PACKET_H */
