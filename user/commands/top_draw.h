/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of `whydrop top', and what draws it. */
#ifndef WHYDROP_TOP_DRAW_H
#define WHYDROP_TOP_DRAW_H

#include "commands/command.h"
#include "base/screen.h"

struct top {
	struct options	*opt;
	struct sample	sm;
	struct screen	scr;
	struct out	line;		/* where a line is put together */
	enum by		by;
	enum tally_sort	sort;
	enum { SHOWS_COUNTS, SHOWS_STACKS, SHOWS_HELP } shows;
	bool		paused, quit, dirty;
	bool		whole;		/* a file: read to its end, then shown */
	bool		ended, failed;
	struct group	*group;		/* as last drawn */
	size_t		nr;
	struct group	sum;
	size_t		selected, first;
	bool		pinned;		/* to a group, wherever it moves to */
	char		*text;		/* SHOWS_STACKS: its lines */
	char		stacks_of[VIEW_KEY_ROOM];
	size_t		text_len, text_room, scroll;
	struct loss	loss;		/* of the group's counts */
};

/* Rows of the screen above and below the groups. */
#define HEAD_ROWS 4
#define FOOT_ROWS 2

/* How many lines of groups there is room for. */
static inline size_t top_room(const struct top *t)
{
	return MAX(t->scr.height - HEAD_ROWS - FOOT_ROWS, 1);
}

void top_draw(struct top *t);
size_t top_lines(const struct top *t);	/* of text */

#endif
