/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds selected reasons, devices, tasks and places that nothing matches. */
#ifndef WHYDROP_UNMATCHED_H
#define WHYDROP_UNMATCHED_H

#include "select/request.h"
#include "select/select.h"

/*
 * A pattern that nothing matches may be misspelled, so it is reported with the nearest names
 * that exist. Call the first function with each event before select_event(), or the second
 * one with each place if there are no events.
 */
void unmatched_check_event(struct selection *s, const struct event *e);
void unmatched_check_place(struct selection *s, struct name *place);
/* Call this before the others if live. @report: report those that no device matches now. */
void unmatched_check_devices(struct selection *s, bool report);
void unmatched_report(const struct selection *s);
/* A number that no record gave a name to is one that can be asked for. */
void mark_unnamed_reason(struct request *rq, const struct decoder *d, const struct event *e);
/* Learn the names that stand further behind in a recording of which nothing is shown yet. */
void mark_reasons_ahead(struct request *rq);

#endif
