/* SPDX-License-Identifier: GPL-2.0-only */
/* Gathers stacks with their counts. */
#ifndef WHYDROP_ROWS_H
#define WHYDROP_ROWS_H

#include "select/walk.h"
#include "tally/table.h"
#include "tally/tally.h"

/*
 * A row is a stack with its count: from the module's exact table if that has the answer, else
 * from events. Its texts belong to the table or to the decoder.
 */
struct row {
	uint64_t count, group_count;
	const char *key;		/* of the group; "": there is none */
	uint32_t netns;			/* likewise */
	const char *host;		/* likewise */
	const char *netns_name;		/* NULL: not known */
	const char *label, *name, *subsys;
	struct stack *stack;
	const struct drop_class *class;
};

struct rows {
	struct request *rq;
	struct row *row;
	size_t nr, room;
	uint64_t total, without;	/* all drops; those without a known stack */
	uint64_t by_place, of;		/* drops whose stacks did not fit in the table, of all */
	struct stack **place;		/* stacks made of the places of events */
	size_t places, places_room;
	struct stack_table table;
	struct stream s;
	struct tallies t;		/* by group; pairs are ids of stacks */
	struct tallies unnamed;		/* labels of reasons that no record named */
	enum by only_by;
	bool has_only;
	struct tally_key only;
};

/*
 * Gather the stacks of all groups or, unless @only is NULL, of that group; sorted by group,
 * most frequent first. @grouped: false if all are one group. Return: 0,
 * or an exit code, with the error reported; EXIT_FAILED may come with rows.
 */
int rows_gather(struct rows *rows, struct request *rq, enum by by, bool grouped,
		const struct group *only);
void rows_free(struct rows *rows);

/* Does the module's table have the rows for this request? */
bool rows_exact(const struct request *rq, enum by by);

#endif
