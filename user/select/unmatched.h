/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds selected devices, tasks and places that nothing matches. */
#ifndef WHYDROP_UNMATCHED_H
#define WHYDROP_UNMATCHED_H

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

#endif
