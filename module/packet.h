/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WHYDROP_PACKET_H
#define WHYDROP_PACKET_H

#include <linux/skbuff.h>
#include "uapi/whydrop.h"

/**
 * whydrop_packet_fill() - what was dropped: device, lengths, first bytes
 * @ev: result; its netns is that of the socket, or 0
 * @skb: the packet, which is about to be freed: owned by this context
 * @snaplen: bytes to keep, at most WHYDROP_SNAPLEN_MAX
 *
 * Sets ev->rec.size to what the record takes so far.
 * Context: any, preemption off.
 */
void whydrop_packet_fill(struct whydrop_event *ev, const struct sk_buff *skb,
			 unsigned int snaplen);

#endif /* WHYDROP_PACKET_H */
