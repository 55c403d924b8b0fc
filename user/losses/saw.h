/* SPDX-License-Identifier: GPL-2.0-only */
/* What the module counted, to be compared with other counters. */
#ifndef WHYDROP_SAW_H
#define WHYDROP_SAW_H

#include "losses/losses.h"
#include "select/module.h"

/* What the module counted, to be compared with what the kernel and its drivers count. */
struct saw {
	struct reason_table before, now;
	bool		loaded;
	bool		readable;	/* now is filled */
	bool		since;		/* before, too: both are of the same time */
};

/* Read its counts; what cannot be read is said by the flags only. */
void saw_take(struct saw *s, const struct request *rq);
/* The same again: what was read becomes before. */
void saw_again(struct saw *s, const struct request *rq);
void saw_free(struct saw *s);

/* A reason by which the module counts what a counter counts. */
struct saw_reason {
	char		name[64];
	uint64_t	count;		/* of all namespaces; since load, or of the same time */
	bool		known;		/* this kernel has it */
};

/* The next reason of @counter from *@pos on, NULL at first; false: no more. */
bool saw_next(const struct saw *s, const struct counter *counter, const char **pos,
	      struct saw_reason *r);

enum saw_word {
	SAW_ALL,	/* as many as were lost, or more: there are others by these reasons */
	SAW_FEWER,	/* which should not be: see text */
	SAW_UNSURE,	/* not to be compared */
};

/* Did the module count the @lost packets of @counter, by its reasons? */
enum saw_word saw_compare(const struct saw *s, const struct counter *counter, uint64_t lost);

/*
 * Did it count more by these reasons than were @lost? Then some are drops of other counters
 * or namespaces: its counts are of all. @known: is there a reason to tell by?
 */
bool saw_others(const struct saw *s, const struct counter *counter, uint64_t lost, bool *known);

/*
 * The reasons that the module counted and that no counter of the @rows has, the most
 * frequent first; to be freed.
 */
struct saw_reason *saw_only(const struct saw *s, struct loss_row *const *rows, size_t nr_rows,
			    size_t *nr);

#endif
