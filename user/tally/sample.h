/* SPDX-License-Identifier: GPL-2.0-only */
/* Takes samples of the counts, and computes rates. */
#ifndef WHYDROP_SAMPLE_H
#define WHYDROP_SAMPLE_H

#include "select/walk.h"
#include "tally/tally.h"

/*
 * Counts by reason and place are the module's exact ones, if the selection needs no others;
 * else counts are those of events. Events are read in any case, because only they have a
 * time.
 */
struct sample {
	struct request	*rq;
	bool		numbers;	/* numbers of reasons are wanted, too */
	struct stream	s;
	struct tallies	t[BY_NR];
	unsigned int	wanted;		/* bits of enum by */
	struct selection recorded;	/* the reasons that the module records */
	bool		filtered;	/* its filters leave out drops of these reasons */
	bool		no_ring;	/* a CPU has no ring */
	bool		whole;		/* no event is missing since load or reset */
	uint64_t	hidden;		/* --benign hide: how many */
	unsigned int	nr;		/* samples taken */
	int64_t		taken_ms, before_ms;
	/* For the first rates: events in a window in which none was lost. */
	unsigned int	epoch;
	bool		gap;		/* the window starts at the next event */
	uint64_t	from_ns;	/* CLOCK_MONOTONIC */
	uint64_t	nr_events;
};

#define RATE_WINDOW_MS 60000

/*
 * Each returns 0, or an exit code, with the error reported. @numbers: of reasons are wanted,
 * which only JSON shows.
 */
int sample_open(struct sample *sm, struct request *rq, unsigned int wanted, bool numbers);
/* Read what there is, a recording to its end, and take the first sample. */
int sample_all(struct sample *sm);
/* Read what there is, for about @ms at most. */
int sample_pump(struct sample *sm, int64_t ms);
int sample_take(struct sample *sm);
void sample_free(struct sample *sm);

/* Are the counts by @by the module's own? */
bool sample_exact(const struct sample *sm, enum by by);
size_t sample_groups(const struct sample *sm, enum by by, enum tally_sort sort,
		     struct group **groups);
/* Return drops per second since the last sample, or recent ones at first; -1: unknown. */
double sample_rate(const struct sample *sm, enum by by, const struct group *g);
/* Return the sum of all groups, as a group without a key. */
struct group sample_sum(const struct sample *sm, enum by by);
/* Return the time of its last drop, ns since 1970; 0: unknown. */
int64_t sample_last(const struct sample *sm, enum by by, const struct group *g);
/* Return the time of its first drop; 0: unknown, or an earlier one may be missing. */
int64_t sample_first(const struct sample *sm, enum by by, const struct group *g);
/* Return how many events the counts lack, other than those older than the ring. */
uint64_t sample_lost(const struct sample *sm, enum by by);
/* Do the counts include drops that the module's filters leave out? */
bool sample_is_unfiltered(const struct sample *sm, enum by by);

#endif
