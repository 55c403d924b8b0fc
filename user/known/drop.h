/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells what kind a drop is, by its reason, or by its place where that says more. */
#ifndef WHYDROP_DROP_H
#define WHYDROP_DROP_H

#include "known/places.h"
#include "stream/event.h"

/* That of a drop with that reason and, unless it is NULL, that stack; never NULL. */
const struct drop_class *drop_class(struct reason *r, struct stack *st);
/*
 * Does a drop of that reason with that stack, or NULL, usually harm nobody? For some it
 * takes the event; without one (NULL) they are not said to.
 */
bool drop_is_harmless(const struct reason *r, const struct stack *st, const struct event *e);

/*
 * The row for drops with reason @label at the place @text, or NULL. With a @label
 * of NULL: for any.
 */
const struct known_place *place_find(const char *label, const char *text);
/* Do drops with that reason at that place usually harm nobody? */
bool place_is_harmless(const char *label, const char *text);

/* Names of all classes of drops, by reason and by place: @i from 0 on; NULL: the end. */
const char *drop_class_next(size_t *i);

#endif
