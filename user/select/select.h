/* SPDX-License-Identifier: GPL-2.0-only */
/* Decides which events are shown. */
#ifndef WHYDROP_SELECT_H
#define WHYDROP_SELECT_H

#include <stdbool.h>

#include "select/expr.h"
#include "select/pattern.h"
#include "stream/event.h"

/* An event is selected if each list that was given selects it, and the expression. */
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

/* Are @count drops of that reason hidden, for usually they are no loss? They are counted. */
bool select_hides(struct selection *s, const struct reason *r, const struct stack *st,
		  const struct event *e, uint64_t count);

/*
 * Were reasons asked for that do not exist? Call select_mark_reason() for
 * each that does, then this: 0, or EXIT_USAGE and said which with the nearest.
 * @again: what names the recording that they would be in, " -f FILE"; "": this kernel.
 */
void select_mark_reason(struct selection *s, const struct reason *r);
/* The first that select_check_reasons() would say something about; NULL: none. */
const char *select_missing_reason(const struct selection *s);
int select_check_reasons(struct selection *s, const char *again, struct reason *const *all,
			 size_t nr);
/* Is there any but what stands for none? */
bool reasons_are_named(struct reason *const *all, size_t nr);

/* Is anything asked for that only single events can tell? */
static inline bool select_needs_events(const struct selection *s)
{
	return s->dev.nr || s->netns.nr || s->comm.nr || s->expr.nr;
}

#endif
