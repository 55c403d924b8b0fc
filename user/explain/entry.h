/* SPDX-License-Identifier: GPL-2.0-only */
/* What an entry of the table of advice on reasons consists of. */
#ifndef WHYDROP_ENTRY_H
#define WHYDROP_ENTRY_H

#include <stddef.h>

/*
 * Advice on a reason, or on several that mean much the same. In @advice and
 * @look the word REASON stands for its name and DEV for a device.
 */
struct explain {
	const char	*names;		/* as in -r, apart by blanks; globs */
	const char	*advice;	/* what to do first; 76 columns at most */
	const char	*meaning;	/* what the kernel did, and why */
	const char	*causes;	/* a line each, the usual ones first */
	/*
	 * Of nstat; NULL: none. Such drops move one of them, which one
	 * depends on protocol and kernel.
	 */
	const char	*counters;
	const char	*look;		/* a line each: COMMAND # WHY */
};

#endif
