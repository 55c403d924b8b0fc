// SPDX-License-Identifier: GPL-2.0-only
/* Keeps the stacks of a stream: each symbol once, and within a bound of memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/out.h"
#include "base/util.h"
#include "stream/stacks.h"

static void set_name(struct name *name, const char *text, size_t len)
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

static size_t bytes_max(const struct stacks *s)
{
	return s->bytes_max ? s->bytes_max : STACKS_BYTES_MAX;
}

/* The one struct name of this text; NULL if there is no room for more. */
static struct name *get_name(struct stacks *s, const char *text, size_t len)
{
	size_t bytes = sizeof(struct name) + len + 1;
	struct text key = { text, len };
	uint32_t hash = hash_bytes(text, len);
	struct name *name = hash_get(&s->names, hash, same_name, &key);

	if (name)
		return name;
	if (s->bytes + bytes > bytes_max(s))
		return NULL;
	name = need(malloc(bytes));
	set_name(name, text, len);
	hash_add(&s->names, hash, name);
	s->bytes += bytes + 2 * sizeof(struct hash_slot);
	return name;
}

/*
 * Fill @st from @nr + 1 strings. Their names are of the table of names or, if
 * @mem is given, made there. False if the table is full.
 */
static bool set_stack_names(struct stacks *s, struct stack *st, const char *text, char *mem)
{
	struct name **slot = &st->place;
	unsigned int i;

	for (i = 0; i <= st->nr; i++) {
		size_t len = strlen(text);

		if (mem) {
			*slot = (struct name *)mem;
			set_name(*slot, text, len);
			mem += (sizeof(**slot) + len + 8) & ~(size_t)7;
		} else {
			*slot = get_name(s, text, len);
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
static struct stack *add_transient(struct stacks *s, unsigned int nr, const char *text,
				   const char *end)
{
	size_t bytes = (stack_bytes(nr) + 7) & ~(size_t)7;
	size_t room = bytes + (end - text) + (nr + 1) * (sizeof(struct name) + 8);
	struct stack *st;

	if (room > s->scratch_room) {
		free(s->scratch);
		s->scratch = need(malloc(room));
		s->scratch_room = room;
	}
	st = s->scratch;
	st->nr = nr;
	set_stack_names(s, st, text, (char *)s->scratch + bytes);
	return st;
}

static bool same_stack(const void *val, const void *key)
{
	return ((const struct stack *)val)->id == *(const uint32_t *)key;
}

struct stack *stacks_find(const struct stacks *s, uint32_t load, uint32_t id)
{
	struct stack *st = hash_get(&s->by_id, hash_number(id), same_stack, &id);

	return st && st->load == load ? st : NULL;
}

/* Is @st what a record with these strings says? Names are those of the table. */
static bool is_repeated(const struct stack *st, const struct whydrop_stack_rec *rec,
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
static struct stack *add_lasting(struct stacks *s, uint32_t load,
				 const struct whydrop_stack_rec *rec, const char *text)
{
	size_t bytes = stack_bytes(rec->nr) + sizeof(*s->stack) + 2 * sizeof(struct hash_slot);
	void **val = hash_find(&s->by_id, hash_number(rec->id), same_stack, &rec->id);
	struct stack *st = NULL;

	if (val && is_repeated(*val, rec, text)) {
		st = *val;
		st->load = load;
		return st;
	}
	if (s->bytes + bytes <= bytes_max(s)) {
		st = need(calloc(1, stack_bytes(rec->nr)));
		st->nr = rec->nr;
		if (!set_stack_names(s, st, text, NULL)) {
			free(st);
			st = NULL;
		}
	}
	/* Whatever follows: the old one is not what the id means any more. */
	if (val && !st)
		hash_remove(&s->by_id, val);
	if (!st)
		return NULL;
	s->bytes += bytes;
	st->id = rec->id;
	st->reason = rec->reason;
	st->flags = rec->flags;
	st->load = load;
	if (val)
		*val = st;
	else
		hash_add(&s->by_id, hash_number(st->id), st);
	s->stack = grow(s->stack, s->nr, &s->room, sizeof(*s->stack));
	st->nth = s->nr;
	s->stack[s->nr++] = st;
	return st;
}

/* The strings of a record, with names for offsets. */
static COLD const char *name_offsets(struct stacks *s, struct whydrop_stack_rec *rec,
				     const char *text, const char **end)
{
	char one[SYSMAP_NAME_MAX], *pos;
	bool nameless = !s->map || s->wrong;
	unsigned int i;

	s->unnamed |= nameless;
	/* The module writes no longer ones. */
	if (nameless || rec->nr > WHYDROP_FRAMES_MAX)
		return text;
	s->named = need(realloc(s->named, *end - text + (rec->nr + 1) * sizeof(one)));
	for (i = 0, pos = s->named; i <= rec->nr; i++, text += strlen(text) + 1) {
		const char *name = sysmap_name(s->map, text, !i, one);

		/* No call returns there: the module knows it by its name, if there is one. */
		if (!i && strstr(name, "+0x0/"))
			rec->flags |= WHYDROP_STACK_DEFERRED;
		pos = stpcpy(pos, name) + 1;
	}
	*end = pos;
	return s->named;
}

COLD void stacks_set_anchors(struct stacks *s, const char *text)
{
	s->offsets = text;
	s->wrong = text && s->map && !sysmap_fits(s->map, text);
}

struct stack *stacks_add(struct stacks *s, uint32_t load, struct whydrop_stack_rec *rec,
			 const char *text, const char *end)
{
	struct stack *st;

	s->transient = NULL;
	if (s->offsets)
		text = name_offsets(s, rec, text, &end);
	if (!(rec->flags & WHYDROP_STACK_TRANSIENT)) {
		st = add_lasting(s, load, rec, text);
		if (st)
			return st;
		s->full = true;
	}
	st = s->transient = add_transient(s, rec->nr, text, end);
	st->nth = UINT32_MAX;
	st->id = rec->id;
	st->reason = rec->reason;
	/* What had no room lasts no longer than one that was written so. */
	st->flags = rec->flags | WHYDROP_STACK_TRANSIENT;
	st->shown = NULL;
	st->count = 0;
	st->named = NULL;
	st->class = NULL;
	return st;
}

void stacks_free(struct stacks *s)
{
	size_t i;
	void *val;

	for (i = 0; i < s->nr; i++) {
		free(s->stack[i]->shown);
		free(s->stack[i]);
	}
	free(s->stack);
	for (i = 0; (val = hash_next(&s->names, &i));)
		free(val);
	hash_free(&s->by_id);
	hash_free(&s->names);
	free(s->scratch);
	free(s->named);
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
