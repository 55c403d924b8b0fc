/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts of events that have something in common. */
#ifndef WHYDROP_TALLY_H
#define WHYDROP_TALLY_H

#include "stream/decode.h"

/*
 * Drops counted by what they have in common, each tally those of one key; and,
 * below it, by what drops with this key mostly are (by reason: their places;
 * else: their reasons).
 *
 * Keys may be forged or as many as a network has addresses, so memory has a
 * bound. Where it is reached, the rarer half of the keys makes room: the most
 * frequent ones stay, whenever they came, and what the others counted is the
 * remainder. A key that comes when others have gone may have been one of them:
 * its error is how many drops of it may be in the remainder.
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

struct counts {
	uint64_t	count;		/* for sure */
	uint64_t	before;		/* the count of the sample before */
	uint64_t	delta;		/* since then, once a sample is complete */
	uint64_t	recent;		/* events in the window of that epoch */
	unsigned int	epoch;
	int64_t		last;		/* newest event, ns since 1970; 0: unknown */
	uint64_t	last_mono;	/* of the same: order by it, nobody sets that clock */
};

struct tally {
	struct counts	c;
	uint64_t	error;		/* at most so many more, of before it was kept apart */
	uint64_t	unpaired;	/* of @count: there was no room for their pair */
	struct pair	*pairs;
	uint32_t	netns;
	uint32_t	reason_id;
	char		key[];
};

/* How many of a tally are that, too. */
struct pair {
	struct pair	*next;		/* of the same tally */
	struct tally	*of;
	uint64_t	count;
	char		what[];
};

struct tallies {
	enum by		by;
	bool		fixed;		/* none makes room: the first ones stay */
	struct hash	keys, pairs;
	size_t		max;		/* keys; 0: TALLIES_MAX */
	size_t		bytes_max;	/* memory of all; 0: TALLY_BYTES */
	size_t		bytes;
	struct counts	rest;		/* the remainder */
	uint64_t	floor;		/* error of a key that is new */
	uint64_t	total;
};

#define TALLIES_MAX (1u << 15)
#define TALLY_BYTES (12u << 20)

/* What a line shows. Its texts are those of the tallies. */
struct group {
	const char	*key;
	uint32_t	netns, reason_id;
	bool		rest;		/* the remainder, which has no key */
	uint64_t	count, error, delta, recent;
	int64_t		last;
	uint64_t	last_mono;
	const char	*mostly;	/* "": not known */
	uint64_t	mostly_count;
};

enum tally_sort { SORT_COUNT, SORT_RATE, SORT_LAST, SORT_KEY, SORT_NR };

/* The tally of a key, made if need be; NULL: fixed, and there is no room for more. */
struct tally *tally_get(struct tallies *t, const char *key, uint32_t netns);
/* Count @nr of @one as @what, too; false: there is no room to. */
bool tally_pair(struct tallies *t, struct tally *one, const char *what, uint64_t nr);
/* The tally that an event belongs to; a grouping of BY_NR has all in one. */
struct tally *tally_of_event(struct tallies *t, const struct event *e);
/* What an event is beside its key: its place or its reason. */
const char *tally_pair_text(enum by by, const struct event *e);
/* Is it an event of the group that is called so? */
bool tally_is_of(enum by by, const struct event *e, const char *key, uint32_t netns);
/* All counts become those of the sample before; @again: to be counted anew. */
void tallies_begin_sample(struct tallies *t, bool again);
/* The total, once a sample is complete. */
void tallies_end_sample(struct tallies *t);
void tallies_free(struct tallies *t);

/*
 * The groups and the remainder, if there is one, sorted: an array for the
 * caller to free. Recent events are those of @epoch; by SORT_RATE they count
 * where deltas (@by_delta) do not.
 */
size_t tallies_groups(const struct tallies *t, enum tally_sort sort, unsigned int epoch,
		      bool by_delta, struct group **groups);

#endif
