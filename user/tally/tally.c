// SPDX-License-Identifier: GPL-2.0-only
/* Counting by reason, device, place, ... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tally/tally.h"

const struct by_what by_what[BY_NR] = {
	[BY_REASON] = { "reason", "REASON", 20 }, [BY_DEV] = { "dev", "DEV", 12 },
	[BY_NETNS] = { "netns", "NETNS", 10 },	  [BY_AT] = { "at", "PLACE", 20 },
	[BY_COMM] = { "comm", "COMM", 15 },	  [BY_FLOW] = { "flow", "FLOW", 0 },
};

int by_parse(const char *typed)
{
	struct nearest near = { .typed = typed };
	int i;

	for (i = 0; typed && i < BY_NR; i++) {
		if (!strcmp(typed, by_what[i].name))
			return i;
		nearest_add(&near, by_what[i].name);
	}
	if (!typed)
		return BY_REASON;
	complain("--by: `%s' is not reason, dev, netns, at, comm or flow", typed);
	nearest_say(&near);
	return -1;
}

static struct tally **find_slot(const struct tallies *t, uint32_t hash, const char *key,
				uint32_t netns, const char *what)
{
	size_t i = hash & (t->room - 1);

	for (; t->slot[i]; i = (i + 1) & (t->room - 1))
		if (t->slot[i]->hash == hash && t->slot[i]->netns == netns &&
		    !strcmp(t->slot[i]->key, key) && !strcmp(tally_what(t->slot[i]), what))
			break;
	return &t->slot[i];
}

struct tally *tally_get(struct tallies *t, const char *key, uint32_t netns, const char *what)
{
	size_t key_len = strlen(key), what_len = strlen(what), i, room = t->room;
	uint32_t hash = hash_bytes(key, key_len) * 31 + hash_bytes(what, what_len) + netns;
	struct tally **slot, **old = t->slot, *new;

	if (t->nr * 2 >= room) {
		t->room = room ? room * 2 : 256;
		t->slot = need(calloc(t->room, sizeof(*t->slot)));
		for (i = 0; i < room; i++)
			if (old[i])
				*find_slot(t, old[i]->hash, old[i]->key, old[i]->netns,
					   tally_what(old[i])) = old[i];
		free(old);
	}
	slot = find_slot(t, hash, key, netns, what);
	if (*slot || t->nr >= (t->max ? t->max : TALLIES_MAX))
		return *slot;
	new = need(calloc(1, sizeof(*new) + key_len + what_len + 2));
	new->hash = hash;
	new->netns = netns;
	new->key_len = key_len;
	memcpy(new->key, key, key_len);
	memcpy(new->key + key_len + 1, what, what_len);
	t->nr++;
	*slot = new;
	return new;
}

#define KEY_ROOM 256
/* The key that an event has; *@netns is part of it. */
static const char *event_key(enum by by, const struct event *e, uint32_t *netns, char buf[KEY_ROOM])
{
	*netns = 0;
	switch (by) {
	case BY_REASON:
		return e->reason->label;
	case BY_DEV:
		*netns = e->ev.netns;
		snprintf(buf, KEY_ROOM, "%.*s", WHYDROP_DEV_LEN, e->ev.dev);
		return buf;
	case BY_NETNS:
		*netns = e->ev.netns;
		return "";
	case BY_AT:
		return e->stack ? e->stack->place->text : "";
	case BY_COMM:
		snprintf(buf, KEY_ROOM, "%.*s", WHYDROP_COMM_LEN, e->ev.comm);
		return buf;
	case BY_FLOW:
		packet_flow_key(buf, KEY_ROOM, &e->pkt, &e->ev);
		return buf;
	default:
		return "";
	}
}

struct tally *tally_of_event(struct tallies *t, const struct event *e, const char *what)
{
	struct tally *one;
	char buf[KEY_ROOM];
	uint32_t netns;
	const char *key = event_key(t->by, e, &netns, buf);

	if (!what && t->by != BY_REASON)
		what = e->reason->label;
	else if (!what)
		what = e->stack ? e->stack->place->text : "";
	one = tally_get(t, key, netns, what);
	if (one)
		one->reason_id = e->ev.reason;
	return one;
}

bool tally_is_of(enum by by, const struct event *e, const char *key, uint32_t netns)
{
	char buf[KEY_ROOM];
	uint32_t has;

	return !strcmp(event_key(by, e, &has, buf), key) && has == netns;
}

void tallies_next(struct tallies *t, bool again)
{
	size_t i;

	for (i = 0; i < t->room; i++) {
		struct tally *one = t->slot[i];

		if (!one)
			continue;
		one->before = one->count;
		if (again)
			one->count = one->weight = 0;
	}
	if (again)
		t->rest = 0;
}

void tallies_done(struct tallies *t)
{
	size_t i;

	t->total = t->rest;
	for (i = 0; i < t->room; i++) {
		struct tally *one = t->slot[i];

		if (!one)
			continue;
		/* Less than before: they were reset. */
		one->delta = one->count - (one->count < one->before ? 0 : one->before);
		t->total += one->count;
	}
}

void tallies_free(struct tallies *t)
{
	size_t i;

	for (i = 0; i < t->room; i++)
		free(t->slot[i]);
	free(t->slot);
}

static int by_key(const void *a, const void *b)
{
	const struct tally *x = *(struct tally *const *)a;
	const struct tally *y = *(struct tally *const *)b;
	int order = strcmp(x->key, y->key);

	if (!order)
		order = (x->netns > y->netns) - (x->netns < y->netns);
	return order ? order : strcmp(tally_what(x), tally_what(y));
}

struct order {
	enum tally_sort sort;
	bool by_delta;
};

#define COMPARE(a, b) (((a) < (b)) - ((a) > (b)))	/* the greater first */

static int by_order(const void *a, const void *b, void *arg)
{
	const struct group *x = a, *y = b;
	const struct order *o = arg;
	int order = 0;

	if (o->sort == SORT_RATE)
		order = o->by_delta ? COMPARE(x->delta, y->delta) : COMPARE(x->recent, y->recent);
	else if (o->sort == SORT_LAST)
		order = COMPARE(x->last_mono, y->last_mono);
	if (!order && o->sort != SORT_KEY)
		order = COMPARE(x->count, y->count);
	if (!order)
		order = strcmp(x->key, y->key);
	return order ? order : (x->netns > y->netns) - (x->netns < y->netns);
}

size_t tallies_groups(const struct tallies *t, enum tally_sort sort, unsigned int epoch,
		      bool by_delta, struct group **groups)
{
	struct tally **all = need(calloc(t->nr + 1, sizeof(*all)));
	struct group *g = need(calloc(t->nr + 1, sizeof(*g)));
	struct order order = { sort, by_delta };
	size_t i, n = 0, nr = 0, kept = 0;

	for (i = 0; i < t->room; i++)
		if (t->slot[i])
			all[n++] = t->slot[i];
	qsort(all, n, sizeof(*all), by_key);
	for (i = 0; i < n; i++) {
		const struct tally *one = all[i];
		uint64_t weight = one->count + one->weight;

		if (!nr || strcmp(g[nr - 1].key, one->key) || g[nr - 1].netns != one->netns)
			g[nr++] = (struct group){ .key = one->key, .netns = one->netns,
						  .mostly = "" };
		g[nr - 1].count += one->count;
		g[nr - 1].delta += one->delta;
		g[nr - 1].recent += one->epoch == epoch ? one->recent : 0;
		if (one->last_mono >= g[nr - 1].last_mono) {
			g[nr - 1].last = one->last;
			g[nr - 1].last_mono = one->last_mono;
		}
		if (one->reason_id)
			g[nr - 1].reason_id = one->reason_id;
		if (*tally_what(one) && weight > g[nr - 1].mostly_count) {
			g[nr - 1].mostly = tally_what(one);
			g[nr - 1].mostly_count = weight;
		}
	}
	free(all);
	/* Of a kind that was reset since, or known only from the ring. */
	for (i = 0; i < nr; i++)
		if (g[i].count)
			g[kept++] = g[i];
	qsort_r(g, kept, sizeof(*g), by_order, &order);
	*groups = g;
	return kept;
}
