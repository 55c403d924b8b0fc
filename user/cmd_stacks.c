// SPDX-License-Identifier: GPL-2.0-only
/* stacks: where in the kernel, with counts. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

/* What is shown: from the module's exact table, or from events. */
struct row {
	uint64_t count;
	const char *label, *name, *subsys;
	const struct stack *stack;
};

struct rows {
	struct row *row;
	size_t nr, room;
	uint64_t total, without;
};

static struct row *add_row(struct rows *rows)
{
	rows->row = grow(rows->row, rows->nr, &rows->room, sizeof(*rows->row));
	return memset(&rows->row[rows->nr++], 0, sizeof(*rows->row));
}

static int by_count(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->stack->place->text, y->stack->place->text);
}

static void show_text(struct options *opt, const struct row *r)
{
	const struct stack *st = r->stack;
	struct out *o = opt->out;
	char flags[96];

	out_fmt(o, "%8llu ", (unsigned long long)r->count);
	out_colour(o, COLOUR_BAD);
	out_text(o, r->label, strlen(r->label));
	out_colour(o, COLOUR_OFF);
	out_str(o, " @ ");
	out_colour(o, COLOUR_PLACE);
	out_text(o, st->place->text, st->place->len);
	out_colour(o, COLOUR_OFF);
	text_stack_flags(flags, sizeof(flags), st->flags);
	if (*flags)
		out_fmt(o, " ; %s", flags);
	out_chr(o, '\n');
	if (!(st->flags & WHYDROP_STACK_PLACE_ONLY))
		text_frames(o, st, 16);
	out_chr(o, '\n');
}

static void show_json(struct options *opt, const struct row *r)
{
	const struct stack *st = r->stack;
	struct out *o = opt->out;
	char flags[96];

	text_stack_flags(flags, sizeof(flags), st->flags);
	out_str(o, "{\"type\":\"stack\"");
	out_json_str(o, "reason", r->name);
	out_json_str(o, "subsys", r->subsys);
	out_json_u64(o, "count", r->count);
	out_json_key(o, "at");
	out_json(o, st->place->text, st->place->len);
	out_json_key(o, "stack");
	if (st->nr && !(st->flags & WHYDROP_STACK_PLACE_ONLY))
		json_frames(o, st->frame, st->nr);
	else
		out_str(o, "null");
	out_json_key(o, "lines");
	if (opt->fmt.lines && st->nr && !(st->flags & WHYDROP_STACK_PLACE_ONLY))
		json_lines(o, st->frame, st->nr);
	else
		out_str(o, "null");
	out_json_str(o, "stack_flags", *flags ? flags : NULL);
	out_str(o, "}\n");
}

static void show(struct options *opt, struct rows *rows)
{
	size_t i;

	if (rows->nr)
		qsort(rows->row, rows->nr, sizeof(*rows->row), by_count);
	for (i = 0; i < rows->nr && i < opt->limit; i++) {
		if (opt->json)
			show_json(opt, &rows->row[i]);
		else
			show_text(opt, &rows->row[i]);
	}
	out_flush(opt->out);
	note("%llu drop%s at %zu stack%s", (unsigned long long)rows->total,
	     rows->total == 1 ? "" : "s", rows->nr, rows->nr == 1 ? "" : "s");
	if (rows->without)
		note("%llu more whose stack is not in the table",
		     (unsigned long long)rows->without);
}

/* Count in the decoder's own structs; they stay until the end. */
static int add_event(struct stream *s, const struct item *it)
{
	struct rows *rows = s->arg;

	if (it->type != ITEM_EVENT)
		return 0;
	rows->total++;
	if (it->event->stack && !(it->event->stack->flags & WHYDROP_STACK_TRANSIENT))
		it->event->stack->count++;
	else
		rows->without++;
	return 0;
}

static int from_events(struct options *opt, struct rows *rows, struct stream *s)
{
	const struct reason *reason;
	size_t i;
	int err;

	*s = (struct stream){
		.opt = opt,
		.item = add_event,
		.arg = rows,
		.history = true,
		.to_the_end = true,
		.quiet = true,
	};
	if (!opt->file)
		note("counted from the events still in the ring, not since load");
	err = stream_run(s);
	for (i = 0; i < s->dec.stacks.room; i++) {
		const struct stack *st = s->dec.stacks.slot[i].val;
		struct row *row;

		if (!st || !st->count)
			continue;
		row = add_row(rows);
		row->stack = st;
		row->count = st->count;
		reason = map_get(&s->dec.reasons, st->reason);
		row->label = reason ? reason->label : "UNKNOWN";
		row->name = reason ? reason->name : "UNKNOWN";
		row->subsys = reason ? reason->subsys : NULL;
	}
	stream_say_lost(s);
	return err;
}

int cmd_stacks(struct options *opt)
{
	struct stack_table table = { 0 };
	struct rows rows = { 0 };
	struct stream s = { .src.fd = -1 };
	size_t i;
	int err;

	if (opt->file || select_needs_events(&opt->sel)) {
		err = from_events(opt, &rows, &s);
	} else {
		err = table_check_reasons(opt);
		if (!err)
			err = table_stacks(opt, &table);
		for (i = 0; !err && i < table.nr; i++) {
			struct stack_row *from = &table.row[i];
			struct row *row;

			if (!row_selected(opt, from))
				continue;
			row = add_row(&rows);
			row->stack = from->stack;
			row->count = from->count;
			row->label = from->reason.label;
			row->name = from->reason.name;
			row->subsys = from->reason.subsys;
			rows.total += row->count;
		}
		select_say_unjudged(&opt->sel);
	}
	if (!err || (err == EXIT_FAILED && rows.nr))
		show(opt, &rows);
	err = err ? err : shown_code(opt, rows.total);
	free(rows.row);
	table_stacks_free(&table);
	stream_free(&s);
	return err;
}
