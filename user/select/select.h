/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHYDROP_SELECT_H
#define WHYDROP_SELECT_H

#include <stdbool.h>

#include "stream/decode.h"
#include "select/expr.h"

/*
 * Which events to show. Each selector is a list; "!" before an item excludes.
 * An event is selected if no item excludes it and, where there are others,
 * one of those includes it; for all selectors given.
 */
struct pattern {
	char		*text;
	bool		exclude;
	bool		number;		/* compare val, not the text */
	bool		known;		/* a name that fits was seen */
	uint32_t	val;
};

struct patterns {
	struct pattern	*item;
	size_t		nr, room;
	char		**seen;			/* what there is to match, the first of it */
	size_t		nr_seen, seen_room;
	bool		sure;			/* each item fits something */
};

struct selection {
	struct patterns reason, dev, netns, comm, at;
	struct expr	expr;
	char		*words;			/* that expr is made of */
	bool		hide_benign;
	uint64_t	hidden;			/* because of that */
	uint64_t	too_short, no_header;	/* what expr could not judge */
};

/* Add comma-separated items. Return: 0, or EXIT_USAGE and said why. */
int select_reason(struct selection *s, const char *list);
int select_dev(struct selection *s, const char *list);
int select_netns(struct selection *s, const char *list);
int select_comm(struct selection *s, const char *list);
int select_at(struct selection *s, const char *list);
/* A packet expression, in words; once. Return: the same. */
int select_expr(struct selection *s, char *const *word, int nr);
void select_free(struct selection *s);
/* What is asked for, as options, to be freed; NULL: for everything. */
char *select_text(const struct selection *s);

bool select_reason_match(struct selection *s, struct reason *r);
bool select_at_match(struct selection *s, struct name *place);
bool select_event(struct selection *s, const struct event *e);

/*
 * seen.c: what fits nothing may be misspelt, so it is told with the nearest of what there
 * is. Call the first with each event, or with each place where there are no events;
 * the second before all others if live: @say: what no device here fits, now.
 */
void select_see(struct selection *s, const struct event *e);
void select_see_place(struct selection *s, struct name *place);
void select_see_devices(struct selection *s, bool say);
void select_say_unseen(const struct selection *s);

/* Does @pattern fit the whole place, or its symbol alone? */
bool match_place_text(const char *pattern, const char *place);
/*
 * benign.c: why a drop of that reason with that stack, or NULL, usually is no loss; or
 * NULL. For some it takes the event; without one (NULL) they are not said to be none.
 */
const char *select_benign(const struct reason *r, const struct stack *st, const struct event *e);
/* Are @count of them hidden for that? They are counted. */
bool select_hides(struct selection *s, const struct reason *r, const struct stack *st,
		  const struct event *e, uint64_t count);

/*
 * Were reasons asked for that do not exist? Call select_reason_known() for
 * each that does, then this: 0, or EXIT_USAGE and said which with the nearest.
 * @again: what names the recording that they would be in, " -f FILE"; "": this kernel.
 */
void select_reason_known(struct selection *s, const struct reason *r);
/* The first that select_reason_check() would say something about; NULL: none. */
const char *select_reason_unknown(const struct selection *s);
int select_reason_check(struct selection *s, const char *again, struct reason *const *all,
			size_t nr);
/* Is there any but what stands for none? */
bool select_has_reasons(struct reason *const *all, size_t nr);

/* Is anything asked for that only single events can tell? */
static inline bool select_needs_events(const struct selection *s)
{
	return s->dev.nr || s->netns.nr || s->comm.nr || s->expr.nr;
}

#endif
