// SPDX-License-Identifier: GPL-2.0-only
/* Finds the rule of nftables that alone can have dropped packets. */
#ifdef HAVE_LIBNFTABLES
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/util.h"
#include "losses/netns.h"
#include "rule/nft.h"
#include "rule/only.h"

/* Here chains are of no device, and see all packets of their family. */
#define HOOKS "prerouting input forward output postrouting"

/* The older tables, whose rules are not those of nftables. */
static bool has_legacy_tables(void)
{
	return !access("/sys/module/ebtables", F_OK) || nft_legacy("ip_tables_names") ||
	       nft_legacy("ip6_tables_names") || nft_legacy("arp_tables_names");
}

static bool find(struct only_rule *only, const char *family, const char *hook)
{
	/* Asking for the rules would load it. */
	if (access("/sys/module/nf_tables", F_OK) || has_legacy_tables() || !nft_read(&only->all))
		return false;
	only->chain = ruleset_only_drop(&only->all, family, hook, &only->rule);
	return only->chain;
}

bool only_rule_find(struct only_rule *only, uint32_t netns, const char *family, const char *hook)
{
	int there, here;
	bool found = false;

	*only = (struct only_rule){ 0 };
	if (!match_words(HOOKS, hook, false))
		return false;
	if (losses_netns() == netns)
		return find(only, family, hook);
	there = losses_netns_open(netns);
	here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (there >= 0 && here >= 0 && !setns(there, CLONE_NEWNET)) {
		found = find(only, family, hook);
		if (setns(here, CLONE_NEWNET))
			found = false;
	}
	if (there >= 0)
		close(there);
	if (here >= 0)
		close(here);
	return found;
}

void only_rule_free(struct only_rule *only)
{
	ruleset_free(&only->all);
}
#endif
