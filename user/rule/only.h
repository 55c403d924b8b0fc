/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the rule of nftables that alone can have dropped packets. */
#ifndef WHYDROP_RULE_ONLY_H
#define WHYDROP_RULE_ONLY_H

#include <stdbool.h>
#include <stdint.h>

#include "rule/ruleset.h"

struct only_rule {
	struct ruleset	all;
	const struct ruleset_chain *chain;
	const struct ruleset_rule *rule;	/* NULL: the chain's policy */
};

#ifdef HAVE_LIBNFTABLES
/*
 * Look for it as the rules are now, in the network namespace with the inode @netns, among those
 * at @hook for packets of @family, as nft has both. False: there is none, or it is not known.
 * @only is to be freed in either case.
 */
bool only_rule_find(struct only_rule *only, uint32_t netns, const char *family, const char *hook);
void only_rule_free(struct only_rule *only);
#else
static inline bool only_rule_find(struct only_rule *only, uint32_t netns, const char *family,
				  const char *hook)
{
	(void)only;
	(void)netns;
	(void)family;
	(void)hook;
	return false;
}

static inline void only_rule_free(struct only_rule *only)
{
	(void)only;
}
#endif

#endif
