/* SPDX-License-Identifier: GPL-2.0-only */
/* Decodes the kernel's messages about packets that nftables traces. */
#ifndef WHYDROP_RULE_TRACE_H
#define WHYDROP_RULE_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/netlink.h>

#define TRACE_NAME 256	/* of a table or a chain, with its end */

enum trace_kind {
	TRACE_PASSES,		/* a rule or a policy that lets it go on */
	TRACE_RULE_DROPS,
	TRACE_RULE_QUEUES,	/* for a program, which decides */
	TRACE_POLICY_DROPS,
};

/* What a packet met. */
struct trace {
	enum trace_kind	kind;
	uint32_t	id;		/* of the packet */
	const char	*family;	/* of the table, as nft calls it */
	uint64_t	handle;		/* of the rule; 0: it was none */
	char		table[TRACE_NAME], chain[TRACE_NAME];
};

/* Decode a message. False: it is no such one, or is damaged. */
bool trace_decode(const struct nlmsghdr *h, struct trace *t);

#endif
