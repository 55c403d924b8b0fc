/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks up advice on reasons and places. */
#ifndef WHYDROP_EXPLAIN_H
#define WHYDROP_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "explain/entry.h"

/* The entry for NAME or SUBSYSTEM/NAME, or NULL. */
const struct explain *explain_find(const char *label);

/* What stands in such a line in the case at hand; each may be NULL. */
struct explain_words {
	const char	*reason, *dev;
	const char	*again;		/* " -f FILE", behind whydrop's commands */
};

/*
 * The next line of *@pos, or NULL at the end, with @words in their places:
 * to @out of @room bytes, and where in it the WHY starts, or NULL.
 * Names that a shell would take for more than a word are not filled in.
 */
char *explain_line(const char **pos, const struct explain_words *words, char *out, size_t room,
		   char **why);

/* Is @s one harmless word for any shell? */
bool explain_is_word(const char *s);

/*
 * The entry for drops with reason @label at the place @text, or NULL. With a @label
 * of NULL: for any.
 */
const struct explain_place *explain_place_find(const char *label, const char *text);

#endif
