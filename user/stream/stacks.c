// SPDX-License-Identifier: GPL-2.0-only
/* The stacks of a stream: each symbol is kept once, and memory has a bound. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/decode.h"
#include "base/out.h"

static void name_set(struct name *name, const char *text, size_t len)
{
	name->len = len;
	name->match = 0;
	name->line = NULL;
	name->clean = text_clean(text, len);
	memcpy(name->text, text, len);
	name->text[len] = '\0';
}

struct text {
	const char *text;
	size_t len;
};

static bool same_name(const void *val, const void *key)
{
	const struct name *name = val;
	const struct text *t = key;

	return name->len == t->len && !memcmp(name->text, t->text, t->len);
}

/* The one struct name of this text; NULL if there is no room for more. */
static struct name *name_get(struct decoder *d, const char *text, size_t len)
{
	size_t bytes = sizeof(struct name) + len + 1;
	struct text key = { text, len };
	uint32_t hash = hash_bytes(text, len);
	struct name *name = hash_get(&d->names, hash, same_name, &key);

	if (name)
		return name;
	if (d->memory + bytes > MEMORY_MAX)
		return NULL;
	name = need(malloc(bytes));
	name_set(name, text, len);
	hash_add(&d->names, hash, name);
	d->memory += bytes + 2 * sizeof(struct hash_slot);
	return name;
}

/*
 * Fill @st from @nr + 1 strings. Their names are of the table of names or, if
 * @mem is given, made there. False if the table is full.
 */
static bool stack_names(struct decoder *d, struct stack *st, const char *text, char *mem)
{
	struct name **slot = &st->place;
	unsigned int i;

	for (i = 0; i <= st->nr; i++) {
		size_t len = strlen(text);

		if (mem) {
			*slot = (struct name *)mem;
			name_set(*slot, text, len);
			mem += (sizeof(**slot) + len + 8) & ~(size_t)7;
		} else {
			*slot = name_get(d, text, len);
			if (!*slot)
				return false;
		}
		text += len + 1;
		slot = &st->frame[i];
	}
	return true;
}

static size_t stack_bytes(unsigned int nr)
{
	return sizeof(struct stack) + nr * sizeof(struct name *);
}

/* It stays until the next event, in memory that is used again. */
static struct stack *add_transient(struct decoder *d, unsigned int nr, const char *text,
				   const char *end)
{
	size_t bytes = (stack_bytes(nr) + 7) & ~(size_t)7;
	size_t room = bytes + (end - text) + (nr + 1) * (sizeof(struct name) + 8);
	struct stack *st;

	if (room > d->scratch_room) {
		free(d->scratch);
		d->scratch = need(malloc(room));
		d->scratch_room = room;
	}
	st = d->scratch;
	st->nr = nr;
	stack_names(d, st, text, (char *)d->scratch + bytes);
	return st;
}

static bool same_stack(const void *val, const void *key)
{
	return ((const struct stack *)val)->id == *(const uint32_t *)key;
}

struct stack *decoder_stack(const struct decoder *d, uint32_t id)
{
	struct stack *st = hash_get(&d->stacks, hash_number(id), same_stack, &id);

	return st && st->load == d->load ? st : NULL;
}

/* Is @st what a record with these strings says? Names are those of the table. */
static bool is_told_again(const struct stack *st, const struct whydrop_stack_rec *rec,
			  const char *text)
{
	struct name *const *slot = &st->place;
	unsigned int i;

	if (st->nr != rec->nr || st->reason != rec->reason || st->flags != rec->flags)
		return false;
	for (i = 0; i <= st->nr; i++) {
		if (strcmp((*slot)->text, text))
			return false;
		text += (*slot)->len + 1;
		slot = &st->frame[i];
	}
	return true;
}

/*
 * Until another one of its id comes, it is what the id means; it stays until the
 * end. NULL if there is no room.
 */
static struct stack *add_lasting(struct decoder *d, const struct whydrop_stack_rec *rec,
				 const char *text)
{
	size_t bytes = stack_bytes(rec->nr) + sizeof(*d->stack) + 2 * sizeof(struct hash_slot);
	void **val = hash_find(&d->stacks, hash_number(rec->id), same_stack, &rec->id);
	struct stack *st = NULL;

	if (val && is_told_again(*val, rec, text)) {
		st = *val;
		st->load = d->load;
		return st;
	}
	if (d->memory + bytes <= MEMORY_MAX) {
		st = need(calloc(1, stack_bytes(rec->nr)));
		st->nr = rec->nr;
		if (!stack_names(d, st, text, NULL)) {
			free(st);
			st = NULL;
		}
	}
	/* Whatever follows: the old one is not what the id means any more. */
	if (val && !st)
		hash_remove(&d->stacks, val);
	if (!st)
		return NULL;
	d->memory += bytes;
	st->id = rec->id;
	st->reason = rec->reason;
	st->flags = rec->flags;
	st->load = d->load;
	if (val)
		*val = st;
	else
		hash_add(&d->stacks, hash_number(st->id), st);
	d->stack = grow(d->stack, d->nr_stacks, &d->stack_room, sizeof(*d->stack));
	st->nth = d->nr_stacks;
	d->stack[d->nr_stacks++] = st;
	return st;
}

struct stack *stacks_add(struct decoder *d, const struct whydrop_stack_rec *rec, const char *text,
			 const char *end)
{
	struct stack *st;

	d->transient = NULL;
	if (!(rec->flags & WHYDROP_STACK_TRANSIENT)) {
		st = add_lasting(d, rec, text);
		if (st)
			return st;
		d->forgets = true;
	}
	st = d->transient = add_transient(d, rec->nr, text, end);
	st->nth = UINT32_MAX;
	st->id = rec->id;
	st->reason = rec->reason;
	/* What had no room lasts no longer than one that was written so. */
	st->flags = rec->flags | WHYDROP_STACK_TRANSIENT;
	st->shown = NULL;
	st->count = 0;
	st->named = NULL;
	return st;
}

void stacks_free(struct decoder *d)
{
	size_t i;
	void *val;

	for (i = 0; i < d->nr_stacks; i++) {
		free(d->stack[i]->shown);
		free(d->stack[i]);
	}
	free(d->stack);
	for (i = 0; (val = hash_next(&d->names, &i));)
		free(val);
	hash_free(&d->stacks);
	hash_free(&d->names);
	free(d->scratch);
}

static const char *const flag_names[] = {
	"place only",  "transient",	  "not trimmed", "cut",
	"interrupted", "module unloaded", "freed later", "hidden by a tracer", "in doubt",
};

void stack_flags_text(char *buf, size_t room, unsigned int flags)
{
	unsigned int unknown = flags & ~((1u << ARRAY_SIZE(flag_names)) - 1);
	size_t i, n = 0;

	*buf = '\0';
	for (i = 0; i < ARRAY_SIZE(flag_names); i++) {
		/* That one is the business of the stream alone. */
		if (!(flags & 1u << i) || 1u << i == WHYDROP_STACK_TRANSIENT)
			continue;
		n += snprintf(buf + n, n < room ? room - n : 0, "%s%s", n ? ", " : "",
			      flag_names[i]);
	}
	/* Of a later module. */
	if (unknown)
		snprintf(buf + n, n < room ? room - n : 0, "%s0x%x", n ? ", " : "", unknown);
}

unsigned int stack_flags_parse(const char *text)
{
	unsigned int flags = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flag_names); i++)
		if (strstr(text, flag_names[i]))
			flags |= 1u << i;
	return flags;
}
