/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of advice on places. */
#ifndef WHYDROP_EXPLAIN_PLACES_H
#define WHYDROP_EXPLAIN_PLACES_H

#include "explain/entry.h"

extern const struct explain_place explain_places[];
extern const size_t nr_explain_places;

#endif
