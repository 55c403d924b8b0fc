// SPDX-License-Identifier: GPL-2.0-only
/* Counts events by time and by several properties at once, in bounded memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tally/cube.h"

static bool same_value(const void *val, const void *key)
{
	const struct cube_value *v = val;
	const struct cube_key *k = key;

	return v->len == k->len && v->netns == k->netns && !memcmp(v->key, k->text, k->len);
}

static uint32_t hash_of_key(const struct cube_key *k)
{
	return hash_bytes(k->text, k->len) ^ hash_number(k->netns);
}

static bool same_row(const void *val, const void *key)
{
	return !memcmp(((const struct cube_row *)val)->of, key, sizeof(((struct cube_row *)0)->of));
}

static uint32_t hash_of_row(struct cube_value *const *of)
{
	return hash_bytes(of, CUBE_DIMS * sizeof(*of));
}

static struct cube_value *new_value(const struct cube_key *k)
{
	struct cube_value *v = need(calloc(1, sizeof(*v) + k->len + 1));

	memcpy(v->key, k->text, k->len);
	v->len = k->len;
	v->netns = k->netns;
	return v;
}

static void free_value(struct cube_value *v)
{
	free(v->note);
	free(v);
}

static size_t bytes_of(const struct cube_value *v)
{
	return sizeof(*v) + v->len + (v->note ? strlen(v->note) : 0) + 4 * sizeof(struct hash_slot);
}

static void forget_last(struct cube *c)
{
	unsigned int i;

	for (i = 0; i < CUBE_DIMS; i++)
		c->dim[i].last = NULL;
	free(c->stack);
	c->stack = NULL;
	c->nr_stacks = 0;
}

/* ---- cells ---- */

/* Events come in order of time, except few. Return: how many cells there are more. */
static size_t add_cell(struct cube_row *row, int32_t span, uint32_t count)
{
	size_t i = row->nr;

	while (i && row->cell[i - 1].span > span)
		i--;
	if (i && row->cell[i - 1].span == span && row->cell[i - 1].count <= UINT32_MAX - count) {
		row->cell[i - 1].count += count;
		return 0;
	}
	row->cell = grow(row->cell, row->nr, &row->room, sizeof(*row->cell));
	memmove(row->cell + i + 1, row->cell + i, (row->nr++ - i) * sizeof(*row->cell));
	row->cell[i] = (struct cube_cell){ span, count };
	return 1;
}

/* Join spans two by two. */
static void join_spans(struct cube *c)
{
	int64_t base = c->base >> 1;
	struct cube_row *row;
	size_t i, j;

	c->cells = 0;
	for (i = 0; (row = hash_next(&c->rows, &i));) {
		size_t nr = row->nr;

		row->nr = 0;
		for (j = 0; j < nr; j++) {
			struct cube_cell cell = row->cell[j];

			c->cells += add_cell(row, ((c->base + cell.span) >> 1) - base, cell.count);
		}
	}
	c->shift++;
	c->base = base;
	c->low >>= 1;
	c->high >>= 1;
}

/* ---- rare values ---- */

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Rows that have the same values now are one. */
static void join_rows(struct cube *c, enum cube_dim dim)
{
	struct hash old = c->rows;
	struct cube_row *row, *other;
	uint32_t hash;
	size_t i, j;

	memset(&c->rows, 0, sizeof(c->rows));
	c->cells = 0;
	for (i = 0; (row = hash_next(&old, &i));) {
		row->of[dim] = cube_now(c, dim, row->of[dim]);
		hash = hash_of_row(row->of);
		other = hash_get(&c->rows, hash, same_row, row->of);
		if (!other) {
			hash_add(&c->rows, hash, row);
			c->cells += row->nr;
			continue;
		}
		for (j = 0; j < row->nr; j++)
			c->cells += add_cell(other, row->cell[j].span, row->cell[j].count);
		other->first = MIN(other->first, row->first);
		other->last = MAX(other->last, row->last);
		free(row->cell);
		free(row);
	}
	hash_free(&old);
}

/* Half of the values goes, as those of a tally do. */
static void remove_rare_values(struct cube *c, enum cube_dim dim)
{
	struct cube_values *d = &c->dim[dim];
	struct hash old = d->by_key;
	struct cube_value *v, **gone = need(calloc(old.nr, sizeof(*gone)));
	uint64_t *all = need(calloc(old.nr, sizeof(*all)));
	size_t i, nr = 0;

	for (i = 0; (v = hash_next(&old, &i));)
		all[nr++] = v->count + v->error;
	qsort(all, nr, sizeof(*all), by_number);
	d->floor = MAX(d->floor, all[nr / 2]);
	free(all);
	if (!d->rest) {
		d->rest = new_value(&(struct cube_key){ .text = "" });
		d->rest->rest = true;
		d->rest->class = &class_unknown;
	}
	memset(&d->by_key, 0, sizeof(d->by_key));
	for (i = nr = 0; (v = hash_next(&old, &i));) {
		if (v->count + v->error > d->floor) {
			hash_add(&d->by_key, hash_of_key(&(struct cube_key){ v->key, v->len, v->netns }), v);
			continue;
		}
		d->rest->count += v->count;
		d->bytes -= bytes_of(v);
		v->removed = true;
		gone[nr++] = v;
	}
	hash_free(&old);
	if (c->boot && c->boot->removed)
		c->boot = d->rest;
	join_rows(c, dim);
	forget_last(c);
	for (i = 0; i < nr; i++) {
		if (!gone[i]->refs) {
			free_value(gone[i]);
			continue;
		}
		c->kept = grow(c->kept, c->nr_kept, &c->kept_room, sizeof(*c->kept));
		c->kept[c->nr_kept++] = gone[i];
	}
	free(gone);
}

/* Of what there is most of; rather flows, sockets and tasks than why and where. */
static void remove_from_largest(struct cube *c)
{
	enum cube_dim dim = CUBE_FLOW, i;

	for (i = 0; i < CUBE_DIMS; i++) {
		size_t weight = i >= CUBE_FLOW && i <= CUBE_COMM ? 16 : 1;

		if (c->dim[i].by_key.nr * weight >
		    c->dim[dim].by_key.nr * (dim >= CUBE_FLOW && dim <= CUBE_COMM ? 16 : 1))
			dim = i;
	}
	remove_rare_values(c, dim);
}

static void make_room(struct cube *c)
{
	enum cube_dim i;

	for (i = 0; i < CUBE_DIMS; i++)
		if (c->dim[i].by_key.nr > CUBE_VALUES || c->dim[i].bytes > CUBE_VALUE_BYTES)
			remove_rare_values(c, i);
	while (c->cells > CUBE_CELLS && c->high - c->low >= CUBE_SPANS / 4)
		join_spans(c);
	while (c->rows.nr > CUBE_ROWS || c->cells > CUBE_CELLS)
		remove_from_largest(c);
}

/* ---- events ---- */

static struct cube_value *get_value(struct cube *c, enum cube_dim dim, const struct decoder *d,
				    const struct event *e)
{
	struct cube_values *all = &c->dim[dim];
	char room[CUBE_KEY_ROOM];
	struct cube_value *v;
	struct cube_key k;
	uint32_t hash;

	cube_key(dim, d, c->names, e, &k, room);
	if (all->last && same_value(all->last, &k))
		return all->last;
	hash = hash_of_key(&k);
	v = hash_get(&all->by_key, hash, same_value, &k);
	if (!v) {
		v = new_value(&k);
		v->error = all->floor;
		cube_describe(dim, e, v);
		all->bytes += bytes_of(v);
		hash_add(&all->by_key, hash, v);
	}
	return all->last = v;
}

/* A storm has few stacks, and their texts are long. */
static struct cube_value *get_stack(struct cube *c, const struct decoder *d, const struct event *e)
{
	const struct stack *st = e->stack;
	struct cube_stack *known;

	if (!st || st->nth >= d->stacks.nr || d->stacks.stack[st->nth] != st)
		return get_value(c, CUBE_STACK, d, e);
	if (st->nth >= c->nr_stacks) {
		c->stack = need(realloc(c->stack, (st->nth + 64) * sizeof(*c->stack)));
		memset(c->stack + c->nr_stacks, 0, (st->nth + 64 - c->nr_stacks) * sizeof(*c->stack));
		c->nr_stacks = st->nth + 64;
	}
	known = &c->stack[st->nth];
	if (!known->value || known->reason != e->reason || e->reason == &d->unnamed) {
		known->reason = e->reason;
		known->value = get_value(c, CUBE_STACK, d, e);
	}
	return known->value;
}

/* Of the day, if the first event says it; then one that does not is put to the one before. */
static int64_t time_of(struct cube *c, const struct event *e)
{
	if (!c->events)
		c->real = e->has_real;
	if (!c->real)
		c->now = e->ev.mono_ns;
	else if (e->has_real)
		c->now = e->real_ns;
	return c->now;
}

void cube_boot(struct cube *c, const struct decoder *d)
{
	forget_last(c);
	c->boot = get_value(c, CUBE_BOOT, d, NULL);
}

const struct cube_row *cube_add(struct cube *c, const struct decoder *d, const struct event *e)
{
	struct cube_value *of[CUBE_DIMS];
	int64_t ns = time_of(c, e), span;
	struct cube_row *row;
	enum cube_dim i;
	uint32_t hash;

	if (!c->events) {
		c->shift = 20;
		c->base = c->low = c->high = ns >> c->shift;
	}
	make_room(c);
	of[CUBE_STACK] = get_stack(c, d, e);
	for (i = CUBE_DEV; i < CUBE_BOOT; i++)
		of[i] = get_value(c, i, d, e);
	of[CUBE_BOOT] = c->boot && !e->host ? c->boot : get_value(c, CUBE_BOOT, d, e->host ? e : NULL);
	for (i = 0; i < CUBE_DIMS; i++)
		of[i]->count++;
	c->events++;
	c->low = MIN(c->low, ns >> c->shift);
	c->high = MAX(c->high, ns >> c->shift);
	while (c->high - c->low >= CUBE_SPANS)
		join_spans(c);
	span = ns >> c->shift;
	hash = hash_of_row(of);
	row = hash_get(&c->rows, hash, same_row, of);
	if (!row) {
		row = need(calloc(1, sizeof(*row)));
		memcpy(row->of, of, sizeof(of));
		row->first = row->last = ns;
		hash_add(&c->rows, hash, row);
	}
	c->cells += add_cell(row, span - c->base, 1);
	row->first = MIN(row->first, ns);
	row->last = MAX(row->last, ns);
	return row;
}

/* ---- and what there is at the end ---- */

static int by_count(const void *a, const void *b)
{
	const struct cube_value *x = *(struct cube_value *const *)a, *y = *(struct cube_value *const *)b;
	int order = x->rest - y->rest;

	if (!order)
		order = (x->count < y->count) - (x->count > y->count);
	if (!order)
		order = memcmp(x->key, y->key, MIN(x->len, y->len));
	if (!order)
		order = (x->len > y->len) - (x->len < y->len);
	return order ? order : (x->netns > y->netns) - (x->netns < y->netns);
}

struct cube_value **cube_values(struct cube *c, enum cube_dim dim, size_t *nr)
{
	struct cube_values *d = &c->dim[dim];
	struct cube_value **all = need(calloc(d->by_key.nr + 1, sizeof(*all)));
	size_t i, n = 0;

	for (i = 0; (all[n] = hash_next(&d->by_key, &i));)
		n++;
	if (d->rest)
		all[n++] = d->rest;
	qsort(all, n, sizeof(*all), by_count);
	for (i = 0; i < n; i++)
		all[i]->nth = i;
	*nr = n;
	return all;
}

static int by_values(const void *a, const void *b)
{
	const struct cube_row *x = *(struct cube_row *const *)a, *y = *(struct cube_row *const *)b;
	int order = 0, i;

	for (i = 0; !order && i < CUBE_DIMS; i++)
		order = x->of[i]->nth - y->of[i]->nth;
	return order;
}

struct cube_row **cube_rows(const struct cube *c)
{
	struct cube_row **all = need(calloc(c->rows.nr + 1, sizeof(*all)));
	size_t i, n = 0;

	for (i = 0; (all[n] = hash_next(&c->rows, &i));)
		n++;
	qsort(all, n, sizeof(*all), by_values);
	return all;
}

struct cube_value *cube_now(const struct cube *c, enum cube_dim dim, struct cube_value *v)
{
	return v->removed ? c->dim[dim].rest : v;
}

void cube_free(struct cube *c)
{
	struct cube_value *v;
	struct cube_row *row;
	size_t i, dim;

	for (dim = 0; dim < CUBE_DIMS; dim++) {
		for (i = 0; (v = hash_next(&c->dim[dim].by_key, &i));)
			free_value(v);
		hash_free(&c->dim[dim].by_key);
		if (c->dim[dim].rest)
			free_value(c->dim[dim].rest);
	}
	for (i = 0; (row = hash_next(&c->rows, &i));) {
		free(row->cell);
		free(row);
	}
	hash_free(&c->rows);
	while (c->nr_kept)
		free_value(c->kept[--c->nr_kept]);
	free(c->kept);
	free(c->stack);
	memset(c, 0, sizeof(*c));
}
