/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells what kind a drop is, by its reason, or by its place where that says more. */
#ifndef WHYDROP_DROP_H
#define WHYDROP_DROP_H

#include "known/places.h"
#include "stream/event.h"

/* Return the class of a drop with this reason, and stack or NULL; it is kept in both. */
const struct drop_class *drop_class(struct reason *r, struct stack *st);
/*
 * Is a drop with this reason, and stack or NULL, usually no loss? Some kinds can be told by
 * the event only; without one (NULL), they are not taken for harmless.
 */
bool drop_is_harmless(const struct reason *r, const struct stack *st, const struct event *e);

/* Return the row for drops with reason @label, any if NULL, at the place @text, or NULL. */
const struct known_place *place_find(const char *label, const char *text);
/* Are drops with this reason at this place usually no loss? */
bool place_is_harmless(const char *label, const char *text);

/* Return the name of the next class from *@i on, 0 at first, or NULL. Some names come again. */
const char *drop_class_next(size_t *i);

#endif
