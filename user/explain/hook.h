/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the netfilter hook that dropped a packet. */
#ifndef WHYDROP_EXPLAIN_HOOK_H
#define WHYDROP_EXPLAIN_HOOK_H

struct stack;

/* The hook, according to the stack of the drop. */
struct explain_hook {
	const char	*family;	/* ip, ip6, inet (either), arp, bridge, netdev; or NULL */
	const char	*hook;		/* input, ...; as nft has it */
	const char	*by;		/* "nftables", or NULL: the stack does not show it */
};

struct explain_hook explain_hook(const struct stack *st);

#endif
