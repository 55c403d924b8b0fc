/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the devices, tasks and places that were asked for and that nothing matches. */
#ifndef WHYDROP_UNMATCHED_H
#define WHYDROP_UNMATCHED_H

#include "select/select.h"

/*
 * What nothing matches may be misspelt, so it is reported with the nearest of what there
 * is. Call the first with each event before select_event(), or the second with each place
 * where there are no events.
 */
void unmatched_check_event(struct selection *s, const struct event *e);
void unmatched_check_place(struct selection *s, struct name *place);
/* Before all others, if live. @report: those that no device here matches, now. */
void unmatched_check_devices(struct selection *s, bool report);
void unmatched_report(const struct selection *s);

#endif
