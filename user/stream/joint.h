/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of what joins the streams of several hosts. */
#ifndef WHYDROP_JOINT_H
#define WHYDROP_JOINT_H

#include "stream/build.h"
#include "stream/decode.h"

#define JOIN_HOSTS_MAX 64

struct join_host {
	const char	*label;
	struct decoder	dec;
	char		*buf;
	size_t		room, start, end;
	bool		begun;		/* its header has come */
	bool		ended;		/* no more bytes will come */
	bool		bad;		/* they are not a stream, see dec.error */
	size_t		head;		/* bytes of the event that is next; 0: there is none */
	int64_t		real, key;	/* when that was: by its clock; by ours, to order by */
	int64_t		started_ms, heard_ms; /* when the command was started; the last event came */
	uint16_t	block[HOST_BLOCKS]; /* of its CPUs, in the joined stream, from 1 on */
	unsigned int	nr_blocks;
	/* Its clock is ahead of ours by at least and at most so much, ns. */
	bool		has_clock, skewed;
	int64_t		offset, skew, skew_max;
	uint64_t	events, late, lost[WHYDROP_LOST_UNRECORDED + 1];
	int64_t		last_real;	/* of its last event */
};

struct join {
	struct join_host *host;
	size_t		nr;
	bool		align;
	/* Write a whole record; @event: it is one. */
	void		(*put)(void *arg, const void *rec, size_t len, bool event);
	void		*arg;
	int64_t		started_real;	/* CLOCK_REALTIME when the commands were started */
	int64_t		last_real;	/* of all events of clocks that are right */
	bool		begun;
	unsigned int	nr_blocks;
	uint32_t	nr_stacks;
	struct hash	reasons, reason_ids, stacks;
	size_t		reason_bytes, stack_bytes;
	struct {
		char		*name;
		uint32_t	upper;	/* bits of its reasons */
	} subsys[64];
	unsigned int	nr_subsys;
	uint32_t	next_number;
	char		*setting[5];
	struct build	build;
};

#endif
