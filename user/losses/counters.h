/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks up what is known of a counter. */
#ifndef WHYDROP_COUNTERS_H
#define WHYDROP_COUNTERS_H

#include "losses/counter.h"

/* The one of that name in @layer, or in any layer of the protocols if that is NULL. */
const struct counter *counter_find(const char *layer, const char *name);
/* Does the module see what it counts? In a word. */
const char *counter_seen(const struct counter *c);
/*
 * What losses that it counts mostly mean: if it does not say, the worst of its reasons,
 * and without any, that the hardware has lost something is bad. Never unknown.
 */
enum intent counter_intent(const struct counter *c);
/* All of them: @i from 0 on; NULL: the end. */
const struct counter *counter_next(size_t *i);

#endif
