/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks up advice on reasons and places. */
#ifndef WHYDROP_EXPLAIN_H
#define WHYDROP_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "explain/entry.h"
#include "known/drop.h"

/* Return the entry for NAME or SUBSYSTEM/NAME, or NULL. */
const struct explain *explain_find(const char *label);

/* Words to fill into a line; each may be NULL. */
struct explain_words {
	const char	*reason, *dev;
	const char	*again;		/* " -f FILE", for whydrop's commands */
};

/*
 * Write the next line at *@pos, with @words filled in, to @out of @room bytes; *@why is its
 * comment in there, or NULL. Words that are not harmless in a shell are not filled in.
 * Return: @out, or NULL at the end.
 */
char *explain_line(const char **pos, const struct explain_words *words, char *out, size_t room,
		   char **why);

/* Is @s one harmless word for any shell? */
bool explain_is_word(const char *s);

#endif
