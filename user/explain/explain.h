/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHYDROP_EXPLAIN_H
#define WHYDROP_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

struct stack;

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

extern const struct explain explain_table[];
extern const size_t nr_explain;

/* The entry for NAME or SUBSYSTEM/NAME, or NULL. */
const struct explain *explain_find(const char *label);

/* What stands in such a line in the case at hand; each may be NULL. */
struct explain_words {
	const char	*reason, *dev;
	const char	*again;		/* " -f FILE", behind whydrop's commands */
};

/*
 * The next line of *@pos, or NULL at the end, with @words in their places:
 * to @out of @room bytes, and where in it the WHY starts, or NULL.
 * Names that a shell would take for more than a word are not filled in.
 */
char *explain_line(const char **pos, const struct explain_words *words, char *out, size_t room,
		   char **why);

/* Is @s one harmless word for any shell? */
bool explain_is_word(const char *s);

/* The same on functions of the kernel that drop. */
struct explain_place {
	const char	*names;		/* of functions, without offset; globs */
	/* For these, too; NULL: for no more than those that do not say why. */
	const char	*reasons;
	const char	*advice, *meaning, *causes, *look;
};

extern const struct explain_place explain_places[];
extern const size_t nr_explain_places;

/*
 * The entry for drops with reason @label at the place @text, or NULL. With a @label
 * of NULL: for any.
 */
const struct explain_place *explain_place_find(const char *label, const char *text);

/* Where in netfilter a packet was, by the stack of its drop. */
struct explain_hook {
	const char	*family;	/* ip, ip6, inet (either), arp, bridge, netdev; or NULL */
	const char	*hook;		/* input, ...; as nft has it */
	const char	*by;		/* "nftables", or NULL: the stack does not tell */
};

struct explain_hook explain_hook(const struct stack *st);

#endif
