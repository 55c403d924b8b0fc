// SPDX-License-Identifier: GPL-2.0
/* The socket of a dropped packet, as far as it can be read safely. */
#include <net/net_namespace.h>
#include <net/sock.h>
#include "compat.h"
#include "sock.h"

static u32 inode_of(const struct sock *sk)
{
	const struct socket *socket = READ_ONCE(sk->sk_socket);

	/*
	 * The inode goes away by RCU, so it can be read even if the socket is
	 * being closed. Other families embed their struct socket elsewhere.
	 */
	if (!socket || (sk->sk_family != AF_INET && sk->sk_family != AF_INET6 &&
			sk->sk_family != AF_UNIX && sk->sk_family != AF_NETLINK &&
			sk->sk_family != AF_PACKET))
		return 0;
	return SOCK_INODE((struct socket *)socket)->i_ino;
}

const struct sock *whydrop_sock_of(const struct sk_buff *skb, const struct sock *rx_sk)
{
	if (rx_sk)
		return rx_sk;
	/*
	 * Only with a destructor does the packet hold on to it. Without one it
	 * may be anything: until 6.7, fragments keep an offset in its place.
	 */
	if (!skb->sk || !skb->destructor || (unsigned long)skb->sk < PAGE_OFFSET)
		return NULL;
	return skb->sk;
}

u32 whydrop_sock_netns(const struct sock *sk)
{
	return sk ? sock_net(sk)->ns.inum : 0;
}

void whydrop_sock_fill(struct whydrop_event *ev, const struct sk_buff *skb,
		       const struct sock *rx_sk)
{
	const struct sock *sk = whydrop_sock_of(skb, rx_sk);

	if (!sk)
		return;
	if (rx_sk)
		ev->flags |= WHYDROP_EV_RX_SK;

	/* This much request and time-wait sockets have, too. */
	ev->flags |= WHYDROP_EV_SK;
	ev->sock_family = sk->sk_family;
	ev->sock_state = sk->sk_state;
	ev->sock_cookie = atomic64_read(&((struct sock *)sk)->sk_cookie);
	ev->netns = whydrop_sock_netns(sk);
	if (!sk_fullsock(sk))
		return;

	ev->flags |= WHYDROP_EV_SK_FULL;
	ev->sock_type = sk->sk_type;
	ev->sock_protocol = sk->sk_protocol;
	ev->sock_uid = __kuid_val(sk->sk_uid);
	ev->sock_rmem = atomic_read(&sk->sk_rmem_alloc);
	ev->sock_rcvbuf = READ_ONCE(sk->sk_rcvbuf);
	ev->sock_ino = inode_of(sk);
}
