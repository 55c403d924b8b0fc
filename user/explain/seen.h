/* SPDX-License-Identifier: GPL-2.0-only */
/* Gathers what was seen of each reason: places, devices, destinations. */
#ifndef WHYDROP_EXPLAIN_SEEN_H
#define WHYDROP_EXPLAIN_SEEN_H

#include "select/walk.h"
#include "select/module.h"
#include "explain/explain.h"
#include "explain/hook.h"

/* A place, a device, or a destination of packets, with its count. */
struct seen {
	uint64_t	count;
	char		*text;		/* place, device, or PROTO ADDRESS:PORT */
	uint32_t	netns;
	char		*host;		/* that the namespace is of; NULL: all are of the same */
	/* Of a place: */
	struct explain_hook hook;
	char		*decided;	/* the function that decided; NULL: the place itself */
	const struct known_place *about;	/* advice, or NULL */
	struct drop_class class;	/* of the drops there */
	char		dev[WHYDROP_DEV_LEN + 1];	/* of a drop there; empty: unknown */
	struct seen_sock {
		uint16_t	flags;	/* of the event */
		uint32_t	uid, ino, rmem, rcvbuf;
	} sock;				/* of the last drop that has a socket */
};

/*
 * Limits: a network may have any number of addresses, so each list is limited; a recording
 * may have any number of reasons, so the memory of all lists is, too.
 */
#define SEEN_MAX 256
#define SEEN_BYTES (12u << 20)
struct list {
	struct seen	*row;
	unsigned short	nr, room;
};

/* Number of unnamed reasons that are counted separately. */
#define UNNAMED_MAX 4096
#define UNNAMED_REST "(all others)"

struct topic {
	struct reason	*reason;
	const struct explain *explain;
	bool		known;		/* this kernel or recording has the reason */
	struct drop_class class;	/* of all drops seen; without a name: none were */
	uint64_t	events;		/* number of events in the lists */
	uint64_t	last_mono;	/* times of the last of them */
	int64_t		last_real;
	bool		last_has_real;
	uint64_t	first_mono;	/* of the first */
	int64_t		first_real;
	bool		first_has_real;
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
	int		unread;		/* errno: the module could not be asked */
	struct selection *want;		/* the reasons that were asked for, if any */
	/* The owners of the reasons: */
	struct reason_table table;	/* live */
	struct stream	stream;		/* of a recording */
	struct reason	**own;		/* made here */
	size_t		nr_own, own_room;
	size_t		bytes;		/* of all lists */
};

/*
 * Gather what was seen, live or in a recording, of the reasons that @want selects, or of all
 * if it selects none. If there are recordings of several boots, the caller reports reasons
 * that none of them has. @only_counts: only the counts of the module. Return: 0, or an exit
 * code, with the error reported. What is known of @want is also of use without the module:
 * topics_note_unread() says what is missing, after that.
 */
int topics_gather(struct topics *t, struct request *rq, struct selection *want,
		  bool only_counts);
void topics_note_unread(const struct topics *t);
void topics_free(struct topics *t);

#endif
