// SPDX-License-Identifier: GPL-2.0-only
/* Devices, tasks and places that were asked for, and those that there are. */
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "select/select.h"

#define SEEN_MAX 64	/* to choose the nearest of */

typedef bool (*fits_fn)(const char *pattern, const char *text);

static bool fits(const char *pattern, const char *text)
{
	return match_glob(pattern, text, false);
}

static void see(struct patterns *list, const char *text, fits_fn fit)
{
	size_t i;

	for (i = 0; i < list->nr_seen; i++)
		if (!strcmp(list->seen[i], text))
			return;
	list->sure = true;
	for (i = 0; i < list->nr; i++) {
		struct pattern *p = &list->item[i];

		/* What is excluded need not be there. */
		if (!p->exclude && !p->known)
			p->known = fit(p->text, text);
		list->sure &= p->exclude || p->known;
	}
	if (list->nr_seen == SEEN_MAX)
		return;
	list->seen = grow(list->seen, list->nr_seen, &list->seen_room, sizeof(*list->seen));
	list->seen[list->nr_seen++] = text_copy(text, strlen(text));
}

static bool wanted(const struct patterns *list)
{
	return list->nr && !list->sure;
}

void select_see_place(struct selection *s, struct name *place)
{
	char symbol[128];

	/* Once for each. */
	if (!wanted(&s->at) || place->match)
		return;
	snprintf(symbol, sizeof(symbol), "%.*s", (int)strcspn(place->text, "+ "), place->text);
	/* With its offset, or the pattern may have one. */
	see(&s->at, place->text, match_place_text);
	see(&s->at, symbol, match_place_text);
	select_at_match(s, place);
}

void select_see(struct selection *s, const struct event *e)
{
	char text[WHYDROP_DEV_LEN + WHYDROP_COMM_LEN];

	if (wanted(&s->dev)) {
		snprintf(text, sizeof(text), "%.*s", WHYDROP_DEV_LEN, *e->ev.dev ? e->ev.dev : "-");
		see(&s->dev, text, fits);
	}
	if (wanted(&s->comm)) {
		snprintf(text, sizeof(text), "%.*s", WHYDROP_COMM_LEN, e->ev.comm);
		see(&s->comm, text, fits);
	}
	if (e->stack)
		select_see_place(s, e->stack->place);
}

static void say_near(const struct patterns *list, const char *typed)
{
	struct nearest near = { .typed = typed };
	size_t i;

	for (i = 0; i < list->nr_seen; i++)
		nearest_add(&near, list->seen[i]);
	nearest_say(&near);
}

void select_see_devices(struct selection *s, bool say)
{
	struct if_nameindex *all = s->dev.nr ? if_nameindex() : NULL, *one;
	char name[IF_NAMESIZE];
	size_t i;

	for (one = all; one && one->if_name; one++)
		see(&s->dev, one->if_name, fits);
	if (all)
		see(&s->dev, "-", fits);
	for (i = 0; all && say && i < s->dev.nr; i++) {
		struct pattern *p = &s->dev.item[i];

		if (p->exclude || p->known)
			continue;
		note("no device of this network namespace matches `%s'; another may have one", p->text);
		/* The kernel finds it by any of its names, but a drop has one. */
		if (if_indextoname(if_nametoindex(p->text), name))
			hint("it is another name of %s", name);
		else
			say_near(&s->dev, p->text);
		/* Once is enough. */
		p->known = true;
	}
	if (all)
		if_freenameindex(all);
}

static void say(const struct patterns *list, const char *what)
{
	size_t i;

	/* Where there was nothing at all, nothing is known. */
	for (i = 0; list->nr_seen && i < list->nr; i++) {
		if (list->item[i].exclude || list->item[i].known)
			continue;
		note("no %s of these drops matches `%s'", what, list->item[i].text);
		say_near(list, list->item[i].text);
	}
}

void select_say_unseen(const struct selection *s)
{
	say(&s->dev, "device");
	say(&s->comm, "task");
	say(&s->at, "place");
}
