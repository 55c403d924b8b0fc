// SPDX-License-Identifier: GPL-2.0-only
/* Finds chains and rules in the text of a ruleset, as nft prints it. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "rule/ruleset.h"

/* Cut " # handle N" off the end of @line; 0: it has none. */
static uint64_t take_handle(char *line)
{
	static const char word[] = " # handle ";
	char *p, *last = NULL;
	uint64_t handle;

	for (p = line; (p = strstr(p, word)); p++)
		last = p;
	if (!last || !parse_u64(last + sizeof(word) - 1, UINT64_MAX, &handle))
		return 0;
	*last = '\0';
	return handle;
}

/* "NAME {...": cut to the name. */
static bool take_name(char *s)
{
	char *end = strstr(s, " {");

	if (!end || end == s)
		return false;
	*end = '\0';
	return true;
}

/* What opens "table FAMILY NAME {" at the left, without names as long as they are unknown. */
static struct ruleset_chain take_table(char *line)
{
	char *name = strchr(line + sizeof("table"), ' '), *owner = strstr(line, " progname ");
	struct ruleset_chain table = { 0 };

	/* "# handle 3 progname whydrop" */
	if (owner)
		*owner = '\0';
	table.table_handle = take_handle(line);

	if (!name || !table.table_handle)
		return table;
	*name++ = '\0';
	if (take_name(name)) {
		table.family = line + sizeof("table");
		table.table = name;
	}
	return table;
}

static struct ruleset_chain *add_chain(struct ruleset *r, const struct ruleset_chain *table,
				       char *line)
{
	uint64_t handle = take_handle(line);
	struct ruleset_chain *c;

	if (!table->table || !handle || !take_name(line))
		return NULL;
	r->chain = grow(r->chain, r->nr_chains, &r->chain_room, sizeof(*r->chain));
	c = &r->chain[r->nr_chains++];
	*c = *table;
	c->name = line;
	c->handle = handle;
	return c;
}

/* "type filter hook input priority filter; policy drop;" */
static void take_hook(struct ruleset_chain *c, char *line)
{
	char *hook = strstr(line, " hook ");

	if (!hook || c->hook)
		return;
	c->policy_drop = strstr(hook, "; policy drop;");
	c->hook = next_word(&(char *){ hook + sizeof(" hook") });
}

static void add_rule(struct ruleset *r, char *line)
{
	uint64_t handle = take_handle(line);

	if (!handle)
		return;
	r->rule = grow(r->rule, r->nr_rules, &r->rule_room, sizeof(*r->rule));
	r->rule[r->nr_rules++] = (struct ruleset_rule){ r->nr_chains - 1, handle, line };
}

void ruleset_parse(struct ruleset *r, const char *text)
{
	struct ruleset_chain table = { 0 };
	struct ruleset_chain *chain = NULL;
	bool open = false;	/* what "}" closes */
	char *pos, *line;

	*r = (struct ruleset){ .text = text_copy(text, strlen(text)) };
	pos = r->text;
	while ((line = next_line(&pos))) {
		if (!strncmp(line, "table ", 6)) {
			table = take_table(line);
			chain = NULL;
			open = false;
		} else if (line[0] == '\t' && line[1] != '\t') {
			open = strstr(line, " {");
			table.dormant |= !strncmp(line, "\tflags ", 7) && strstr(line, "dormant");
			chain = NULL;
			if (!strncmp(line, "\tchain ", 7))
				chain = add_chain(r, &table, line + 7);
		} else if (strncmp(line, "\t\t", 2) ? open : !open) {
			if (r->nr_chains)
				r->chain[r->nr_chains - 1].doubtful = true;
		} else if (chain && !strncmp(line, "\t\ttype ", 7) && !strstr(line, " # handle ")) {
			take_hook(chain, line);
		} else if (chain) {
			add_rule(r, line + 2);
		}
	}
}

void ruleset_free(struct ruleset *r)
{
	free(r->text);
	free(r->chain);
	free(r->rule);
	*r = (struct ruleset){ 0 };
}

static bool chain_is(const struct ruleset_chain *c, const char *family, const char *table,
		     const char *chain)
{
	return !strcmp(c->table, table) && !strcmp(c->family, family) &&
	       (!chain || !strcmp(c->name, chain));
}

const struct ruleset_chain *ruleset_chain(const struct ruleset *r, const char *family,
					  const char *table, const char *chain)
{
	const struct ruleset_chain *found = NULL;
	size_t i;

	for (i = 0; i < r->nr_chains; i++) {
		if (!chain_is(&r->chain[i], family, table, chain))
			continue;
		if (found)
			return NULL;
		found = &r->chain[i];
	}
	return found;
}

const struct ruleset_rule *ruleset_rule(const struct ruleset *r, const char *family,
					const char *table, const char *chain, uint64_t handle)
{
	const struct ruleset_rule *found = NULL;
	size_t i;

	for (i = 0; i < r->nr_rules; i++) {
		if (r->rule[i].handle != handle ||
		    !chain_is(&r->chain[r->rule[i].chain], family, table, chain))
			continue;
		if (found)
			return NULL;
		found = &r->rule[i];
	}
	return found && !r->chain[found->chain].doubtful ? found : NULL;
}

uint64_t ruleset_table(const struct ruleset *r, const char *family, const char *table)
{
	size_t i;

	for (i = 0; i < r->nr_chains; i++)
		if (chain_is(&r->chain[i], family, table, NULL))
			return r->chain[i].table_handle;
	return 0;
}

/* Chains of the family inet see packets of both; a packet of inet is of one or the other. */
static bool sees(const char *chains, const char *packets)
{
	bool ip = !strcmp(packets, "ip") || !strcmp(packets, "ip6");

	if (!strcmp(packets, "inet"))
		return !strcmp(chains, "inet") || !strcmp(chains, "ip") || !strcmp(chains, "ip6");
	return !strcmp(chains, packets) || (ip && !strcmp(chains, "inet"));
}

enum drops { DROPS_NOT, DROPS, DROPS_PERHAPS };

/* What a rule does to the packets that it fits, by its words outside of quotes. */
static enum drops rule_drops(const char *text)
{
	char *copy = text_copy(text, strlen(text)), *pos, *word, *quote;
	enum drops drops = DROPS_NOT;

	for (pos = copy; (quote = strchr(pos, '"'));) {
		*quote++ = ' ';
		pos = quote + strcspn(quote, "\"");
		memset(quote, '.', pos - quote);
		if (*pos)
			*pos++ = ' ';
	}
	for (pos = copy; (word = next_word(&pos));) {
		/* The name of a chain may be any word. */
		if (match_words("jump goto", word, false))
			next_word(&pos);
		else if (match_words("vmap queue xt synproxy fwd", word, false))
			drops = DROPS_PERHAPS;
		else if (!drops && match_words("drop reject", word, false))
			drops = DROPS;
	}
	free(copy);
	return drops;
}

const struct ruleset_chain *ruleset_only_drop(const struct ruleset *r, const char *family,
					      const char *hook, const struct ruleset_rule **rule)
{
	const struct ruleset_chain *c, *only = NULL;
	enum drops drops;
	size_t i, nr = 0;

	*rule = NULL;
	for (i = 0; i < r->nr_chains; i++) {
		c = &r->chain[i];
		if (c->dormant || !sees(c->family, family))
			continue;
		if (c->doubtful)
			return NULL;
		if (!c->policy_drop || !c->hook || strcmp(c->hook, hook))
			continue;
		only = c;
		nr++;
	}
	for (i = 0; i < r->nr_rules; i++) {
		c = &r->chain[r->rule[i].chain];
		if (c->dormant || !sees(c->family, family) || (c->hook && strcmp(c->hook, hook)))
			continue;
		drops = rule_drops(r->rule[i].text);
		/* Who jumps to a chain without a hook is not looked at. */
		if (drops == DROPS_PERHAPS || (drops == DROPS && !c->hook))
			return NULL;
		if (drops == DROPS_NOT)
			continue;
		only = c;
		*rule = &r->rule[i];
		nr++;
	}
	return nr == 1 ? only : NULL;
}
