/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes groups and stacks with their counts. */
#ifndef WHYDROP_VIEW_H
#define WHYDROP_VIEW_H

#include "base/out.h"
#include "tally/rows.h"
#include "tally/sample.h"

/* How to write groups as lines of text, as wide as the terminal. */
struct view {
	struct out	*o;
	const struct sample *sm;
	enum by		by;
	int		count_width, key_width, netns_width, used;
	bool		first, class;	/* columns that there is room for */
	int		intent;		/* width of that one; 0: there is none */
};

void view_init(struct view *v, struct out *o, const struct sample *sm, enum by by,
	       const struct group *g, size_t nr);
void view_header(const struct view *v);
void view_group(const struct view *v, const struct group *g);
#define VIEW_KEY_ROOM 512
/* Return the name of a group; a place is without its size. */
const char *view_key(enum by by, const struct group *g, char buf[VIEW_KEY_ROOM]);
/* Write a namespace: its name, else its inode. */
void view_netns(char buf[VIEW_KEY_ROOM], uint32_t netns, const char *name);
/* And its host, unless that is "". */
void view_netns_of(char buf[VIEW_KEY_ROOM], uint32_t netns, const char *name, const char *host);
void view_rate(char buf[24], double rate);

/* Write a stack with its count. */
void view_row(struct out *o, const struct row *r);

#endif
