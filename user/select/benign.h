/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells which drops are usually harmless. */
#ifndef WHYDROP_BENIGN_H
#define WHYDROP_BENIGN_H

#include "stream/event.h"

/*
 * Why a drop of that reason with that stack, or NULL, usually is no loss; or
 * NULL. For some it takes the event; without one (NULL) they are not said to be none.
 */
const char *benign_cause(const struct reason *r, const struct stack *st, const struct event *e);

#endif
