/* SPDX-License-Identifier: GPL-2.0-only */
/* The data of a report, as JSON that is safe within a page. */
#ifndef WHYDROP_REPORT_DATA_H
#define WHYDROP_REPORT_DATA_H

#include "commands/command.h"
#include "tally/picks.h"

/* What a report is made of. */
struct report {
	struct options	*opt;
	struct cube	cube;
	struct picker	picker;
	struct fmt	fmt;		/* of the events that are kept */
	struct out	piece;		/* in memory: what is to be escaped */
	struct loss	loss;
	struct reason_table counts;	/* live: those of the module */
	bool		has_counts;
};

void report_data(struct report *r, struct out *o);

#endif
