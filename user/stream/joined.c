// SPDX-License-Identifier: GPL-2.0-only
/* Writes records of several hosts as those of one stream: each number is that of one thing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/joined.h"

/* Readers keep that much of reasons, and more. */
#define NUMBERS_MAX 30000
#define REASONS_ROOM (4u << 20)
/* Of stacks that are compared, to be written once. */
#define STACKS_ROOM (32u << 20)
/* Of what a host says of itself. */
#define VALUE_MAX_LEN 1024

/* A reason of the joined stream. */
struct number {
	uint32_t	id;
	char		text[];		/* subsystem, "/", name */
};

/* A stack of it: its record, all but the id. */
struct known_stack {
	uint32_t	id;
	uint32_t	len;
	char		rec[];
};

struct bytes {
	const char	*p;
	size_t		len;
};

void joined_put(struct join *j, unsigned int cpu, bool event)
{
	struct build *b = &j->build;
	uint16_t v = cpu;

	build_end(b);
	memcpy(b->p + offsetof(struct whydrop_rec, cpu), &v, sizeof(v));
	j->put(j->arg, b->p, b->nr, event);
}

void joined_free(struct join *j)
{
	void *val;
	size_t i;

	for (i = 0; (val = hash_next(&j->reasons, &i));)
		free(val);
	for (i = 0; (val = hash_next(&j->stacks, &i));)
		free(val);
	hash_free(&j->reasons);
	hash_free(&j->reason_ids);
	hash_free(&j->stacks);
	while (j->nr_subsys)
		free(j->subsys[--j->nr_subsys].name);
}

/* ---- CPUs ---- */

static void put_host(struct join *j, const struct join_host *h, unsigned int first, unsigned int there)
{
	static const char *const keys[] = {
		"node", "kernel", "machine", "version", "boot_id", "load_id",
	};
	struct build *b = &j->build;
	char text[VALUE_MAX_LEN + 16];
	size_t i;

	build_begin(b, WHYDROP_REC_HOST);
	build_32(b, there);
	build_32(b, 0);
	build_append(b, "host=", 5);
	build_text(b, h->label);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value = decoder_meta(&h->dec, keys[i]);

		if (!value)
			continue;
		snprintf(text, sizeof(text), "%s=%.*s", keys[i], VALUE_MAX_LEN, value);
		build_text(b, text);
	}
	joined_put(j, first, false);
}

/* Its number in the joined stream. False: there are too many. */
static bool number_cpu(struct join *j, struct join_host *h, unsigned int *cpu)
{
	unsigned int nth = *cpu / WHYDROP_HOST_CPUS % HOST_BLOCKS;

	if (!h->block[nth]) {
		/* No host takes those of others. */
		if (h->nr_blocks == HOST_BLOCKS / j->nr)
			return false;
		h->nr_blocks++;
		h->block[nth] = ++j->nr_blocks;
		put_host(j, h, (h->block[nth] - 1) * WHYDROP_HOST_CPUS, nth * WHYDROP_HOST_CPUS);
	}
	*cpu = (h->block[nth] - 1) * WHYDROP_HOST_CPUS + *cpu % WHYDROP_HOST_CPUS;
	return true;
}

bool joined_lost(struct join *j, struct join_host *h, const struct item *it)
{
	unsigned int cpu = it->lost.cpu;
	struct build *b = &j->build;

	if (!number_cpu(j, h, &cpu))
		return false;
	build_begin(b, WHYDROP_REC_LOST);
	build_64(b, it->lost.count);
	build_32(b, it->lost.cause);
	build_32(b, 0);
	joined_put(j, cpu, false);
	return true;
}

/* ---- reasons ---- */

static bool is_text(const void *val, const void *key)
{
	return !strcmp(((const struct number *)val)->text, key);
}

static bool is_number(const void *val, const void *key)
{
	return ((const struct number *)val)->id == *(const uint32_t *)key;
}

static bool is_free(const struct join *j, uint32_t id)
{
	return !hash_get(&j->reason_ids, hash_number(id), is_number, &id);
}

static struct number *add_number(struct join *j, const char *text, uint32_t id)
{
	size_t len = strlen(text) + 1;
	struct number *n = need(malloc(sizeof(*n) + len));

	n->id = id;
	memcpy(n->text, text, len);
	hash_add(&j->reasons, hash_bytes(text, len - 1), n);
	hash_add(&j->reason_ids, hash_number(id), n);
	j->reason_bytes += sizeof(struct reason) + 2 * len;
	return n;
}

static struct number *get_number(const struct join *j, const char *text)
{
	return hash_get(&j->reasons, hash_bytes(text, strlen(text)), is_text, text);
}

/*
 * The upper bits that all reasons of a subsystem have: as the host has them, unless another
 * one does. 0 is the core; UINT32_MAX: there are too many.
 */
static uint32_t number_subsys(struct join *j, const char *subsys, uint32_t wish)
{
	unsigned int i;
	uint32_t upper = wish & 0xffff0000;

	if (!strcmp(subsys, "core"))
		return 0;
	for (i = 0; i < j->nr_subsys; i++)
		if (!strcmp(j->subsys[i].name, subsys))
			return j->subsys[i].upper;
	if (i == ARRAY_SIZE(j->subsys))
		return UINT32_MAX;
	for (i = 0; i < j->nr_subsys || !upper || upper == 0xffff0000; i++)
		if (!upper || upper == 0xffff0000 || j->subsys[i].upper == upper) {
			upper += 0x10000;
			i = -1;
		}
	j->subsys[j->nr_subsys].name = text_copy(subsys, strlen(subsys));
	j->subsys[j->nr_subsys++].upper = upper;
	return upper;
}

static void put_reason(struct join *j, uint32_t id, const char *subsys, const char *name,
		       const char *description)
{
	struct build *b = &j->build;

	j->reason_bytes += strlen(description);
	build_begin(b, WHYDROP_REC_REASON);
	build_32(b, id);
	build_32(b, 0);
	build_text(b, subsys);
	build_text(b, name);
	build_text(b, description);
	joined_put(j, 0, false);
}

/* What reasons are called that there are too many of. */
#define OTHERS "OTHERS"

/* Its number in the joined stream, with a record that names it. */
static uint32_t number_reason(struct join *j, const struct join_host *h, struct reason *r)
{
	const char *subsys = r->subsys ? r->subsys : "core";
	uint32_t upper, id = r->id;
	char text[2 * 4096 + 8];
	struct number *n;

	/* Of one that has no record, the number is kept nowhere. */
	if (r != &h->dec.unnamed && r->count)
		return r->count - 1;
	if (id == WHYDROP_NO_REASON)
		subsys = "core";
	snprintf(text, sizeof(text), "%s/%s", subsys, r->name);
	n = get_number(j, text);
	if (!n) {
		upper = number_subsys(j, subsys, id);
		if (j->reasons.nr >= NUMBERS_MAX || j->reason_bytes >= REASONS_ROOM ||
		    upper == UINT32_MAX) {
			strcpy(text, "core/" OTHERS);
			upper = 0;
			n = get_number(j, text);
		}
	}
	if (!n) {
		if (id != WHYDROP_NO_REASON)
			id = upper | (id & 0xffff);
		while (!is_free(j, id))
			id = upper | 0x8000 | (j->next_number++ & 0x7fff);
		n = add_number(j, text, id);
		if (strcmp(text, "core/" OTHERS))
			put_reason(j, id, subsys, r->name, r->description);
		else
			put_reason(j, id, "core", OTHERS, "more reasons than can be kept apart");
	}
	if (r != &h->dec.unnamed)
		r->count = n->id + UINT64_C(1);
	return n->id;
}

/* ---- stacks ---- */

static bool is_stack(const void *val, const void *key)
{
	const struct known_stack *st = val;
	const struct bytes *b = key;

	return st->len == b->len && !memcmp(st->rec, b->p, b->len);
}

static void build_stack(struct build *b, const struct stack *st, uint32_t reason)
{
	size_t len = st->place->len + 1;
	unsigned int i;

	for (i = 0; i < st->nr; i++)
		len += st->frame[i]->len + 1;
	build_begin(b, WHYDROP_REC_STACK);
	build_32(b, 0);
	build_32(b, reason);
	build_16(b, st->nr);
	build_16(b, st->flags);
	build_32(b, len);
	build_text(b, st->place->text);
	for (i = 0; i < st->nr; i++)
		build_text(b, st->frame[i]->text);
}

/* Of several hosts with the same kernel there is one. */
static uint32_t number_stack(struct join *j, const struct join_host *h, struct stack *st)
{
	const struct reason *r = decoder_reason((struct decoder *)&h->dec, st->reason);
	bool lasts = !(st->flags & WHYDROP_STACK_TRANSIENT);
	struct build *b = &j->build;
	struct known_stack *known;
	struct bytes key;
	uint32_t hash, id;

	if (lasts && st->count)
		return st->count;
	id = number_reason(j, h, (struct reason *)r);
	build_stack(b, st, id);
	key = (struct bytes){ b->p, b->nr };
	hash = hash_bytes(key.p, key.len);
	known = lasts ? hash_get(&j->stacks, hash, is_stack, &key) : NULL;
	id = known ? known->id : ++j->nr_stacks;
	if (!known && lasts && j->stack_bytes + key.len < STACKS_ROOM) {
		known = need(malloc(sizeof(*known) + key.len));
		known->id = id;
		known->len = key.len;
		memcpy(known->rec, key.p, key.len);
		hash_add(&j->stacks, hash, known);
		j->stack_bytes += sizeof(*known) + key.len + 2 * sizeof(struct hash_slot);
		known = NULL;
	}
	if (lasts)
		st->count = id;
	if (!known) {
		memcpy(b->p + offsetof(struct whydrop_stack_rec, id), &id, sizeof(id));
		joined_put(j, 0, false);
	}
	return id;
}

/* ---- events ---- */

bool joined_event(struct join *j, struct join_host *h)
{
	const struct event *e = &h->dec.event;
	struct whydrop_event ev = e->ev;
	unsigned int cpu = ev.rec.cpu;
	struct build *b = &j->build;

	if (!number_cpu(j, h, &cpu))
		return false;
	ev.reason = number_reason(j, h, e->reason);
	ev.stack_id = e->stack ? number_stack(j, h, e->stack) : 0;
	ev.mono_ns = h->real;
	if (ev.qdisc_reason)
		ev.qdisc_reason = e->qdisc ? number_reason(j, h, e->qdisc) & 0xffff : 0xffff;
	b->nr = 0;
	ev.rec.type = WHYDROP_REC_EVENT;
	build_append(b, &ev, sizeof(ev));
	build_append(b, e->data, ev.caplen);
	joined_put(j, cpu, true);
	return true;
}
