/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds chains and rules in the text of a ruleset. */
#ifndef WHYDROP_RULESET_H
#define WHYDROP_RULESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ruleset_chain {
	const char	*family, *table, *name;
	uint64_t	table_handle, handle;
	const char	*hook;		/* of a base chain; else NULL */
	bool		policy_drop;
	bool		dormant;	/* its table does nothing */
	bool		doubtful;	/* lines of it are not as nft prints them, as with a
					 * comment that has several: no rule is found */
};

struct ruleset_rule {
	size_t		chain;		/* of ruleset.chain */
	uint64_t	handle;
	const char	*text;
};

/* What `nft -a list ruleset' prints. */
struct ruleset {
	char		*text;
	struct ruleset_chain *chain;
	struct ruleset_rule *rule;
	size_t		nr_chains, chain_room, nr_rules, rule_room;
};

/* Nothing that is not understood is in @r, which is to be freed. */
void ruleset_parse(struct ruleset *r, const char *text);
void ruleset_free(struct ruleset *r);

/* Each returns NULL if there is none, or more than one. */
const struct ruleset_chain *ruleset_chain(const struct ruleset *r, const char *family,
					  const char *table, const char *chain);
const struct ruleset_rule *ruleset_rule(const struct ruleset *r, const char *family,
					const char *table, const char *chain, uint64_t handle);
/*
 * Which base chain, by its policy or by a rule of its own, is the only one at @hook, for packets
 * of @family, that drops any: *@rule is that rule, or NULL: the policy. Return NULL if none
 * does, if several may, or if it cannot be known, as with a map of verdicts.
 */
const struct ruleset_chain *ruleset_only_drop(const struct ruleset *r, const char *family,
					      const char *hook, const struct ruleset_rule **rule);
/* The handle of a table that has chains; 0: there is none. */
uint64_t ruleset_table(const struct ruleset *r, const char *family, const char *table);

#endif
