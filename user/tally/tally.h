/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts events by key, in bounded memory. */
#ifndef WHYDROP_TALLY_H
#define WHYDROP_TALLY_H

#include "known/class.h"
#include "names/names.h"
#include "stream/decode.h"

/*
 * A tally counts the drops with one key and, as pairs, what they mostly are: for reasons
 * their places, for other keys their reasons.
 *
 * Keys may be forged, or as many as a network has addresses, so memory is limited. When the
 * limit is reached, the rarer half of the keys is evicted, and their counts are added to the
 * remainder. A new key may have been evicted before: its error is how many of its drops may
 * be in the remainder.
 */
enum by { BY_REASON, BY_DEV, BY_NETNS, BY_AT, BY_COMM, BY_FLOW, BY_CLASS, BY_INTENT,
	  BY_PROC, BY_HOST, BY_NR };

struct by_what {
	const char	*name;		/* of --by */
	const char	*header;
	int		width;		/* minimum width of its column */
};

extern const struct by_what by_what[BY_NR];

/* Return what --by names; reason if @typed is NULL; -1 with the error reported. */
int by_parse(const char *typed);

struct counts {
	uint64_t	count;		/* a lower bound */
	uint64_t	before;		/* the count at the last sample */
	uint64_t	delta;		/* since then, once the sample is complete */
	uint64_t	recent;		/* events in the window of @epoch */
	unsigned int	epoch;
	int64_t		last;		/* newest event, ns since 1970; 0: unknown */
	uint64_t	last_mono;	/* of the same event, to order by: nobody sets this clock */
	uint64_t	events;		/* number of events read */
	int64_t		first;		/* time of the oldest of them; 0: unknown */
	uint64_t	first_mono;
};

struct tally_key {
	const char	*text;
	const char	*host;
	uint32_t	netns;
};

struct tally {
	struct counts	c;
	uint64_t	error;		/* at most so many more, from before it was added */
	uint64_t	unpaired;	/* of @count: those whose pair did not fit */
	struct pair	*pairs;
	uint32_t	netns;
	uint32_t	reason_id;
	struct drop_class class;	/* of all of them */
	const char	*host;		/* behind the key; "": not part of it */
	char		key[];
};

/* How many drops of a tally have this as well. */
struct pair {
	struct pair	*next;		/* of the same tally */
	struct tally	*of;
	uint64_t	count;
	char		what[];
};

struct tallies {
	enum by		by;
	struct names	*names;		/* NULL: --names off */
	bool		fixed;		/* evict none: the first ones stay */
	struct hash	keys, pairs;
	size_t		max;		/* keys; 0: TALLIES_MAX */
	size_t		bytes_max;	/* memory of all; 0: TALLY_BYTES */
	size_t		bytes;
	struct counts	rest;		/* the remainder */
	uint64_t	floor;		/* error of a new key */
	uint64_t	total;
};

#define TALLIES_MAX (1u << 15)
#define TALLY_BYTES (12u << 20)

/* What a line shows. Its texts belong to the tallies. */
struct group {
	const char	*key;
	const char	*host;		/* that the namespace is of; "": all are of the same */
	uint32_t	netns, reason_id;
	const char	*netns_name;	/* NULL: not known */
	bool		rest;		/* the remainder, which has no key */
	uint64_t	count, error, delta, recent;
	int64_t		last, first;
	uint64_t	last_mono, events;
	struct drop_class class;	/* without a name: not known */
	const char	*mostly;	/* "": not known */
	uint64_t	mostly_count;
};

enum tally_sort { SORT_COUNT, SORT_RATE, SORT_LAST, SORT_KEY, SORT_NR };

/* Return the tally of a key, new or not; NULL: it does not fit, and none may be evicted. */
struct tally *tally_get(struct tallies *t, const char *key);
/* Count @nr drops of @one as a pair with @what. Return: false if the pair does not fit. */
bool tally_pair(struct tallies *t, struct tally *one, const char *what, uint64_t nr);
/* Return the tally that an event belongs to; by BY_NR all belong to one. */
struct tally *tally_of_event(struct tallies *t, const struct event *e);
/* Do reason and stack alone decide the group of a drop? */
bool by_is_of_stack(enum by by);
/* Return its key then. */
const char *tally_stack_key(enum by by, struct reason *r, struct stack *st);
/* Add the time of an event. */
void tally_seen(struct tally *one, const struct event *e);
/* Return the name of the namespace of a group, of this key; NULL: not known. */
const char *tally_netns_name(const struct tallies *t, const char *key, uint32_t netns);
/* Return the other half of an event's pair: its place or its reason. */
const char *tally_pair_text(enum by by, const struct event *e);
/* Does an event belong to the group with this key? */
bool tally_is_of(const struct tallies *t, const struct event *e, const struct tally_key *key);
/* Begin a sample: the counts become those before. @again: count from 0. */
void tallies_begin_sample(struct tallies *t, bool again);
/* End a sample: compute deltas and the total. */
void tallies_end_sample(struct tallies *t);
void tallies_free(struct tallies *t);

/*
 * Return the number of groups, with the remainder if there is one, and the sorted groups, to
 * be freed. SORT_RATE goes by deltas (@by_delta) or by the recent events of @epoch.
 */
size_t tallies_groups(const struct tallies *t, enum tally_sort sort, unsigned int epoch,
		      bool by_delta, struct group **groups);

#endif
