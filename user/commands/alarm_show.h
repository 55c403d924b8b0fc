/* SPDX-License-Identifier: GPL-2.0-only */
/* Shows when an incident begins and ends, on all ways that were asked for. */
#ifndef WHYDROP_CMD_ALARM_SHOW_H
#define WHYDROP_CMD_ALARM_SHOW_H

#include "alarm/alarms.h"
#include "alarm/tell.h"
#include "commands/command.h"

struct alarm_show {
	struct options	*opt;
	struct tell	tell;
	int64_t		real_ms;	/* the time of day, less CLOCK_MONOTONIC; 0: unknown */
	struct out	json, text, words;	/* buffers */
};

void alarm_show(struct alarm_show *sh, const struct alarm *a, bool begins);
/* Nothing is counted any more, and why; NULL: it is again. */
void alarm_show_blind(struct alarm_show *sh, const char *why, int64_t now);

#endif
