/* SPDX-License-Identifier: GPL-2.0-only */
/* Shows what a view does not have, and why. */
#ifndef WHYDROP_FORMAT_LOSS_H
#define WHYDROP_FORMAT_LOSS_H

#include "base/out.h"
#include "format/labels.h"
#include "tally/loss.h"

/* Write it to stderr. @history: with the events that were too old when a live view began. */
void loss_report(const struct loss *l, bool history);
/* Write the last JSON object of a view; @labels: of its lines, or NULL. */
void loss_json(struct out *o, const struct labels *labels, const struct loss *l);
/* Write it in one line, after @sep, if there is anything. Return: whether the line has any. */
bool loss_line(struct out *o, const struct loss *l, const char *sep);

#endif
