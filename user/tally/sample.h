/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts at an instant, and rates. */
#ifndef WHYDROP_SAMPLE_H
#define WHYDROP_SAMPLE_H

#include "select/walk.h"
#include "tally/tally.h"

/*
 * How many drops there were and are: by reason and place from the module's
 * exact counts, where only these were asked for; else from events, which are
 * read either way, because only they tell when a drop was.
 */
struct sample {
	struct request	*rq;
	bool		numbers;	/* of reasons are wanted, too */
	struct stream	s;
	struct tallies	t[BY_NR];
	unsigned int	wanted;		/* bits of enum by */
	struct selection recorded;	/* the reasons that the module records */
	bool		filtered;	/* it does not record all of these */
	bool		no_ring;	/* a CPU has no ring */
	uint64_t	hidden;		/* --benign hide: how many */
	unsigned int	nr;		/* samples taken */
	int64_t		taken_ms, before_ms;
	/* Rates at first: of events in a window in which none was lost. */
	unsigned int	epoch;
	bool		gap;		/* the window starts at the next event */
	uint64_t	from_ns, first_ns, newest_ns;	/* CLOCK_MONOTONIC */
	uint64_t	nr_events;
};

#define RATE_WINDOW_MS 60000

/* Each: 0, or an exit code and said why. @numbers: of reasons, which only JSON shows. */
int sample_open(struct sample *sm, struct request *rq, unsigned int wanted, bool numbers);
/* Read what there is and take the first sample; a recording to its end. */
int sample_all(struct sample *sm);
/* Read what came, for about @ms at most. */
int sample_pump(struct sample *sm, int64_t ms);
int sample_take(struct sample *sm);
void sample_free(struct sample *sm);

/* Are the counts of that grouping the module's own? */
bool sample_exact(const struct sample *sm, enum by by);
size_t sample_groups(const struct sample *sm, enum by by, enum tally_sort sort,
		     struct group **groups);
/* Drops per second, since the sample before; of the first one: lately. -1: not known. */
double sample_rate(const struct sample *sm, enum by by, const struct group *g);
/* All groups as one, without a key. */
struct group sample_sum(const struct sample *sm, enum by by);
/* When it was seen last, ns since 1970; 0: not known. */
int64_t sample_last(const struct sample *sm, enum by by, const struct group *g);
/* Events that the counts miss, but for those older than the ring. */
uint64_t sample_lost(const struct sample *sm, enum by by);
/* Are they of before any filter of the module? */
bool sample_is_unfiltered(const struct sample *sm, enum by by);

#endif
