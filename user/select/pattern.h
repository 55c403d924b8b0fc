/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of patterns, as in -r, -i, -N, --comm and --at, and how they match. */
#ifndef WHYDROP_PATTERN_H
#define WHYDROP_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * An item with a leading "!" excludes what it matches. A list selects what no item excludes
 * and, if it has other items, what one of them matches.
 */
struct pattern {
	char		*text;
	bool		exclude;
	bool		number;		/* compare val, not the text */
	bool		known;		/* a name that matches was seen */
	bool		named;		/* a namespace that is to be found by its name */
	uint32_t	val;
};

struct patterns {
	struct pattern	*item;
	size_t		nr, room;
	char		**seen;			/* the first names that were compared, for hints */
	size_t		nr_seen, seen_room;
	bool		all_known;		/* each item matches something */
};

typedef int (*pattern_prepare)(struct pattern *p);
typedef bool (*pattern_match)(const struct pattern *p, const void *what);

/*
 * Add the items of a comma-separated list, and call @prepare for each, unless it is NULL.
 * @option is for messages. Return: 0, or EXIT_USAGE, with the error reported.
 */
int patterns_add(struct patterns *list, const char *option, const char *text,
		 pattern_prepare prepare);
void patterns_free(struct patterns *list);

/* Does the list select @what? */
bool patterns_select(const struct patterns *list, pattern_match match, const void *what);

/* Does @pattern match the whole place, or its symbol alone? */
bool match_place_text(const char *pattern, const char *place);

#endif
