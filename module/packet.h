/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WHYDROP_PACKET_H
#define WHYDROP_PACKET_H

#include <linux/skbuff.h>
#include "uapi/whydrop.h"

struct whydrop_dev;

/* All of these: context any, preemption off, on the packet about to be freed. */

/* Where the network header of @skb is, in its linear part; NULL if unknown. */
const u8 *whydrop_packet_network(const struct sk_buff *skb);

/**
 * whydrop_packet_device() - the device of a packet
 * @skb: the packet
 * @netns: namespace of its socket, 0 if unknown
 * @guessed: result: found by skb_iif, as the only one possible
 *
 * Return: the device, or NULL.
 */
const struct whydrop_dev *whydrop_packet_device(const struct sk_buff *skb, u32 netns,
						bool *guessed);

/**
 * whydrop_packet_fill() - what was dropped: device, lengths, first bytes
 * @ev: result; its netns is that of the socket, or 0
 * @skb: the packet, which is about to be freed: owned by this context
 * @snaplen: bytes to keep, at most WHYDROP_SNAPLEN_MAX
 *
 * Sets ev->rec.size to what the record takes so far.
 */
void whydrop_packet_fill(struct whydrop_event *ev, const struct sk_buff *skb,
			 unsigned int snaplen);

#endif /* WHYDROP_PACKET_H */
