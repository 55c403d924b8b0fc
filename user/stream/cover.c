// SPDX-License-Identifier: GPL-2.0-only
/* Finds the events that several recordings have, and those that none of them has. */
#include <stdlib.h>
#include <string.h>
#include <whydrop.h>

#include "base/util.h"
#include "stream/cover.h"

/* Of a recording of selected events each is a range: so many are remembered. */
#define CPU_RANGES 1024
#define RANGES_MAX (1u << 17)
#define BEGUN_MAX (1u << 18)

void cover_free(struct cover *s)
{
	size_t i, j;

	for (i = 0; i < COVER_PAGES; i++) {
		for (j = 0; s->cpus[i] && j < COVER_PAGE; j++)
			free(s->cpus[i][j].range);
		free(s->cpus[i]);
	}
	hash_free(&s->begun);
	memset(s, 0, sizeof(*s));
}

void cover_begin_piece(struct cover *s, uint32_t load)
{
	if (load != s->load)
		cover_free(s);
	s->load = load;
	s->pieces++;
}

/*
 * A number is whatever a recording says. An array up to the highest would take megabytes
 * for one event, and again for each load of the module.
 */
static struct cover_cpu *get_cpu(struct cover *s, unsigned int cpu)
{
	struct cover_cpu **page = &s->cpus[cpu / COVER_PAGE];

	if (!*page)
		*page = need(calloc(COVER_PAGE, sizeof(**page)));
	return &(*page)[cpu % COVER_PAGE];
}

static uint64_t add_saturating(uint64_t x, uint64_t y)
{
	return x + y < x ? UINT64_MAX : x + y;
}

bool cover_hold_lost(struct cover *s, unsigned int cpu, unsigned int cause, uint64_t count)
{
	struct cover_cpu *c;

	if (cause == WHYDROP_LOST_NMI || cause == WHYDROP_LOST_NOBUF)
		return false;
	c = get_cpu(s, cpu);
	if (s->pieces < 2 || !c->any) {
		c->reported = add_saturating(c->reported, count);
		return false;
	}
	/* What was older than its ring may be in the recording before it. */
	c->cause = cause == WHYDROP_LOST_HISTORY ? WHYDROP_LOST_UNRECORDED : cause;
	c->pending = add_saturating(c->pending, count);
	return true;
}

/* The first range that does not end before @seq. */
static size_t find_range(const struct cover_cpu *c, uint64_t seq)
{
	size_t low = 0, high = c->nr;

	if (high && c->range[high - 1].to < seq)
		return high;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c->range[mid].to < seq)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void drop_oldest_ranges(struct cover *s, struct cover_cpu *c)
{
	size_t half = c->nr / 2;

	memmove(c->range, c->range + half, (c->nr - half) * sizeof(*c->range));
	c->nr -= half;
	s->nr_ranges -= half;
	s->overflowed = true;
}

static void add_to_ranges(struct cover *s, struct cover_cpu *c, uint64_t seq)
{
	size_t i = c->nr ? find_range(c, seq) : 0;
	struct cover_range *r = i < c->nr ? c->range + i : NULL;

	if (r && r->to == seq) {
		r->to++;
		if (i + 1 < c->nr && r[1].from == r->to) {
			r->to = r[1].to;
			memmove(r + 1, r + 2, (c->nr - i - 2) * sizeof(*r));
			c->nr--;
			s->nr_ranges--;
		}
		return;
	}
	if (r && r->from <= seq)
		return;
	if (r && r->from == seq + 1) {
		r->from = seq;
		return;
	}
	if (c->nr >= CPU_RANGES || s->nr_ranges >= RANGES_MAX) {
		if (c->nr < 2) {
			s->overflowed = true;
			return;
		}
		drop_oldest_ranges(s, c);
		i = find_range(c, seq);
	}
	c->range = grow(c->range, c->nr, &c->room, sizeof(*r));
	r = c->range + i;
	memmove(r + 1, r, (c->nr - i) * sizeof(*r));
	*r = (struct cover_range){ seq, seq + 1 };
	c->nr++;
	s->nr_ranges++;
}

static bool is_covered(const struct cover_cpu *c, uint64_t seq)
{
	size_t i = c->nr ? find_range(c, seq) : 0;

	return i < c->nr && c->range[i].from <= seq && seq < c->range[i].to;
}

static bool same_number(const void *val, const void *key)
{
	return (uintptr_t)val == *(const uintptr_t *)key;
}

/* The first piece's first event is behind nothing. */
static bool begins_piece(struct cover *s, unsigned int piece, unsigned int cpu)
{
	uintptr_t key = ((uintptr_t)piece << 16 | cpu) + 1;
	uint32_t hash = hash_number(key);

	if (s->pieces < 2 || !piece || hash_get(&s->begun, hash, same_number, &key))
		return false;
	if (s->begun.nr < BEGUN_MAX)
		hash_add(&s->begun, hash, (void *)key);
	return true;
}

void cover_add_event(struct cover *s, unsigned int piece, unsigned int cpu, uint64_t seq,
		     struct cover_verdict *v)
{
	struct cover_cpu *c = get_cpu(s, cpu);
	bool first = begins_piece(s, piece, cpu);
	uint64_t hole = 0;

	*v = (struct cover_verdict){ .cause = c->cause };
	v->duplicate = s->pieces > 1 && is_covered(c, seq);
	if (!v->duplicate && c->any && seq >= c->next) {
		hole = seq - c->next;
		hole -= MIN(hole, c->reported);
		v->lost = MIN(hole, c->pending);
		hole -= v->lost;
		if (hole && !first)
			s->selective = true;
		else if (!s->selective)
			v->between = hole;
	}
	if (!v->duplicate) {
		if (!c->any || seq >= c->next) {
			c->next = seq + 1;
			c->reported = 0;
		}
		c->any = true;
		add_to_ranges(s, c, seq);
	}
	c->pending = 0;
}

bool cover_is_whole(const struct cover *s)
{
	const struct cover_cpu *c;
	size_t i, j;

	for (i = 0; i < COVER_PAGES; i++)
		for (j = 0; s->cpus[i] && j < COVER_PAGE; j++) {
			c = &s->cpus[i][j];
			if (c->any && (c->nr != 1 || c->range->from))
				return false;
		}
	return !s->overflowed;
}

uint64_t cover_take_held(struct cover *s, unsigned int *cpu, unsigned int *cause)
{
	struct cover_cpu *c;
	uint64_t left;

	for (; *cpu < COVER_PAGE * COVER_PAGES; (*cpu)++) {
		c = s->cpus[*cpu / COVER_PAGE];
		if (!c) {
			*cpu |= COVER_PAGE - 1;
			continue;
		}
		c += *cpu % COVER_PAGE;
		left = c->pending;
		*cause = c->cause;
		c->pending = 0;
		if (left)
			return left;
	}
	return 0;
}
