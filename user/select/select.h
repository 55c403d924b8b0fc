/* SPDX-License-Identifier: GPL-2.0-only */
/* Decides which events are shown. */
#ifndef WHYDROP_SELECT_H
#define WHYDROP_SELECT_H

#include <stdbool.h>

#include "names/names.h"
#include "select/expr.h"
#include "select/pattern.h"
#include "stream/event.h"

/* An event is selected if each list that was given selects it, and the expression. */
struct selection {
	struct patterns reason, dev, netns, comm, at;
	struct patterns class;		/* of the drop, or its intent */
	bool		dev_here;	/* dev was compared with the devices of this namespace */
	struct expr	expr;
	struct names	*recorded;		/* of a recording; NULL: it has none */
	char		*words;			/* the text of expr */
	bool		hide_benign;		/* --benign hide: -k !benign, with their number */
	uint64_t	hidden;			/* number of events hidden by that */
	bool		unread;		/* -c ended it: what comes later was not compared */
	uint64_t	too_short, no_header;	/* events that expr could not decide on */
};

/* Add comma-separated items. Return: 0, or EXIT_USAGE, with the error reported. */
int select_reason(struct selection *s, const char *list);
int select_dev(struct selection *s, const char *list);
int select_netns(struct selection *s, const char *list);
/*
 * Find the namespaces that were named: now, by @names, or by the names of a recording.
 * Return: the same.
 */
int select_find_netns(struct selection *s, struct names *names, struct names *recorded);
int select_comm(struct selection *s, const char *list);
int select_at(struct selection *s, const char *list);
int select_class(struct selection *s, const char *list);
/* Set the packet expression, once. Return: the same. */
int select_expr(struct selection *s, char *const *word, int nr);
void select_free(struct selection *s);
/* Return the selection as options, to be freed; NULL: it selects everything. */
char *select_text(const struct selection *s);

bool select_reason_match(struct selection *s, struct reason *r);
bool select_at_match(struct selection *s, struct name *place);
bool select_event(struct selection *s, const struct event *e);

/*
 * Are drops of this kind selected? If --benign hides them, @count is added to hidden.
 * Without a stack or an event (NULL), only the reason decides.
 */
bool select_class_match(struct selection *s, struct reason *r, struct stack *st,
			const struct event *e, uint64_t count);

/*
 * Report reasons that were asked for and do not exist, with the nearest that do. Call
 * select_mark_reason() for each that exists before. @again: options for the recording that
 * they were looked for in, " -f FILE"; "": this kernel; NULL: all that is known of.
 * Return: 0 or EXIT_USAGE.
 */
void select_mark_reason(struct selection *s, const struct reason *r);
/* Return the first one that select_check_reasons() would report, or NULL. */
const char *select_missing_reason(const struct selection *s);
int select_check_reasons(struct selection *s, const char *again, struct reason *const *all,
			 size_t nr);
/* Is there any reason other than the one that stands for no reason? */
bool reasons_are_named(struct reason *const *all, size_t nr);

/* Does the selection need places, and not only reasons? */
static inline bool select_needs_places(const struct selection *s)
{
	return s->at.nr || s->class.nr || s->hide_benign;
}

/* Does the selection need events, and not only counts? */
static inline bool select_needs_events(const struct selection *s)
{
	return s->dev.nr || s->netns.nr || s->comm.nr || s->expr.nr;
}

#endif
