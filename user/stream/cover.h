/* SPDX-License-Identifier: GPL-2.0-only */
/* Which events of one load of the module were read already. */
#ifndef WHYDROP_COVER_H
#define WHYDROP_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/*
 * Which events of one load of the module were there already, by CPU and number: of
 * recordings that overlap each counts once, what one has lost the other may have, and
 * what none of them has is lost between them.
 */
#define COVER_PAGE 128		/* CPUs */
#define COVER_PAGES (65536 / COVER_PAGE)

struct cover {
	uint32_t	load;		/* decoder.load that this is about */
	unsigned int	pieces;		/* recordings of it so far */
	struct cover_cpu {
		bool		any;
		uint64_t	next;		/* behind the last one */
		uint64_t	reported;	/* lost behind it, as a record says */
		uint64_t	pending;	/* lost as its piece says; not judged yet */
		unsigned int	cause;
		struct cover_range {
			uint64_t	from, to;
		} *range;			/* in order, not next to each other */
		size_t		nr, room;
	} *cpus[COVER_PAGES];	/* of so many each, where there is one with something */
	size_t		nr_ranges;
	struct hash	begun;		/* CPUs of pieces with an event so far */
	bool		selective;	/* a piece does not have all events, on purpose */
	bool		overflowed;	/* there were too many ranges */
};

struct cover_verdict {
	bool		duplicate;	/* another piece had it */
	uint64_t	lost, between;	/* before it: as a piece says; as none says */
	unsigned int	cause;
};

/* Another recording begins; of a load that is another one's, if @load is new. */
void cover_begin_piece(struct cover *s, uint32_t load);
/* A piece lost so many: is that to be judged when the next event is there? */
bool cover_hold_lost(struct cover *s, unsigned int cpu, unsigned int cause, uint64_t count);
void cover_add_event(struct cover *s, unsigned int piece, unsigned int cpu, uint64_t seq,
		     struct cover_verdict *v);
/* Take what is not judged of the next CPU from *@cpu on: how many; 0: no more. */
uint64_t cover_take_held(struct cover *s, unsigned int *cpu, unsigned int *cause);
void cover_free(struct cover *s);

#endif
