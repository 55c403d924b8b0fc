/* SPDX-License-Identifier: GPL-2.0-only */
/* Decides when an incident begins and ends: by rates, and the time that they last. */
#ifndef WHYDROP_JUDGE_H
#define WHYDROP_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What is learned of a reason: means of its rate and of the rate's square, in which what is
 * DAY_MINUTES old has a weight of 1/e. Until then they are plain means.
 */
struct learned {
	double		mean, square;	/* per second, and of that */
	uint64_t	minutes;	/* that it knows */
};

#define DAY_MINUTES 1440
/* No alarm before. */
#define LEARN_MINUTES 60
/* Not below this many per second, or these multiples of mean and deviation. */
#define LEARNED_FLOOR 1.0
#define LEARNED_MEANS 2
#define LEARNED_DEVIATIONS 6

double learned_deviation(const struct learned *l);
/* Return the rate above which it is an incident. */
double learned_limit(const struct learned *l);
/* So many minutes had this rate. */
void learned_add(struct learned *l, double rate, uint64_t minutes);

/*
 * Counts are judged whenever a period is over, at which a rate is known. An incident begins
 * when the rate has been above the limit for for_ms, and ends when it has been at most low
 * for as long, and for three periods at least. Times are of CLOCK_MONOTONIC.
 */
struct judge {
	struct learned	*learned;	/* NULL: the limit is a rule's */
	int64_t		period_ms, for_ms, slack_ms;
	double		limit, low;	/* per second */
	int64_t		from_ms;	/* when this period began */
	uint64_t	count;		/* drops since then */
	bool		above, firing, calm;
	int64_t		above_ms, calm_ms;	/* since when */
	int64_t		ends_ms;	/* ENDS: when that was known */
	uint64_t	total;		/* drops since above_ms, until calm_ms at its end */
	uint64_t	tail;		/* drops since calm_ms */
	double		rate, peak;	/* of the last period, and the highest since above_ms */
};

enum judged { JUDGED_SAME, BEGINS, ENDS };

/* Until @now nothing else has happened than was counted. */
enum judged judge(struct judge *j, int64_t now);
/* It is not known what happened until @now. */
void judge_skip(struct judge *j, int64_t now);

#endif
