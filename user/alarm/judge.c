// SPDX-License-Identifier: GPL-2.0-only
/* Decides when an incident begins and ends. */
#include "alarm/judge.h"
#include "base/util.h"

#define RATE_UNLIMITED 1e300

/* Not that of libm, which nothing else here needs. */
static double square_root(double v)
{
	double x = v > 1 ? v : 1;
	int i;

	for (i = 0; v > 0 && i < 64; i++)
		x = (x + v / x) / 2;
	return v > 0 ? x : 0;
}

double learned_deviation(const struct learned *l)
{
	return square_root(l->square - l->mean * l->mean);
}

double learned_limit(const struct learned *l)
{
	double limit = MAX(l->mean * LEARNED_MEANS,
			   l->mean + LEARNED_DEVIATIONS * learned_deviation(l));

	return MAX(limit, LEARNED_FLOOR);
}

/* (1 - 1/DAY_MINUTES) to the power of @n. */
static double weight_after(uint64_t n)
{
	double weight = 1, one = 1 - 1.0 / DAY_MINUTES;

	for (; n; n >>= 1, one *= one)
		weight *= n & 1 ? one : 1;
	return weight;
}

void learned_add(struct learned *l, double rate, uint64_t minutes)
{
	uint64_t plain = l->minutes < DAY_MINUTES ? MIN(minutes, DAY_MINUTES - l->minutes) : 0;
	double keep = weight_after(minutes - plain);

	if (plain)
		keep *= (double)l->minutes / (l->minutes + plain);
	l->mean = keep * l->mean + (1 - keep) * rate;
	l->square = keep * l->square + (1 - keep) * rate * rate;
	l->minutes += minutes;
}

/*
 * What is above the limit is learned as if it were at it: an incident does not become the
 * norm at once, and a change that lasts does.
 */
static void learn(struct judge *j, int64_t now)
{
	bool ready = j->learned->minutes >= LEARN_MINUTES;
	uint64_t minutes = (now - j->from_ms + j->slack_ms) / 60000;
	double limit = ready ? learned_limit(j->learned) : RATE_UNLIMITED;

	if (!j->firing) {
		j->limit = limit;
		j->low = (j->learned->mean + limit) / 2;
	}
	learned_add(j->learned, MIN(j->rate, limit), MAX(minutes, 1));
}

static enum judged judge_calm(struct judge *j, int64_t now)
{
	int64_t need = MAX(j->for_ms, 3 * j->period_ms);

	if (j->rate > j->low) {
		j->total += j->tail + j->count;
		j->tail = 0;
		j->calm = false;
		return JUDGED_SAME;
	}
	if (!j->calm)
		j->calm_ms = j->from_ms;
	j->calm = true;
	j->tail += j->count;
	if (now - j->calm_ms < need - j->slack_ms)
		return JUDGED_SAME;
	j->firing = j->above = false;
	j->ends_ms = MIN(now, j->calm_ms + need);
	return ENDS;
}

enum judged judge(struct judge *j, int64_t now)
{
	enum judged judged = JUDGED_SAME;

	if (now - j->from_ms < j->period_ms - j->slack_ms)
		return JUDGED_SAME;
	j->rate = j->count * 1e3 / (now - j->from_ms);
	if (j->learned)
		learn(j, now);
	if (!j->above && j->rate > j->limit) {
		j->above = true;
		j->above_ms = j->from_ms;
		j->total = j->tail = j->peak = 0;
	}
	j->peak = MAX(j->peak, j->rate);
	j->total += j->firing ? 0 : j->count;
	if (j->firing) {
		judged = judge_calm(j, now);
	} else if (j->rate <= j->limit) {
		j->above = false;
	} else if (now - j->above_ms >= j->for_ms - j->slack_ms) {
		j->firing = true;
		j->calm = false;
		judged = BEGINS;
	}
	j->from_ms = now;
	j->count = 0;
	return judged;
}

void judge_skip(struct judge *j, int64_t now)
{
	j->above = j->firing;
	j->calm = false;
	j->from_ms = now;
	j->count = 0;
}
