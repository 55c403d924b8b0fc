/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts the events that a stream lost, and reports them where they are missing. */
#ifndef WHYDROP_LOST_H
#define WHYDROP_LOST_H

#include "base/out.h"
#include "stream/decode.h"

/*
 * Losses of an unknown number, which only a reader that resumes can have, and no record: far
 * behind those of enum whydrop_lost_cause.
 */
enum resume_cause {
	LOST_REBOOT = 1 << 16,	/* not written out before another boot */
	LOST_RELOAD,		/* likewise, before the module was loaded again */
	LOST_CURSOR,		/* what was written out is not known */
};

#define LOST_CAUSES (WHYDROP_LOST_UNRECORDED + 1)

struct lost {
	bool		live;		/* of the module, not of a recording */
	bool		quiet;		/* count only */
	struct out	*out;		/* flushed before anything is reported */
	uint64_t	by_cause[LOST_CAUSES];	/* 0: unknown ones */
	struct lost_pending {
		unsigned int	cpu, cause;
		const char	*host;		/* NULL: all are of the same */
		uint64_t	count;
		int64_t		reported_ms;
	} *pending;			/* collected, to report several at once */
	size_t		nr, room;
};

/* Add the losses of a LOST record. */
void lost_add(struct lost *l, const struct item *it);
/* Report what is pending, before waiting. */
void lost_report(struct lost *l);
void lost_free(struct lost *l);

/* Return the name of a cause, as in JSON. */
const char *lost_cause(unsigned int cause);
/* Return why events are lost, and what helps on this host or with the next recording. */
const char *lost_words(bool live, unsigned int cause);

#endif
