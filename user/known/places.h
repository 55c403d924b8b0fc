/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of functions of the kernel that drop. */
#ifndef WHYDROP_PLACES_H
#define WHYDROP_PLACES_H

#include <stdbool.h>

#include "known/class.h"

/*
 * The first row that has the function is the one, for reasons that say less than it: those
 * that say nothing, and @reasons.
 */
struct known_place {
	const char	*names;		/* of functions, without offset; globs */
	const char	*reasons;	/* for these, too; NULL: for no more */
	bool		unnamed;	/* only where the kernel gives no reasons at all */
	/*
	 * What drops there are; without it, they may be of several kinds, and then no more
	 * than the place is known.
	 */
	struct drop_class class;
	/* Drops there with one of these reasons usually harm nobody, see --benign; globs */
	const char	*harmless;
	const char	*advice;	/* what to do first; 76 columns at most */
	const char	*meaning;	/* what the kernel did, and why */
	const char	*causes;	/* a line each, the usual ones first */
	const char	*look;		/* a line each: COMMAND # WHY */
};

extern const struct known_place known_places[];
extern const size_t nr_known_places;

#endif
