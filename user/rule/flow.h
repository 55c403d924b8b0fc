/* SPDX-License-Identifier: GPL-2.0-only */
/* Flows whose packets netfilter dropped, and the rules that have them traced. */
#ifndef WHYDROP_RULE_FLOW_H
#define WHYDROP_RULE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream/event.h"

#define FLOW_KEY_TEXT 160

/* Packets with the same addresses, protocol and port of the service, dropped at one hook. */
struct rule_flow {
	const char	*family;	/* of the table: inet, bridge, netdev */
	const char	*hook;		/* as nft has it; NULL: not known which of inet */
	char		dev[WHYDROP_DEV_LEN + 1];	/* of netdev */
	char		match[FLOW_KEY_TEXT];	/* as nft has it */
	uint64_t	last_ns;	/* CLOCK_MONOTONIC of the last drop */
	uint64_t	drops;		/* since they are followed */
	char		place[64];	/* of the last of these */
};

/* More are not distinguished. */
#define FLOWS_MAX 4096

struct rule_flows {
	struct rule_flow *flow;
	size_t		nr, room;
	uint64_t	dropped;	/* by netfilter, at whatever hook */
	uint64_t	others;		/* not by netfilter */
	uint64_t	elsewhere;	/* in other network namespaces */
	uint64_t	unusable;	/* without addresses, device or room, or of ARP */
};

/* Take a drop into account, if it is one of netfilter's in @netns. */
void rule_flows_add(struct rule_flows *f, const struct event *e, uint64_t netns);
/* Keep the @max flows that were dropped last; return how many are left out. */
size_t rule_flows_keep(struct rule_flows *f, size_t max);
/* Count a drop of the time that they are followed. */
void rule_flows_count(struct rule_flows *f, const struct event *e, uint64_t netns);

/*
 * The tables to add, to be freed, with a rule for each flow, whose comment has the flow's
 * number from 1 on. @owner: the kernel removes them with their owner.
 */
char *rule_flows_tables(const struct rule_flows *f, const char *name, bool owner);
/* The flow of a rule with this text; nr: of none. */
size_t rule_flow_of(const struct rule_flows *f, const char *text);

#endif
