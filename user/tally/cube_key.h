/* SPDX-License-Identifier: GPL-2.0-only */
/* What makes two events the same in a dimension of a cube. */
#ifndef WHYDROP_CUBE_KEY_H
#define WHYDROP_CUBE_KEY_H

#include "known/places.h"
#include "names/names.h"
#include "stream/decode.h"

enum cube_dim {
	CUBE_STACK,		/* reason, frames and flags */
	CUBE_DEV, CUBE_NETNS, CUBE_FLOW, CUBE_SOCK, CUBE_COMM, CUBE_BOOT, CUBE_DIMS
};

/* Of one dimension. */
struct cube_value {
	uint64_t	count;
	uint64_t	error;		/* at most so many more are in the remainder */
	uint32_t	netns;		/* of a device; or the value itself */
	unsigned int	refs;		/* of what lives on when it is removed */
	bool		removed;	/* it is in the remainder */
	bool		rest;		/* the remainder itself */
	int		nth;		/* for who writes it */
	/* Of a stack: */
	const struct drop_class *class;
	const struct known_place *about;	/* advice on its place, or NULL */
	struct picks	*picks;		/* for picks.c */
	char		*note;		/* what else is known of it, or NULL */
	uint32_t	len;
	char		key[];		/* @len bytes, and a NUL */
};

struct cube_key {
	const char	*text;
	uint32_t	len;
	uint32_t	netns;
};

#define CUBE_KEY_MAX 16384
/* Of a stack: its reason, its flags and the frames, apart by line feeds. */
#define CUBE_KEY_ROOM (CUBE_KEY_MAX + FLOW_TEXT)

/* The key of an event, in @room or elsewhere; of a boot, without an event. */
void cube_key(enum cube_dim dim, const struct decoder *d, struct names *names,
	      const struct event *e, struct cube_key *k, char room[CUBE_KEY_ROOM]);
/* Fill in what is known of a new value, by the first event that has it. */
void cube_describe(enum cube_dim dim, const struct event *e, struct cube_value *v);

#endif
