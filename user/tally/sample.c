// SPDX-License-Identifier: GPL-2.0-only
/* Takes counts at an instant, and the difference between two. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "known/drop.h"
#include "select/module.h"
#include "select/whole.h"
#include "tally/sample.h"
#include "tally/table.h"

bool sample_exact(const struct sample *sm, enum by by)
{
	return !sm->rq->file && !select_needs_events(&sm->rq->sel) && by_is_of_stack(by);
}

/* Does the module's table of reasons alone have the answer? */
static bool needs_only_reasons(const struct sample *sm, enum by by)
{
	return by == BY_REASON && !select_needs_places(&sm->rq->sel);
}

static void restart_window(struct sample *sm, unsigned int cause)
{
	if (cause == WHYDROP_LOST_NOBUF)
		sm->no_ring = true;
	/* Events before a gap say nothing of how many there were. */
	if (sm->s.src.live && cause != WHYDROP_LOST_NMI) {
		sm->epoch++;
		sm->gap = true;
	}
}

static int add(struct stream *s, const struct item *it)
{
	struct sample *sm = s->arg;
	const struct event *e = it->event;
	enum by by;

	if (it->type == ITEM_LOST)
		restart_window(sm, it->lost.cause);
	if (it->type != ITEM_EVENT)
		return 0;
	if (sm->gap || !sm->nr_events)
		sm->from_ns = MAX(sm->from_ns, e->ev.mono_ns);
	sm->nr_events++;
	sm->gap = false;
	for (by = 0; by < BY_NR; by++) {
		struct tally *one;

		if (!(sm->wanted & BIT(by)))
			continue;
		one = tally_of_event(&sm->t[by], e);
		if (!sample_exact(sm, by)) {
			one->c.count++;
			tally_pair(&sm->t[by], one, tally_pair_text(by, e), 1);
		}
		tally_seen(one, e);
		if (one->c.epoch != sm->epoch) {
			one->c.epoch = sm->epoch;
			one->c.recent = 0;
		}
		one->c.recent += e->ev.mono_ns >= sm->from_ns;
	}
	return 0;
}

int sample_open(struct sample *sm, struct request *rq, unsigned int wanted, bool numbers)
{
	enum by by;
	int err;

	memset(sm, 0, sizeof(*sm));
	sm->rq = rq;
	sm->wanted = wanted;
	sm->numbers = numbers;
	for (by = 0; by < BY_NR; by++) {
		sm->t[by].by = by;
		sm->t[by].names = rq->names;
		/* `top' has all of them at once; of flows there are most. */
		if (wanted & (wanted - 1))
			sm->t[by].bytes_max = by == BY_FLOW ? TALLY_BYTES / 2 : TALLY_BYTES / 6;
	}
	sm->s = (struct stream){
		.rq = rq,
		.item = add,
		.arg = sm,
		.history = true,
		.no_limit = true,
		.quiet = true,
		/* Counts by reason are of before any filter. */
		.no_filter_note = wanted == BIT(BY_REASON) && sample_exact(sm, BY_REASON) &&
			  needs_only_reasons(sm, BY_REASON),
	};
	err = stream_open(&sm->s);
	if (err || rq->file)
		return err;
	if (now_ms() > RATE_WINDOW_MS)
		sm->from_ns = (now_ms() - RATE_WINDOW_MS) * 1000000;
	return 0;
}

static int take_reasons(struct sample *sm)
{
	struct tallies *t = &sm->t[BY_REASON];
	struct reason_table table;
	size_t i;
	int err;

	err = module_reasons(sm->rq, &table);
	if (err)
		return err;
	for (i = 0; i < table.nr; i++) {
		struct reason *r = &table.reason[i];
		struct tally *one;

		if (!r->count || !select_reason_match(&sm->rq->sel, r))
			continue;
		one = tally_get(t, r->label);
		one->reason_id = r->id;
		if (needs_only_reasons(sm, BY_REASON))
			one->c.count = r->count;
	}
	module_reasons_free(&table);
	return 0;
}

/* By @by, from (reason, stack) pairs; only as weights: where mostly. */
static void take_row(struct sample *sm, enum by by, struct stack_row *row, bool only_weight)
{
	struct tallies *t = &sm->t[by];
	const char *label = row->reason.label, *place = row->stack->place->text;
	struct tally *one = tally_get(t, tally_stack_key(by, &row->reason, row->stack));

	if (!only_weight)
		one->c.count += row->count;
	class_add(&one->class, drop_class(&row->reason, row->stack));
	tally_pair(t, one, by == BY_REASON ? place : label, row->count);
}

static int take_stacks(struct sample *sm, unsigned int exact)
{
	struct selection *sel = &sm->rq->sel;
	struct stack_table table;
	enum by by;
	size_t i;
	int err;

	err = table_read(sm->rq, &table);
	if (err)
		return err;
	/* Of the table, not of the events that were read for their times. */
	sel->hidden = 0;
	for (i = 0; i < table.nr; i++) {
		if (!table_row_selected(sm->rq, &table.row[i]))
			continue;
		for (by = 0; by < BY_NR; by++)
			if (exact & BIT(by))
				take_row(sm, by, &table.row[i], needs_only_reasons(sm, by));
	}
	sm->hidden = sel->hidden;
	table_free(&table);
	return 0;
}

static void read_filters(struct sample *sm)
{
	unsigned int nr = 0;
	const char *name;
	char *val;

	select_free(&sm->recorded);
	sm->filtered = module_disabled(sm->rq);
	while ((val = module_filter(sm->rq, &nr, &name))) {
		if (strcmp(name, "reasons") || select_reason(&sm->recorded, val))
			sm->filtered = true;
		free(val);
	}
}

/*
 * Are there events of all that the group counts? The table of reasons counts
 * what no filter has seen yet. @g without a key: of all groups?
 */
static bool has_events(const struct sample *sm, enum by by, const struct group *g)
{
	const char *slash = g->key ? strchr(g->key, '/') : NULL;
	struct reason r = { .label = g->key, .name = slash ? slash + 1 : g->key,
			    .id = g->reason_id };
	struct selection sel = sm->recorded;

	if (sm->no_ring)
		return false;
	if (!sample_exact(sm, by) || !needs_only_reasons(sm, by))
		return true;
	if (sm->filtered || !g->key)
		return !sm->filtered && !sel.reason.nr;
	return select_reason_match(&sel, &r);
}

int sample_take(struct sample *sm)
{
	unsigned int exact = 0;
	int err = 0;
	enum by by;

	if (!sm->rq->file)
		read_filters(sm);
	sm->whole = stream_is_whole(&sm->s);
	sm->hidden = sm->rq->sel.hidden;
	for (by = 0; by < BY_NR; by++) {
		if (!(sm->wanted & BIT(by)) || !sample_exact(sm, by))
			continue;
		exact |= BIT(by);
		tallies_begin_sample(&sm->t[by], true);
	}
	if (exact)
		err = take_stacks(sm, exact);
	if (!err && exact & BIT(BY_REASON) &&
	    (needs_only_reasons(sm, BY_REASON) || sm->numbers))
		err = take_reasons(sm);
	for (by = 0; by < BY_NR; by++) {
		if (sm->wanted & BIT(by))
			tallies_end_sample(&sm->t[by]);
		if (!(exact & BIT(by)))
			tallies_begin_sample(&sm->t[by], false);
	}
	sm->before_ms = sm->taken_ms;
	sm->taken_ms = now_ms();
	sm->nr++;
	return err;
}

int sample_all(struct sample *sm)
{
	int err = stream_walk(&sm->s), exact = 0;
	enum by by;

	for (by = 0; by < BY_NR; by++)
		exact |= sm->wanted & BIT(by) && sample_exact(sm, by);
	/* Then only rates and times are not known. */
	if (err && err != EXIT_USAGE && exact) {
		sm->no_ring = true;
		err = 0;
	}
	/* What there is is still worth being shown. */
	if (!err || err == EXIT_FAILED)
		err = sample_take(sm) ?: err;
	return err;
}

int sample_pump(struct sample *sm, int64_t ms)
{
	return stream_pump(&sm->s, ms);
}

void sample_free(struct sample *sm)
{
	enum by by;

	for (by = 0; by < BY_NR; by++)
		tallies_free(&sm->t[by]);
	select_free(&sm->recorded);
	stream_free(&sm->s);
}

size_t sample_groups(const struct sample *sm, enum by by, enum tally_sort sort,
		     struct group **groups)
{
	return tallies_groups(&sm->t[by], sort, sm->epoch, sm->nr > 1, groups);
}

struct group sample_sum(const struct sample *sm, enum by by)
{
	struct group sum = { .count = sm->t[by].total }, *g;
	size_t i, nr = sample_groups(sm, by, SORT_KEY, &g);

	for (i = 0; i < nr; i++) {
		sum.delta += g[i].delta;
		sum.recent += g[i].recent;
		if (g[i].last_mono >= sum.last_mono) {
			sum.last = g[i].last;
			sum.last_mono = g[i].last_mono;
		}
	}
	free(g);
	return sum;
}

/* Seconds that rates are of; 0: not known. */
static double rate_seconds(const struct sample *sm)
{
	if (sm->nr > 1)
		return (sm->taken_ms - sm->before_ms) / 1e3;
	if (!sm->nr_events)
		return 0;
	if (sm->s.src.live)
		return (int64_t)(now_ms() * UINT64_C(1000000) - sm->from_ns) / 1e9;
	/* The whole recording's: what is selected may be a short part of it. */
	return (sm->s.last_ns - sm->s.first_ns) / 1e9;
}

double sample_rate(const struct sample *sm, enum by by, const struct group *g)
{
	double per = rate_seconds(sm);

	if (per < 1e-3 || (sm->nr == 1 && !has_events(sm, by, g)))
		return -1;
	if (sm->nr > 1)
		return g->delta / per;
	return (sm->s.src.live ? g->recent : g->count) / per;
}

int64_t sample_last(const struct sample *sm, enum by by, const struct group *g)
{
	return has_events(sm, by, g) ? g->last : 0;
}

int64_t sample_first(const struct sample *sm, enum by by, const struct group *g)
{
	bool exact = sample_exact(sm, by);

	if (g->error || g->rest)
		return 0;
	/* Events were read before these counts, so they are more only if there was a reset. */
	if (exact && g->events != g->count)
		return sm->whole && g->events < g->count ? g->first : 0;
	return exact || sm->whole ? g->first : 0;
}

uint64_t sample_lost(const struct sample *sm, enum by by)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < LOST_CAUSES && !sample_exact(sm, by); i++)
		sum += i == WHYDROP_LOST_HISTORY ? 0 : sm->s.lost.by_cause[i];
	return sum;
}

bool sample_is_unfiltered(const struct sample *sm, enum by by)
{
	return sample_exact(sm, by) && needs_only_reasons(sm, by);
}
