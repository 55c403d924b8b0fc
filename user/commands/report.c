// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop report': drops as a page for a browser, one file that has all in it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "commands/page.h"
#include "commands/report_data.h"

#ifdef HAVE_PAGE
/* All that JSON has of an event and that is no list: stacks are told once. */
static void choose_members(struct fmt *f)
{
	size_t i;

	f->data = true;
	f->nr_members = 0;
	for (i = 0; i < nr_fields; i++)
		if (fields[i].kind != KIND_LIST && fields[i].kind != KIND_LINES &&
		    strcmp(fields[i].key, "current") && strcmp(fields[i].key, "host"))
			f->member[f->nr_members++] = &fields[i];
}

static int add_item(struct stream *s, const struct item *it)
{
	struct report *r = s->arg;
	const struct cube_row *row;

	if (it->type == ITEM_HEADER)
		r->cube.boot = NULL;
	if (it->type != ITEM_EVENT)
		return 0;
	if (!r->cube.boot)
		cube_boot(&r->cube, &s->dec);
	row = cube_add(&r->cube, &s->dec, it->event);
	if (pick_wants(&r->picker, row)) {
		r->piece.nr = 0;
		json_event(&r->fmt, it->event);
		/* Without the line feed. */
		pick_keep(&r->picker, row, r->cube.events, r->piece.buf, r->piece.nr - 1);
		r->piece.nr = 0;
	}
	return 0;
}

static int write_page(struct report *r, struct output *to, const struct page *page)
{
	struct out *o = need(malloc(sizeof(*o)));
	int err;

	out_init(o, to->fd, COLOR_NEVER);
	out_mem(o, page->head, page->head_len);
	report_data(r, o);
	out_mem(o, page->tail, page->tail_len);
	out_flush(o);
	if (r->piece.err && !o->err)
		o->err = r->piece.err;
	/* Half of a page is none, and what there was stays. */
	if (o->err)
		output_truncate(to, 0);
	else if (output_rename(to))
		o->err = EIO;
	err = output_close(to, o->err);
	if (!err)
		note("%llu drop%s in %s, %llu bytes", (unsigned long long)r->cube.events,
		     r->cube.events == 1 ? "" : "s", to->name, (unsigned long long)o->flushed);
	if (!err)
		output_hint_owner(to);
	free(o);
	return err;
}

static void report_free(struct report *r)
{
	picker_free(&r->picker);
	cube_free(&r->cube);
	if (r->has_counts)
		module_reasons_free(&r->counts);
	free(r);
}

int cmd_report(struct options *opt)
{
	struct report *r;
	struct stream s = {
		.rq = &opt->rq,
		.item = add_item,
		.history = true,
		.no_limit = true,
		.quiet = true,
	};
	struct output to;
	struct page page;
	int err;

	if (!opt->write) {
		complain("no output file: -w FILE is missing");
		hint("whydrop report -w drops.html, or with a recording: -f drops.wd");
		return EXIT_USAGE;
	}
	page_get(&page);
	r = s.arg = need(calloc(1, sizeof(*r)));
	r->opt = opt;
	out_init(&r->piece, -1, COLOR_NEVER);
	fmt_init(&r->fmt, &r->piece);
	r->fmt.names = r->cube.names = opt->rq.names;
	choose_members(&r->fmt);
	/* No file is made, or emptied, if there is nothing to read. */
	err = stream_open(&s) ?: output_open(&to, opt->write, opt->rq.file, "a report");
	if (err) {
		stream_free(&s);
		report_free(r);
		return err;
	}
	do {
		err = stream_walk(&s) ?: err;
	} while (stream_next(&s));
	if (err && (err != EXIT_FAILED || !r->cube.events)) {
		output_discard(&to);
		goto out;
	}
	r->has_counts = !opt->rq.file && !module_reasons(&opt->rq, &r->counts);
	loss_of_stream(&r->loss, &s);
	if (write_page(r, &to, &page) && !err)
		err = EXIT_FAILED;
	section_end(opt, &r->loss, true);
	err = err ? err : exit_code_for(opt, r->cube.events);
out:
	report_free(r);
	stream_free(&s);
	return err;
}
#else
int cmd_report(struct options *opt)
{
	(void)opt;
	complain("this program was built without the page of reports (PAGE=0)");
	hint("record here: whydrop record -w drops.wd; report elsewhere: -f drops.wd");
	return EXIT_USAGE;
}
#endif
