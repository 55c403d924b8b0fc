// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop watch' and `whydrop list': drops as they happen, drops still in the rings. */
#include "commands/command.h"
#include "explain/explain.h"

struct watch {
	struct options *opt;
	bool has_meta;			/* json_meta() was written */
	struct reason *most;		/* the most frequent so far */
};

/* Once all records have been read that may describe the host. */
static void meta_once(struct stream *s)
{
	struct watch *w = s->arg;

	if (w->has_meta)
		return;
	labels_set_host(&w->opt->fmt.labels, &s->dec);
	if (w->opt->json && s->src.live && s->dec.started)
		json_meta(&w->opt->fmt, &s->dec);
	else
		section_begin(w->opt, &s->dec);
	w->has_meta = true;
}

static int show(struct stream *s, const struct item *it)
{
	struct watch *w = s->arg;
	struct options *opt = w->opt;
	struct reason *r;

	if (it->type == ITEM_HEADER && s->src.live && !opt->json)
		text_header(&opt->fmt);
	if (it->type != ITEM_HEADER && it->type != ITEM_META)
		meta_once(s);
	if (it->type == ITEM_STACK && opt->lines)
		lines_of_stack(opt->lines, &s->dec, it->stack);
	if (it->type == ITEM_LOST && opt->json)
		json_lost(&opt->fmt, it);
	if (it->type != ITEM_EVENT)
		return 0;
	r = it->event->reason;
	r->count++;
	if (!w->most || r->count > w->most->count)
		w->most = r;
	if (opt->json) {
		json_event(&opt->fmt, it->event);
		return 0;
	}
	if (!s->src.live && s->shown == 1)
		text_header(&opt->fmt);
	text_event(&opt->fmt, it->event);
	return 0;
}

static int run(struct options *opt, bool follow, bool history)
{
	struct watch w = { .opt = opt };
	struct resume resume;
	struct stream s = {
		.rq = &opt->rq,
		.item = show,
		.follow = follow,
		.history = history,
		.quiet = opt->json,
		.arg = &w,
	};
	bool opened;
	struct loss l;
	int err;

	opt->fmt.narrow = opt->out->columns && opt->out->columns < 120;
	if (opt->cursor) {
		err = resume_init(&resume, opt->cursor, opt->out);
		if (err) {
			resume_free(&resume);
			return err;
		}
		resume.history = history;
		s.resume = &resume;
	}
	err = stream_open(&s);
	opened = !err;
	if (opened) {
		if (follow)
			stream_announce(&s, "watching for drops", "");
		err = stream_walk(&s);
	}
	meta_once(&s);
	out_flush(opt->out);
	if (opt->cursor && opened)
		resume_save(&resume, s.src.drained);
	if (opened && (!err || (err == EXIT_FAILED && s.dec.started))) {
		const char *stop = opt->rq.sel.unread ? ", then -c stopped" : "";

		if (s.skipped)
			note("%llu shown%s, %llu%s not selected", (unsigned long long)s.shown, stop,
			     (unsigned long long)s.skipped, *stop ? " before that" : "");
		else
			note("%llu shown%s", (unsigned long long)s.shown, stop);
		loss_of_stream(&l, &s);
		section_end(opt, &l, s.history);
		if (w.most)
			explain_hint(opt, w.most->label);
	}
	if (opt->rq.limit != UINT64_MAX)
		opt->rq.limit -= s.shown;
	opt->enough = !opt->rq.limit;
	err = err ? err : exit_code_for(opt, s.shown);
	stream_free(&s);
	if (opt->cursor && resume_free(&resume) && !err)
		err = EXIT_FAILED;
	return err;
}

int cmd_watch(struct options *opt)
{
	return run(opt, true, opt->history);
}

int cmd_list(struct options *opt)
{
	return run(opt, false, true);
}
