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
	return hash_get(&d->stacks, hash_number(id), same_stack, &id);
}

/* Whatever follows: it is not what the id means any more. */
static void remove_stack(struct decoder *d, uint32_t id)
{
	void **val = hash_find(&d->stacks, hash_number(id), same_stack, &id);
	struct stack *old;

	if (!val)
		return;
	old = *val;
	hash_remove(&d->stacks, val);
	d->memory -= stack_bytes(old->nr) + 2 * sizeof(struct hash_slot);
	free(old);
}

/* It stays until another one of its id comes. NULL if there is no room. */
static struct stack *add_lasting(struct decoder *d, uint32_t id, unsigned int nr, const char *text)
{
	struct stack *st;

	remove_stack(d, id);
	if (d->memory + stack_bytes(nr) > MEMORY_MAX)
		return NULL;
	st = need(malloc(stack_bytes(nr)));
	st->nr = nr;
	if (!stack_names(d, st, text, NULL)) {
		free(st);
		return NULL;
	}
	d->memory += stack_bytes(nr) + 2 * sizeof(struct hash_slot);
	st->id = id;
	hash_add(&d->stacks, hash_number(id), st);
	return st;
}

struct stack *stacks_add(struct decoder *d, const struct whydrop_stack_rec *rec, const char *text,
			 const char *end)
{
	struct stack *st = NULL;

	d->transient = NULL;
	if (!(rec->flags & WHYDROP_STACK_TRANSIENT)) {
		st = add_lasting(d, rec->id, rec->nr, text);
		d->forgets |= !st;
	}
	if (!st)
		st = d->transient = add_transient(d, rec->nr, text, end);
	st->id = rec->id;
	st->reason = rec->reason;
	st->flags = rec->flags;
	st->count = 0;
	return st;
}

void stacks_free(struct decoder *d)
{
	size_t i;
	void *val;

	for (i = 0; (val = hash_next(&d->stacks, &i));)
		free(val);
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
