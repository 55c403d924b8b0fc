// SPDX-License-Identifier: GPL-2.0-only
/* Drops that usually are no loss, for --benign hide. README.md has this table, too. */
#include "select/select.h"

/* Patterns of the reason and of the symbol of the place, and why. */
static const struct {
	const char *reason, *place, *why;
} benign[] = {
	{ "QUEUE_PURGE", "*", "a queue was emptied: its socket or device went away" },
	{ "NOT_SPECIFIED", "skb_queue_purge*", "the same, on kernels before 6.4" },
	{ "*", "unix_*", "local sockets closed with messages unread" },
	{ "*", "netlink_*", "messages of the kernel that nobody listened to" },
	{ "NEIGH_FAILED", "*", "a neighbor did not answer in time: the sender is told" },
	{ "OTHERHOST", "*", "for another host, as a promiscuous device sees it" },
	{ "NOT_SPECIFIED", "icmpv6_rcv", "ICMPv6 that was handled, on kernels that free it so" },
	{ "NOT_SPECIFIED", "*_clean_tx_*", "a driver frees what it has sent" },
	{ "NOT_SPECIFIED", "free_old_xmit*", "the same, virtio_net" },
};

const char *select_benign(const struct reason *r, const char *place)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(benign); i++)
		if (match_glob(benign[i].reason, r->label, false) &&
		    match_place_text(benign[i].place, place))
			return benign[i].why;
	return NULL;
}
