// SPDX-License-Identifier: GPL-2.0-only
/* Counts drops by stack, from the module's table or from events. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "known/drop.h"
#include "tally/rows.h"

/* A reason and a place. */
#define PAIR_ROOM 320

static struct row *add_row(struct rows *rows)
{
	rows->row = grow(rows->row, rows->nr, &rows->room, sizeof(*rows->row));
	return memset(&rows->row[rows->nr++], 0, sizeof(*rows->row));
}

bool rows_exact(const struct request *rq, enum by by)
{
	return !rq->file && !select_needs_events(&rq->sel) && by_is_of_stack(by);
}

static int gather_from_table(struct rows *rows, struct request *rq, bool grouped)
{
	size_t i;
	int err;

	err = module_check_reasons(rq);
	if (!err)
		err = table_read(rq, &rows->table);
	if (!err && rows->table.nameless)
		module_report_nameless(rq);
	for (i = 0; !err && i < rows->table.nr; i++) {
		struct stack_row *from = &rows->table.row[i];
		const char *key = tally_stack_key(rows->only_by, &from->reason, from->stack);
		struct row *row;

		if (!table_row_selected(rq, from) ||
		    (rows->has_only && strcmp(rows->only.text, key)))
			continue;
		row = add_row(rows);
		row->key = grouped ? key : "";
		row->host = "";
		row->stack = from->stack;
		row->count = from->count;
		row->label = from->reason.label;
		row->name = from->reason.name;
		row->subsys = reason_subsys(&from->reason);
		row->class = drop_class(&from->reason, from->stack);
		rows->total += row->count;
	}
	rows->by_place = rows->table.by_place;
	rows->of = rows->table.of;
	return err;
}

/* Place and reason as one of the pairs, where ids of stacks are. No id starts so. */
#define PLACE_MARK '@'

static void add_transient(struct rows *rows, const struct event *e)
{
	struct tally *one = tally_of_event(&rows->t, e);
	char what[PAIR_ROOM];
	long nth = e->reason != &rows->s.dec.unnamed ? (long)e->reason->nth : -1;

	one->c.count++;
	snprintf(what, sizeof(what), "%c%ld %u %s", PLACE_MARK, nth, e->ev.reason,
		 e->stack->place->text);
	tally_pair(&rows->t, one, what, 1);
	rows->by_place++;
}

/* The stack that is only a place, of what add_transient() made. */
static struct stack *make_place(struct rows *rows, const char *what)
{
	char *end;
	long nth = strtol(what + 1, &end, 10);
	uint32_t reason = strtoul(end, &end, 10);
	size_t len = strlen(end + 1);
	struct stack *st = need(calloc(1, sizeof(*st) + sizeof(*st->place) + len + 1));

	st->reason = reason;
	st->named = nth >= 0 ? rows->s.dec.reason[nth] : NULL;
	st->nth = rows->s.dec.stacks.nr + rows->places;
	st->flags = WHYDROP_STACK_PLACE_ONLY;
	st->place = (struct name *)(st + 1);
	st->place->len = len;
	st->place->clean = text_clean(end + 1, len);
	memcpy(st->place->text, end + 1, len);
	rows->place = grow(rows->place, rows->places, &rows->places_room, sizeof(*rows->place));
	rows->place[rows->places++] = st;
	return st;
}

/* Some had no room in the module's table, and some have none in the decoder. */
static bool is_lasting(const struct decoder *d, const struct stack *st)
{
	return st->nth < d->stacks.nr && d->stacks.stack[st->nth] == st;
}

/* Stacks that last stay in the decoder until the end. */
static int add_event(struct stream *s, const struct item *it)
{
	struct rows *rows = s->arg;
	const struct event *e = it->event;
	char id[16];

	if (it->type != ITEM_EVENT ||
	    (rows->has_only && !tally_is_of(&rows->t, e, &rows->only)))
		return 0;
	rows->total++;
	if (e->stack && is_lasting(&s->dec, e->stack)) {
		struct tally *one = tally_of_event(&rows->t, e);

		one->c.count++;
		e->stack->named = e->reason != &s->dec.unnamed ? e->reason : NULL;
		snprintf(id, sizeof(id), "%u", e->stack->nth);
		tally_pair(&rows->t, one, id, 1);
	} else if (e->stack && e->stack->flags & WHYDROP_STACK_TRANSIENT) {
		add_transient(rows, e);
	} else {
		rows->without++;
	}
	return 0;
}

static void name_row(struct rows *rows, struct row *row, struct reason *r)
{
	const struct tally *kept;

	row->label = r->label;
	row->name = r->name;
	row->subsys = reason_subsys(r);
	row->class = drop_class(r, row->stack);
	if (r != &rows->s.dec.unnamed)
		return;
	kept = tally_get(&rows->unnamed, r->label);
	row->label = kept->key;
	row->name = row->label;
}

static int gather_from_events(struct rows *rows, struct request *rq, bool grouped)
{
	struct stream *s = &rows->s;
	const struct tally *one;
	struct stack *st;
	const struct pair *p;
	struct row *row;
	int err;
	size_t i;

	*s = (struct stream){
		.rq = rq,
		.item = add_event,
		.arg = rows,
		.history = true,
		.no_limit = true,
		.quiet = true,
		.no_filter_note = rows->has_only,
	};
	/* Beside another stream only one group is wanted. */
	if (rq->two_streams)
		rows->t.bytes_max = TALLY_BYTES / 4;
	rows->t.by = grouped || rows->has_only ? rows->only_by : BY_NR;
	rows->t.names = rq->names;
	err = stream_run(s);
	rows->without += rows->t.rest.count;
	rows->of = rows->total;
	for (i = 0; (one = hash_next(&rows->t.keys, &i));) {
		rows->without += one->unpaired;
		for (p = one->pairs; p; p = p->next) {
			st = *p->what == PLACE_MARK ? make_place(rows, p->what) :
			     s->dec.stacks.stack[strtoul(p->what, NULL, 10)];
			row = add_row(rows);
			row->key = grouped ? one->key : "";
			row->netns = grouped ? one->netns : 0;
			row->host = grouped ? one->host : "";
			row->netns_name = grouped ? tally_netns_name(&rows->t, one->key, one->netns) : NULL;
			row->stack = st;
			row->count = p->count;
			name_row(rows, row, st->named ? st->named : decoder_reason(&s->dec, st->reason));
		}
	}
	return err;
}

static int by_group(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	if (!order)
		order = (x->netns > y->netns) - (x->netns < y->netns);
	return order ? order : strcmp(x->host, y->host);
}

static int by_count(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = 0;

	if (x->group_count != y->group_count)
		return x->group_count < y->group_count ? 1 : -1;
	order = by_group(x, y);
	if (order)
		return order;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	order = strcmp(x->stack->place->text, y->stack->place->text);
	return order ? order : (x->stack->nth > y->stack->nth) - (x->stack->nth < y->stack->nth);
}

static void sort_rows(struct rows *rows)
{
	size_t i, first = 0;
	uint64_t sum = 0;

	if (!rows->nr)
		return;
	qsort(rows->row, rows->nr, sizeof(*rows->row), by_group);
	for (i = 0; i <= rows->nr; i++) {
		if (i == rows->nr || by_group(&rows->row[first], &rows->row[i])) {
			for (; first < i; first++)
				rows->row[first].group_count = sum;
			sum = 0;
		}
		if (i < rows->nr)
			sum += rows->row[i].count;
	}
	qsort(rows->row, rows->nr, sizeof(*rows->row), by_count);
}

int rows_gather(struct rows *rows, struct request *rq, enum by by, bool grouped,
		const struct group *only)
{
	int err;

	memset(rows, 0, sizeof(*rows));
	rows->rq = rq;
	rows->s.src.fd = -1;
	rows->only_by = by;
	if (only) {
		rows->has_only = true;
		rows->only = (struct tally_key){ only->key, only->host, only->netns };
	}
	if (rows_exact(rq, by))
		err = gather_from_table(rows, rq, grouped);
	else
		err = gather_from_events(rows, rq, grouped);
	sort_rows(rows);
	return err;
}

void rows_free(struct rows *rows)
{
	while (rows->places)
		free(rows->place[--rows->places]);
	free(rows->place);
	free(rows->row);
	table_free(&rows->table);
	tallies_free(&rows->t);
	tallies_free(&rows->unnamed);
	stream_free(&rows->s);
}
