// SPDX-License-Identifier: GPL-2.0-only
/* Follows packets through nftables, up to what drops them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "rule/follow.h"

bool follow_init(struct follow *f, const char *table, const struct rule_flows *flows,
		 const struct ruleset *r)
{
	bool *has = need(calloc(flows->nr + 1, sizeof(*has)));
	size_t i, flow, found = 0;

	*f = (struct follow){ .table = table, .nr_flows = flows->nr };
	f->packets = need(calloc(flows->nr + 1, sizeof(*f->packets)));
	for (i = 0; i < r->nr_rules; i++) {
		const struct ruleset_rule *rule = &r->rule[i];
		const struct ruleset_chain *c = &r->chain[rule->chain];

		flow = strcmp(c->table, table) ? flows->nr : rule_flow_of(flows, rule->text);
		if (flow == flows->nr)
			continue;
		f->own = grow(f->own, f->nr_own, &f->own_room, sizeof(*f->own));
		f->own[f->nr_own] = (struct own_rule){ .handle = rule->handle, .flow = flow,
						       .behind = strstr(c->name, "_behind_nat") };
		snprintf(f->own[f->nr_own++].family, sizeof(f->own->family), "%s", c->family);
		found += !has[flow];
		has[flow] = true;
	}
	free(has);
	return found == flows->nr;
}

void follow_free(struct follow *f)
{
	size_t i;

	for (i = 0; i < f->nr_hits; i++)
		free(f->hit[i].text);
	free(f->hit);
	free(f->own);
	free(f->packets);
	*f = (struct follow){ 0 };
}

/* One of ours begins it, or it is followed already. NULL: neither, or ours is all it met. */
static struct followed *find_packet(struct follow *f, const struct trace *t)
{
	struct followed *p = &f->packet[t->id % FOLLOWED_MAX];
	const struct own_rule *own;
	bool known = p->used && p->id == t->id;
	size_t i;

	if (strcmp(t->table, f->table))
		return known ? p : NULL;
	for (i = 0; t->handle && i < f->nr_own; i++) {
		own = &f->own[i];
		if (own->handle != t->handle || strcmp(own->family, t->family))
			continue;
		if (!known || !own->behind || p->flow != own->flow)
			f->packets[own->flow]++;
		*p = (struct followed){ .used = true, .id = t->id, .flow = own->flow };
		break;
	}
	return NULL;
}

static struct rule_hit *find_hit(struct follow *f, const struct trace *t, size_t flow)
{
	size_t i;

	for (i = 0; i < f->nr_hits; i++) {
		struct rule_hit *h = &f->hit[i];

		if (!h->replaced && h->flow == flow && h->what.kind == t->kind &&
		    h->what.handle == t->handle && !strcmp(h->what.family, t->family) &&
		    !strcmp(h->what.table, t->table) && !strcmp(h->what.chain, t->chain))
			return h;
	}
	return NULL;
}

static void set_text(struct rule_hit *h, const char *text)
{
	h->text = text_copy(text, strlen(text));
}

/*
 * A table's handle is of no other table, and a rule's of no other rule of that table: if it is
 * the same table as before, the rule with this handle is the one that was met.
 */
static void describe(struct rule_hit *h, const struct ruleset *before, const struct ruleset *now)
{
	const struct trace *t = &h->what;
	uint64_t then = ruleset_table(before, t->family, t->table);
	const struct ruleset_rule *r;

	if (t->kind == TRACE_POLICY_DROPS) {
		set_text(h, "policy drop");
		return;
	}
	if (before != now && (!then || then != ruleset_table(now, t->family, t->table))) {
		set_text(h, "(the rules were replaced meanwhile; run it again)");
		return;
	}
	r = ruleset_rule(now, t->family, t->table, t->chain, t->handle);
	if (!r && before != now)
		r = ruleset_rule(before, t->family, t->table, t->chain, t->handle);
	set_text(h, r ? r->text : "(a rule that was deleted meanwhile)");
}

/* A chain that others jump to is at the hook of the one before it. */
static void find_hook(struct followed *p, const struct trace *t, const struct ruleset *before,
		      const struct ruleset *now)
{
	const struct ruleset_chain *c = ruleset_chain(now, t->family, t->table, t->chain);
	const struct ruleset_chain *then = ruleset_chain(before, t->family, t->table, t->chain);

	if (!c || !then || c->handle != then->handle || c->table_handle != then->table_handle)
		*p->hook = '\0';
	else if (c->hook)
		snprintf(p->hook, sizeof(p->hook), "%s", c->hook);
}

void follow_changed(struct follow *f, const struct ruleset *before, const struct ruleset *now)
{
	size_t i;

	for (i = 0; i < f->nr_hits; i++) {
		const struct trace *t = &f->hit[i].what;

		f->hit[i].replaced |= ruleset_table(before, t->family, t->table) !=
				      ruleset_table(now, t->family, t->table);
	}
}

struct rule_hit *follow_packet(struct follow *f, const struct trace *t,
			       const struct ruleset *before, const struct ruleset *now)
{
	struct followed *p = find_packet(f, t);
	struct rule_hit *h;

	if (!p)
		return NULL;
	find_hook(p, t, before, now);
	if (t->kind == TRACE_PASSES)
		return NULL;
	p->used = false;
	h = find_hit(f, t, p->flow);
	if (h) {
		h->count++;
		return NULL;
	}
	if (f->nr_hits == HITS_MAX) {
		f->uncounted++;
		return NULL;
	}
	f->hit = grow(f->hit, f->nr_hits, &f->hit_room, sizeof(*f->hit));
	h = &f->hit[f->nr_hits++];
	*h = (struct rule_hit){ .what = *t, .flow = p->flow, .count = 1 };
	memcpy(h->hook, p->hook, sizeof(h->hook));
	describe(h, before, now);
	return h;
}
