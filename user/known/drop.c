// SPDX-License-Identifier: GPL-2.0-only
/* Looks up what kind a drop is, and whether it usually is no loss. */
#include <string.h>

#include "base/util.h"
#include "known/drop.h"
#include "stream/place.h"

const struct known_place *place_find(const char *label, const char *text)
{
	const struct known_place *p;
	size_t i;

	for (i = 0; i < nr_known_places; i++) {
		p = &known_places[i];
		if (!place_matches(p->names, text))
			continue;
		if (!label)
			return p;
		if (p->unnamed && strcmp(label, REASON_NONE))
			continue;
		if (match_words("NOT_SPECIFIED QUEUE_PURGE " REASON_NONE, label, false) ||
		    (p->reasons && match_words(p->reasons, label, false)))
			return p;
	}
	return NULL;
}

bool place_is_harmless(const char *label, const char *text)
{
	size_t i;

	/* Kernels without reasons say nothing anywhere. */
	if (!strcmp(label, REASON_NONE))
		label = "NOT_SPECIFIED";
	for (i = 0; i < nr_known_places; i++)
		if (known_places[i].harmless &&
		    match_words(known_places[i].harmless, label, false) &&
		    place_matches(known_places[i].names, text))
			return true;
	return false;
}

const struct drop_class *drop_class(struct reason *r, struct stack *st)
{
	const struct known_place *p;

	/* In a storm there are few reasons and stacks. */
	if (!r->class)
		r->class = class_of(r->label);
	if (!st)
		return r->class;
	if (st->class && st->class_with == r)
		return st->class;
	p = place_find(r->label, place_decided_by(st));
	st->class = p && p->class.name ? &p->class : r->class;
	st->class_with = r;
	return st->class;
}

/*
 * The module compares destination MAC addresses with that of the device. A frame
 * with our own address is not for another host: its VLAN is not configured here.
 */
static bool is_for_another_mac(const struct reason *r, const struct event *e)
{
	return e && e->ev.flags & WHYDROP_EV_OTHER_MAC && !strcmp(r->label, "OTHERHOST");
}

bool drop_is_harmless(const struct reason *r, const struct stack *st, const struct event *e)
{
	return is_for_another_mac(r, e) ||
	       (st && place_is_harmless(r->label, place_decided_by(st)));
}

const char *drop_class_next(size_t *i)
{
	const struct drop_class *c;
	size_t place;

	if (*i < nr_classes)
		return classes[(*i)++].class.name;
	while ((place = *i - nr_classes) < nr_known_places) {
		++*i;
		c = &known_places[place].class;
		if (c->name)
			return c->name;
	}
	return NULL;
}
