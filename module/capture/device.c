// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the device of a packet where device.h cannot: in any context but NMI, with
 * preemption off.
 */
#include <linux/bitmap.h>
#include <linux/ipv6.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/string.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "capture/count.h"
#include "capture/device.h"
#include "capture/packet.h"
#include "capture/reason.h"

/*
 * Which device belongs to a drop? The one that skb->dev points to, if it is live. But
 * packets wait in queues that outlive devices, and some keep the pointer: the later
 * fragments of a datagram, packets in a socket's error queue, multicasts that wait for a
 * route. When such a packet is dropped, another device may have the same address, or the
 * device may have moved to another namespace.
 *
 * So the pointer is used only if the packet is known to be in flight: unregistering a
 * device waits until all packets that are being received are through (by RCU), and
 * purges those that wait to be sent by it.
 *
 * Where the pointer has been overwritten (UDP, TCP), skb_iif is left: an index in the
 * namespace that received the packet. While the packet is being received, the device with
 * that index is still there. If it has waited, the device may have been removed, and
 * another one may have its index: then no device is named.
 */

/* Reasons, by slot, of packets in flight only, unless the task that reads drops them. */
static DECLARE_BITMAP(moving, WHYDROP_SLOTS);

void whydrop_device_init(void)
{
	static const char * const names[] = {
		"NO_SOCKET", "SOCKET_FILTER", "SOCKET_RCVBUFF",
		"TCP_OLD_DATA", "TCP_ZEROWINDOW", "TCP_OVERWINDOW",
	};
	struct whydrop_reason r;
	unsigned int slot;

	for (slot = 0; slot < WHYDROP_CORE_REASONS; slot++) {
		whydrop_reason_get(slot, &r);
		if (r.known && match_string(names, ARRAY_SIZE(names), r.name) >= 0)
			__set_bit(slot, moving);
	}
}

/* Is it being received, still under the RCU read lock that this began with? */
static bool is_being_received(const struct sk_buff *skb, unsigned int slot)
{
	/* A packet gets a reference to its route before it is queued. */
	if (skb_dst(skb) && skb_dst_is_noref(skb))
		return true;
	/* The backlog of a socket is processed by the task that owns it, in no softirq. */
	return in_serving_softirq() && test_bit(slot, moving);
}

/* Extension headers to skip. A packet with more may be a fragment. */
#define EXTENSIONS_MAX	8

/* May it wait, or have waited, for other fragments? */
static bool is_fragment(const struct sk_buff *skb)
{
	const u8 *tail = skb_tail_pointer(skb), *p = whydrop_packet_network(skb);
	unsigned int headers = 0;
	u8 next;

	if (!p || (skb->protocol != htons(ETH_P_IP) && skb->protocol != htons(ETH_P_IPV6)))
		return false;
	if (skb->protocol == htons(ETH_P_IP))
		return tail - p < (int)sizeof(struct iphdr) ||
		       ip_is_fragment((const struct iphdr *)p);
	if (tail - p < (int)sizeof(struct ipv6hdr))
		return true;
	next = ((const struct ipv6hdr *)p)->nexthdr;
	p += sizeof(struct ipv6hdr);
	/* Headers that may precede a fragment header; each contains its length. */
	while (next == NEXTHDR_HOP || next == NEXTHDR_ROUTING || next == NEXTHDR_DEST) {
		/* A sender may put thousands of them into a packet. */
		if (tail - p < 8 || ++headers > EXTENSIONS_MAX)
			return true;
		next = p[0];
		p += ipv6_optlen((const struct ipv6_opt_hdr *)p);
	}
	return next == NEXTHDR_FRAGMENT;
}

/* Is it in no queue, except one that is purged before the device is unregistered? */
static bool is_in_flight(const struct sk_buff *skb, unsigned int slot)
{
	const struct dst_entry *dst = skb_dst(skb);

	/* A route's device is replaced when it is unregistered. */
	if (is_being_received(skb, slot) || (dst && READ_ONCE(dst->dev) == skb->dev))
		return true;
	if (is_fragment(skb))
		return false;
	/* Multicasts that wait for a route have a reference; other packets may have one, too. */
	if (skb->pkt_type == PACKET_MULTICAST && dst && !(dst->flags & DST_METADATA))
		return false;
	if (!skb->destructor || skb->destructor == sock_wfree)
		return true;
	/*
	 * A sender's packet is in flight if it is neither in a receive queue, which sets
	 * sock_rfree, nor in an error queue, which sets PACKET_OUTGOING: these kinds of
	 * sockets queue what they receive without a device.
	 */
	return skb->destructor != sock_rfree && skb->pkt_type != PACKET_OUTGOING &&
	       skb->sk && (skb->sk->sk_family == AF_PACKET ||
			   (sk_fullsock(skb->sk) && skb->sk->sk_protocol == IPPROTO_TCP));
}

/* Was it reassembled from fragments, the first of which may have waited? */
static bool is_reassembled(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IPV6) ? IP6CB(skb)->flags & IP6SKB_FRAGMENTED :
						    IPCB(skb)->flags & IPSKB_FRAG_COMPLETE;
}

static const struct whydrop_dev *find_by_iif(const struct sk_buff *skb, const struct sock *rx_sk,
					     unsigned int slot)
{
	const struct dst_entry *dst = skb_dst(skb);
	const struct whydrop_dev *dev;
	u32 netns;

	if (!skb->skb_iif || !whydrop_sock_dev_is_none(skb) || !is_being_received(skb, slot))
		return WHYDROP_DEV_NONE;
	/* UDP overwrites skb->dev. TCP sets it to NULL, and moves the flags elsewhere. */
	if (skb->dev && is_reassembled(skb))
		return WHYDROP_DEV_NONE;
	netns = whydrop_sock_netns(skb, rx_sk);
	if (!netns && dst) {
		dev = whydrop_netdev_find(READ_ONCE(dst->dev));
		if (dev)
			netns = dev->netns;
	}
	/* If it is not found, NULL becomes WHYDROP_DEV_NONE. */
	dev = whydrop_netdev_by_index(skb->skb_iif, netns);
	return (const struct whydrop_dev *)((unsigned long)dev | WHYDROP_DEV_BY_IIF);
}

const struct whydrop_dev *whydrop_device_find_slow(const struct sk_buff *skb,
						   const struct sock *rx_sk,
						   unsigned int slot)
{
	const struct whydrop_dev *dev = whydrop_netdev_find(skb->dev);

	if (dev)
		return is_in_flight(skb, slot) ? dev : WHYDROP_DEV_NONE;
	return find_by_iif(skb, rx_sk, slot);
}
