/* SPDX-License-Identifier: GPL-2.0-only */
/* Stacks with counts. */
#ifndef WHYDROP_ROWS_H
#define WHYDROP_ROWS_H

#include "select/walk.h"
#include "tally/table.h"
#include "tally/tally.h"

/*
 * Stacks with counts: from the module's exact table where that has the
 * answer, else from events. Texts are those of the table or of the decoder.
 */
struct row {
	uint64_t count, group_count;
	const char *key;		/* of the group; "": there is none */
	uint32_t netns;			/* likewise */
	const char *label, *name, *subsys;
	struct stack *stack;
};

struct rows {
	struct request *rq;
	struct row *row;
	size_t nr, room;
	uint64_t total, without;	/* a stack that is known */
	uint64_t by_place, of;		/* of so many: their stacks had no room in the table */
	struct stack **place;		/* made for those of events */
	size_t places, places_room;
	struct stack_table table;
	struct stream s;
	struct tallies t;		/* what are ids of stacks */
	struct tallies unnamed;		/* labels of reasons that no record named */
	enum by only_by;
	const char *only_key;
	uint32_t only_netns;
};

/*
 * Gather those of all groups or, if @only is there, of that one of @by; sorted
 * by group, most frequent first. @grouped: or are all of one group? Return: 0,
 * or an exit code and said why; EXIT_FAILED may come with rows.
 */
int rows_gather(struct rows *rows, struct request *rq, enum by by, bool grouped,
		const struct group *only);
void rows_free(struct rows *rows);

/* Does the module's table have them? */
bool rows_exact(const struct request *rq, enum by by);

#endif
