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

unsigned int whydrop_packet_copy_frags(struct whydrop_event *ev, const struct sk_buff *skb,
				       unsigned int from, unsigned int to)
{
	if (whydrop_frags_readable(skb) &&
	    !skb_copy_bits(skb, skb_headlen(skb), ev->data + from, to - from))
		return to;
	memset(ev->data + from, 0, -from & 7);
	return from;
}
