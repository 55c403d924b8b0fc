// SPDX-License-Identifier: GPL-2.0-only
/* Counts drops for all alarms that they are of, and has these judged. */
#include <stdlib.h>
#include <string.h>

#include "alarm/alarms.h"
#include "base/util.h"

#define MINUTE_MS 60000

int alarms_add(struct alarms *as, const char *text)
{
	struct alarm_when *w = &as->when[as->nr_rules];
	size_t i;
	int err;

	err = when_parse(w, text);
	as->nr_rules++;
	for (i = 0; !err && i + 1 < as->nr_rules; i++) {
		if (!when_same(w, &as->when[i]))
			continue;
		complain("--when '%s' is there twice", text);
		err = EXIT_USAGE;
	}
	return err;
}

static void start_rule(struct alarms *as, struct alarm *a, struct alarm_when *w)
{
	/* In whole intervals: that is how often it is looked at. */
	int64_t step = as->interval_ms, period = MAX(w->unit_ms, step);

	period += (step - period % step) % step;
	a->when = w;
	a->judge = (struct judge){
		.period_ms = period,
		.for_ms = w->for_ms,
		.slack_ms = as->slack_ms,
		.limit = w->limit * 1e3 / w->unit_ms,
		.low = w->limit * 1e3 / w->unit_ms / 2,
		.from_ms = as->start_ms,
	};
}

void alarms_start(struct alarms *as, int64_t now)
{
	size_t i;

	as->start_ms = as->due_ms = now;
	for (i = 0; i < as->nr_rules; i++)
		start_rule(as, &as->rule[i], &as->when[i]);
}

static bool same_label(const void *val, const void *key)
{
	return !strcmp(((const struct cause *)val)->label, key);
}

/* What had no drop until now had none in all minutes before. */
static void start_learning(struct alarms *as, struct cause *c, int64_t now)
{
	int64_t period = MAX((int64_t)MINUTE_MS, as->interval_ms);
	int64_t before = (now - as->start_ms) / period * period;

	if (!c->learned.minutes)
		c->learned.minutes = as->minutes + before / MINUTE_MS;
	c->own = need(calloc(1, sizeof(*c->own)));
	c->own->judge = (struct judge){
		.learned = &c->learned,
		.period_ms = period,
		.slack_ms = as->slack_ms,
		.from_ms = as->start_ms + before,
	};
	as->due_ms = MIN(as->due_ms, as->start_ms + before + period);
}

struct cause *alarms_cause(struct alarms *as, const struct reason *r, int64_t now)
{
	uint32_t hash = hash_bytes(r->label, strlen(r->label));
	struct cause *c = hash_get(&as->by_label, hash, same_label, r->label);
	size_t i;

	if (!c && as->nr_causes < CAUSES_MAX) {
		c = as->cause[as->nr_causes++] = need(calloc(1, sizeof(*c)));
		c->label = text_copy(r->label, strlen(r->label));
		hash_add(&as->by_label, hash, c);
		for (i = 0; i < as->nr_rules; i++)
			if (when_matches(&as->when[i], r))
				c->rules |= BIT(i);
	}
	if (c && as->learns && !c->own)
		start_learning(as, c, now);
	return c;
}

struct alarm *alarms_next(struct alarms *as, size_t *i)
{
	while (*i < as->nr_rules + as->nr_causes) {
		size_t n = (*i)++;

		if (n < as->nr_rules)
			return &as->rule[n];
		if (as->cause[n - as->nr_rules]->own)
			return as->cause[n - as->nr_rules]->own;
	}
	return NULL;
}

/* The next alarm that counts drops of this cause. */
static struct alarm *next_of(struct alarms *as, const struct cause *c, size_t *i)
{
	while (*i < as->nr_rules)
		if (c->rules & BIT((*i)++))
			return &as->rule[*i - 1];
	return (*i)++ == as->nr_rules ? c->own : NULL;
}

void alarms_count(struct alarms *as, const struct cause *c, uint64_t nr)
{
	struct alarm *a;
	size_t i = 0;

	while (nr && (a = next_of(as, c, &i))) {
		a->judge.count += nr;
		most_add(&a->most[MOST_REASON], c->label, 0, nr);
	}
}

void alarms_where(struct alarms *as, const struct cause *c, const struct alarm *only,
		  enum most_what what, const char *text, uint32_t number)
{
	struct alarm *a;
	size_t i = 0;

	while (text && *text && (a = next_of(as, c, &i)))
		if (!only || a == only)
			most_add(&a->most[what], text, number, 1);
}

static void judge_one(struct alarms *as, struct alarm *a, int64_t now)
{
	enum judged judged = judge(&a->judge, now);
	size_t i;

	if (judged == BEGINS)
		a->nr = ++as->incidents;
	if (judged != JUDGED_SAME)
		as->tell(as->arg, a, judged == BEGINS);
	/* Of a period that is over, and of no incident. */
	for (i = 0; i < MOST_NR && !a->judge.above && a->judge.from_ms == now; i++)
		most_clear(&a->most[i]);
}

void alarms_judge(struct alarms *as, int64_t now)
{
	struct alarm *a;
	size_t i;

	for (i = 0; (a = alarms_next(as, &i));)
		judge_one(as, a, now);
}

void alarms_judge_until(struct alarms *as, int64_t now)
{
	struct alarm *a;
	int64_t periods;
	size_t i;

	if (now < as->due_ms)
		return;
	as->due_ms = INT64_MAX;
	for (i = 0; (a = alarms_next(as, &i));) {
		/* The first has drops; all others have none. */
		if (now - a->judge.from_ms >= a->judge.period_ms)
			judge_one(as, a, a->judge.from_ms + a->judge.period_ms);
		periods = (now - a->judge.from_ms) / a->judge.period_ms;
		if (periods > 0)
			judge_one(as, a, a->judge.from_ms + periods * a->judge.period_ms);
		as->due_ms = MIN(as->due_ms, a->judge.from_ms + a->judge.period_ms);
	}
}

void alarms_skip(struct alarms *as, int64_t now)
{
	struct alarm *a;
	size_t i;

	for (i = 0; (a = alarms_next(as, &i));)
		judge_skip(&a->judge, now);
}

static void free_alarm(struct alarm *a)
{
	size_t i;

	for (i = 0; i < MOST_NR; i++)
		most_clear(&a->most[i]);
}

void alarms_free(struct alarms *as)
{
	size_t i;

	for (i = 0; i < as->nr_rules; i++) {
		free_alarm(&as->rule[i]);
		when_free(&as->when[i]);
	}
	for (i = 0; i < as->nr_causes; i++) {
		if (as->cause[i]->own)
			free_alarm(as->cause[i]->own);
		free(as->cause[i]->own);
		free(as->cause[i]->label);
		free(as->cause[i]);
	}
	hash_free(&as->by_label);
}
