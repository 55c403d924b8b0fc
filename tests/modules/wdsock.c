// SPDX-License-Identifier: GPL-2.0
/*
 * Drops packets that are said to be for a socket: one in use, one that has been freed
 * already, as TCP may drop them, or one whose memory is about to become another socket.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/sock.h>

#ifdef HAVE_RX_SK
static int drop(struct sock *sk)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	if (!skb)
		return -ENOMEM;
	skb_put_zero(skb, 64);
	sk_skb_reason_drop(sk, skb, SKB_DROP_REASON_SOCKET_FILTER);
	return 0;
}

static int drop_for(const char *state, struct sock *sk)
{
	struct sock *copy;
	int ret = -EINVAL;

	if (sysfs_streq(state, "used"))
		return drop(sk);
	copy = kmemdup(sk, sizeof(*sk), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	refcount_set(&copy->sk_refcnt, 0);
	if (sysfs_streq(state, "cleared"))
		memset(&copy->sk_net, 0, sizeof(copy->sk_net));
	if (sysfs_streq(state, "freed") || sysfs_streq(state, "cleared"))
		ret = drop(copy);
	kfree(copy);
	return ret;
}

static int set_drop(const char *val, const struct kernel_param *kp)
{
	struct socket *sock;
	int ret = sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, IPPROTO_UDP, &sock);

	if (ret)
		return ret;
	ret = drop_for(val, sock->sk);
	sock_release(sock);
	return ret;
}
#else
/* Such a kernel does not tell for which socket a packet was. */
static int set_drop(const char *val, const struct kernel_param *kp)
{
	return -EOPNOTSUPP;
}
#endif

static const struct kernel_param_ops drop_ops = { .set = set_drop };

module_param_cb(drop, &drop_ops, NULL, 0200);
MODULE_PARM_DESC(drop, "write used, freed or cleared: drop a packet for such a socket");

static int __init wdsock_init(void)
{
	return 0;
}

static void __exit wdsock_exit(void)
{
}

module_init(wdsock_init);
module_exit(wdsock_exit);

MODULE_DESCRIPTION("Drops packets for sockets in use and freed");
MODULE_LICENSE("GPL");
