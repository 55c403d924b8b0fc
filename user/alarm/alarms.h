/* SPDX-License-Identifier: GPL-2.0-only */
/* All alarms that are watched for: those of rules, and of what was learned of each reason. */
#ifndef WHYDROP_ALARMS_H
#define WHYDROP_ALARMS_H

#include "alarm/judge.h"
#include "alarm/most.h"
#include "alarm/when.h"
#include "base/hash.h"

#define RULES_MAX 64
/* More reasons than kernels have are not kept apart, nor learned. */
#define CAUSES_MAX 512

enum most_what { MOST_REASON, MOST_AT, MOST_DEV, MOST_PROC, MOST_NR };

struct alarm {
	struct judge	judge;
	struct alarm_when	*when;		/* NULL: it is learned of one reason */
	struct most	most[MOST_NR];	/* since it is above the limit */
	uint64_t	nr;		/* of the incident, counted over all alarms */
};

/* A reason, with what is known of its count. */
struct cause {
	char		*label;
	uint64_t	rules;		/* a bit for each that counts it */
	uint64_t	before;		/* its count, when it was last read */
	struct learned	learned;
	struct alarm	*own;		/* NULL: nothing is learned */
};

struct alarms {
	struct alarm_when	when[RULES_MAX];
	struct alarm	rule[RULES_MAX];
	size_t		nr_rules;
	struct cause	*cause[CAUSES_MAX];
	size_t		nr_causes;
	struct hash	by_label;
	bool		learns;		/* --baseline */
	uint64_t	minutes;	/* that were learned in earlier runs */
	int64_t		interval_ms, slack_ms;
	int64_t		start_ms, due_ms;	/* when the next period is over */
	uint64_t	incidents;
	void		(*tell)(void *arg, struct alarm *a, bool begins);
	void		*arg;
};

/* Add a rule, of RULES_MAX at most. Return: 0, or EXIT_USAGE, with the error reported. */
int alarms_add(struct alarms *as, const char *text);
/* Begin to count, at that time. */
void alarms_start(struct alarms *as, int64_t now);
/* Return the cause of a reason, new or not; NULL: there are too many. */
struct cause *alarms_cause(struct alarms *as, const struct reason *r, int64_t now);
void alarms_count(struct alarms *as, const struct cause *c, uint64_t nr);
/*
 * A drop of this cause is of that place and so on: for all alarms, or for @only. NULL and
 * "": not known.
 */
void alarms_where(struct alarms *as, const struct cause *c, const struct alarm *only,
		  enum most_what what, const char *text, uint32_t number);
/* Judge all whose period is over at @now. */
void alarms_judge(struct alarms *as, int64_t now);
/* The same where each event comes with its time: as if it had been done each period. */
void alarms_judge_until(struct alarms *as, int64_t now);
/* What happened until @now is not known. */
void alarms_skip(struct alarms *as, int64_t now);
/* Iterate over all. @i is 0 at first. Return: the next one, or NULL. */
struct alarm *alarms_next(struct alarms *as, size_t *i);
void alarms_free(struct alarms *as);

/*
 * baseline.c: read and write what was learned. What cannot be read is reported, and learned
 * anew. Return: 0, or EXIT_FAILED, with the error reported.
 */
int baseline_read(struct alarms *as, const char *file);
int baseline_write(const struct alarms *as, const char *file);

#endif
