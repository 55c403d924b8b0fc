// SPDX-License-Identifier: GPL-2.0
/* What is rarely needed to tell what was dropped. */
#include "compat.h"
#include "capture/packet.h"

const struct whydrop_dev *whydrop_packet_guess_device(const struct sk_buff *skb, u32 netns)
{
	struct whydrop_headers h;

	if (!skb->skb_iif)
		return NULL;
	whydrop_packet_headers(&h, skb);
	return whydrop_netdev_guess(skb->skb_iif, netns,
				    whydrop_packet_is_ethernet(&h, skb) ? h.mac : NULL);
}

static bool is_vlan(__be16 type)
{
	return eth_type_vlan(type) || type == htons(ETH_P_QINQ1);
}

const u8 *whydrop_packet_ip(const struct sk_buff *skb)
{
	const u8 *net = whydrop_packet_network(skb), *tail = skb_tail_pointer(skb);
	__be16 type = skb->protocol;
	unsigned int version;

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
