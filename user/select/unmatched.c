// SPDX-License-Identifier: GPL-2.0-only
/* Compares the reasons, devices, tasks and places that were asked for with those that there are. */
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "select/unmatched.h"

#define CANDIDATES_MAX 64	/* to choose the nearest of */

typedef bool (*match_fn)(const char *pattern, const char *text);

static bool match_text(const char *pattern, const char *text)
{
	return match_glob(pattern, text, false);
}

static void check(struct patterns *list, const char *text, match_fn match)
{
	size_t i;

	for (i = 0; i < list->nr_seen; i++)
		if (!strcmp(list->seen[i], text))
			return;
	list->all_known = true;
	for (i = 0; i < list->nr; i++) {
		struct pattern *p = &list->item[i];

		/* What is excluded need not be there. */
		if (!p->exclude && !p->known)
			p->known = match(p->text, text);
		list->all_known &= p->exclude || p->known;
	}
	if (list->nr_seen == CANDIDATES_MAX)
		return;
	list->seen = grow(list->seen, list->nr_seen, &list->seen_room, sizeof(*list->seen));
	list->seen[list->nr_seen++] = text_copy(text, strlen(text));
}

static bool may_be_unmatched(const struct patterns *list)
{
	return list->nr && !list->all_known;
}

void unmatched_check_place(struct selection *s, struct name *place)
{
	char symbol[128];

	/* Once for each. */
	if (!may_be_unmatched(&s->at) || place->match)
		return;
	snprintf(symbol, sizeof(symbol), "%.*s", (int)strcspn(place->text, "+ "), place->text);
	/* With its offset, or the pattern may have one. */
	check(&s->at, place->text, match_place_text);
	check(&s->at, symbol, match_place_text);
	select_at_match(s, place);
}

/* Only names, and only in a recording: else they are looked for before. */
static void check_netns(struct selection *s, const struct event *e)
{
	const char *name;
	size_t i;

	for (i = 0; i < s->netns.nr; i++)
		s->netns.item[i].known |= s->netns.item[i].val;
	name = e->ev.netns ? names_netns(s->recorded, e->ev.netns, e->ev.mono_ns)->name : NULL;
	check(&s->netns, name ?: "-", names_match);
}

void unmatched_check_event(struct selection *s, const struct event *e)
{
	char text[WHYDROP_DEV_LEN + WHYDROP_COMM_LEN];

	if (s->recorded && may_be_unmatched(&s->netns))
		check_netns(s, e);

	if (may_be_unmatched(&s->dev)) {
		snprintf(text, sizeof(text), "%.*s", WHYDROP_DEV_LEN, *e->ev.dev ? e->ev.dev : "-");
		check(&s->dev, text, match_text);
	}
	if (may_be_unmatched(&s->comm)) {
		snprintf(text, sizeof(text), "%.*s", WHYDROP_COMM_LEN, e->ev.comm);
		check(&s->comm, text, match_text);
	}
	if (e->stack)
		unmatched_check_place(s, e->stack->place);
}

static void suggest_near(const struct patterns *list, const char *typed)
{
	struct nearest near = { .typed = typed };
	size_t i;

	for (i = 0; i < list->nr_seen; i++)
		nearest_add(&near, list->seen[i]);
	nearest_report(&near);
}

void unmatched_check_devices(struct selection *s, bool report)
{
	struct if_nameindex *all = s->dev.nr ? if_nameindex() : NULL, *one;
	char name[IF_NAMESIZE];
	size_t i;

	s->dev_here = all;
	for (one = all; one && one->if_name; one++)
		check(&s->dev, one->if_name, match_text);
	if (all)
		check(&s->dev, "-", match_text);
	for (i = 0; all && report && i < s->dev.nr; i++) {
		struct pattern *p = &s->dev.item[i];

		if (p->exclude || p->known)
			continue;
		note("no device of this network namespace matches `%s'; another may have one", p->text);
		/* The kernel finds it by any of its names, but a drop has one. */
		if (if_indextoname(if_nametoindex(p->text), name))
			hint("it is another name of %s", name);
		else
			suggest_near(&s->dev, p->text);
		/* Once is enough. */
		p->known = true;
	}
	if (all)
		if_freenameindex(all);
}

static void report_list(const struct patterns *list, const char *what)
{
	size_t i;

	/* Where there was nothing at all, nothing is known. */
	for (i = 0; list->nr_seen && i < list->nr; i++) {
		if (list->item[i].exclude || list->item[i].known)
			continue;
		note("no %s of these drops matches `%s'", what, list->item[i].text);
		suggest_near(list, list->item[i].text);
	}
}

void unmatched_report(const struct selection *s)
{
	if (s->unread)
		return;
	if (s->recorded)
		report_list(&s->netns, "namespace");
	report_list(&s->dev, s->dev_here ? "device of this network namespace or" : "device");
	report_list(&s->comm, "task");
	report_list(&s->at, "place");
}

void mark_unnamed_reason(struct request *rq, const struct decoder *d, const struct event *e)
{
	if (e->reason == &d->unnamed)
		select_mark_reason(&rq->sel, e->reason);
}

void mark_reasons_ahead(struct request *rq)
{
	struct source src;
	struct decoder dec;
	struct item it;
	long n = 1;

	if (source_open_inputs(&src, &rq->in))
		return;
	decoder_init(&dec);
	while (n >= 0 && select_missing_reason(&rq->sel) && source_more(&src) > 0) {
		while ((n = decoder_step(&dec, src.buf + src.start, src.end - src.start, &it)) > 0) {
			if (it.type == ITEM_REASON)
				select_mark_reason(&rq->sel, it.reason);
			else if (it.type == ITEM_EVENT)
				mark_unnamed_reason(rq, &dec, it.event);
			src.start += n;
		}
	}
	decoder_free(&dec);
	source_close(&src);
}
