// SPDX-License-Identifier: GPL-2.0-only
/* Shows the losses of `whydrop losses', as a table and as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/advice.h"
#include "commands/losses_show.h"
#include "losses/counters.h"
#include "losses/order.h"

/* Are there drops of other counters or namespaces in what the module counted? */
static bool has_others(const struct loss_view *v, const struct loss_row *r)
{
	bool known;

	return saw_others(v->saw, r->counter, r->lost, &known);
}

/*
 * "yes: 237 SOCKET_RCVBUFF, 4 UDP_CSUM": of the reasons that the counter's packets have,
 * those of which there are drops; else all of them.
 */
static size_t saw_text(const struct loss_view *v, const struct loss_row *r, char *text, size_t room)
{
	const struct counter *c = r->counter;
	char counted[256] = "", named[256] = "";
	const char *pos = NULL;
	struct saw_reason s;
	size_t n = 0, m = 0;

	while (saw_next(v->saw, c, &pos, &s) && n < sizeof(counted) - 90 && m < sizeof(named) - 70) {
		/* It says nothing, and much else has it, too. */
		if (!strcmp(s.name, "NOT_SPECIFIED") || (v->saw->readable && !s.known))
			continue;
		m += snprintf(named + m, sizeof(named) - m, "%s%s", m ? ", " : "", s.name);
		if (s.count)
			n += snprintf(counted + n, sizeof(counted) - n, "%s%llu %s", n ? ", " : "",
				      (unsigned long long)s.count, s.name);
	}
	n = snprintf(text, room, "%s%s%s", counter_seen(c), c->why ? ": " : "",
		     c->why ? c->why : "");
	if (*counted)
		snprintf(text + n, room - n, "%s%s %s%s", c->why ? ";" : has_others(v, r) ? "," : ":",
			 !has_others(v, r) ? "" : c->why ? " among others" : " among others:", counted,
			 saw_compare(v->saw, c, r->lost) == SAW_FEWER ? " only" : "");
	else if (c->seen == LOSS_SEEN && !*named)
		snprintf(text + n, room - n, ", without a reason");
	else if (c->seen == LOSS_SEEN && !v->saw->readable)
		snprintf(text + n, room - n, ": as %s", named);
	else if (c->seen == LOSS_SEEN)
		snprintf(text + n, room - n, ", but none %s: %s",
			 v->saw->since ? "meanwhile" : "since load", named);
	return strlen(text);
}

struct widths {
	int	where, counter, lost;
};

static void show_row(const struct loss_view *v, const struct loss_row *r, const struct widths *w)
{
	struct out *o = v->opt->out;
	char text[512], rate[24];
	enum intent intent = counter_intent(r->counter);
	int used = 9 + 1;
	size_t len;

	out_fmt(o, "%-9s ", r->counter->layer);
	used += out_column(o, *r->where ? r->where : "-", w->where) + 1;
	out_chr(o, ' ');
	out_color(o, intent == INTENT_BAD ? COLOR_BAD : COLOR_OFF);
	used += out_column(o, loss_name(r), w->counter) + 1;
	out_color(o, COLOR_OFF);
	out_fmt(o, " %*llu", w->lost, (unsigned long long)r->lost);
	used += w->lost + 1;
	if (v->seconds > 0) {
		view_rate(rate, r->lost / v->seconds);
		out_fmt(o, " %9s", rate);
		used += 10;
	}
	len = saw_text(v, r, text, sizeof(text) - 10);
	if (intent != INTENT_SUSPICIOUS)
		snprintf(text + len, sizeof(text) - len, " (%s)", intent_word(intent));
	if (!o->columns || used + (int)strlen(text) <= o->columns) {
		out_chr(o, ' ');
		out_text(o, text, strlen(text));
		out_chr(o, '\n');
	} else {
		/* What was cut off would be what matters. */
		out_chr(o, '\n');
		advice_words(o, "          ", "          ", text);
	}
}

static void show_header(const struct loss_view *v, const struct widths *w)
{
	struct out *o = v->opt->out;

	out_color(o, COLOR_FAINT);
	out_fmt(o, "%-9s %-*s %-*s %*s ", "# LAYER", w->where, "WHERE", w->counter, "COUNTER", w->lost,
		"LOST");
	if (v->seconds > 0)
		out_fmt(o, "%9s ", "RATE/S");
	out_str(o, v->saw->readable ? "WHYDROP SAW" : "WHYDROP SEES");
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
}

/* Columns that @s takes when it is escaped, at most @most. */
static int columns_of(const char *s, int most)
{
	static struct out o;

	o.fd = -1;
	o.nr = 0;
	return MIN(out_column(&o, s, 0), most);
}

/* Is there more to say of @a than of @b? */
static bool is_worse(const struct loss_row *a, const struct loss_row *b)
{
	const enum intent x = counter_intent(a->counter), y = counter_intent(b->counter);

	if (x != y || a->lost != b->lost)
		return x != y ? x > y : a->lost > b->lost;
	/* Of the same packets, that which says whose they are. */
	return *a->where && !*b->where;
}

/* What to ask next: about what is worst, or about what no counter has. */
static void hint_at(const struct loss_view *v, struct loss_row *const *rows, size_t nr,
		    const char *only)
{
	const struct loss_row *worst = NULL;
	size_t i;

	for (i = 0; i < nr; i++)
		if (rows[i]->counter->seen != LOSS_NONE && (!worst || is_worse(rows[i], worst)))
			worst = rows[i];
	if (worst && (!only || counter_intent(worst->counter) != INTENT_USUAL))
		explain_hint(v->opt, loss_name(worst));
	else if (only)
		explain_hint(v->opt, only);
}

/* Drops that are events, but that nothing counts, as those of a firewall. */
static void show_only(const struct loss_view *v, struct loss_row *const *rows, size_t nr_rows)
{
	char text[512] = "";
	struct saw_reason *only;
	size_t i, nr, n = 0;

	only = saw_only(v->saw, rows, nr_rows, &nr);
	for (i = 0; i < MIN(nr, 3); i++)
		n += snprintf(text + n, sizeof(text) - n, "%s%llu %s", i ? ", " : "",
			      (unsigned long long)only[i].count, only[i].name);
	if (nr > i)
		snprintf(text + n, sizeof(text) - n, " and %zu more", nr - i);
	if (nr)
		note("besides, whydrop saw %s, in all namespaces", text);
	if (v->opt->interval_ms <= 0)
		hint_at(v, rows, nr_rows, nr ? only->name : NULL);
	free(only);
}

bool losses_show_text(const struct loss_view *v)
{
	bool others = false;
	struct widths w = { 5, 7, 4 };
	struct loss_row **rows;
	size_t i, nr, all;
	uint64_t unseen = losses_unseen(v->now);

	rows = losses_sorted(v->now, &all);
	nr = MIN(all, v->opt->rq.limit);
	for (i = 0; i < nr; i++) {
		w.where = MAX(w.where, columns_of(rows[i]->where, 40));
		w.counter = MAX(w.counter, columns_of(loss_name(rows[i]), 32));
		w.lost = MAX(w.lost, snprintf(NULL, 0, "%llu", (unsigned long long)rows[i]->lost));
	}
	if (nr && v->opt->fmt.header)
		show_header(v, &w);
	for (i = 0; i < nr; i++) {
		show_row(v, rows[i], &w);
		others |= has_others(v, rows[i]);
	}
	out_flush(v->opt->out);
	if (!all && v->seconds > 0)
		note("no counter lost anything in %.1f seconds", v->seconds);
	else if (!all)
		note("no counter lost anything");
	else if (unseen)
		note("%llu of these were lost where whydrop cannot see it", (unsigned long long)unseen);
	show_only(v, rows, all);
	free(rows);
	return others;
}

static void json_seconds(struct out *o, const char *key, double val, bool known)
{
	out_json_key(o, key);
	if (known)
		out_fmt(o, "%.3f", val);
	else
		out_str(o, "null");
}

static void json_reason(struct out *o, bool first, const struct saw_reason *s, bool known)
{
	out_str(o, first ? "{\"reason\":" : ",{\"reason\":");
	out_json(o, s->name, strlen(s->name));
	out_json_known(o, "count", s->count, known);
	out_chr(o, '}');
}

static void json_reasons(const struct loss_view *v, const struct counter *c)
{
	struct out *o = v->opt->out;
	const char *pos = NULL;
	struct saw_reason s;
	bool first = true;

	out_json_key(o, "reasons");
	out_chr(o, '[');
	while (saw_next(v->saw, c, &pos, &s)) {
		if (v->saw->readable && !s.known)
			continue;
		json_reason(o, first, &s, v->saw->readable);
		first = false;
	}
	out_chr(o, ']');
}

/* The device that commands are about: the first word, of what has devices. */
static const char *device_of(const struct loss_row *r, char *dev, size_t room)
{
	if (!match_words("nic driver device bridge qdisc", r->counter->layer, false))
		return NULL;
	snprintf(dev, room, "%.*s", (int)strcspn(r->where, " "), r->where);
	return dev;
}

static void json_row(const struct loss_view *v, const struct loss_row *r)
{
	const struct counter *c = r->counter;
	char line[512], dev[160], *why;
	const struct explain_words words = { .dev = device_of(r, dev, sizeof(dev)) };
	struct out *o = v->opt->out;
	const char *pos = c->look;
	bool first = true, others, known;

	out_str(o, "{\"type\":\"counter\"");
	out_json_str(o, "layer", c->layer);
	out_json_str(o, "where", *r->where ? r->where : NULL);
	out_json_str(o, "counter", c->name);
	out_json_str(o, "driver_name", r->name);
	out_json_u64(o, "lost", r->lost);
	json_seconds(o, "rate", v->seconds > 0 ? r->lost / v->seconds : 0, v->seconds > 0);
	out_json_u64(o, "total", r->count);
	out_json_str(o, "seen", counter_seen(c));
	out_json_str(o, "why", c->why);
	out_json_str(o, "intent", intent_word(counter_intent(c)));
	json_reasons(v, c);
	out_json_key(o, "fewer");
	out_str(o, saw_compare(v->saw, c, r->lost) == SAW_UNSURE ? "null" :
		   saw_compare(v->saw, c, r->lost) == SAW_FEWER ? "true" : "false");
	others = saw_others(v->saw, c, r->lost, &known);
	out_json_key(o, "others");
	out_str(o, !known ? "null" : others ? "true" : "false");
	out_json_str(o, "part_of", c->part_of);
	out_json_str(o, "meaning", c->meaning);
	out_str(o, ",\"look\":[");
	while (explain_line(&pos, &words, line, sizeof(line), &why))
		advice_json_command(o, &first, line, why);
	out_str(o, "]}\n");
}

void losses_show_json(const struct loss_view *v)
{
	static const char *const left[] = {
		[LEFT_NETLINK] = "netlink", [LEFT_NEIGHBORS] = "neighbors", [LEFT_OWNERS] = "programs",
		[LEFT_PACKET] = "packet sockets",
	};
	struct out *o = v->opt->out;
	struct saw_reason *only;
	struct loss_row **rows;
	size_t i, nr, nr_only;
	bool first = true;

	rows = losses_sorted(v->now, &nr);
	for (i = 0; i < nr && i < v->opt->rq.limit; i++)
		json_row(v, rows[i]);
	only = saw_only(v->saw, rows, nr, &nr_only);
	free(rows);
	out_str(o, "{\"type\":\"losses\"");
	json_seconds(o, "seconds", v->seconds, v->seconds > 0);
	out_json_u64(o, "rows", nr);
	out_json_u64(o, "unseen", losses_unseen(v->now));
	out_json_known(o, "netns", v->netns, v->netns);
	out_json_key(o, "module");
	out_str(o, v->saw->readable ? "true" : "false");
	out_json_key(o, "only_seen");
	out_chr(o, '[');
	for (i = 0; i < nr_only; i++)
		json_reason(o, !i, &only[i], true);
	out_chr(o, ']');
	free(only);
	out_json_key(o, "left_out");
	out_chr(o, '[');
	for (i = 0; i < LEFT_NR; i++) {
		if (!(v->left & BIT(i)))
			continue;
		out_str(o, first ? "" : ",");
		out_json(o, left[i], strlen(left[i]));
		first = false;
	}
	out_str(o, "]}\n");
}
