/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps some events of each stack, from its first to its last. */
#ifndef WHYDROP_PICKS_H
#define WHYDROP_PICKS_H

#include "tally/cube.h"

#define PICKS_MAX 1500

/* An event that was kept, and what it is in each dimension. */
struct pick {
	uint64_t	nth;		/* of all events */
	struct cube_value *of[CUBE_DIMS];
	char		*text;
	size_t		len;
};

struct picks {
	struct picks	*next;
	uint64_t	seen, stride;	/* each so many is kept */
	size_t		nr, room;
	struct pick	*pick;
};

struct picker {
	struct picks	*all;
	size_t		nr;		/* of all */
	size_t		max;		/* of one stack */
};

/* Is this event, whose row is @row, to be kept? Then pick_keep() it. */
bool pick_wants(struct picker *p, const struct cube_row *row);
void pick_keep(struct picker *p, const struct cube_row *row, uint64_t nth, const char *text,
	       size_t len);
/* All that were kept, in order, to be freed. */
const struct pick **picker_all(const struct picker *p);
void picker_free(struct picker *p);

#endif
