// SPDX-License-Identifier: GPL-2.0-only
/* Shows alarms: as text, as JSON, and to whom they are told. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands/advice.h"
#include "commands/alarm_show.h"
#include "known/class.h"

/* All that a line says. Texts that are not known are NULL. */
struct line {
	const char	*state;
	bool		begins;
	int64_t		now, since;	/* ms of CLOCK_MONOTONIC; since: 0 is unknown */
	const struct alarm *alarm;	/* NULL: it is of the module */
	const char	*rule, *reason, *at, *dev, *netns_name, *proc, *advice, *look;
	uint32_t	netns;
	const struct drop_class *class;
};

static const char *first_text(const struct alarm *a, enum most_what what)
{
	const struct most_one *one = most_first(&a->most[what]);

	return one ? one->text : NULL;
}

/* The time of day, ns since 1970; 0: unknown. */
static int64_t real_ns(const struct alarm_show *sh, int64_t ms)
{
	int64_t real = sh->real_ms + ms;

	return sh->real_ms && real > 0 && real < INT64_MAX / 1000000 ? real * 1000000 : 0;
}

static void put_json(struct alarm_show *sh, const struct line *l)
{
	const struct judge *j = l->alarm ? &l->alarm->judge : NULL;
	struct reason r = { .label = "" };
	struct out *o = &sh->json;

	o->nr = 0;
	out_str(o, "{\"type\":\"alarm\"");
	out_json_str(o, "state", l->state);
	out_json_known(o, "id", l->alarm ? l->alarm->nr : 0, l->alarm);
	json_ns(o, "time", real_ns(sh, l->now));
	json_ns(o, "since", l->since ? real_ns(sh, l->since) : 0);
	json_ns(o, "until", j && !l->begins ? real_ns(sh, j->calm_ms) : 0);
	out_json_str(o, "rule", l->rule);
	if (l->reason)
		reason_split_label(&r, l->reason);
	out_json_str(o, "reason", l->reason ? r.name : NULL);
	out_json_str(o, "subsys", l->reason ? reason_subsys(&r) : NULL);
	out_json_str(o, "class", l->reason ? l->class->name : NULL);
	out_json_str(o, "intent", l->reason ? intent_word(l->class->intent) : NULL);
	json_number(o, "rate", j ? j->rate : -1);
	json_number(o, "peak", j ? j->peak : -1);
	json_number(o, "limit", j ? j->limit : -1);
	json_number(o, "mean", j && j->learned ? j->learned->mean : -1);
	out_json_known(o, "count", j ? j->total : 0, j);
	out_json_str(o, "at", l->at);
	out_json_str(o, "dev", l->dev);
	out_json_or_null(o, "netns", l->netns);
	out_json_str(o, "netns_name", l->netns_name);
	out_json_str(o, "proc", l->proc);
	out_json_str(o, "advice", l->advice);
	out_json_str(o, "look", l->look);
	out_str(o, "}\n");
}

static void put(struct out *o, const char *word, const char *text)
{
	out_str(o, word);
	out_text(o, text ? text : "unknown", strlen(text ? text : "unknown"));
}

static void put_rates(struct out *o, const struct line *l)
{
	const struct judge *j = &l->alarm->judge;
	char rate[24], other[24];

	view_rate(rate, l->begins ? j->rate : j->peak);
	if (l->begins)
		out_fmt(o, " %s/s", rate);
	else
		out_fmt(o, " after %lld s: %llu drops, at most %s/s",
			(long long)(j->calm_ms - l->since) / 1000, (unsigned long long)j->total, rate);
	if (l->rule) {
		put(o, " (", l->rule);
		out_chr(o, ')');
	} else {
		view_rate(rate, j->learned->mean);
		view_rate(other, j->limit);
		out_fmt(o, " (usually %s/s; the limit is %s/s)", rate, other);
	}
}

static void put_text(struct alarm_show *sh, const struct line *l)
{
	struct out *o = &sh->text;
	char netns[VIEW_KEY_ROOM];

	o->nr = 0;
	out_str(o, l->state);
	if (l->alarm) {
		put(o, " ", l->reason ? l->reason : "several reasons");
		put_rates(o, l);
		put(o, ", class ", l->class->name);
		out_fmt(o, " (%s)", intent_word(l->class->intent));
		put(o, ", at ", l->at);
		put(o, ", dev ", l->dev);
		if (l->netns) {
			view_netns(netns, l->netns, l->netns_name);
			put(o, ", netns ", netns);
		}
		put(o, ", of ", l->proc);
	}
	put(o, l->alarm ? "; first: " : ": ", l->advice);
	put(o, "; look: ", l->look);
	out_chr(o, '\0');
}

/* Text of somebody, as the value of a variable. */
static const char *value(struct alarm_show *sh, const char *text)
{
	size_t at = sh->words.nr;

	if (text)
		out_text(&sh->words, text, strlen(text));
	out_chr(&sh->words, '\0');
	return sh->words.buf + at;
}

static void hand_on(struct alarm_show *sh, const struct line *l)
{
	char rate[24] = "";

	sh->words.nr = 0;
	if (l->alarm)
		view_rate(rate, l->alarm->judge.rate);
	tell(&sh->tell, l->begins, sh->text.buf, sh->json.buf, sh->json.nr,
	     (struct tell_word[]){
		{ "WHYDROP_ALARM_STATE", l->state },
		{ "WHYDROP_ALARM_TEXT", sh->text.buf },
		{ "WHYDROP_ALARM_RULE", value(sh, l->rule) },
		{ "WHYDROP_ALARM_REASON", value(sh, l->reason) },
		{ "WHYDROP_ALARM_CLASS", value(sh, l->reason ? l->class->name : NULL) },
		{ "WHYDROP_ALARM_RATE", rate },
		{ "WHYDROP_ALARM_AT", value(sh, l->at) },
		{ "WHYDROP_ALARM_DEV", value(sh, l->dev) },
		{ "WHYDROP_ALARM_PROC", value(sh, l->proc) },
		{ "WHYDROP_ALARM_ADVICE", value(sh, l->advice) },
		{ "WHYDROP_ALARM_LOOK", value(sh, l->look) },
		{ NULL, NULL },
	     });
}

static void show(struct alarm_show *sh, const struct line *l)
{
	time_t sec = real_ns(sh, l->now) / 1000000000;
	struct out *o = sh->opt->out;
	char time[32] = "";
	struct tm tm;

	put_json(sh, l);
	put_text(sh, l);
	if (sh->opt->json) {
		out_mem(o, sh->json.buf, sh->json.nr);
	} else {
		if (sec && localtime_r(&sec, &tm))
			strftime(time, sizeof(time), "%F %T UTC%z", &tm);
		if (*time)
			out_str(o, time);
		else
			out_fmt(o, "%.3f", l->now / 1e3);
		out_fmt(o, " %s\n", sh->text.buf);
	}
	out_flush(o);
	hand_on(sh, l);
}

void alarm_show(struct alarm_show *sh, const struct alarm *a, bool begins)
{
	const struct most_one *dev = most_first(&a->most[MOST_DEV]);
	struct options *opt = sh->opt;
	const char *label = first_text(a, MOST_REASON);
	struct explain_words words = {
		label ? label : "(several)", dev ? dev->text : NULL, opt->rq.again,
	};
	const char *pos = "whydrop explain REASON";
	char advice[512], look[256], *why;
	struct line l = {
		.state = begins ? "begin" : "end",
		.begins = begins,
		.now = begins ? a->judge.from_ms : a->judge.ends_ms,
		.since = a->judge.above_ms,
		.alarm = a,
		.rule = a->when ? a->when->text : NULL,
		.reason = label,
		.at = first_text(a, MOST_AT),
		.dev = words.dev,
		.netns = dev ? dev->number : 0,
		.proc = first_text(a, MOST_PROC),
		.class = class_of(words.reason),
	};

	l.advice = advice_of(l.at, &words, advice, sizeof(advice));
	l.look = explain_line(&pos, &words, look, sizeof(look), &why);
	if (l.netns && opt->rq.names)
		l.netns_name = names_of_inode(opt->rq.names, l.netns);
	if (l.netns_name && strlen(l.netns_name) > ALARM_TEXT)
		l.netns_name = NULL;
	show(sh, &l);
}

void alarm_show_blind(struct alarm_show *sh, const char *why, int64_t now)
{
	show(sh, &(struct line){
		.state = why ? "blind" : "counts",
		.begins = why,
		.now = now,
		.advice = why ? why : "drops are counted again",
		.look = "whydrop status",
	});
}
