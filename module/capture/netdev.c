// SPDX-License-Identifier: GPL-2.0
/* The live devices of all namespaces, to be found by pointer value or index. */
#include <linux/etherdevice.h>
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>
#include "capture/netdev.h"

struct hlist_head whydrop_netdevs[1 << WHYDROP_NETDEV_BITS];
static DEFINE_HASHTABLE(by_index, 8);
static DEFINE_SPINLOCK(lock);	/* of both tables' writers */
static unsigned int count;

const struct whydrop_dev *whydrop_netdev_guess(u32 iif, u32 netns, const u8 *dest)
{
	const struct whydrop_dev *d, *only = NULL;
	bool by_mac = dest && is_valid_ether_addr(dest);

	hash_for_each_possible_rcu(by_index, d, by_index, iif, rcu_read_lock_sched_held()) {
		if (d->ifindex != iif || (netns && d->netns != netns))
			continue;
		if (by_mac && !ether_addr_equal(d->addr, dest))
			continue;
		if (only)
			return NULL;
		only = d;
	}
	return only;
}

unsigned int whydrop_netdev_count(void)
{
	return READ_ONCE(count);
}

static void replace(const void *ptr, struct whydrop_dev *d)
{
	struct whydrop_dev *old;

	spin_lock_bh(&lock);
	hlist_for_each_entry(old, whydrop_netdev_bucket(ptr), by_ptr)
		if (old->ptr == ptr)
			break;
	if (old && d && old->ifindex == d->ifindex) {
		/* At no time is it unknown to a drop. */
		hlist_replace_rcu(&old->by_ptr, &d->by_ptr);
		hlist_replace_rcu(&old->by_index, &d->by_index);
	} else {
		if (old) {
			hash_del_rcu(&old->by_ptr);
			hash_del_rcu(&old->by_index);
		}
		if (d) {
			hlist_add_head_rcu(&d->by_ptr, whydrop_netdev_bucket(ptr));
			hash_add_rcu(by_index, &d->by_index, d->ifindex);
		}
		WRITE_ONCE(count, count + !!d - !!old);
	}
	spin_unlock_bh(&lock);
	if (old)
		kfree_rcu(old, rcu);
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
		/* Of one that goes, bonding tells an address after it is unregistered. */
		if (dev->reg_state != NETREG_REGISTERED)
			break;
		d = kzalloc(sizeof(*d), GFP_KERNEL);
		if (d) {
			d->ptr = dev;
			d->ifindex = dev->ifindex;
			d->netns = dev_net(dev)->ns.inum;
			d->type = dev->type;
			if (dev->addr_len == ETH_ALEN)
				ether_addr_copy(d->addr, dev->dev_addr);
			strscpy(d->name, dev->name, sizeof(d->name));
		}
		/* Without memory the device is unknown, which is told as such. */
		replace(dev, d);
		break;
	case NETDEV_UNREGISTER:
		replace(dev, NULL);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block netdev_notifier = {
	.notifier_call = netdev_event,
};

int whydrop_netdev_init(void)
{
	return register_netdevice_notifier(&netdev_notifier);
}

void whydrop_netdev_exit(void)
{
	/* Tells of all devices as unregistered, and so empties the tables. */
	unregister_netdevice_notifier(&netdev_notifier);
}
