/* SPDX-License-Identifier: GPL-2.0-only */
/* Follows packets through nftables, up to what drops them. */
#ifndef WHYDROP_RULE_FOLLOW_H
#define WHYDROP_RULE_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/flow.h"
#include "rule/ruleset.h"
#include "rule/trace.h"

/* One that drops packets of a flow. */
struct rule_hit {
	struct trace	what;
	size_t		flow;
	uint64_t	count;
	char		hook[16];	/* of the base chain; empty: not known */
	char		*text;		/* of the rule, or what is known of it; to be freed */
	bool		replaced;	/* its table is another one now */
};

#define HITS_MAX 256

/* A packet, from a rule of ours on. */
struct followed {
	bool		used;
	uint32_t	id;
	size_t		flow;
	char		hook[16];	/* that it is at */
};

#define FOLLOWED_MAX 1024

/* A rule of ours. */
struct own_rule {
	char		family[8];
	uint64_t	handle;
	size_t		flow;
	bool		behind;		/* another one of the same hook */
};

struct follow {
	const char	*table;		/* name of ours */
	struct own_rule	*own;
	size_t		nr_own, own_room;
	struct followed	packet[FOLLOWED_MAX];
	uint64_t	*packets;	/* of each flow */
	size_t		nr_flows;
	struct rule_hit	*hit;
	size_t		nr_hits, hit_room;
	uint64_t	uncounted;	/* more hits than HITS_MAX */
};

/* Learn from the ruleset which rules of ours stand for which flow. False: one is missing. */
bool follow_init(struct follow *f, const char *table, const struct rule_flows *flows,
		 const struct ruleset *r);
void follow_free(struct follow *f);

/*
 * What a packet met, it met between @before and @now, which are the same one if the rules
 * have not changed meanwhile.
 */
/* The rules have changed. */
void follow_changed(struct follow *f, const struct ruleset *before, const struct ruleset *now);
/* Take what a packet met into account. Return: what drops it, if that is new, or NULL. */
struct rule_hit *follow_packet(struct follow *f, const struct trace *t,
			       const struct ruleset *before, const struct ruleset *now);

#endif
