/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads the socket of a dropped packet, as far as that is safe: in any context but NMI,
 * with preemption off. On the way of every drop, hence inline.
 */
#ifndef WHYDROP_SOCK_H
#define WHYDROP_SOCK_H

#include <linux/mm.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include "compat.h"
#include "uapi/whydrop.h"

/* Context of all functions: any, preemption off, for a packet that is about to be freed. */

static __always_inline u32 whydrop_sock_inode(const struct sock *sk)
{
	const u64 families = BIT_ULL(AF_INET) | BIT_ULL(AF_INET6) | BIT_ULL(AF_UNIX) |
			     BIT_ULL(AF_NETLINK) | BIT_ULL(AF_PACKET);
	const struct socket *socket = READ_ONCE(sk->sk_socket);

	/*
	 * The inode is freed by RCU, so it can be read even while the socket is being
	 * closed. Other families embed their struct socket elsewhere.
	 */
	if (!WHYDROP_SOCK_INODE_RCU || !socket || sk->sk_family >= 64 ||
	    !(families & BIT_ULL(sk->sk_family)))
		return 0;
	return SOCK_INODE((struct socket *)socket)->i_ino;
}

/*
 * Is @sk in use? TCP may give back its receiver before it drops the packet. The memory
 * remains that of a socket, because RCU frees it, but it may become another one, which is
 * cleared first. If it has become another one already, which takes another CPU those few
 * instructions, then this cannot be told.
 */
static __always_inline bool whydrop_sock_is_used(const struct sock *sk)
{
	return refcount_read(&sk->sk_refcnt);
}

/* And was it while its fields were read? If not, they may be those of another socket. */
static __always_inline bool whydrop_sock_is_still_used(const struct sock *sk)
{
	/* Orders the fields before the counter, which is 0 while a socket is made of it. */
	smp_rmb();
	return whydrop_sock_is_used(sk);
}

/**
 * whydrop_sock_of() - get the socket of a dropped packet
 * @skb: the packet
 * @rx_sk: the socket that should have received it, in use; or NULL if unknown
 *
 * Return: the socket, maybe a request or time-wait one; or NULL.
 */
static __always_inline const struct sock *whydrop_sock_of(const struct sk_buff *skb,
							  const struct sock *rx_sk)
{
	if (rx_sk)
		return rx_sk;
	/*
	 * Without a destructor, skb->sk may be anything: until 6.7, fragments keep an
	 * offset in its place. With one it is a socket that the packet holds, because the
	 * destructor follows the pointer when the packet is freed.
	 */
	if (!skb->destructor || !skb->sk)
		return NULL;
	return skb->sk;
}

/*
 * Return which end the socket of @skb is, the sender or the receiver, as flags of an event; 0
 * if that is not certain. A packet keeps its sender's socket across veth and loopback
 * devices, so the destructor decides.
 */
static __always_inline u16 whydrop_sock_end(const struct sk_buff *skb, const struct sock *sk)
{
	void (*destructor)(struct sk_buff *skb) = skb->destructor;

	if (destructor == sock_wfree)
		return WHYDROP_EV_TX_SK;
	/* It is in a receive queue, or early demultiplexing has found its receiver. */
	if (destructor == sock_rfree || whydrop_sk_is_prefetched(skb) ||
	    (destructor == sock_edemux && sk_fullsock(sk)))
		return WHYDROP_EV_RX_SK;
	/* UDP's early demultiplexing; or a sender's packet that a qdisc has orphaned. */
	if (destructor == sock_efree)
		return 0;
	/* Other destructors are not exported. TCP's is the sender's, except in an error queue. */
	if (sk->sk_family == AF_NETLINK)
		return WHYDROP_EV_RX_SK;
	if (sk->sk_family == AF_UNIX || sk->sk_family == AF_PACKET ||
	    (sk_fullsock(sk) && sk->sk_protocol == IPPROTO_TCP && skb->pkt_type != PACKET_OUTGOING))
		return WHYDROP_EV_TX_SK;
	return 0;
}

/*
 * Is skb->dev no pointer to a device? It is NULL then, or data of UDP in the same storage,
 * which is no address of the kernel: below all of them, or on s390, where they begin at 0,
 * beyond all memory. On 32 bits, it is truesize and a flag, which is bit 31: on MIPS, and as
 * ARM may be configured, addresses begin there.
 */
static __always_inline bool whydrop_sock_dev_is_none(const struct sk_buff *skb)
{
#ifdef CONFIG_S390
	return !skb->dev || (!virt_addr_valid(skb->dev) && !is_vmalloc_addr(skb->dev));
#else
	return (unsigned long)skb->dev < PAGE_OFFSET ||
	       (BITS_PER_LONG == 32 && ((unsigned long)skb->dev & ~BIT(31)) == skb->truesize);
#endif
}

/**
 * whydrop_sock_netns() - get the namespace of a dropped packet from its socket
 * @skb: the packet
 * @rx_sk: the socket that should have received it, or NULL if unknown
 *
 * A packet may keep its sender's socket in other namespaces until a protocol receives it
 * there; until then it has a device.
 *
 * Return: inode of the namespace; 0 if no socket tells.
 */
static __always_inline u32 whydrop_sock_netns(const struct sk_buff *skb, const struct sock *rx_sk)
{
	const struct sock *receiver = rx_sk && whydrop_sock_is_used(rx_sk) ? rx_sk : NULL;
	const struct sock *sk = whydrop_sock_of(skb, receiver);
	const struct net *net;
	u32 inum;

	if (!sk || (!receiver && !whydrop_sock_dev_is_none(skb) && skb->destructor != sock_rfree))
		return 0;
	net = sock_net(sk);
	/* Read once: that of a socket which is freed now may become NULL. */
	OPTIMIZER_HIDE_VAR(net);
	inum = net ? net->ns.inum : 0;
	return receiver && !whydrop_sock_is_still_used(receiver) ? 0 : inum;
}

/* MIPS has these two numbers the other way round. */
static __always_inline u8 whydrop_sock_type(const struct sock *sk)
{
	if (IS_ENABLED(CONFIG_MIPS) && sk->sk_type == SOCK_STREAM)
		return WHYDROP_SOCK_STREAM;
	if (IS_ENABLED(CONFIG_MIPS) && sk->sk_type == SOCK_DGRAM)
		return WHYDROP_SOCK_DGRAM;
	return sk->sk_type;
}

static __always_inline void whydrop_sock_fill_full(struct whydrop_event *ev,
						   const struct sock *sk)
{
	ev->sock_type = whydrop_sock_type(sk);
	ev->sock_protocol = sk->sk_protocol;
	ev->sock_uid = __kuid_val(sk->sk_uid);
	ev->sock_rmem = atomic_read(&sk->sk_rmem_alloc);
	ev->sock_rcvbuf = READ_ONCE(sk->sk_rcvbuf);
	ev->sock_ino = whydrop_sock_inode(sk);
}

static __always_inline void whydrop_sock_fill_none(struct whydrop_event *ev)
{
	ev->flags = 0;
	ev->sock_family = 0;
	ev->sock_state = 0;
	ev->sock_cookie = 0;
	ev->sock_type = 0;
	ev->sock_protocol = 0;
	ev->sock_uid = 0;
	ev->sock_rmem = 0;
	ev->sock_rcvbuf = 0;
	ev->sock_ino = 0;
}

/**
 * whydrop_sock_fill() - record the socket of a dropped packet
 * @ev: result: the fields of the socket, and flags, which have no others yet
 * @skb: the packet
 * @rx_sk: the socket that should have received it, or NULL if unknown
 */
static __always_inline void whydrop_sock_fill(struct whydrop_event *ev,
					      const struct sk_buff *skb,
					      const struct sock *rx_sk)
{
	const struct sock *receiver = rx_sk && whydrop_sock_is_used(rx_sk) ? rx_sk : NULL;
	const struct sock *sk = whydrop_sock_of(skb, receiver);
	bool full = sk && sk_fullsock(sk);

	if (!full)
		whydrop_sock_fill_none(ev);
	if (!sk)
		return;
	/* Request and time-wait sockets have these fields, too. */
	ev->flags = WHYDROP_EV_SK | (full ? WHYDROP_EV_SK_FULL : 0) |
		    (receiver ? WHYDROP_EV_RX_SK : whydrop_sock_end(skb, sk));
	ev->sock_family = sk->sk_family;
	ev->sock_state = sk->sk_state;
	ev->sock_cookie = atomic64_read(&((struct sock *)sk)->sk_cookie);
	if (full)
		whydrop_sock_fill_full(ev, sk);
	if (receiver && unlikely(!whydrop_sock_is_still_used(receiver)))
		whydrop_sock_fill_none(ev);
}

#endif /* WHYDROP_SOCK_H */
