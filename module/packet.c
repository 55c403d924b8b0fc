// SPDX-License-Identifier: GPL-2.0
/* What was dropped: the device, lengths and the first bytes of the packet. */
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/string.h>
#include "compat.h"
#include "netdev.h"
#include "packet.h"
#include "ring.h"

/* An Ethernet header with up to two VLAN tags behind it. */
#define ETH_HLEN_MAX	(ETH_HLEN + 2 * VLAN_HLEN)
/* No link layer has a longer header. */
#define MAC_LEN_MAX	96

/*
 * Where the headers are, as pointers that were checked to lie in the linear
 * part; NULL where unknown.
 */
struct headers {
	const u8 *mac;
	const u8 *net;
	const u8 *tail;
};

const u8 *whydrop_packet_network(const struct sk_buff *skb)
{
	/* 0 is the value before it is set: headroom is never without a byte. */
	if (skb->network_header && skb_network_header(skb) <= skb_tail_pointer(skb))
		return skb_network_header(skb);
	return NULL;
}

static void find_headers(struct headers *h, const struct sk_buff *skb)
{
	h->tail = skb_tail_pointer(skb);
	h->mac = NULL;
	h->net = whydrop_packet_network(skb);
	if (skb_mac_header_was_set(skb) && skb_mac_header(skb) <= h->tail)
		h->mac = skb_mac_header(skb);
}

/* Does an Ethernet header at @mac lead to what stands at @net? */
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

const struct whydrop_dev *whydrop_packet_device(const struct sk_buff *skb, u32 netns,
						bool *guessed)
{
	const struct whydrop_dev *dev = whydrop_netdev_find(skb->dev);
	struct headers h;

	*guessed = false;
	if (likely(dev) || !skb->skb_iif)
		return dev;
	find_headers(&h, skb);
	dev = whydrop_netdev_guess(skb->skb_iif, netns, is_ethernet(&h, skb) ? h.mac : NULL);
	*guessed = dev;
	return dev;
}

static void fill_device(struct whydrop_event *ev, const struct whydrop_dev *dev)
{
	ev->ifindex = dev->ifindex;
	ev->netns = dev->netns;
	ev->dev_type = dev->type;
	memcpy(ev->dev, dev->name, sizeof(ev->dev));
}

/* Where the bytes to keep start: at the link-layer header if it is for sure. */
static const u8 *choose_start(struct whydrop_event *ev, const struct sk_buff *skb,
			      const struct headers *h)
{
	bool other_link = ev->dev_type && ev->dev_type != ARPHRD_ETHER &&
			  ev->dev_type != ARPHRD_LOOPBACK;

	if (is_ethernet(h, skb)) {
		/* A device of another type by now: the header is still this. */
		if (ev->dev_type != ARPHRD_LOOPBACK)
			ev->dev_type = ARPHRD_ETHER;
		ev->flags |= WHYDROP_EV_MAC;
		return h->mac;
	}
	if (h->mac && h->net && h->mac < h->net && h->net - h->mac <= MAC_LEN_MAX &&
	    (other_link || skb->data == h->mac)) {
		ev->flags |= WHYDROP_EV_MAC;
		return h->mac;
	}
	if (h->net)
		return h->net;
	if (h->mac && h->mac <= skb->data && skb->data - h->mac <= MAC_LEN_MAX) {
		ev->flags |= WHYDROP_EV_MAC;
		return h->mac;
	}
	return skb->data;
}

void whydrop_packet_fill(struct whydrop_event *ev, const struct sk_buff *skb,
			 unsigned int snaplen)
{
	const struct whydrop_dev *dev;
	unsigned int linear, cap;
	struct headers h;
	const u8 *start;
	bool guessed;
	int len;

	dev = whydrop_packet_device(skb, ev->netns, &guessed);
	if (dev)
		fill_device(ev, dev);
	if (guessed)
		ev->flags |= WHYDROP_EV_DEV_BY_IIF;
	ev->iif = skb->skb_iif;
	ev->mark = skb->mark;
	ev->protocol = skb->protocol;
	if (skb_vlan_tag_present(skb)) {
		ev->flags |= WHYDROP_EV_VLAN;
		ev->vlan_tci = skb_vlan_tag_get(skb);
	}

	find_headers(&h, skb);
	start = choose_start(ev, skb, &h);
	/* data may stand before or behind: what it had pulled counts as well. */
	len = (int)skb->len + (int)(skb->data - start);
	ev->pkt_len = max(len, 0);
	ev->l3_off = h.net ? h.net - start : WHYDROP_NO_OFFSET;

	cap = min(snaplen, ev->pkt_len);
	linear = min_t(unsigned int, cap, h.tail - start);
	memcpy(ev->data, start, linear);
	if (linear < cap) {
		if (!whydrop_frags_readable(skb) ||
		    skb_copy_bits(skb, skb_headlen(skb), ev->data + linear, cap - linear))
			cap = linear;
	}
	ev->caplen = cap;
	ev->rec.size = whydrop_attached_offset(cap);
	memset(ev->data + cap, 0, ev->rec.size - sizeof(*ev) - cap);
}
