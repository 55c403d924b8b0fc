/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of functions of the kernel that drop. */
#ifndef WHYDROP_PLACES_H
#define WHYDROP_PLACES_H

#include <stdbool.h>

#include "known/class.h"

/*
 * What is known of functions that drop. The first row with the function applies, to drops
 * whose reason says nothing, and to those with one of @reasons.
 */
struct known_place {
	const char	*names;		/* of functions, without offset; globs */
	const char	*reasons;	/* NULL: none */
	bool		unnamed;	/* applies only to kernels without reasons */
	/* Without a name: drops there are of several kinds. */
	struct drop_class class;
	/* Drops there with one of these reasons are benign; globs; NULL: none */
	const char	*harmless;
	const char	*advice;	/* what to do first; 76 columns at most */
	const char	*meaning;	/* what the kernel did, and why */
	const char	*causes;	/* a line each, the usual ones first */
	const char	*look;		/* a line each: COMMAND # WHY */
};

extern const struct known_place known_places[];
extern const size_t nr_known_places;

#endif
