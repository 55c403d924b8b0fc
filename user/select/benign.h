/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells which drops are usually harmless. */
#ifndef WHYDROP_BENIGN_H
#define WHYDROP_BENIGN_H

#include "stream/event.h"

/*
 * Return why a drop with this reason, and stack or NULL, is usually no loss, or NULL. Some
 * kinds can be told by the event only; without one (NULL), they are not taken for harmless.
 */
const char *benign_cause(const struct reason *r, const struct stack *st, const struct event *e);

#endif
