/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the module's exact counts by reason and stack. */
#ifndef WHYDROP_TABLE_H
#define WHYDROP_TABLE_H

#include "select/module.h"

struct stack_row {
	uint64_t	count;
	struct reason	reason;		/* its text belongs to the table */
	struct stack	*stack;
};

struct stack_table {
	char		*text;
	struct stack_row *row;
	size_t		nr, room;
	bool		nameless;	/* there are offsets, and no map of them */
	uint64_t	by_place, of;	/* drops whose stacks did not fit, of all recorded */
};

/* Return: 0, or an exit code, with the error reported. */
int table_read(const struct request *rq, struct stack_table *t);
void table_free(struct stack_table *t);
/* Do -r and --at select the row? */
bool table_row_selected(struct request *rq, struct stack_row *row);

#endif
