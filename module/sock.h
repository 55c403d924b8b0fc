/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WHYDROP_SOCK_H
#define WHYDROP_SOCK_H

#include <linux/skbuff.h>
#include "uapi/whydrop.h"

/**
 * whydrop_sock_of() - the socket of a dropped packet
 * @skb: the packet
 * @rx_sk: the socket that should have received it, or NULL if unknown
 *
 * Return: the socket, maybe a request or time-wait one; or NULL.
 */
const struct sock *whydrop_sock_of(const struct sk_buff *skb, const struct sock *rx_sk);

/* Inode of the namespace of @sk, 0 if there is none. Any context. */
u32 whydrop_sock_netns(const struct sock *sk);

/**
 * whydrop_sock_fill() - what is known of the socket of a dropped packet
 * @ev: result: the fields of the socket, flags, and netns
 * @skb: the packet
 * @rx_sk: the socket that should have received it, or NULL if unknown
 *
 * Context: any, preemption off; @ev is zero but for what others filled in.
 */
void whydrop_sock_fill(struct whydrop_event *ev, const struct sk_buff *skb,
		       const struct sock *rx_sk);

#endif /* WHYDROP_SOCK_H */
