// SPDX-License-Identifier: GPL-2.0
/*
 * Follows the live devices of all namespaces, in a task, under RTNL; drops look them up, in
 * any context but NMI, with preemption off.
 */
#include <linux/etherdevice.h>
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>
#include "compat.h"
#include "capture/netdev.h"

struct hlist_head whydrop_netdevs[1 << WHYDROP_NETDEV_BITS];
static DEFINE_HASHTABLE(by_index, WHYDROP_NETDEV_BITS);
static DEFINE_HASHTABLE(by_both, WHYDROP_NETDEV_BITS);
static DEFINE_SPINLOCK(lock);	/* protects all tables from other writers */
static unsigned int count;
static bool incomplete;		/* a device is missing from the tables; never reset */

/*
 * Number of ipvlan devices. In mode L3S, these move packets to another namespace, but leave
 * in them the index of a device in the first one. So while there is one, no index is used.
 */
static unsigned int ipvlans;

static u64 index_key(u32 ifindex, u32 netns)
{
	return (u64)netns << 32 | ifindex;
}

/* Stops at the second device with the index: each namespace has an lo with index 1. */
static const struct whydrop_dev *find_unique(u32 ifindex)
{
	const struct whydrop_dev *d, *found = NULL;
	unsigned int steps = 0;

	if (READ_ONCE(incomplete))
		return NULL;
	hash_for_each_possible_rcu(by_index, d, by_index, ifindex) {
		if (++steps > WHYDROP_NETDEV_STEPS)
			return NULL;
		if (d->ifindex != ifindex)
			continue;
		if (found)
			return NULL;
		found = d;
	}
	return found;
}

const struct whydrop_dev *whydrop_netdev_by_index(u32 ifindex, u32 netns)
{
	const struct whydrop_dev *d;
	unsigned int steps = 0;

	if (READ_ONCE(ipvlans))
		return NULL;
	if (!netns)
		return find_unique(ifindex);
	hash_for_each_possible_rcu(by_both, d, by_both, index_key(ifindex, netns)) {
		if (++steps > WHYDROP_NETDEV_STEPS)
			return NULL;
		if (d->ifindex == ifindex && d->netns == netns)
			return d;
	}
	return NULL;
}

unsigned int whydrop_netdev_count(void)
{
	return READ_ONCE(count);
}

/* Keep the chains short, as drops walk them. */
static bool has_room(const struct hlist_head *bucket)
{
	const struct hlist_node *node;
	unsigned int len = 0;

	hlist_for_each(node, bucket)
		len++;
	return len < WHYDROP_NETDEV_STEPS;
}

static void insert_dev(struct whydrop_dev *d)
{
	hlist_add_head_rcu(&d->by_ptr, whydrop_netdev_bucket(d->ptr));
	hash_add_rcu(by_index, &d->by_index, d->ifindex);
	hash_add_rcu(by_both, &d->by_both, index_key(d->ifindex, d->netns));
	WRITE_ONCE(count, count + 1);
	WRITE_ONCE(ipvlans, ipvlans + d->ipvlan);
}

static void remove_dev(struct whydrop_dev *d)
{
	hash_del_rcu(&d->by_ptr);
	hash_del_rcu(&d->by_index);
	hash_del_rcu(&d->by_both);
	WRITE_ONCE(count, count - 1);
	WRITE_ONCE(ipvlans, ipvlans - d->ipvlan);
}

/* Where kfree_rcu() does it, the compiler leaves this out. */
static void __maybe_unused free_dev(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct whydrop_dev, rcu));
}

/* Replace the device at @ptr with @d, a new or changed one; NULL: only remove it. */
static void replace_dev(const void *ptr, struct whydrop_dev *d)
{
	struct whydrop_dev *old;

	spin_lock_bh(&lock);
	hlist_for_each_entry(old, whydrop_netdev_bucket(ptr), by_ptr)
		if (old->ptr == ptr)
			break;
	if (old && d && old->ifindex == d->ifindex && old->netns == d->netns) {
		/* In place, so that drops find the device at any time. */
		hlist_replace_rcu(&old->by_ptr, &d->by_ptr);
		hlist_replace_rcu(&old->by_index, &d->by_index);
		hlist_replace_rcu(&old->by_both, &d->by_both);
		d = NULL;
	} else {
		if (old)
			remove_dev(old);
		if (d && has_room(whydrop_netdev_bucket(ptr))) {
			insert_dev(d);
			d = NULL;
		} else if (d) {
			WRITE_ONCE(incomplete, true);
		}
	}
	spin_unlock_bh(&lock);
	if (old)
		whydrop_free_later(old, free_dev);
	kfree(d);
}

static void init_dev(struct whydrop_dev *d, const struct net_device *dev)
{
	d->ptr = dev;
	d->ifindex = dev->ifindex;
	d->netns = dev_net(dev)->ns.inum;
	d->type = dev->type;
	/* ipvlan, ipvtap */
	d->ipvlan = dev->rtnl_link_ops && strstarts(dev->rtnl_link_ops->kind, "ipv");
	if (dev->addr_len == ETH_ALEN)
		ether_addr_copy(d->addr, dev->dev_addr);
	strscpy(d->name, dev->name, sizeof(d->name));
	d->since = ktime_get_mono_fast_ns();
}

static int netdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct whydrop_dev *d;

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEADDR:
	case NETDEV_POST_TYPE_CHANGE:
		/* bonding changes the address of a device that it has unregistered. */
		if (dev->reg_state != NETREG_REGISTERED)
			break;
		d = kzalloc(sizeof(*d), GFP_KERNEL);
		if (d)
			init_dev(d, dev);
		else
			WRITE_ONCE(incomplete, true);
		/* Without memory, the device is unknown, and drops at it name none. */
		replace_dev(dev, d);
		break;
	case NETDEV_UNREGISTER:
		replace_dev(dev, NULL);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block netdev_notifier = {
	.notifier_call = netdev_event,
};

int whydrop_netdev_init(void)
{
	int ret = register_netdevice_notifier(&netdev_notifier);

	if (ret)
		whydrop_free_finish();
	return ret;
}

void whydrop_netdev_exit(void)
{
	/* This reports all devices as unregistered, which empties the tables. */
	unregister_netdevice_notifier(&netdev_notifier);
	whydrop_free_finish();
}
