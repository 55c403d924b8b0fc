/* SPDX-License-Identifier: GPL-2.0 */
/* Looks up live devices by pointer value or index: any context but NMI, preemption off. */
#ifndef WHYDROP_NETDEV_H
#define WHYDROP_NETDEV_H

#include <linux/hash.h>
#include <linux/if_ether.h>
#include <linux/rculist.h>
#include <linux/types.h>
#include "uapi/whydrop.h"

/**
 * struct whydrop_dev - a live network device: what events record of it
 * @by_ptr: node in the table by @ptr
 * @by_index: node in the table by @ifindex
 * @by_both: node in the table by @ifindex and @netns
 * @rcu: for freeing
 * @since: when all of this became true, CLOCK_MONOTONIC nanoseconds
 * @ptr: its address, which is never followed
 * @ifindex: its index in @netns
 * @netns: inode of its namespace
 * @type: ARPHRD_
 * @ipvlan: it is an ipvlan or ipvtap device
 * @addr: MAC address, if it is an Ethernet device
 * @name: padded with NUL
 *
 * Constant: a changed device gets a new one.
 */
struct whydrop_dev {
	struct hlist_node by_ptr;
	struct hlist_node by_index;
	struct hlist_node by_both;
	struct rcu_head rcu;
	u64 since;
	const void *ptr;
	u32 ifindex;
	u32 netns;
	u16 type;
	bool ipvlan;
	u8 addr[ETH_ALEN];
	char name[WHYDROP_DEV_LEN] __aligned(8);
};

/**
 * whydrop_netdev_init() - start to follow the devices of all namespaces
 *
 * Context: task. Return: 0 or a negative errno.
 */
int whydrop_netdev_init(void);
void whydrop_netdev_exit(void);

#define WHYDROP_NETDEV_BITS	12

/*
 * Devices by pointer value. Only netdev.c changes the table, and lets no chain get longer
 * than WHYDROP_NETDEV_STEPS; a device that does not fit is unknown.
 */
#define WHYDROP_NETDEV_STEPS	16
extern struct hlist_head whydrop_netdevs[1 << WHYDROP_NETDEV_BITS];

static __always_inline struct hlist_head *whydrop_netdev_bucket(const void *ptr)
{
	return &whydrop_netdevs[hash_ptr(ptr, WHYDROP_NETDEV_BITS)];
}

/**
 * whydrop_netdev_find() - look up a live device by its address
 * @ptr: the value of skb->dev, which may be anything
 *
 * skb->dev must not be followed, because it shares its storage with data of receive
 * queues. A device is removed from the table while it is being unregistered, before its
 * memory can be reused; so the result is live until preemption is enabled. But a packet
 * that has waited may mean an earlier device with the same address: see
 * whydrop_device_find().
 *
 * Context: any, preemption off for as long as the result is used. Return: the device, or
 * NULL.
 */
static __always_inline const struct whydrop_dev *whydrop_netdev_find(const void *ptr)
{
	const struct whydrop_dev *d;

	hlist_for_each_entry_rcu(d, whydrop_netdev_bucket(ptr), by_ptr)
		if (d->ptr == ptr)
			return d;
	return NULL;
}

/**
 * whydrop_netdev_by_index() - look up a live device by its index
 * @ifindex: the index, not 0
 * @netns: inode of its namespace; 0 if that is unknown
 *
 * Context: as whydrop_netdev_find(). Return: the device; NULL if there is none or,
 * without a namespace, if more than one, or not all are known.
 */
const struct whydrop_dev *whydrop_netdev_by_index(u32 ifindex, u32 netns);

/* Devices known now. Any context. */
unsigned int whydrop_netdev_count(void);

#endif /* WHYDROP_NETDEV_H */
