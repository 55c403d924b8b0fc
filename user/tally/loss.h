/* SPDX-License-Identifier: GPL-2.0-only */
/* What a view does not have of all drops, and why. */
#ifndef WHYDROP_LOSS_H
#define WHYDROP_LOSS_H

#include "select/walk.h"
#include "tally/rows.h"
#include "tally/sample.h"

/*
 * Each source of drops fills in this struct; format/loss.c shows it as text, as JSON and as
 * a line of `top'.
 */
struct loss {
	bool		live;
	bool		nothing;	/* not even a header was read */
	bool		exact;		/* counts are the module's own, so no event is missing */
	uint64_t	lost[LOST_CAUSES];	/* events, by cause; 0: unknown ones */
	uint64_t	remainder, error;	/* drops of rare groups; and of uncertain ones */
	uint64_t	without;	/* drops without a known stack */
	uint64_t	by_place;	/* drops counted by place, without callers */
	uint64_t	hidden;		/* drops hidden as usually harmless */
	uint64_t	too_short, no_header;	/* an expression cannot decide on these */
	uint64_t	twice;		/* events in several recordings, counted once */
	bool		may_be_twice;	/* not all of these were found */
	/* The module's filters; of a recording, those at its end. */
	enum { FILTERS_UNKNOWN, FILTERS_KNOWN, FILTERS_BEHIND } filters;
	struct loss_filter {
		const char	*name;
		char		*value;	/* NULL: not known */
	} filter[5];
	unsigned int	changes;	/* of the filters, during a recording */
	bool		has_stats;
	uint64_t	filtered, unjudged;	/* drops, since load or reset; live only */
	char		*selected;	/* a recording has only these; NULL: all */
};

/* Fill it in for a view of events, of the module or of recordings. */
void loss_of_stream(struct loss *l, const struct stream *s);
/* For a view of the module's own counts, of all drops or of those that pass its filters. */
void loss_of_module(struct loss *l, const struct request *rq, bool all);
void loss_of_sample(struct loss *l, const struct sample *sm, enum by by);
void loss_of_rows(struct loss *l, const struct rows *rows, enum by by);
void loss_free(struct loss *l);

/* Does filter number @i leave out anything? */
bool loss_filter_is_set(const struct loss *l, unsigned int i);

#endif
