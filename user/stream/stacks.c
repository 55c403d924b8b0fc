// SPDX-License-Identifier: GPL-2.0-only
/* The stacks of a stream: each symbol is kept once, and memory has a bound. */
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

/* The one struct name of this text; NULL if there is no room for more. */
static struct name *name_get(struct decoder *d, const char *text, size_t len)
{
	uint32_t hash = hash_bytes(text, len);
	struct name *name, *next, **old;
	size_t i, room;

	if (d->names_room) {
		name = d->names[hash & (d->names_room - 1)];
		for (; name; name = name->next)
			if (name->hash == hash && name->len == len &&
			    !memcmp(name->text, text, len))
				return name;
	}
	if (d->memory + sizeof(*name) + len + 1 > MEMORY_MAX)
		return NULL;
	if (d->nr_names >= d->names_room) {
		old = d->names;
		room = d->names_room;
		d->names_room = room ? room * 2 : 256;
		d->names = need(calloc(d->names_room, sizeof(*d->names)));
		for (i = 0; i < room; i++) {
			for (name = old[i]; name; name = next) {
				struct name **head = &d->names[name->hash & (d->names_room - 1)];

				next = name->next;
				name->next = *head;
				*head = name;
			}
		}
		free(old);
	}
	name = need(malloc(sizeof(*name) + len + 1));
	name_set(name, text, len);
	name->hash = hash;
	name->next = d->names[hash & (d->names_room - 1)];
	d->names[hash & (d->names_room - 1)] = name;
	d->nr_names++;
	d->memory += sizeof(*name) + len + 1 + 2 * sizeof(void *);
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

/* It stays until another one of its id comes. NULL if there is no room. */
static struct stack *add_lasting(struct decoder *d, uint32_t id, unsigned int nr, const char *text)
{
	struct stack *st, *old = map_get(&d->stacks, id);

	/* Whatever follows, the old one is not what the id means any more. */
	if (old)
		old->id = 0;
	if (d->memory + stack_bytes(nr) > MEMORY_MAX)
		return NULL;
	st = need(malloc(stack_bytes(nr)));
	st->nr = nr;
	if (!stack_names(d, st, text, NULL)) {
		free(st);
		return NULL;
	}
	d->memory += stack_bytes(nr) + 2 * sizeof(struct map_slot);
	if (old)
		d->memory -= stack_bytes(old->nr) + 2 * sizeof(struct map_slot);
	map_put(&d->stacks, id, st);
	free(old);
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
	struct name *name, *next;
	size_t i;

	for (i = 0; i < d->stacks.room; i++)
		free(d->stacks.slot[i].val);
	for (i = 0; i < d->names_room; i++) {
		for (name = d->names[i]; name; name = next) {
			next = name->next;
			free(name);
		}
	}
	map_free(&d->stacks);
	free(d->names);
	free(d->scratch);
}
