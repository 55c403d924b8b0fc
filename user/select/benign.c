// SPDX-License-Identifier: GPL-2.0-only
/* Lists the drops that are usually harmless, for --benign hide; whydrop(8) has the list, too. */
#include <string.h>

#include "stream/place.h"
#include "base/util.h"
#include "select/benign.h"

/*
 * The module compares destination MAC addresses with that of the device. A frame
 * with our own address is not for another host: its VLAN is not configured here.
 */
static bool for_another_mac(const struct event *e)
{
	return e->ev.flags & WHYDROP_EV_OTHER_MAC;
}

/*
 * Patterns of the reason and of the function that dropped, and why. Where it takes the
 * packet to tell, counts cannot: such drops are hidden in lists of events alone.
 * Nothing stands here that may be a loss as well and cannot be told from it.
 */
static const struct {
	const char *reasons, *places, *why;
	bool (*packet)(const struct event *e);
} benign[] = {
	{ "QUEUE_PURGE NOT_SPECIFIED", "inet_sock_destruct sk_stream_kill_queues tcp_disconnect tcp_v4_destroy_sock packet_release netlink_release netlink_sock_destruct", "a socket was closed with something unread", NULL },
	{ "NOT_SPECIFIED", "udp_destruct_common udp_destruct_sock udpv6_destruct_sock", "the same, UDP", NULL },
	{ "*", "unix_*", "local sockets closed with messages unread", NULL },
	{ "*", "netlink_unicast netlink_dump do_one_broadcast", "messages of the kernel whose receiver is gone, or filters them", NULL },
	{ "OTHERHOST", "*", "for another host's MAC address, as a promiscuous device sees it", for_another_mac },
	{ "NO_SOCKET", "ping_rcv icmp_rcv icmpv6_rcv", "an answer to a ping; a raw socket has a copy of its own", NULL },
	{ "NOT_SPECIFIED", "ip6_mc_input", "IPv6 multicast to a group that nobody here joined", NULL },
	{ "NOT_SPECIFIED", "*_clean_tx_* free_old_xmit*", "a driver frees what it has sent", NULL },
};

const char *benign_cause(const struct reason *r, const struct stack *st, const struct event *e)
{
	/* Kernels without reasons say nothing anywhere. */
	const char *label = strcmp(r->label, REASON_NONE) ? r->label : "NOT_SPECIFIED";
	const char *place = st ? place_decided_by(st) : "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(benign); i++)
		if (match_words(benign[i].reasons, label, false) &&
		    place_matches(benign[i].places, place) &&
		    (!benign[i].packet || (e && benign[i].packet(e))))
			return benign[i].why;
	return NULL;
}
