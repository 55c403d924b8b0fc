/* SPDX-License-Identifier: GPL-2.0-only */
/* What a view does not have of all drops, and why. */
#ifndef WHYDROP_LOSS_H
#define WHYDROP_LOSS_H

#include "select/walk.h"
#include "tally/rows.h"
#include "tally/sample.h"

/*
 * The one model of that: every source of drops fills it; format/loss.c shows it as text,
 * as JSON and as a line of `top'.
 */
struct loss {
	bool		live;
	bool		nothing;	/* not even a header was read: it says nothing of itself */
	bool		exact;		/* counts are the module's own, so no event is missing */
	uint64_t	lost[LOST_CAUSES];	/* events, by cause; 0: unknown ones */
	uint64_t	remainder, error;	/* of groups too rare, and how many may be of another */
	uint64_t	without;	/* a stack that is known */
	uint64_t	by_place;	/* stacks: by that only, without callers */
	uint64_t	hidden;		/* usually harmless */
	uint64_t	too_short, no_header;	/* an expression cannot judge them */
	uint64_t	twice;		/* events in several recordings, counted once */
	bool		may_be_twice;	/* some are not found out */
	/* The module's filters: those of a recording are those at its end. */
	enum { FILTERS_UNKNOWN, FILTERS_KNOWN, FILTERS_BEHIND } filters;
	struct loss_filter {
		const char	*name;
		char		*value;	/* NULL: not known */
	} filter[5];
	unsigned int	changes;	/* of them, during a recording */
	bool		has_stats;
	uint64_t	filtered, unjudged;	/* drops, since load or reset; live only */
	char		*selected;	/* a recording has only these; NULL: all */
};

/* A view of events; @s may be of the module or of recordings. */
void loss_of_stream(struct loss *l, const struct stream *s);
/* A view of the module's own counts: of all drops, or of those that pass its filters. */
void loss_of_module(struct loss *l, const struct request *rq, bool all);
void loss_of_sample(struct loss *l, const struct sample *sm, enum by by);
void loss_of_rows(struct loss *l, const struct rows *rows, enum by by);
void loss_free(struct loss *l);

/* Does the @i-th filter leave out anything? */
bool loss_filter_is_set(const struct loss *l, unsigned int i);

#endif
