// SPDX-License-Identifier: GPL-2.0
/* Reads of a packet what is rarely needed, in any context but NMI, with preemption off. */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/netfilter.h>
#include <linux/preempt.h>
#include <linux/string.h>
#include <net/dst.h>
#include <net/ip.h>
#include "compat.h"
#include "capture/netdev.h"
#include "capture/packet.h"

/* An Ethernet header with up to two VLAN tags behind it. */
#define ETH_HLEN_MAX	(ETH_HLEN + 2 * VLAN_HLEN)
/* No link layer has a longer header. */
#define MAC_LEN_MAX	96

/* Pointers to the headers, checked to lie in the linear part; NULL where unknown. */
struct headers {
	const u8 *mac;
	const u8 *net;
};

static void find_headers(struct headers *h, const struct sk_buff *skb)
{
	h->mac = NULL;
	h->net = whydrop_packet_network(skb);
	if (skb_mac_header_was_set(skb) && skb_mac_header(skb) <= skb_tail_pointer(skb))
		h->mac = skb_mac_header(skb);
}

/*
 * Functions that get a packet only after its sender has written all of it. They drop
 * packets of this host that have no device yet.
 */
static struct {
	void *fn;
	unsigned long size;	/* 0: unknown */
} complete_at[] = {
#ifdef CONFIG_NETFILTER
	{ nf_hook_slow },	/* the output hook */
#endif
	{ whydrop_queue_xmit },	/* no route */
	{ dst_discard_out },	/* a route that discards */
};

static void learn_function_sizes(void)
{
	char text[KSYM_SYMBOL_LEN];
	unsigned int i;
	char *size;

	for (i = 0; i < ARRAY_SIZE(complete_at); i++) {
		sprint_symbol(text, (unsigned long)complete_at[i].fn);
		size = strstr(text, "+0x0/");
		if (!size || sscanf(size, "+0x0/%lx", &complete_at[i].size) != 1)
			complete_at[i].size = 0;
	}
}

static bool is_complete_at(unsigned long place)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(complete_at); i++)
		if (place - (unsigned long)complete_at[i].fn < complete_at[i].size)
			return true;
	return false;
}

/*
 * Has it got as far as a device? PPPoE, LLC and rings of packet sockets set the device and
 * the protocol before they copy the data; but their packets have no route, and no
 * link-layer header yet, which dev_queue_xmit() and eth_type_trans() set.
 */
static bool has_reached_device(const struct sk_buff *skb)
{
	if (!skb->protocol || !whydrop_netdev_find(skb->dev))
		return false;
	if (skb->_skb_refdst)
		return true;
	if (!skb_mac_header_was_set(skb))
		return false;
	/* So may an skb that tun reuses, with the header of the packet that GRO took from it. */
	return WHYDROP_TELLS_UCOPY_FAULT || skb_mac_header(skb) != skb->data ||
	       skb->destructor || !in_task();
}

unsigned int whydrop_packet_written(const struct sk_buff *skb, u32 reason, unsigned long place)
{
	const u8 *from = skb->data;
	bool device = has_reached_device(skb);
	bool known = device || is_complete_at(place);
	unsigned int written = WHYDROP_WRITTEN_BYTES;
	struct headers h;

	known |= WHYDROP_IS_NETFILTER_DROP(reason);
	if (!known || WHYDROP_IS_UCOPY_FAULT(reason))
		return 0;
	find_headers(&h, skb);
	/*
	 * What a device has pulled was written. But space reserved for headers that are to
	 * be pushed was not, although the offsets of the headers may be set already.
	 */
	if (device && h.mac && h.mac < from)
		from = h.mac;
	if (h.mac >= from)
		written |= WHYDROP_WRITTEN_MAC;
	if (h.net >= from)
		written |= WHYDROP_WRITTEN_NET;
	return written;
}

/* Is there an Ethernet header, with its VLAN tags, between both headers? */
static bool is_ethernet(const struct headers *h, const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)h->mac;
	long len = h->net - h->mac;

	if (!h->mac || !h->net)
		return false;
	if (len < ETH_HLEN || len > ETH_HLEN_MAX)
		return false;
	return eth->h_proto == skb->protocol || eth_type_vlan(eth->h_proto) ||
	       ntohs(eth->h_proto) < ETH_P_802_3_MIN;
}

/* Does the packet start with a link-layer header? */
static bool starts_at_mac(struct whydrop_event *ev, const struct sk_buff *skb,
			  const struct headers *h)
{
	if (!h->mac)
		return false;
	if (is_ethernet(h, skb)) {
		/* The device may be of another type by now, but the header is not. */
		if (ev->dev_type != ARPHRD_LOOPBACK)
			ev->dev_type = ARPHRD_ETHER;
		return true;
	}
	if (!h->net)
		return h->mac <= skb->data && skb->data - h->mac <= MAC_LEN_MAX;
	return h->mac < h->net && h->net - h->mac <= MAC_LEN_MAX &&
	       (skb->data == h->mac || (ev->dev_type && ev->dev_type != ARPHRD_ETHER &&
					ev->dev_type != ARPHRD_LOOPBACK));
}

const u8 *whydrop_packet_start(struct whydrop_event *ev, const struct sk_buff *skb, u32 reason,
			       unsigned long place)
{
	const u8 *start = skb->data;
	struct headers h;

	find_headers(&h, skb);
	if (!skb->skb_iif) {
		unsigned int written = whydrop_packet_written(skb, reason, place);

		if (!(written & WHYDROP_WRITTEN_MAC))
			h.mac = NULL;
		if (!(written & WHYDROP_WRITTEN_NET))
			h.net = NULL;
		if (!(written & WHYDROP_WRITTEN_BYTES))
			ev->flags |= WHYDROP_EV_UNWRITTEN;
	}
	if (starts_at_mac(ev, skb, &h)) {
		ev->flags |= WHYDROP_EV_MAC;
		start = h.mac;
	} else if (h.net) {
		start = h.net;
	}
	ev->l3_off = h.net ? h.net - start : WHYDROP_NO_OFFSET;
	return start;
}

void whydrop_packet_init(void)
{
	learn_function_sizes();
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
	/* The protocol of a packet that is being sent may not be set yet. */
	if (!net || (type && type != htons(ETH_P_IP) && type != htons(ETH_P_IPV6)))
		return NULL;
	/* The header may start in the non-linear part, which the filter program can read. */
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
