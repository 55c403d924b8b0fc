// SPDX-License-Identifier: GPL-2.0-only
/* What the module saw of the losses that others counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"
#include "losses/saw.h"

/* Without a word: that there is no module is no failure here. */
static bool readable(const struct request *rq)
{
	char path[4096];

	return (size_t)snprintf(path, sizeof(path), "%s/reasons", rq->debugfs) < sizeof(path) &&
	       !access(path, R_OK);
}

void saw_take(struct saw *s, const struct request *rq)
{
	s->readable = readable(rq) && !module_reasons(rq, &s->now);
	s->loaded = s->readable || !access(rq->parameters, F_OK);
}

void saw_again(struct saw *s, const struct request *rq)
{
	module_reasons_free(&s->before);
	s->before = s->now;
	s->since = s->readable;
	memset(&s->now, 0, sizeof(s->now));
	saw_take(s, rq);
	s->since &= s->readable;
}

void saw_free(struct saw *s)
{
	module_reasons_free(&s->before);
	module_reasons_free(&s->now);
}

static bool count_of(const struct reason_table *t, const char *name, uint64_t *count)
{
	size_t i;

	*count = 0;
	for (i = 0; i < t->nr; i++) {
		if (strcmp(t->reason[i].label, name))
			continue;
		*count = t->reason[i].count;
		return true;
	}
	return false;
}

/* It says nothing: much else has it, too. */
static bool is_plain(const struct saw_reason *r)
{
	return !strcmp(r->name, "NOT_SPECIFIED");
}

/* So many since load, or of the same time. */
static uint64_t counted(const struct saw *s, const char *name, uint64_t now)
{
	uint64_t before;

	if (!s->since || !count_of(&s->before, name, &before))
		return now;
	/* It was reset meanwhile. */
	return before <= now ? now - before : now;
}

bool saw_next(const struct saw *s, const struct counter *counter, const char **pos,
	      struct saw_reason *r)
{
	const char *p = *pos ? *pos : counter->reasons;
	size_t len;

	if (!p || !*p)
		return false;
	len = strcspn(p, " ");
	snprintf(r->name, sizeof(r->name), "%.*s", (int)len, p);
	*pos = p + len + strspn(p + len, " ");
	r->known = count_of(&s->now, r->name, &r->count);
	r->count = counted(s, r->name, r->count);
	return true;
}

enum saw_word saw_compare(const struct saw *s, const struct counter *counter, uint64_t lost)
{
	const char *pos = NULL;
	bool named = false;
	struct saw_reason r;
	uint64_t sum = 0;

	if (!s->since || counter->seen != LOSS_SEEN)
		return SAW_UNSURE;
	while (saw_next(s, counter, &pos, &r)) {
		if (is_plain(&r))
			return sum >= lost ? SAW_ALL : SAW_UNSURE;
		named |= r.known;
		sum += r.count;
	}
	if (!named)
		return SAW_UNSURE;
	return sum >= lost ? SAW_ALL : SAW_FEWER;
}

bool saw_others(const struct saw *s, const struct counter *counter, uint64_t lost, bool *known)
{
	const char *pos = NULL;
	struct saw_reason r;
	uint64_t sum = 0;

	*known = false;
	while (s->readable && saw_next(s, counter, &pos, &r)) {
		if (is_plain(&r))
			continue;
		*known |= r.known;
		sum += r.count;
	}
	return sum > lost;
}

static bool has_reason(struct loss_row *const *rows, size_t nr, const char *name)
{
	const struct counter *last = NULL;
	size_t i;

	for (i = 0; i < nr; i++) {
		/* Ten thousand sockets are one counter. */
		if (rows[i]->counter == last)
			continue;
		last = rows[i]->counter;
		if (last->reasons && match_words(last->reasons, name, false))
			return true;
	}
	return false;
}

static int by_count(const void *a, const void *b)
{
	const struct saw_reason *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

struct saw_reason *saw_only(const struct saw *s, struct loss_row *const *rows, size_t nr_rows,
			    size_t *nr)
{
	const struct reason_table *t = &s->now;
	struct saw_reason *only = need(calloc(t->nr + 1, sizeof(*only)));
	size_t i;

	*nr = 0;
	for (i = 0; s->readable && i < t->nr; i++) {
		struct saw_reason *r = &only[*nr];

		r->count = counted(s, t->reason[i].label, t->reason[i].count);
		if (!r->count || has_reason(rows, nr_rows, t->reason[i].label))
			continue;
		snprintf(r->name, sizeof(r->name), "%s", t->reason[i].label);
		r->known = true;
		++*nr;
	}
	qsort(only, *nr, sizeof(*only), by_count);
	return only;
}
