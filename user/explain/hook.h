/* SPDX-License-Identifier: GPL-2.0-only */
/* The hook of netfilter that a packet was dropped at. */
#ifndef WHYDROP_EXPLAIN_HOOK_H
#define WHYDROP_EXPLAIN_HOOK_H

struct stack;

/* Where in netfilter a packet was, by the stack of its drop. */
struct explain_hook {
	const char	*family;	/* ip, ip6, inet (either), arp, bridge, netdev; or NULL */
	const char	*hook;		/* input, ...; as nft has it */
	const char	*by;		/* "nftables", or NULL: the stack does not show it */
};

struct explain_hook explain_hook(const struct stack *st);

#endif
