// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop explain': the rule of nftables that alone can have dropped packets. */
#include <stdio.h>
#include <string.h>

#include "commands/advice.h"
#include "rule/only.h"

/* The one namespace of all these drops; 0: several, or not known. */
static uint32_t only_netns(const struct topic *topic)
{
	const struct list *l = &topic->devs;
	size_t i;

	for (i = 1; i < l->nr; i++)
		if (l->row[i].netns != l->row[0].netns)
			return 0;
	return l->nr ? l->row[0].netns : 0;
}

static bool find(struct only_rule *only, const struct topics *t, const struct topic *topic)
{
	const struct explain_hook *hook = topic->places.nr ? &topic->places.row->hook : NULL;
	uint32_t netns = only_netns(topic);

	*only = (struct only_rule){ 0 };
	return t->live && netns && hook && hook->hook &&
	       only_rule_find(only, netns, hook->family, hook->hook);
}

void advice_rule(struct out *o, const struct topics *t, const struct topic *topic)
{
	struct only_rule only;
	char where[400], line[1000], number[40] = "";

	if (find(&only, t, topic)) {
		snprintf(where, sizeof(where), "%s %s %s", only.chain->family, only.chain->table,
			 only.chain->name);
		if (only.rule)
			snprintf(number, sizeof(number), ", handle %llu",
				 (unsigned long long)only.rule->handle);
		snprintf(line, sizeof(line),
			 "%s%s: %s (of the rules of nftables at this hook no other one drops, as they are now)",
			 where, number, only.rule ? only.rule->text : "policy drop");
		snprintf(where, sizeof(where), "  At hook %s: ", topic->places.row->hook.hook);
		advice_words(o, where, "    ", line);
	}
	only_rule_free(&only);
}

void advice_json_rule(struct out *o, const struct topics *t, const struct topic *topic)
{
	struct only_rule only;

	out_json_key(o, "rule");
	if (find(&only, t, topic)) {
		out_str(o, "{\"family\":");
		out_json(o, only.chain->family, strlen(only.chain->family));
		out_json_str(o, "table", only.chain->table);
		out_json_str(o, "chain", only.chain->name);
		out_json_str(o, "hook", only.chain->hook);
		out_json_known(o, "handle", only.rule ? only.rule->handle : 0, only.rule);
		out_json_str(o, "text", only.rule ? only.rule->text : "policy drop");
		out_chr(o, '}');
	} else {
		out_str(o, "null");
	}
	only_rule_free(&only);
}
