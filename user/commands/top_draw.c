// SPDX-License-Identifier: GPL-2.0-only
/* Draws the screens of `whydrop top'. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/command.h"
#include "commands/top_draw.h"

static const char *const sort_names[SORT_NR] = {
	[SORT_COUNT] = "count", [SORT_RATE] = "rate", [SORT_LAST] = "last seen",
	[SORT_KEY] = "name",
};

static const char *const help[] = {
	"Up, Down, PgUp, PgDn, Home, End   select a line, or scroll",
	"Enter    kernel stacks of the selected line, most frequent first",
	"g, G     next or previous grouping; or directly:",
	"         r reason  d device  n namespace  a place  c task  f flow",
	"         K class  I intent  o process that has the socket",
	"s        sort by rate, count, last seen or name",
	"p        pause: the screen stops, counting continues",
	"q        quit; Esc, q: back from here",
	"",
	"COUNT    by reason and place: exact, since the module was loaded or reset;",
	"         otherwise, and with a filter: events that the rings held when top",
	"         started, and later ones. Lost ones are reported above.",
	"RATE/S   drops per second since the last refresh",
	"AGO      time since the latest drop; in a recording, its time of day",
	"FIRST    of the first drop; behind > or <, an earlier one may be lost",
	"INTENT   what such drops mostly are on a healthy host; susp. is suspicious",
	"MOSTLY   what most of them have in common, and the share that does",
};

static int foot_row(const struct top *t)
{
	return t->scr.height - FOOT_ROWS;
}

static void put_line(struct top *t, int row, enum style style)
{
	screen_line(&t->scr, row, t->line.buf, t->line.nr, style);
	t->line.nr = 0;
}

static void draw_title(struct top *t)
{
	const char *node = decoder_meta(&t->sm.s.dec, "node");
	const char *kernel = decoder_meta(&t->sm.s.dec, "kernel");
	struct out *o = &t->line;
	char clock[16] = "";
	time_t now = time(NULL);
	struct tm tm;
	int used;

	if (!t->opt->rq.file && localtime_r(&now, &tm))
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	out_fmt(o, "whydrop top: drops by %s", t->by == BY_AT ? "place" : by_what[t->by].name);
	if (t->paused)
		out_str(o, "  PAUSED");
	used = text_columns(o->buf, o->nr) + strlen(clock) + 6;
	if (t->opt->rq.file && (size_t)o->columns > used + strlen(t->opt->rq.file)) {
		out_str(o, " of ");
		out_text(o, t->opt->rq.file, strlen(t->opt->rq.file));
		used += strlen(t->opt->rq.file) + 4;
	}
	if (node && kernel && (size_t)o->columns > used + strlen(node) + strlen(kernel)) {
		out_pad(o, o->columns - used - strlen(node) - strlen(kernel));
		out_text(o, node, strlen(node));
		out_chr(o, ' ');
		out_text(o, kernel, strlen(kernel));
		out_fmt(o, "  %s", clock);
	}
	put_line(t, 0, STYLE_BOLD);
}

/* What makes the counts less than all drops; true if something does. */
static bool put_losses(struct top *t)
{
	const struct sample *sm = &t->sm;
	struct out *o = &t->line;
	bool exact = sample_exact(sm, t->by), disabled = !t->opt->rq.file && module_disabled(&t->opt->rq);
	const char *sep = "";

	if (disabled) {
		out_str(o, "the module is disabled: whydrop enable");
		sep = "; ";
	}
	if (t->ended && !t->whole) {
		out_str(o, "the stream has ended");
		sep = "; ";
	}
	if (t->failed) {
		out_fmt(o, "%sthe rest cannot be read", sep);
		sep = "; ";
	}
	if (loss_line(o, &t->loss, sep))
		return true;
	out_str(o, exact ? "nothing is filtered or lost" : "nothing is filtered or lost since");
	return false;
}

static void draw_sums(struct top *t)
{
	const struct sample *sm = &t->sm;
	struct out *o = &t->line;
	char rate[24];

	view_rate(rate, sample_rate(sm, t->by, &t->sum));
	out_fmt(o, "%" PRIu64 " drops, %s/s", t->sum.count, rate);
	if (sample_exact(sm, t->by))
		out_str(o, ", exact since load or reset");
	else if (t->whole)
		out_str(o, ", on average of the recording");
	else
		out_str(o, ", from events");
	if (sm->hidden)
		out_fmt(o, ", %" PRIu64 " harmless skipped", sm->hidden);
	if (!sample_exact(sm, t->by) && sm->s.lost.by_cause[WHYDROP_LOST_HISTORY])
		out_fmt(o, ", %" PRIu64 " older than the rings", sm->s.lost.by_cause[WHYDROP_LOST_HISTORY]);
	put_line(t, 1, STYLE_PLAIN);
	put_line(t, 2, put_losses(t) ? STYLE_WARN : STYLE_FAINT);
}

/* May it stand in a command line as it is? */
static bool is_word(const char *s)
{
	return *s && !s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789_.:@%+/-")];
}

/* What to type next about the selected group. */
static void put_hint(struct top *t)
{
	const struct group *g = t->selected < t->nr ? &t->group[t->selected] : NULL;
	static const char *const options[BY_NR] = {
		[BY_DEV] = "-i", [BY_NETNS] = "-N", [BY_AT] = "--at", [BY_COMM] = "--comm",
		[BY_CLASS] = "-k", [BY_INTENT] = "-k",
#ifdef SMALL
		[BY_REASON] = "-r",
#endif
	};
	struct out *o = &t->line;
	char key[VIEW_KEY_ROOM];

	if (!g && t->whole && !t->ended) {
		out_fmt(o, "reading, %" PRIu64 " events so far", t->sm.nr_events);
		return;
	}
	if (!g) {
		out_str(o, "no drops yet; `whydrop status' shows whether they are recorded");
		return;
	}
	if (g->rest) {
		out_str(o, "groups too rare to keep apart; -r, -i and the like select some of them");
		return;
	}
	view_key(t->by, g, key);
	if (t->by == BY_AT)
		key[strcspn(key, "+ ")] = '\0';
	if (!is_word(key) || !strcmp(key, "-") || (t->by != BY_REASON && !options[t->by])) {
		out_str(o, "next: Enter for its stacks");
		return;
	}
	if (!options[t->by])
		out_fmt(o, "next: whydrop explain%s %s", t->opt->rq.again, key);
	else
		out_fmt(o, "next: whydrop %s%s -s %s %s", t->opt->rq.file ? "list" : "watch",
			t->opt->rq.again, options[t->by], key);
	out_str(o, ", or Enter for its stacks");
}

static void draw_counts(struct top *t)
{
	size_t room = top_room(t), i;
	struct view v;

	draw_title(t);
	draw_sums(t);
	/* The selected line is in sight. */
	if (t->selected < t->first)
		t->first = t->selected;
	else if (t->selected >= t->first + room)
		t->first = t->selected - room + 1;
	if (t->first + room > t->nr)
		t->first = t->nr > room ? t->nr - room : 0;
	view_init(&v, &t->line, &t->sm, t->by, t->group + t->first, MIN(room, t->nr - t->first));
	view_header(&v);
	put_line(t, 3, STYLE_FAINT);
	for (i = t->first; i < t->nr && i < t->first + room; i++) {
		view_group(&v, &t->group[i]);
		put_line(t, HEAD_ROWS + i - t->first,
			 i == t->selected ? STYLE_SELECTED : STYLE_PLAIN);
	}
	put_hint(t);
	put_line(t, foot_row(t), STYLE_BOLD);
	out_fmt(&t->line, "g group  s sort: %s  p %s  Enter stacks  ? help  q quit",
		sort_names[t->sort], t->paused ? "continue" : "pause");
	put_line(t, foot_row(t) + 1, STYLE_FAINT);
}

size_t top_lines(const struct top *t)
{
	size_t nr = 0, i;

	for (i = 0; i < t->text_len; i++)
		nr += t->text[i] == '\n';
	return nr;
}

static void draw_stacks(struct top *t)
{
	size_t nr = top_lines(t), room = top_room(t) + HEAD_ROWS - 2, i;
	const char *pos = t->text, *end = t->text + t->text_len, *line;

	t->scroll = nr > room ? MIN(t->scroll, nr - room) : 0;
	out_str(&t->line, "stacks of ");
	out_text(&t->line, t->stacks_of, strlen(t->stacks_of));
	out_str(&t->line, rows_exact(&t->opt->rq, t->by) ? ", exact since load or reset" :
			  t->opt->rq.file ? "" : ", of the events still in the rings");
	put_line(t, 0, STYLE_BOLD);
	for (i = 0; pos < end && i < t->scroll + room; i++) {
		line = pos;
		pos = memchr(line, '\n', end - line) + 1;
		if (i >= t->scroll)
			screen_line(&t->scr, 2 + i - t->scroll, line, pos - 1 - line,
				    *line && !memcmp(line, "    ", 4) ? STYLE_PLAIN : STYLE_BOLD);
	}
	out_fmt(&t->line, "%zu lines; Up, Down, PgUp, PgDn scroll; q or Esc: back", nr);
	put_line(t, foot_row(t) + 1, STYLE_FAINT);
}

static void draw_help(struct top *t)
{
	size_t i;

	out_str(&t->line, "whydrop top: keys and columns");
	put_line(t, 0, STYLE_BOLD);
	for (i = 0; i < ARRAY_SIZE(help); i++) {
		out_str(&t->line, help[i]);
		put_line(t, 2 + i, STYLE_PLAIN);
	}
	out_str(&t->line, "any key: back");
	put_line(t, foot_row(t) + 1, STYLE_FAINT);
}

void top_draw(struct top *t)
{
	screen_begin(&t->scr);
	t->line.nr = 0;
	t->line.columns = t->scr.width;
	if (t->shows == SHOWS_STACKS)
		draw_stacks(t);
	else if (t->shows == SHOWS_HELP)
		draw_help(t);
	else
		draw_counts(t);
	screen_end(&t->scr);
	t->dirty = false;
}

