// SPDX-License-Identifier: GPL-2.0-only
/* count: how many drops, by what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

enum by { BY_REASON, BY_DEV, BY_NETNS, BY_AT, BY_COMM };

static const struct {
	const char	*name;
	const char	*header;
	int		width;
} by_what[] = {
	[BY_REASON] = { "reason", "REASON", 24 }, [BY_DEV] = { "dev", "DEV", 15 },
	[BY_NETNS] = { "netns", "NETNS", 10 }, [BY_AT] = { "at", "PLACE", 32 },
	[BY_COMM] = { "comm", "COMM", 16 },
};

/* Drops of one reason of one device, place, … */
struct tally {
	uint64_t	count;
	uint32_t	hash;
	uint32_t	netns;
	uint32_t	reason_id;
	char		reason[64];	/* its label */
	char		key[256];	/* by reason: its description */
};

/* A hash table; full, the rest is counted together. */
#define TALLIES (1u << 15)
struct tallies {
	enum by by;
	struct tally **slot;
	size_t room, nr;
	uint64_t rest, total;
};

/* What @by groups: one line of the output. */
struct group {
	const struct tally *mostly;
	uint64_t count;
};

static struct tally **find_slot(struct tallies *t, const struct tally *want)
{
	size_t i = want->hash & (t->room - 1);

	for (; t->slot[i]; i = (i + 1) & (t->room - 1))
		if (t->slot[i]->hash == want->hash && t->slot[i]->netns == want->netns &&
		    t->slot[i]->reason_id == want->reason_id &&
		    !strcmp(t->slot[i]->key, want->key) &&
		    !strcmp(t->slot[i]->reason, want->reason))
			break;
	return &t->slot[i];
}

static void tally_add(struct tallies *t, struct tally *want)
{
	struct tally **slot;
	size_t i, room = t->room;

	t->total += want->count;
	want->hash = hash_bytes(want->key, strlen(want->key)) * 31 +
		     hash_bytes(want->reason, strlen(want->reason)) + want->netns;
	if (t->nr * 2 >= room) {
		struct tally **old = t->slot;

		t->room = room ? room * 2 : 256;
		t->slot = need(calloc(t->room, sizeof(*t->slot)));
		for (i = 0; i < room; i++)
			if (old[i])
				*find_slot(t, old[i]) = old[i];
		free(old);
	}
	slot = find_slot(t, want);
	if (*slot) {
		(*slot)->count += want->count;
	} else if (t->nr < TALLIES) {
		*slot = need(malloc(sizeof(*want)));
		**slot = *want;
		t->nr++;
	} else {
		t->rest += want->count;
	}
}

static void tally_free(struct tallies *t)
{
	size_t i;

	for (i = 0; i < t->room; i++)
		free(t->slot[i]);
	free(t->slot);
}

static int by_key(const void *a, const void *b)
{
	const struct tally *x = *(struct tally *const *)a;
	const struct tally *y = *(struct tally *const *)b;
	int order = strcmp(x->key, y->key);

	if (!order)
		order = (x->netns > y->netns) - (x->netns < y->netns);
	if (!order)
		order = (x->count < y->count) - (x->count > y->count);
	return order ? order : strcmp(x->reason, y->reason);
}

static int by_count(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return by_key(&x->mostly, &y->mostly);
}

static size_t make_groups(const struct tallies *t, struct group **groups)
{
	struct tally **all = need(calloc(t->nr + 1, sizeof(*all)));
	struct group *g = need(calloc(t->nr + 1, sizeof(*g)));
	size_t i, n = 0, nr = 0;

	for (i = 0; i < t->room; i++)
		if (t->slot[i])
			all[n++] = t->slot[i];
	qsort(all, n, sizeof(*all), by_key);
	for (i = 0; i < n; i++) {
		if (!nr || strcmp(g[nr - 1].mostly->key, all[i]->key) ||
		    g[nr - 1].mostly->netns != all[i]->netns)
			g[nr++].mostly = all[i];
		g[nr - 1].count += all[i]->count;
	}
	free(all);
	qsort(g, nr, sizeof(*g), by_count);
	*groups = g;
	return nr;
}

static void show_json(struct out *o, enum by by, const struct group *g)
{
	const struct tally *m = g->mostly;
	const char *slash = strchr(m->reason, '/');

	out_str(o, "{\"type\":\"count\"");
	if (by == BY_REASON) {
		out_json_str(o, "reason", slash ? slash + 1 : m->reason);
		out_json_key(o, "subsys");
		out_json(o, slash ? m->reason : "core", slash ? slash - m->reason : 4);
		out_json_u64(o, "reason_id", m->reason_id);
		out_json_u64(o, "count", g->count);
	} else {
		if (by != BY_NETNS)
			out_json_str(o, by_what[by].name, *m->key ? m->key : NULL);
		if (by == BY_NETNS || by == BY_DEV) {
			out_json_key(o, "netns");
			if (m->netns)
				out_u64(o, m->netns);
			else
				out_str(o, "null");
		}
		out_json_u64(o, "count", g->count);
		out_json_str(o, "mostly", m->reason);
		out_json_u64(o, "mostly_count", m->count);
	}
	out_str(o, "}\n");
}

static void show_header(struct out *o, enum by by)
{
	out_colour(o, COLOUR_FAINT);
	out_fmt(o, "#    COUNT  SHARE %-*s", by == BY_REASON ? 0 : by_what[by].width,
		by_what[by].header);
	out_str(o, by == BY_DEV ? "      NETNS MOSTLY" : by == BY_REASON ? "" : " MOSTLY");
	out_colour(o, COLOUR_OFF);
	out_chr(o, '\n');
}

static void show_text(struct out *o, const struct tallies *t, const struct group *g)
{
	const struct tally *m = g->mostly;
	const char *key = t->by == BY_REASON ? m->reason : *m->key ? m->key : "-";
	char netns[16];
	int used;

	out_fmt(o, "%10llu %5.1f%% ", (unsigned long long)g->count, 100.0 * g->count / t->total);
	snprintf(netns, sizeof(netns), m->netns ? "%u" : "-", m->netns);
	if (t->by == BY_NETNS)
		key = netns;
	out_colour(o, t->by == BY_REASON ? COLOUR_BAD : COLOUR_OFF);
	used = 18 + out_column(o, key, by_what[t->by].width);
	out_colour(o, COLOUR_OFF);
	if (t->by == BY_DEV)
		out_fmt(o, " %10s", netns);
	out_chr(o, ' ');
	if (t->by == BY_REASON) {
		out_clip(o, m->key, used + 1);
	} else {
		out_text(o, m->reason, strlen(m->reason));
		if (m->count != g->count)
			out_fmt(o, " (%.0f%%)", 100.0 * m->count / g->count);
	}
	out_chr(o, '\n');
}

static void show(struct options *opt, const struct tallies *t)
{
	struct group *groups;
	size_t i, nr = make_groups(t, &groups);
	struct out *o = opt->out;

	if (!opt->json && opt->fmt.header && nr)
		show_header(o, t->by);
	for (i = 0; i < nr && i < opt->limit; i++) {
		if (opt->json)
			show_json(o, t->by, &groups[i]);
		else
			show_text(o, t, &groups[i]);
	}
	out_flush(o);
	if (t->rest)
		note("%llu more, of too many kinds to keep apart", (unsigned long long)t->rest);
	free(groups);
}

static int add_event(struct stream *s, const struct item *it)
{
	struct tallies *t = s->arg;
	const struct event *e = it->event;
	struct tally want = { .count = 1 };

	if (it->type != ITEM_EVENT)
		return 0;
	want.reason_id = e->ev.reason;
	snprintf(want.reason, sizeof(want.reason), "%s", e->reason->label);
	switch (t->by) {
	case BY_REASON:
		snprintf(want.key, sizeof(want.key), "%s", e->reason->description);
		break;
	case BY_DEV:
		snprintf(want.key, sizeof(want.key), "%.*s", WHYDROP_DEV_LEN, e->ev.dev);
		want.netns = e->ev.netns;
		break;
	case BY_NETNS:
		want.netns = e->ev.netns;
		break;
	case BY_AT:
		if (e->stack)
			snprintf(want.key, sizeof(want.key), "%s", e->stack->place->text);
		break;
	case BY_COMM:
		snprintf(want.key, sizeof(want.key), "%.*s", WHYDROP_COMM_LEN, e->ev.comm);
		break;
	}
	tally_add(t, &want);
	return 0;
}

static int from_events(struct options *opt, struct tallies *t)
{
	struct stream s = {
		.opt = opt,
		.item = add_event,
		.arg = t,
		.history = true,
		.to_the_end = true,
		.quiet = true,
	};
	int err;

	if (!opt->file)
		note("counted from the events still in the ring, not since load");
	err = stream_run(&s);
	stream_say_lost(&s);
	stream_free(&s);
	return err;
}

static int exact_by_reason(struct options *opt, struct tallies *t)
{
	struct reason_table table;
	size_t i;
	int err;

	err = table_reasons(opt, &table);
	for (i = 0; !err && i < table.nr; i++) {
		struct reason *r = &table.reason[i];
		struct tally want = { .count = r->count, .reason_id = r->id };

		if (!r->count || !select_reason_match(&opt->sel, r))
			continue;
		snprintf(want.reason, sizeof(want.reason), "%s", r->label);
		snprintf(want.key, sizeof(want.key), "%s", r->description);
		tally_add(t, &want);
	}
	if (!err)
		table_reasons_free(&table);
	return err;
}

static int exact_by_place(struct options *opt, struct tallies *t)
{
	struct stack_table table;
	size_t i;
	int err;

	err = table_stacks(opt, &table);
	for (i = 0; !err && i < table.nr; i++) {
		struct stack_row *row = &table.row[i];
		struct tally want = { .count = row->count, .reason_id = row->reason.id };

		if (!row_selected(opt, row))
			continue;
		snprintf(want.reason, sizeof(want.reason), "%s", row->reason.label);
		if (t->by == BY_AT)
			snprintf(want.key, sizeof(want.key), "%s", row->stack->place->text);
		tally_add(t, &want);
	}
	if (!err)
		table_stacks_free(&table);
	select_say_unjudged(&opt->sel);
	return err;
}

int cmd_count(struct options *opt)
{
	struct tallies t = { .by = BY_REASON };
	struct nearest near = { .typed = opt->by };
	unsigned int i;
	int err;

	for (i = 0; opt->by && i < ARRAY_SIZE(by_what); i++) {
		nearest_add(&near, by_what[i].name);
		if (!strcmp(opt->by, by_what[i].name))
			break;
	}
	if (i == ARRAY_SIZE(by_what)) {
		complain("`--by %s': by is reason, dev, netns, at or comm", opt->by);
		nearest_say(&near);
		return EXIT_USAGE;
	}
	t.by = opt->by ? i : BY_REASON;

	err = opt->file ? 0 : table_check_reasons(opt);
	if (!err && !opt->file && !select_needs_events(&opt->sel) && t.by == BY_REASON &&
	    !opt->sel.at.nr && !opt->sel.hide_benign)
		err = exact_by_reason(opt, &t);
	else if (!err && !opt->file && !select_needs_events(&opt->sel) &&
		 (t.by == BY_REASON || t.by == BY_AT))
		err = exact_by_place(opt, &t);
	else if (!err)
		err = from_events(opt, &t);
	if (!err || (err == EXIT_FAILED && t.total)) {
		show(opt, &t);
		note("%llu drop%s", (unsigned long long)t.total, t.total == 1 ? "" : "s");
	}
	err = err ? err : shown_code(opt, t.total);
	tally_free(&t);
	return err;
}
