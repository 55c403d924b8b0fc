/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds the device and the namespace that a packet was dropped at: in any context but NMI,
 * with preemption off. On the way of every drop, hence inline; device.c has what takes
 * more.
 */
#ifndef WHYDROP_DEVICE_H
#define WHYDROP_DEVICE_H

#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/sock.h>
#include "capture/netdev.h"
#include "capture/sock.h"
#include "uapi/whydrop.h"

/**
 * whydrop_device_init() - learn which reasons only a packet on its way has
 *
 * Context: task, before there are drops.
 */
void whydrop_device_init(void);

/*
 * Return the device of a packet that few instructions prove to be in flight, else NULL. Such
 * a packet has no route yet, so it is in none of the queues behind routing; and its data
 * starts at or before the network header, so it is no fragment that waits for others.
 */
static __always_inline const struct whydrop_dev *
whydrop_device_find_fast(const struct sk_buff *skb)
{
	void (*destructor)(struct sk_buff *skb) = skb->destructor;

	if (destructor != sock_wfree) {
		/* Else the compiler tests for NULL first, and then for both. */
		OPTIMIZER_HIDE_VAR(destructor);
		if (unlikely(destructor))
			return NULL;
	}
	if (unlikely(skb->_skb_refdst || skb->data > skb_network_header(skb)))
		return NULL;
	return whydrop_netdev_find(skb->dev);
}

/*
 * Tags in a pointer to a device: there is none; it was found by skb_iif and not by
 * skb->dev. Both are odd, so that a drop can test for both at once.
 */
#define WHYDROP_DEV_NONE	((const struct whydrop_dev *)1ul)
#define WHYDROP_DEV_BY_IIF	1ul

/* Return the device without its tag, or NULL. */
static __always_inline const struct whydrop_dev *
whydrop_device_untag(const struct whydrop_dev *dev)
{
	return (const struct whydrop_dev *)((unsigned long)dev & ~WHYDROP_DEV_BY_IIF);
}

/**
 * whydrop_device_find_slow() - find the device of any packet
 * @skb: the packet
 * @rx_sk: the socket that should have received it, or NULL if unknown
 * @slot: of the reason
 *
 * Return: the device that it is at; or the one that it came in by, tagged; or
 * WHYDROP_DEV_NONE if neither is certain.
 */
const struct whydrop_dev *whydrop_device_find_slow(const struct sk_buff *skb,
						   const struct sock *rx_sk,
						   unsigned int slot);

static __always_inline const struct whydrop_dev *
whydrop_device_find(const struct sk_buff *skb, const struct sock *rx_sk, unsigned int slot)
{
	return whydrop_device_find_fast(skb) ?: whydrop_device_find_slow(skb, rx_sk, slot);
}

static __always_inline void whydrop_device_fill(struct whydrop_event *ev,
						const struct sk_buff *skb,
						const struct sock *rx_sk,
						const struct whydrop_dev *dev)
{
	if (unlikely((unsigned long)dev & WHYDROP_DEV_BY_IIF)) {
		if (dev == WHYDROP_DEV_NONE) {
			ev->netns = whydrop_sock_netns(skb, rx_sk);
			ev->ifindex = 0;
			ev->dev_type = 0;
			memset(ev->dev, 0, sizeof(ev->dev));
			return;
		}
		ev->flags |= WHYDROP_EV_DEV_BY_IIF;
		dev = whydrop_device_untag(dev);
	}
	ev->ifindex = dev->ifindex;
	ev->netns = dev->netns;
	ev->dev_type = dev->type;
	memcpy(ev->dev, dev->name, sizeof(ev->dev));
}

#endif /* WHYDROP_DEVICE_H */
