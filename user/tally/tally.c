// SPDX-License-Identifier: GPL-2.0-only
/* Counts events by reason, device, place and so on, within a bound of memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "known/drop.h"
#include "tally/tally.h"

const struct by_what by_what[BY_NR] = {
	[BY_REASON] = { "reason", "REASON", 20 }, [BY_DEV] = { "dev", "DEV", 12 },
	[BY_NETNS] = { "netns", "NETNS", 10 },	  [BY_AT] = { "at", "PLACE", 20 },
	[BY_COMM] = { "comm", "COMM", 15 },	  [BY_FLOW] = { "flow", "FLOW", 0 },
	[BY_CLASS] = { "class", "CLASS", 20 },	  [BY_INTENT] = { "intent", "INTENT", 10 },
	[BY_PROC] = { "proc", "PROC", 20 },	  [BY_HOST] = { "host", "HOST", 15 },
};

int by_parse(const char *typed)
{
	struct nearest near = { .typed = typed };
	int i;

	/* The column's title. */
	if (typed && !strcmp(typed, "place"))
		return BY_AT;
	for (i = 0; typed && i < BY_NR; i++) {
		if (!strcmp(typed, by_what[i].name))
			return i;
		nearest_add(&near, by_what[i].name);
	}
	if (!typed)
		return BY_REASON;
	complain("--by `%s': not reason dev netns at comm flow class intent proc host", typed);
	nearest_report(&near);
	return -1;
}

static bool same_key(const void *val, const void *key)
{
	const struct tally *one = val;
	const struct tally_key *k = key;

	return one->netns == k->netns && !strcmp(one->key, k->text) && !strcmp(one->host, k->host);
}

static uint32_t hash_key(const struct tally_key *k)
{
	return hash_bytes(k->text, strlen(k->text)) ^ (k->netns ? hash_number(k->netns) : 0) ^
	       (*k->host ? hash_bytes(k->host, strlen(k->host)) : 0);
}

struct pair_key {
	const struct tally *of;
	const char *what;
};

static bool same_pair(const void *val, const void *key)
{
	const struct pair *p = val;
	const struct pair_key *k = key;

	return p->of == k->of && !strcmp(p->what, k->what);
}

static uint32_t hash_pair(const struct tally *of, const char *what)
{
	return hash_bytes(what, strlen(what)) ^ hash_number((uintptr_t)of);
}

/* With what the allocator and the hash table take for it, about. */
static size_t tally_bytes(const struct tally *one)
{
	return sizeof(*one) + strlen(one->key) + strlen(one->host) + 2 + 16 + 2 * sizeof(struct hash_slot);
}

static size_t pair_bytes(const struct pair *p)
{
	return sizeof(*p) + strlen(p->what) + 1 + 16 + 2 * sizeof(struct hash_slot);
}

static void free_pairs(struct tallies *t, struct tally *one)
{
	struct pair *p;

	while ((p = one->pairs)) {
		one->pairs = p->next;
		t->bytes -= pair_bytes(p);
		free(p);
	}
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void add_counts(struct counts *sum, const struct counts *c)
{
	if (c->events && (!sum->events || c->first_mono < sum->first_mono)) {
		sum->first = c->first;
		sum->first_mono = c->first_mono;
	}
	sum->events += c->events;
	sum->count += c->count;
	sum->before += c->before;
	sum->delta += c->delta;
	sum->recent = (sum->epoch == c->epoch ? sum->recent : sum->epoch < c->epoch ? 0 :
		       sum->recent) + (c->epoch >= sum->epoch ? c->recent : 0);
	sum->epoch = MAX(sum->epoch, c->epoch);
	if (c->last_mono >= sum->last_mono) {
		sum->last = c->last;
		sum->last_mono = c->last_mono;
	}
}

/* How many drops a key may have had, at most. */
static uint64_t upper_bound(const struct tally *one)
{
	return one->c.count + one->error;
}

/*
 * Half of the keys goes, so this is rare. No key had more than @floor that now
 * is not there: such a floor is at most total / (max / 4).
 */
static void evict_rare_keys(struct tallies *t)
{
	struct hash old = t->keys;
	uint64_t *all = need(calloc(old.nr, sizeof(*all)));
	struct tally *one;
	struct pair *p;
	size_t i, n = 0;

	for (i = 0; (one = hash_next(&old, &i));)
		all[n++] = upper_bound(one);
	qsort(all, n, sizeof(*all), by_number);
	t->floor = MAX(t->floor, all[n / 2]);
	free(all);
	hash_free(&t->pairs);
	memset(&t->keys, 0, sizeof(t->keys));
	for (i = 0; (one = hash_next(&old, &i));) {
		if (upper_bound(one) <= t->floor) {
			add_counts(&t->rest, &one->c);
			free_pairs(t, one);
			t->bytes -= tally_bytes(one);
			free(one);
			continue;
		}
		hash_add(&t->keys, hash_key(&(struct tally_key){ one->key, one->host, one->netns }), one);
		for (p = one->pairs; p; p = p->next)
			hash_add(&t->pairs, hash_pair(one, p->what), p);
	}
	hash_free(&old);
}

static bool is_full(const struct tallies *t)
{
	return t->keys.nr >= (t->max ? t->max : TALLIES_MAX) ||
	       t->bytes >= (t->bytes_max ? t->bytes_max : TALLY_BYTES);
}

static struct tally *get(struct tallies *t, const struct tally_key *k)
{
	uint32_t hash = hash_key(k);
	struct tally *one = hash_get(&t->keys, hash, same_key, k);
	size_t len = strlen(k->text) + 1, host_len = strlen(k->host) + 1;

	if (one)
		return one;
	if (is_full(t)) {
		if (t->fixed)
			return NULL;
		evict_rare_keys(t);
	}
	one = need(calloc(1, sizeof(*one) + len + host_len));
	memcpy(one->key, k->text, len);
	one->host = memcpy(one->key + len, k->host, host_len);
	one->netns = k->netns;
	one->error = t->floor;
	t->bytes += tally_bytes(one);
	hash_add(&t->keys, hash, one);
	return one;
}

struct tally *tally_get(struct tallies *t, const char *key)
{
	return get(t, &(struct tally_key){ key, "", 0 });
}

bool tally_pair(struct tallies *t, struct tally *one, const char *what, uint64_t nr)
{
	const struct pair_key k = { one, what };
	uint32_t hash = hash_pair(one, what);
	struct pair *p = hash_get(&t->pairs, hash, same_pair, &k);
	size_t len = strlen(what);

	if (!p && t->bytes >= (t->bytes_max ? t->bytes_max : TALLY_BYTES)) {
		one->unpaired += nr;
		return false;
	}
	if (!p) {
		p = need(calloc(1, sizeof(*p) + len + 1));
		memcpy(p->what, what, len);
		p->of = one;
		p->next = one->pairs;
		one->pairs = p;
		t->bytes += pair_bytes(p);
		hash_add(&t->pairs, hash, p);
	}
	p->count += nr;
	return true;
}

bool by_is_of_stack(enum by by)
{
	return by == BY_REASON || by == BY_AT || by == BY_CLASS || by == BY_INTENT;
}

const char *tally_stack_key(enum by by, struct reason *r, struct stack *st)
{
	switch (by) {
	case BY_AT:
		return st ? st->place->text : "";
	case BY_CLASS:
		return drop_class(r, st)->name;
	case BY_INTENT:
		return intent_word(drop_class(r, st)->intent);
	default:
		return r->label;
	}
}

#define KEY_ROOM FLOW_TEXT
static const char *key_text(const struct tallies *t, const struct event *e, char buf[KEY_ROOM])
{
	const struct proc *p;
	uint32_t nth;

	switch (t->by) {
	case BY_DEV:
		snprintf(buf, KEY_ROOM, "%.*s", WHYDROP_DEV_LEN, e->ev.dev);
		return buf;
	case BY_NETNS:
		nth = t->names && e->ev.netns ? names_netns(t->names, e->ev.netns, e->ev.mono_ns)->nth : 0;
		if (!nth)
			return "";
		/* Another one has that inode, or had it. */
		snprintf(buf, KEY_ROOM, "%u", nth);
		return buf;
	case BY_REASON: case BY_AT: case BY_CLASS: case BY_INTENT:
		return tally_stack_key(t->by, e->reason, e->stack);
	case BY_COMM:
		snprintf(buf, KEY_ROOM, "%.*s", WHYDROP_COMM_LEN, e->ev.comm);
		return buf;
	case BY_PROC:
		p = t->names && e->ev.flags & WHYDROP_EV_SK_FULL ?
		    names_proc(t->names, e->ev.sock_ino) : NULL;
		if (!p)
			return "";
		names_proc_text(buf, p);
		return buf;
	case BY_HOST:
		snprintf(buf, KEY_ROOM, "%s", e->host ? e->host->label : "");
		return buf;
	case BY_FLOW:
		packet_flow_key(buf, &e->pkt, &e->ev);
		return buf;
	default:
		return "";
	}
}

/* Of a namespace, and so of a device, the number means nothing on another host. */
static struct tally_key event_key(const struct tallies *t, const struct event *e, char buf[KEY_ROOM])
{
	bool of_netns = t->by == BY_DEV || t->by == BY_NETNS;

	return (struct tally_key){
		.text = key_text(t, e, buf),
		.host = of_netns && e->host ? e->host->label : "",
		.netns = of_netns ? e->ev.netns : 0,
	};
}

struct tally *tally_of_event(struct tallies *t, const struct event *e)
{
	char buf[KEY_ROOM];
	const struct tally_key key = event_key(t, e, buf);
	struct tally *one = get(t, &key);

	if (one) {
		one->reason_id = e->ev.reason;
		class_add(&one->class, drop_class(e->reason, e->stack));
	}
	return one;
}

void tally_seen(struct tally *one, const struct event *e)
{
	struct counts *c = &one->c;

	/* Recordings that were joined need not be in the order of time. */
	if (e->has_real && e->ev.mono_ns >= c->last_mono) {
		c->last = e->real_ns;
		c->last_mono = e->ev.mono_ns;
	}
	if (!c->events++ || e->ev.mono_ns < c->first_mono) {
		c->first = e->has_real ? e->real_ns : 0;
		c->first_mono = e->ev.mono_ns;
	}
}

const char *tally_pair_text(enum by by, const struct event *e)
{
	if (by != BY_REASON)
		return e->reason->label;
	return e->stack ? e->stack->place->text : "";
}

bool tally_is_of(const struct tallies *t, const struct event *e, const struct tally_key *key)
{
	char buf[KEY_ROOM];
	const struct tally_key has = event_key(t, e, buf);

	return has.netns == key->netns && !strcmp(has.text, key->text) && !strcmp(has.host, key->host);
}

const char *tally_netns_name(const struct tallies *t, const char *key, uint32_t netns)
{
	if (!t->names || !netns)
		return NULL;
	if (t->by == BY_NETNS)
		return names_of(t->names, netns, strtoul(key, NULL, 10));
	return t->by == BY_DEV ? names_of_inode(t->names, netns) : NULL;
}

void tallies_begin_sample(struct tallies *t, bool again)
{
	struct tally *one;
	struct pair *p;
	size_t i;

	t->rest.before = t->rest.count;
	for (i = 0; (one = hash_next(&t->keys, &i));) {
		one->c.before = one->c.count;
		if (!again)
			continue;
		one->c.count = one->error = one->unpaired = 0;
		one->class.name = NULL;
		for (p = one->pairs; p; p = p->next)
			p->count = 0;
	}
	if (again)
		t->rest.count = t->floor = 0;
}

static void count_delta(struct counts *c)
{
	/* Less than before: they were reset. */
	c->delta = c->count - (c->count < c->before ? 0 : c->before);
}

void tallies_end_sample(struct tallies *t)
{
	struct tally *one;
	size_t i;

	count_delta(&t->rest);
	t->total = t->rest.count;
	for (i = 0; (one = hash_next(&t->keys, &i));) {
		count_delta(&one->c);
		t->total += one->c.count;
	}
}

void tallies_free(struct tallies *t)
{
	struct tally *one;
	size_t i;

	for (i = 0; (one = hash_next(&t->keys, &i));) {
		free_pairs(t, one);
		free(one);
	}
	hash_free(&t->keys);
	hash_free(&t->pairs);
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
		order = x->rest - y->rest;
	if (!order)
		order = strcmp(x->key, y->key);
	if (!order)
		order = (x->netns > y->netns) - (x->netns < y->netns);
	return order ? order : strcmp(x->host, y->host);
}

/* What most of them are, if that is for sure: the first by name of those that are as many. */
static void find_most_frequent_pair(struct group *g, const struct tally *one)
{
	const struct pair *p;

	for (p = one->pairs; p; p = p->next)
		if (*p->what && p->count && (p->count > g->mostly_count ||
		    (p->count == g->mostly_count && strcmp(p->what, g->mostly) < 0))) {
			g->mostly = p->what;
			g->mostly_count = p->count;
		}
	if (g->mostly_count < one->unpaired) {
		g->mostly = "";
		g->mostly_count = 0;
	}
}

static void add_group(struct group *g, const struct counts *c, unsigned int epoch)
{
	*g = (struct group){
		.key = "",
		.host = "",
		.mostly = "",
		.count = c->count,
		.delta = c->delta,
		.recent = c->epoch == epoch ? c->recent : 0,
		.last = c->last,
		.last_mono = c->last_mono,
		.first = c->first,
		.events = c->events,
	};
}

size_t tallies_groups(const struct tallies *t, enum tally_sort sort, unsigned int epoch,
		      bool by_delta, struct group **groups)
{
	struct group *g = need(calloc(t->keys.nr + 1, sizeof(*g)));
	struct order order = { sort, by_delta };
	const struct tally *one;
	size_t i, nr = 0;

	for (i = 0; (one = hash_next(&t->keys, &i));) {
		/* It was reset since, or is known only from the ring. */
		if (!one->c.count)
			continue;
		add_group(&g[nr], &one->c, epoch);
		g[nr].key = one->key;
		g[nr].netns = one->netns;
		g[nr].host = one->host;
		g[nr].netns_name = tally_netns_name(t, one->key, one->netns);
		g[nr].reason_id = one->reason_id;
		g[nr].error = one->error;
		g[nr].class = one->class;
		/* Of reasons that are only counted, there is no more than the name. */
		if (!one->class.name && t->by == BY_REASON)
			g[nr].class = *class_of(one->key);
		find_most_frequent_pair(&g[nr++], one);
	}
	if (t->rest.count) {
		add_group(&g[nr], &t->rest, epoch);
		g[nr++].rest = true;
	}
	qsort_r(g, nr, sizeof(*g), by_order, &order);
	*groups = g;
	return nr;
}
