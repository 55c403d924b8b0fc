// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop stacks': where in the kernel packets are dropped, with counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "format/folded.h"
#include "select/unmatched.h"

static void show_json(const struct options *opt, const struct row *r, enum by by, bool grouped)
{
	const struct stack *st = r->stack;
	struct out *o = opt->out;
	char flags[160];

	stack_flags_text(flags, sizeof(flags), st->flags);
	out_str(o, "{\"type\":\"stack\"");
	out_json_str(o, "reason", r->name);
	out_json_str(o, "subsys", r->subsys);
	out_json_u64(o, "count", r->count);
	if (grouped && (by == BY_DEV || by == BY_COMM || by == BY_FLOW || by == BY_PROC ||
			by == BY_HOST))
		out_json_str(o, by_what[by].name, *r->key ? r->key : NULL);
	if (grouped && (by == BY_DEV || by == BY_NETNS)) {
		out_json_or_null(o, "netns", r->netns);
		out_json_str(o, "netns_name", r->netns_name);
		if (*r->host)
			out_json_str(o, "host", r->host);
	}
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
	out_json_str(o, "class", r->class->name);
	out_json_str(o, "intent", intent_word(r->class->intent));
	out_str(o, "}\n");
}

static void show_group(struct out *o, const struct row *r, enum by by, uint64_t total)
{
	char netns[VIEW_KEY_ROOM];

	out_color(o, COLOR_FAINT);
	out_fmt(o, "# %s ", by_what[by].name);
	view_netns_of(netns, r->netns, r->netns_name, r->host);
	if (by == BY_NETNS)
		out_text(o, netns, strlen(netns));
	else
		out_text(o, *r->key ? r->key : "-", MAX(strlen(r->key), 1));
	if (by == BY_DEV && (r->netns || *r->host)) {
		out_str(o, " of namespace ");
		out_text(o, netns, strlen(netns));
	}
	out_fmt(o, ": %llu drop%s, %.1f%%", (unsigned long long)r->group_count,
		r->group_count == 1 ? "" : "s", 100.0 * r->group_count / total);
	out_color(o, COLOR_OFF);
	out_str(o, "\n\n");
}

static void show_rows(struct options *opt, const struct rows *rows, enum by by, bool grouped)
{
	struct out *o = opt->out;
	size_t i, shown = 0;
	bool cut = false;

	for (i = 0; i < rows->nr && !opt->folded; i++) {
		const struct row *r = &rows->row[i];
		bool first = !i || strcmp(r->key, r[-1].key) || r->netns != r[-1].netns ||
			     strcmp(r->host, r[-1].host);

		shown = first ? 0 : shown + 1;
		if (shown >= opt->rq.limit)
			continue;
		if (opt->json) {
			show_json(opt, r, by, grouped);
			continue;
		}
		if (first && grouped)
			show_group(o, r, by, rows->total);
		view_row(o, r);
		cut |= r->stack->flags & WHYDROP_STACK_CUT;
	}
	if (opt->folded)
		folded_rows(o, rows, grouped, by, opt->rq.limit);
	out_flush(o);
	note("%llu drop%s at %zu stack%s", (unsigned long long)rows->total,
	     rows->total == 1 ? "" : "s", rows->nr, rows->nr == 1 ? "" : "s");
	/* The most frequent remark; the man page has all. */
	if (cut)
		note("cut: the outermost frames are missing, see stack_depth");
	if (rows->without)
		note("%llu more without a stack that is known",
		     (unsigned long long)rows->without);
	if (rows->by_place)
		note("%llu of %llu drops are counted by place only: too many stacks, see max_stacks",
		     (unsigned long long)rows->by_place, (unsigned long long)rows->of);
}

int cmd_stacks(struct options *opt)
{
	int by = by_parse(opt->by), err;
	struct rows rows;
	struct loss l;
	size_t i;

	if (by < 0)
		return EXIT_USAGE;
	if (opt->folded && opt->json) {
		complain("--folded and --json exclude each other");
		return EXIT_USAGE;
	}
	if (!opt->rq.file && !rows_exact(&opt->rq, by))
		note("counted from the events still in the rings, not since load");
	err = rows_gather(&rows, &opt->rq, by, opt->by, NULL);
	for (i = 0; opt->lines && i < rows.nr; i++)
		lines_of_stack(opt->lines, opt->rq.file ? &rows.s.dec : NULL, rows.row[i].stack);
	loss_of_rows(&l, &rows, by);
	if (!err || (err == EXIT_FAILED && rows.nr)) {
		section_begin(opt, &rows.s.dec);
		show_rows(opt, &rows, by, opt->by);
		section_end(opt, &l, true);
	} else {
		loss_free(&l);
	}
	err = err ? err : exit_code_for(opt, rows.total);
	rows_free(&rows);
	return err;
}
