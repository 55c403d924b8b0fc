// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop reasons' and `whydrop fields': all reasons of this kernel, all fields of an event. */
#include <string.h>

#include "commands/command.h"
#include "known/class.h"

static void show_reason(struct options *opt, const struct reason *r)
{
	struct out *o = opt->out;
	int used;

	if (opt->json) {
		out_str(o, "{\"type\":\"reason\"");
		out_json_str(o, "name", r->name);
		out_json_str(o, "subsys", reason_subsys(r));
		out_json_known(o, "reason_id", r->id, r->id != WHYDROP_NO_REASON);
		out_json_u64(o, "count", r->count);
		/* In brackets it only says that there is none. */
		out_json_str(o, "description",
			     *r->description && *r->description != '(' ? r->description : NULL);
		out_json_str(o, "class", class_of(r->label)->name);
		out_json_str(o, "intent", intent_word(class_of(r->label)->intent));
		out_str(o, "}\n");
		return;
	}
	out_color(o, r->count ? COLOR_BAD : COLOR_OFF);
	used = 21 + out_column(o, r->label, 28);
	out_color(o, COLOR_OFF);
	out_fmt(o, r->id >> 16 ? " %#8x" : " %8u", r->id);
	out_fmt(o, " %10llu ", (unsigned long long)r->count);
	out_clip(o, r->description, used);
	out_chr(o, '\n');
}

static void show_header(struct options *opt)
{
	struct out *o = opt->out;

	if (opt->json || !opt->fmt.header)
		return;
	out_color(o, COLOR_FAINT);
	out_fmt(o, "%-28s %8s %10s %s", "# REASON", "NUMBER", "COUNT", "DESCRIPTION");
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
}

static int count_event(struct stream *s, const struct item *it)
{
	struct reason *r;

	if (it->type == ITEM_EVENT) {
		r = it->event->reason;
		if (r != &s->dec.unnamed)
			r->count++;
	}
	return 0;
}

static int show_all(struct options *opt, struct reason *const *all, size_t nr)
{
	size_t i, shown = 0;
	int err;

	for (i = 0; i < nr; i++)
		select_mark_reason(&opt->rq.sel, all[i]);
	err = opt->rq.in.several ? 0
				 : select_check_reasons(&opt->rq.sel, opt->rq.again, all, nr);
	if (err)
		return err;
	show_header(opt);
	for (i = 0; i < nr && shown < opt->rq.limit; i++) {
		if (!select_reason_match(&opt->rq.sel, all[i]) ||
		    !select_class_match(&opt->rq.sel, all[i], NULL, NULL, 0))
			continue;
		show_reason(opt, all[i]);
		shown++;
	}
	if (!reasons_are_named(all, nr))
		note("%s gives no reasons", opt->rq.file ? "the kernel of the recording" : "this kernel");
	return 0;
}

int cmd_reasons(struct options *opt)
{
	struct stream s = {
		.rq = &opt->rq,
		.item = count_event,
		.no_limit = true,
		.quiet = true,
		.src.fd = -1,
	};
	struct reason_table table;
	struct loss l;
	int err;

	if (opt->rq.file) {
		err = stream_run(&s);
		loss_of_stream(&l, &s);
		if (!err || err == EXIT_FAILED)
			section_begin(opt, &s.dec);
		if (!err)
			err = show_all(opt, s.dec.reason, s.dec.nr_reasons);
		else if (err == EXIT_FAILED && s.dec.started)
			show_all(opt, s.dec.reason, s.dec.nr_reasons);
		if (!err || err == EXIT_FAILED)
			section_end(opt, &l, true);
		loss_free(&l);
		stream_free(&s);
		return err;
	}
	err = module_reasons(&opt->rq, &table);
	if (!err) {
		err = show_all(opt, table.index, table.nr);
		loss_of_module(&l, &opt->rq, true);
		if (!err)
			section_end(opt, &l, true);
		loss_free(&l);
		module_reasons_free(&table);
	}
	return err;
}

int cmd_fields(struct options *opt)
{
	static const char *const kinds[] = {
		[KIND_NUMBER] = "number",
		[KIND_STRING] = "string",
		[KIND_BOOL] = "bool",
		[KIND_LIST] = "list",
		[KIND_LINES] = "list",
		[KIND_INNER] = "object",
		[KIND_PROC] = "object",
	};
	struct out *o = opt->out;
	size_t i;

	if (!opt->json && opt->fmt.header) {
		out_color(o, COLOR_FAINT);
		out_fmt(o, "%-12s %-7s %s", "# FIELD", "TYPE", "MEANING");
		out_color(o, COLOR_OFF);
		out_chr(o, '\n');
	}
	for (i = 0; i < nr_fields; i++) {
		const struct field *fl = &fields[i];

		if (!opt->json) {
			out_fmt(o, "%-12s %-7s %s\n", fl->key, kinds[fl->kind], fl->meaning);
			continue;
		}
		out_str(o, "{\"type\":\"field\"");
		out_json_str(o, "name", fl->key);
		out_json_str(o, "kind", kinds[fl->kind]);
		out_json_str(o, "meaning", fl->meaning);
		out_str(o, "}\n");
	}
	return 0;
}
