/* SPDX-License-Identifier: GPL-2.0-only */
/* Shows what a view does not have. */
#ifndef WHYDROP_FORMAT_LOSS_H
#define WHYDROP_FORMAT_LOSS_H

#include "base/out.h"
#include "tally/loss.h"

/* On stderr, a line each. @history: also what was too old when a live view began. */
void loss_report(const struct loss *l, bool history);
/* The last object of a view. */
void loss_json(struct out *o, const struct loss *l);
/* In one line, @sep before it if there is anything; true: there was something before, or is. */
bool loss_line(struct out *o, const struct loss *l, const char *sep);

#endif
