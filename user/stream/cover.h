/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracks which events of one load of the module were read already. */
#ifndef WHYDROP_COVER_H
#define WHYDROP_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/*
 * The events of one load of the module that were read already, by CPU and number. Of
 * recordings that overlap, each event counts once; what one has lost, another may have;
 * what none of them has is lost between them.
 */
#define COVER_PAGE 128		/* CPUs */
#define COVER_PAGES (65536 / COVER_PAGE)

struct cover {
	uint32_t	load;		/* decoder.load that this is about */
	unsigned int	pieces;		/* recordings of it so far */
	struct cover_cpu {
		bool		any;
		uint64_t	next;		/* number after the last event */
		uint64_t	reported;	/* lost after it, according to a record */
		uint64_t	pending;	/* lost according to its piece; not checked yet */
		unsigned int	cause;
		struct cover_range {
			uint64_t	from, to;
		} *range;			/* in order, not adjacent */
		size_t		nr, room;
	} *cpus[COVER_PAGES];	/* pages of CPUs, allocated where one has events */
	size_t		nr_ranges;
	struct hash	begun;		/* CPUs of pieces that have had an event */
	bool		selective;	/* a piece does not have all events, on purpose */
	bool		overflowed;	/* there were too many ranges */
};

struct cover_verdict {
	bool		duplicate;	/* another piece had it */
	uint64_t	lost, between;	/* before it: according to a piece; between pieces */
	unsigned int	cause;
};

/* Begin another recording. If @load is new, it is of another load of the module. */
void cover_begin_piece(struct cover *s, uint32_t load);
/* Note that a piece lost @count events. Return: whether the next event decides about them. */
bool cover_hold_lost(struct cover *s, unsigned int cpu, unsigned int cause, uint64_t count);
void cover_add_event(struct cover *s, unsigned int piece, unsigned int cpu, uint64_t seq,
		     struct cover_verdict *v);
/* Take the pending losses of the next CPU, from *@cpu on. Return: how many; 0: no more. */
uint64_t cover_take_held(struct cover *s, unsigned int *cpu, unsigned int *cause);
/* Are all events covered, from the first one since the module was loaded? */
bool cover_is_whole(const struct cover *s);
void cover_free(struct cover *s);

#endif
