/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes the metric that tells alerts where a reason mostly is. */
#ifndef WHYDROP_CMD_METRICS_PLACES_H
#define WHYDROP_CMD_METRICS_PLACES_H

#include "select/module.h"

/*
 * Write whydrop_reason_info: for each reason that has drops, the function where most of them
 * were, without offset, and what to do first. So there is one series for each, whatever is
 * sent. Return: 0, or an exit code, with the error reported.
 */
int metrics_places(struct out *o, const struct request *rq, const struct reason_table *reasons);

#endif
