/* SPDX-License-Identifier: GPL-2.0-only */
/* Places of drops, as names of functions. */
#ifndef WHYDROP_PLACE_H
#define WHYDROP_PLACE_H

#include <stdbool.h>

struct stack;

/* Is @text, SYMBOL+OFFSET/SIZE, in @symbol, or in a part that the compiler split off? */
bool place_is_in(const char *text, const char *symbol);

/*
 * Return the function that decided to drop: the place or, if that only frees packets for
 * others, its caller. Without a caller it is the place.
 */
const char *place_decided_by(const struct stack *st);

/* Does @text match one of @patterns, symbols or globs separated by blanks? */
bool place_matches(const char *patterns, const char *text);

#endif
