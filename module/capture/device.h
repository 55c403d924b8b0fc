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
 * The device of a packet of which it takes few instructions to see that it is on its
 * way: it has no route, or not yet, so it waits in no queue behind that; and no header
 * of a network is behind it, so it is no fragment that waits for others.
 * Return: it, or NULL if it takes more.
 */
static __always_inline const struct whydrop_dev *
whydrop_device_find_fast(const struct sk_buff *skb)
{
	void (*destructor)(struct sk_buff *skb) = skb->destructor;

	if (destructor != sock_wfree) {
		/* Else the compiler asks for NULL first, where both are asked for then. */
		OPTIMIZER_HIDE_VAR(destructor);
		if (unlikely(destructor))
			return NULL;
	}
	if (unlikely(skb->_skb_refdst || skb->data > skb_network_header(skb)))
		return NULL;
	return whydrop_netdev_find(skb->dev);
}

/*
 * Instead of a device, or of one that skb->dev points to: none, and one by its index.
 * Both are odd, so that a drop has one thing to ask for.
 */
#define WHYDROP_DEV_NONE	((const struct whydrop_dev *)1ul)
#define WHYDROP_DEV_BY_IIF	1ul

/* The device itself, or NULL. */
static __always_inline const struct whydrop_dev *
whydrop_device_untag(const struct whydrop_dev *dev)
{
	return (const struct whydrop_dev *)((unsigned long)dev & ~WHYDROP_DEV_BY_IIF);
}

/**
 * whydrop_device_find_slow() - the device of any packet
 * @skb: the packet
 * @rx_sk: the socket that should have received it, or NULL if unknown
 * @slot: of the reason
 *
 * Return: the device that it is at, or that it has come in by to where it is, tagged;
 * WHYDROP_DEV_NONE where that is not certain.
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
