// SPDX-License-Identifier: GPL-2.0-only
/* Keeps counts of lost packets, and finds what came between two instants. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "losses/losses.h"

struct key {
	const struct counter *counter;
	const char	*where, *name;
	uint64_t	id;
};

/* What has an id may be called another name by now. */
static uint32_t hash_of(const struct key *k)
{
	return (k->id ? hash_number(k->id) : hash_bytes(k->where, strlen(k->where))) ^
	       hash_bytes(k->name, strlen(k->name)) ^ hash_number((uintptr_t)k->counter);
}

static struct key key_of(const struct loss_row *r)
{
	return (struct key){ r->counter, r->where, r->name ? r->name : "", r->id };
}

static bool same(const void *val, const void *key)
{
	const struct key a = key_of(val), *b = key;

	return a.counter == b->counter && a.id == b->id && !strcmp(a.name, b->name) &&
	       (a.id || !strcmp(a.where, b->where));
}

static struct loss_row *find(const struct losses *l, const struct key *k)
{
	return hash_get(&l->keys, hash_of(k), same, k);
}

void losses_add(struct losses *l, const struct counter *counter, const char *where,
		const char *name, uint64_t id, uint64_t count)
{
	const struct key k = { counter, where, name ? name : "", id };
	struct loss_row *r;

	if (!counter || !count)
		return;
	r = find(l, &k);
	if (!r) {
		l->row = grow(l->row, l->nr, &l->room, sizeof(*l->row));
		r = l->row[l->nr++] = need(calloc(1, sizeof(*r)));
		r->counter = counter;
		r->where = text_copy(where, strlen(where));
		r->name = name ? text_copy(name, strlen(name)) : NULL;
		r->id = id;
		hash_add(&l->keys, hash_of(&k), r);
	}
	r->count = r->lost = count;
}

static void free_row(struct loss_row *r)
{
	free(r->where);
	free(r->name);
	free(r);
}

void losses_since(struct losses *l, const struct losses *before)
{
	size_t i;

	for (i = 0; i < l->nr; i++) {
		struct loss_row *r = l->row[i];
		const struct key k = key_of(r);
		const struct loss_row *old = find(before, &k);

		/* One that counts less than before was set to zero, or is another one. */
		r->lost = old && old->count <= r->count ? r->count - old->count : r->count;
	}
}

void losses_free(struct losses *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		free_row(l->row[i]);
	free(l->row);
	hash_free(&l->keys);
	memset(l, 0, sizeof(*l));
}
