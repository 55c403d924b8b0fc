/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts the events that a stream lost, and reports them where they are missing. */
#ifndef WHYDROP_LOST_H
#define WHYDROP_LOST_H

#include "base/out.h"
#include "stream/decode.h"

#define LOST_CAUSES (WHYDROP_LOST_UNRECORDED + 1)

struct lost {
	bool		live;		/* of the module, not of a recording */
	bool		quiet;		/* count only */
	struct out	*out;		/* written before anything is reported */
	uint64_t	by_cause[LOST_CAUSES];	/* 0: unknown ones */
	struct lost_pending {
		unsigned int	cpu, cause;
		uint64_t	count;
		int64_t		reported_ms;
	} *pending;			/* so as not to report each */
	size_t		nr, room;
};

/* @it is of a LOST record. */
void lost_add(struct lost *l, const struct item *it);
/* Before waiting: report what is pending. */
void lost_report(struct lost *l);
void lost_free(struct lost *l);

/* One word for a cause, as JSON has it. */
const char *lost_cause(unsigned int cause);
/* Why events are lost, and what helps: on this host, or with the next recording. */
const char *lost_words(bool live, unsigned int cause);

#endif
