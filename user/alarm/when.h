/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules of alarms, as in --when. */
#ifndef WHYDROP_WHEN_H
#define WHYDROP_WHEN_H

#include "select/select.h"

/* REASONS|CLASSES > RATE[/s|/min|/h] [for TIME] */
struct alarm_when {
	const char	*text;		/* as it was given */
	struct selection sel;		/* reasons, or classes and intents */
	double		limit;		/* drops in @unit_ms */
	int64_t		unit_ms;	/* so long is a rate counted */
	int64_t		for_ms;		/* so long it has to be above */
};

/* Parse @text, which stays. Return: 0, or EXIT_USAGE, with the error reported. */
int when_parse(struct alarm_when *w, const char *text);
void when_free(struct alarm_when *w);

/* Is it the same rule, however it is written? */
bool when_same(const struct alarm_when *a, const struct alarm_when *b);
/* Does the rule count drops with this reason? Its class is by the reason alone. */
bool when_matches(struct alarm_when *w, const struct reason *r);

#endif
