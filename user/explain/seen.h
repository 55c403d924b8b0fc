/* SPDX-License-Identifier: GPL-2.0-only */
/* What was seen of each reason: places, devices, destinations. */
#ifndef WHYDROP_EXPLAIN_SEEN_H
#define WHYDROP_EXPLAIN_SEEN_H

#include "select/walk.h"
#include "select/module.h"
#include "explain/explain.h"
#include "explain/hook.h"

/* One line of what was seen: a place, a device, or whom packets were for. */
struct seen {
	uint64_t	count;
	char		*text;		/* place, device, or PROTO ADDRESS:PORT */
	uint32_t	netns;
	struct explain_hook hook;	/* of a place, */
	char		*decided;	/* who had it drop; NULL: the place did, */
	const struct explain_place *about;	/* and what is known of it, or NULL; */
	char		dev[WHYDROP_DEV_LEN + 1];	/* of a drop there; empty: none is known */
	struct seen_sock {
		uint16_t	flags;	/* of the event */
		uint32_t	uid, ino, rmem, rcvbuf;
	} sock;				/* of the last one that has a socket */
};

/*
 * So many are kept apart, for a network may be full of addresses; and a recording may
 * have as many reasons as it likes, so there is a bound for all of them, too.
 */
#define SEEN_MAX 256
#define SEEN_BYTES (12u << 20)
struct list {
	struct seen	*row;
	unsigned short	nr, room;
};

/* So many reasons that no record names are kept apart. */
#define UNNAMED_MAX 4096
#define UNNAMED_REST "(all others)"

struct topic {
	struct reason	*reason;
	const struct explain *explain;
	bool		known;		/* to this kernel or recording */
	uint64_t	events;		/* that the lists are made of */
	uint64_t	last_mono;	/* times of the last of them */
	int64_t		last_real;
	bool		last_has_real;
	struct list	places, devs, to;
};

struct topics {
	struct request	*rq;
	struct topic	*topic;
	size_t		nr, room;
	struct hash	by_label;	/* until they are sorted */
	uint64_t	total;		/* drops of all reasons */
	bool		live;
	bool		only_counts;
	struct selection *want;		/* the reasons that were named, if any */
	struct reason_table table;	/* whose reasons these are: live, */
	struct stream	stream;		/* of a recording, */
	struct reason	**own;		/* or made here */
	size_t		nr_own, own_room;
	size_t		bytes;		/* of all lists */
};

/*
 * What was seen of the reasons that @want selects, or of all if it names none: live or
 * of a recording. Of a recording of several boots, the caller says which of them none has.
 * @only_counts: of the module, no more than how many there were. Return: 0, or an exit
 * code and said why.
 */
int topics_gather(struct topics *t, struct request *rq, struct selection *want,
		  bool only_counts);
void topics_free(struct topics *t);

#endif
