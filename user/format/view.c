// SPDX-License-Identifier: GPL-2.0-only
/* Writes a line for each group of a sample, the same for `count' and `top'. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "format/fields.h"
#include "format/text.h"
#include "format/view.h"

#define FLOW_MOSTLY 14
#define INTENT_WIDTH 10
#define INTENT_SHORT 6
#define CLASS_WIDTH 27
/* A namespace: at least its inode. */
#define NETNS_MIN 10
#define NETNS_MAX 24
/*
 * Terminals that have room for more than where and how many. What goes into a pipe may
 * come out at a terminal, too.
 */
#define WIDE 100
#define WIDER 140

void view_netns(char buf[VIEW_KEY_ROOM], uint32_t netns, const char *name)
{
	if (name)
		snprintf(buf, VIEW_KEY_ROOM, "%s", name);
	else
		snprintf(buf, VIEW_KEY_ROOM, netns ? "%" PRIu32 : "-", netns);
}

void view_netns_of(char buf[VIEW_KEY_ROOM], uint32_t netns, const char *name, const char *host)
{
	size_t len;

	view_netns(buf, netns, name);
	len = strlen(buf);
	if (*host)
		snprintf(buf + len, VIEW_KEY_ROOM - len, " of %s", host);
}

const char *view_key(enum by by, const struct group *g, char buf[VIEW_KEY_ROOM])
{
	if (g->rest)
		snprintf(buf, VIEW_KEY_ROOM, "(all others)");
	else if (by == BY_NETNS)
		view_netns_of(buf, g->netns, g->netns_name, g->host);
	else if (by == BY_AT && *g->key)
		text_short_place(buf, VIEW_KEY_ROOM, g->key, strlen(g->key));
	else
		snprintf(buf, VIEW_KEY_ROOM, "%s", *g->key ? g->key : "-");
	return buf;
}

/* The symbol alone, where there is less room. */
static void short_symbol(char *buf, size_t room, const char *place)
{
	const char *plus = strstr(place, "+0x"), *module = strstr(place, " [");

	snprintf(buf, room, "%.*s%s", plus ? (int)(plus - place) : (int)strlen(place), place,
		 plus && module && module > plus ? module : "");
}

void view_init(struct view *v, struct out *o, const struct sample *sm, enum by by,
	       const struct group *g, size_t nr)
{
	int most, len, width;
	char buf[VIEW_KEY_ROOM];
	size_t i;

	*v = (struct view){ .o = o, .sm = sm, .by = by };
	v->count_width = MAX(snprintf(NULL, 0, "%" PRIu64, sm->t[by].total), 8);
	/* Of flows, shares are small and texts are long. */
	v->used = v->count_width + (by == BY_FLOW ? 0 : 7) + 2 * 9 + 1;
	v->first = by != BY_FLOW && o->columns >= WIDE;
	if (by == BY_REASON || by == BY_CLASS || (by == BY_AT && o->columns >= WIDE))
		v->intent = o->columns && o->columns < WIDE ? INTENT_SHORT : INTENT_WIDTH;
	v->class = (by == BY_REASON || by == BY_AT) && o->columns >= WIDER;
	v->used += (v->first ? 9 : 0) + (v->intent ? v->intent + 1 : 0) +
		   (v->class ? CLASS_WIDTH + 1 : 0);
	most = o->columns ? MAX(o->columns - v->used - 18, 8) : 64;
	width = MIN(by_what[by].width, most);
	for (i = 0; i < nr; i++) {
		len = strlen(view_key(by, &g[i], buf));
		width = MAX(width, MIN(len, most));
	}
	v->key_width = width;
	v->netns_width = NETNS_MIN;
	for (i = 0; i < nr && by == BY_DEV; i++) {
		view_netns_of(buf, g[i].netns, g[i].netns_name, g[i].host);
		len = strlen(buf);
		v->netns_width = MAX(v->netns_width, MIN(NETNS_MAX, len));
	}
}

void view_header(const struct view *v)
{
	struct out *o = v->o;

	out_color(o, COLOR_FAINT);
	out_fmt(o, "#%*s", v->count_width - 1, "COUNT");
	if (v->by != BY_FLOW)
		out_str(o, "  SHARE");
	out_fmt(o, " %8s ", "RATE/S");
	if (v->first)
		out_fmt(o, "%8s ", "FIRST");
	out_fmt(o, "%8s ", v->sm->rq->file ? "LAST" : "AGO");
	if (v->by == BY_FLOW)
		out_fmt(o, "%-*s FLOW", FLOW_MOSTLY, "MOSTLY");
	else
		out_fmt(o, "%-*s ", v->key_width, by_what[v->by].header);
	if (v->intent)
		out_fmt(o, "%-*s ", v->intent, "INTENT");
	if (v->class)
		out_fmt(o, "%-*s ", CLASS_WIDTH, "CLASS");
	if (v->by == BY_DEV)
		out_fmt(o, "%-*s ", v->netns_width, "NETNS");
	if (v->by != BY_FLOW)
		out_str(o, v->by == BY_REASON ? "MOSTLY AT" : "MOSTLY");
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
}

/* How long ago, or of a recording: when. @sure: or earlier. */
static void put_time(struct out *o, const struct sample *sm, int64_t time, bool sure)
{
	time_t sec = time / 1000000000;
	struct timespec now;
	char text[32] = "-", sign[36];
	struct tm tm;
	int64_t ago;

	if (time && sm->rq->file) {
		if (localtime_r(&sec, &tm))
			strftime(text, sizeof(text), "%H:%M:%S", &tm);
	} else if (time) {
		clock_gettime(CLOCK_REALTIME, &now);
		ago = MAX(now.tv_sec - sec, 0);
		if (ago < 100)
			snprintf(text, sizeof(text), "%d s", (int)ago);
		else if (ago < 100 * 60)
			snprintf(text, sizeof(text), "%d min", (int)(ago / 60));
		else if (ago < 48 * 3600)
			snprintf(text, sizeof(text), "%d h", (int)(ago / 3600));
		else
			snprintf(text, sizeof(text), "%d d", (int)MIN(ago / 86400, 99999));
	}
	if (time && !sure && sm->rq->file)
		/* The column has no room for the seconds as well. */
		snprintf(sign, sizeof(sign), "<%.5s", text);
	else
		snprintf(sign, sizeof(sign), "%s%s", time && !sure ? ">" : "", text);
	out_fmt(o, "%8s ", sign);
}

void view_rate(char buf[24], double rate)
{
	if (rate < 0)
		strcpy(buf, "-");
	else
		snprintf(buf, 24, rate < 99999.95 ? "%.1f" : "%.0f", rate);
}

/* Text of somebody in a column; to a terminal, no more than that. */
static void put_column(struct out *o, const char *text, int width)
{
	if (o->columns)
		out_fit(o, text, width);
	else
		out_column(o, text, width);
}

/* What most of the group are, and how many of it. */
static void put_mostly(struct out *o, enum by by, const struct group *g, int width)
{
	char buf[VIEW_KEY_ROOM + 16];
	size_t len;

	if (by == BY_REASON)
		short_symbol(buf, VIEW_KEY_ROOM, g->mostly);
	else
		snprintf(buf, VIEW_KEY_ROOM, "%s", g->mostly);
	len = strlen(buf);
	/* The share is what can be done without. */
	if (len && g->mostly_count < g->count && (!o->columns || (int)len + 6 <= width))
		snprintf(buf + len, 16, " (%.0f%%)", 100.0 * g->mostly_count / g->count);
	out_color(o, by == BY_REASON ? COLOR_PLACE : COLOR_BAD);
	put_column(o, buf, width);
	out_color(o, COLOR_OFF);
}

static void put_intent(struct out *o, const struct drop_class *c, int width)
{
	const char *word = c->name && c->intent != INTENT_UNKNOWN ? intent_word(c->intent) : "-";

	if (strlen(word) > (size_t)width)
		word = "susp.";
	out_color(o, c->intent == INTENT_BAD ? COLOR_BAD : COLOR_OFF);
	out_fmt(o, "%-*s", width, word);
	out_color(o, COLOR_OFF);
	out_chr(o, ' ');
}

void view_group(const struct view *v, const struct group *g)
{
	uint64_t total = v->sm->t[v->by].total;
	char key[VIEW_KEY_ROOM], rate[24];
	struct out *o = v->o;
	int used = v->used;

	view_key(v->by, g, key);
	view_rate(rate, sample_rate(v->sm, v->by, g));
	out_fmt(o, "%*llu ", v->count_width, (unsigned long long)g->count);
	if (v->by != BY_FLOW)
		out_fmt(o, "%5.1f%% ", total ? 100.0 * g->count / total : 0);
	out_fmt(o, "%8s ", rate);
	if (v->first)
		put_time(o, v->sm, g->first, sample_first(v->sm, v->by, g));
	put_time(o, v->sm, sample_last(v->sm, v->by, g), true);
	if (v->by == BY_FLOW) {
		put_mostly(o, v->by, g, FLOW_MOSTLY);
		out_chr(o, ' ');
		put_column(o, key, MAX(o->columns - used - FLOW_MOSTLY - 1, 0));
		out_chr(o, '\n');
		return;
	}
	out_color(o, v->by == BY_REASON ? COLOR_BAD : COLOR_OFF);
	put_column(o, key, v->key_width);
	out_color(o, COLOR_OFF);
	out_chr(o, ' ');
	if (v->intent)
		put_intent(o, &g->class, v->intent);
	if (v->class)
		out_fmt(o, "%-*s ", CLASS_WIDTH, g->class.name ? g->class.name : "-");
	if (v->by == BY_DEV) {
		view_netns_of(key, g->netns, g->netns_name, g->host);
		put_column(o, key, v->netns_width);
		out_chr(o, ' ');
		used += v->netns_width + 1;
	}
	put_mostly(o, v->by, g, MAX(o->columns - used - v->key_width - 1, 0));
	while (o->nr && o->buf[o->nr - 1] == ' ')
		o->nr--;
	out_chr(o, '\n');
}

void view_row(struct out *o, const struct row *r)
{
	const struct stack *st = r->stack;
	char flags[160];

	out_fmt(o, "%8llu ", (unsigned long long)r->count);
	out_color(o, COLOR_BAD);
	out_text(o, r->label, strlen(r->label));
	out_color(o, COLOR_OFF);
	out_str(o, " @ ");
	out_color(o, COLOR_PLACE);
	out_text(o, st->place->text, st->place->len);
	out_color(o, COLOR_OFF);
	stack_flags_text(flags, sizeof(flags), st->flags);
	if (*flags)
		out_fmt(o, " ; %s", flags);
	out_chr(o, '\n');
	if (!(st->flags & WHYDROP_STACK_PLACE_ONLY))
		text_frames(o, st, 16);
	out_chr(o, '\n');
}
