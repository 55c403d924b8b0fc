/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHYDROP_TALLY_H
#define WHYDROP_TALLY_H

#include "stream/decode.h"

/*
 * Drops counted by what they have in common. Each tally counts a pair: the
 * key that was asked for, and what the drops with it mostly are (by reason:
 * their places; else: their reasons). Groups add up the tallies of one key.
 */
enum by { BY_REASON, BY_DEV, BY_NETNS, BY_AT, BY_COMM, BY_FLOW, BY_NR };

struct by_what {
	const char	*name;		/* of --by */
	const char	*header;
	int		width;		/* of its column, at least */
};

extern const struct by_what by_what[BY_NR];

/* The grouping that --by names, @typed NULL: reason. -1: none, and said so. */
int by_parse(const char *typed);

struct tally {
	uint64_t	count;
	uint64_t	before;		/* the count of the sample before */
	uint64_t	delta;		/* between the two */
	uint64_t	weight;		/* of what, if count is not by it */
	uint64_t	recent;		/* events in the window of that epoch */
	unsigned int	epoch;
	int64_t		last;		/* newest event, ns since 1970; 0: unknown */
	uint64_t	last_mono;	/* of the same: order by it, nobody sets that clock */
	uint32_t	hash;
	uint32_t	netns;
	uint32_t	reason_id;
	uint32_t	key_len;
	char		key[];		/* NUL, what, NUL */
};

static inline const char *tally_what(const struct tally *t)
{
	return t->key + t->key_len + 1;
}

/* A hash table; full, the rest is counted together. */
#define TALLIES_MAX (1u << 15)
struct tallies {
	enum by		by;
	struct tally	**slot;
	size_t		room, nr;
	size_t		max;		/* 0: TALLIES_MAX */
	uint64_t	rest, total;
};

/* What a line shows. Its texts are those of the tallies. */
struct group {
	const char	*key;
	uint32_t	netns, reason_id;
	uint64_t	count, delta, recent;
	int64_t		last;
	uint64_t	last_mono;
	const char	*mostly;	/* "": not known */
	uint64_t	mostly_count;
};

enum tally_sort { SORT_COUNT, SORT_RATE, SORT_LAST, SORT_KEY, SORT_NR };

/* The tally of a pair, made if need be; NULL: there is no room for more. */
struct tally *tally_get(struct tallies *t, const char *key, uint32_t netns, const char *what);
/*
 * The tally that an event belongs to; NULL likewise. @what NULL: what it
 * mostly is. A grouping of BY_NR has all in one.
 */
struct tally *tally_of_event(struct tallies *t, const struct event *e, const char *what);
/* Is it an event of the group that is called so? */
bool tally_is_of(enum by by, const struct event *e, const char *key, uint32_t netns);
/* All counts become those of the sample before; @again: to be counted anew. */
void tallies_next(struct tallies *t, bool again);
/* deltas and the total, once a sample is complete */
void tallies_done(struct tallies *t);
void tallies_free(struct tallies *t);

/*
 * The groups, sorted: an array for the caller to free. Recent events are those
 * of @epoch; by SORT_RATE they count where deltas (@by_delta) do not.
 */
size_t tallies_groups(const struct tallies *t, enum tally_sort sort, unsigned int epoch,
		      bool by_delta, struct group **groups);

#endif
