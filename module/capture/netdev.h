/* SPDX-License-Identifier: GPL-2.0 */
/* Looks up live devices by pointer value or index, in any context but NMI, with preemption off. */
#ifndef WHYDROP_NETDEV_H
#define WHYDROP_NETDEV_H

#include <linux/hash.h>
#include <linux/if_ether.h>
#include <linux/rculist.h>
#include <linux/types.h>
#include "uapi/whydrop.h"

/**
 * struct whydrop_dev - a live network device, as far as a drop wants to know
 * @by_ptr: in the table by @ptr
 * @by_index: in the table by @ifindex
 * @by_both: in the table by @ifindex and @netns
 * @rcu: for freeing
 * @since: from when on all of this was so, CLOCK_MONOTONIC nanoseconds
 * @ptr: the value of a pointer to it, never followed
 * @ifindex: its index in @netns
 * @netns: inode of its namespace
 * @type: ARPHRD_
 * @ipvlan: it is one of ipvlan
 * @addr: MAC address, if it is an Ethernet device
 * @name: padded with NUL
 *
 * Constant; a change makes a new one.
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
 * By pointer value; changed in netdev.c only, which lets no chain get longer than
 * WHYDROP_NETDEV_STEPS: what does not fit in is unknown.
 */
#define WHYDROP_NETDEV_STEPS	16
extern struct hlist_head whydrop_netdevs[1 << WHYDROP_NETDEV_BITS];

static __always_inline struct hlist_head *whydrop_netdev_bucket(const void *ptr)
{
	return &whydrop_netdevs[hash_ptr(ptr, WHYDROP_NETDEV_BITS)];
}

/**
 * whydrop_netdev_find() - is this pointer one to a live device?
 * @ptr: the value of skb->dev, which may be anything
 *
 * skb->dev shares its storage with other things that receive queues keep
 * there, so it must not be followed. A device is taken out while it is being
 * unregistered, before its memory can be used again: what is found is live until
 * preemption is on. But a packet that waited may have meant another one, which
 * had this address before: see whydrop_device_find().
 *
 * Context: any, preemption off, which is also what keeps the result.
 */
static __always_inline const struct whydrop_dev *whydrop_netdev_find(const void *ptr)
{
	const struct whydrop_dev *d;

	hlist_for_each_entry_rcu(d, whydrop_netdev_bucket(ptr), by_ptr, rcu_read_lock_sched_held())
		if (d->ptr == ptr)
			return d;
	return NULL;
}

/**
 * whydrop_netdev_by_index() - the live device with an index
 * @ifindex: the index, not 0
 * @netns: inode of the namespace that it is an index of; 0 if that is unknown
 *
 * Context: as whydrop_netdev_find(). Return: the device; NULL if there is none or,
 * without a namespace, if more than one, or not all are known.
 */
const struct whydrop_dev *whydrop_netdev_by_index(u32 ifindex, u32 netns);

/* Devices known now. Any context. */
unsigned int whydrop_netdev_count(void);

#endif /* WHYDROP_NETDEV_H */
