// SPDX-License-Identifier: GPL-2.0
/* Tells of a packet what is rarely needed, in any context but NMI, with preemption off. */
#include <linux/bitmap.h>
#include <linux/ipv6.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/netfilter.h>
#include <linux/preempt.h>
#include <linux/string.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "compat.h"
#include "capture/count.h"
#include "capture/packet.h"
#include "capture/reason.h"
#include "capture/sock.h"

/*
 * Functions that get a packet only when its sender has written all of it. A packet
 * of this host has no device yet when these drop it.
 */
static struct {
	void *fn;
	unsigned long size;	/* 0: unknown */
} passed[] = {
#ifdef CONFIG_NETFILTER
	{ nf_hook_slow },	/* the output hook */
#endif
	{ __ip_queue_xmit },	/* no route */
	{ dst_discard_out },	/* a route that discards */
};

static void learn_sizes(void)
{
	char text[KSYM_SYMBOL_LEN];
	unsigned int i;
	char *size;

	for (i = 0; i < ARRAY_SIZE(passed); i++) {
		sprint_symbol(text, (unsigned long)passed[i].fn);
		size = strstr(text, "+0x0/");
		if (!size || sscanf(size, "+0x0/%lx", &passed[i].size) != 1)
			passed[i].size = 0;
	}
}

static bool passed_by(unsigned long place)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(passed); i++)
		if (place - (unsigned long)passed[i].fn < passed[i].size)
			return true;
	return false;
}

/*
 * Has it got as far as a device? PPPoE, LLC and rings of packet sockets name the device
 * and the protocol before they copy, but none of them has a route, or has set the
 * link-layer header as dev_queue_xmit() and eth_type_trans() do.
 */
static bool at_device(const struct sk_buff *skb)
{
	if (!skb->protocol || !whydrop_netdev_find(skb->dev))
		return false;
	if (skb->_skb_refdst)
		return true;
	if (!skb_mac_header_was_set(skb))
		return false;
	/* So does what GRO has left of the packet before, which tun fills again. */
	return WHYDROP_TELLS_UCOPY_FAULT || skb_mac_header(skb) != skb->data ||
	       skb->destructor || !in_task();
}

unsigned int whydrop_packet_written(const struct sk_buff *skb, u32 reason, unsigned long place)
{
	const u8 *from = skb->data;
	bool device = at_device(skb);
	bool known = device || passed_by(place);
	unsigned int written = WHYDROP_WRITTEN_BYTES;
	struct whydrop_headers h;

	known |= WHYDROP_IS_NETFILTER_DROP(reason);
	if (!known || WHYDROP_IS_UCOPY_FAULT(reason))
		return 0;
	whydrop_packet_headers(&h, skb);
	/*
	 * What a device has pulled is there. But room for headers that are to be pushed
	 * is unwritten, although they are said to be there.
	 */
	if (device && h.mac && h.mac < from)
		from = h.mac;
	if (h.mac >= from)
		written |= WHYDROP_WRITTEN_MAC;
	if (h.net >= from)
		written |= WHYDROP_WRITTEN_NET;
	return written;
}

/*
 * Which device is a drop's? That which skb->dev points to, if it is a live one. But
 * packets are put into queues that outlive devices, and some keep the pointer: the
 * later fragments of a datagram, what is told to a socket of errors, multicasts that
 * wait for a route. When it is dropped there, another device may have come to the
 * same address, or the device may have gone to another namespace.
 *
 * So the pointer counts only while a packet is seen to be on its way: a device is
 * unregistered when all that is on its way in has got through (which is RCU's
 * business), and what waits to go out by it has been thrown away.
 *
 * Where the pointer has been written over by then (UDP, TCP), skb_iif is left, an
 * index in the namespace that the packet came in to. Of a packet on its way in, the
 * device with that index is still there. Of one that has waited, it may have gone,
 * and another of that index have come: none is named.
 */

/* By reason: only packets on their way have it, unless dropped by the task that reads. */
static DECLARE_BITMAP(moving, WHYDROP_SLOTS);

static void learn_reasons(void)
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

void whydrop_packet_init(void)
{
	learn_sizes();
	learn_reasons();
}

/* Is it on its way in, and so under the RCU lock that it was received under? */
static bool is_coming(const struct sk_buff *skb, unsigned int slot)
{
	/* Who puts a packet into a queue first takes a reference to its route. */
	if (skb_dst(skb) && skb_dst_is_noref(skb))
		return true;
	/* Sockets keep packets for the task that holds them, and that is no softirq. */
	return in_serving_softirq() && test_bit(slot, moving);
}

/* Extension headers that are looked behind; with more, it may be a fragment. */
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
	/* What may stand before a fragment's header; each has its length in it. */
	while (next == NEXTHDR_HOP || next == NEXTHDR_ROUTING || next == NEXTHDR_DEST) {
		/* A sender may put thousands of them into a packet. */
		if (tail - p < 8 || ++headers > EXTENSIONS_MAX)
			return true;
		next = p[0];
		p += ipv6_optlen((const struct ipv6_opt_hdr *)p);
	}
	return next == NEXTHDR_FRAGMENT;
}

/* Is it in nobody's queue but, maybe, one that is emptied before the device goes? */
static bool is_moving(const struct sk_buff *skb, unsigned int slot)
{
	const struct dst_entry *dst = skb_dst(skb);

	/* A route's device is replaced when it is unregistered. */
	if (is_coming(skb, slot) || (dst && READ_ONCE(dst->dev) == skb->dev))
		return true;
	if (is_fragment(skb))
		return false;
	/* Those that wait for a route have the reference that others need not have. */
	if (skb->pkt_type == PACKET_MULTICAST && dst && !(dst->flags & DST_METADATA))
		return false;
	if (!skb->destructor || skb->destructor == sock_wfree)
		return true;
	/*
	 * Of a sender, too, if it is not in the receiver's queue nor in the one of
	 * errors, where this is the mark: such sockets receive without a device.
	 */
	return skb->destructor != sock_rfree && skb->pkt_type != PACKET_OUTGOING &&
	       skb->sk && (skb->sk->sk_family == AF_PACKET ||
			   (sk_fullsock(skb->sk) && skb->sk->sk_protocol == IPPROTO_TCP));
}

/* Was it put together of fragments, of which the first may have waited? */
static bool is_reassembled(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IPV6) ? IP6CB(skb)->flags & IP6SKB_FRAGMENTED :
						    IPCB(skb)->flags & IPSKB_FRAG_COMPLETE;
}

static const struct whydrop_dev *by_iif(const struct sk_buff *skb, const struct sock *rx_sk,
					unsigned int slot)
{
	const struct dst_entry *dst = skb_dst(skb);
	const struct whydrop_dev *dev;
	u32 netns;

	if (!skb->skb_iif || !whydrop_sock_dev_is_none(skb) || !is_coming(skb, slot))
		return WHYDROP_DEV_NONE;
	/* UDP has its own in the pointer's place; with TCP, the flags are elsewhere. */
	if (skb->dev && is_reassembled(skb))
		return WHYDROP_DEV_NONE;
	netns = whydrop_sock_netns(skb, rx_sk);
	if (!netns && dst) {
		dev = whydrop_netdev_find(READ_ONCE(dst->dev));
		if (dev)
			netns = dev->netns;
	}
	/* One that is not found makes WHYDROP_DEV_NONE. */
	dev = whydrop_netdev_by_index(skb->skb_iif, netns);
	return (const struct whydrop_dev *)((unsigned long)dev | WHYDROP_DEV_BY_IIF);
}

const struct whydrop_dev *whydrop_packet_device_slowly(const struct sk_buff *skb,
						       const struct sock *rx_sk,
						       unsigned int slot)
{
	const struct whydrop_dev *dev = whydrop_netdev_find(skb->dev);

	if (dev)
		return is_moving(skb, slot) ? dev : WHYDROP_DEV_NONE;
	return by_iif(skb, rx_sk, slot);
}

static bool is_vlan(__be16 type)
{
	return eth_type_vlan(type) || type == htons(ETH_P_QINQ1);
}

const u8 *whydrop_packet_ip(const struct sk_buff *skb, u32 reason, unsigned long place)
{
	const u8 *net = whydrop_packet_network(skb), *tail = skb_tail_pointer(skb);
	__be16 type = skb->protocol;
	unsigned int version;

	if (unlikely(!skb->skb_iif) &&
	    !(whydrop_packet_written(skb, reason, place) & WHYDROP_WRITTEN_NET))
		return NULL;
	for (; net && is_vlan(type); net += VLAN_HLEN) {
		if (tail - net < VLAN_HLEN)
			return NULL;
		type = ((const struct vlan_hdr *)net)->h_vlan_encapsulated_proto;
	}
	/* On its way out it may not be told yet. */
	if (!net || (type && type != htons(ETH_P_IP) && type != htons(ETH_P_IPV6)))
		return NULL;
	/* Its first byte may be outside of the linear part, where the program finds it. */
	if (net == tail)
		return type ? net : NULL;
	version = *net >> 4;
	if (!type)
		return version == 4 || version == 6 ? net : NULL;
	return version == (type == htons(ETH_P_IP) ? 4 : 6) ? net : NULL;
}

unsigned int whydrop_packet_copy_frags(struct whydrop_event *ev, const struct sk_buff *skb,
				       unsigned int from, unsigned int to)
{
	if (whydrop_frags_readable(skb) &&
	    !skb_copy_bits(skb, skb_headlen(skb), ev->data + from, to - from))
		return to;
	memset(ev->data + from, 0, -from & 7);
	return from;
}
