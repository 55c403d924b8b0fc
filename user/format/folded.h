/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes stacks for flame graphs. */
#ifndef WHYDROP_FOLDED_H
#define WHYDROP_FOLDED_H

#include "base/out.h"
#include "tally/rows.h"

/* Write all rows, at most @limit lines of each group. */
void folded_rows(struct out *o, const struct rows *rows, bool grouped, enum by by, uint64_t limit);

#endif
