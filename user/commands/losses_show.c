// SPDX-License-Identifier: GPL-2.0-only
/* Shows the losses of `whydrop losses', as a table and as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/advice.h"
#include "commands/losses_show.h"
#include "losses/counters.h"
#include "losses/order.h"

const char *const loss_seen_word[] = {
	[LOSS_SEEN] = "yes", [LOSS_PARTLY] = "partly", [LOSS_UNSEEN] = "no", [LOSS_NONE] = "no loss",
};

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
	n = snprintf(text, room, "%s%s%s", loss_seen_word[c->seen], c->why ? ": " : "",
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
	out_fmt(o, " %*llu ", w->lost, (unsigned long long)r->lost);
	used += w->lost + 1;
	if (v->seconds > 0) {
		view_rate(rate, r->lost / v->seconds);
		out_fmt(o, "%9s ", rate);
		used += 10;
	}
	len = saw_text(v, r, text, sizeof(text) - 10);
	if (intent == INTENT_USUAL)
		snprintf(text + len, sizeof(text) - len, " (usual)");
	out_clip(o, text, used);
	out_chr(o, '\n');
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

bool losses_show_text(const struct loss_view *v)
{
	bool others = false;
	struct widths w = { 5, 7, 4 };
	struct loss_row **rows;
	size_t i, nr;
	uint64_t unseen = losses_unseen(v->now);

	rows = losses_sorted(v->now, &nr);
	nr = MIN(nr, v->opt->rq.limit);
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
	free(rows);
	out_flush(v->opt->out);
	if (!nr)
		note(v->seconds > 0 ? "nothing was lost in %.1f seconds" : "nothing was lost",
		     v->seconds);
	else if (unseen)
		note("%llu of these were lost where whydrop cannot see it", (unsigned long long)unseen);
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
		out_str(o, first ? "{\"reason\":" : ",{\"reason\":");
		out_json(o, s.name, strlen(s.name));
		out_json_known(o, "count", s.count, v->saw->readable);
		out_chr(o, '}');
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
	out_json_str(o, "seen", loss_seen_word[c->seen]);
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
	struct loss_row **rows;
	bool first = true;
	size_t i, nr;

	rows = losses_sorted(v->now, &nr);
	for (i = 0; i < nr && i < v->opt->rq.limit; i++)
		json_row(v, rows[i]);
	free(rows);
	out_str(o, "{\"type\":\"losses\"");
	json_seconds(o, "seconds", v->seconds, v->seconds > 0);
	out_json_u64(o, "rows", nr);
	out_json_u64(o, "unseen", losses_unseen(v->now));
	out_json_known(o, "netns", v->netns, v->netns);
	out_json_key(o, "module");
	out_str(o, v->saw->readable ? "true" : "false");
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
