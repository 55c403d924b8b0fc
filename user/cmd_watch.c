// SPDX-License-Identifier: GPL-2.0-only
/* watch: drops as they happen. list: those still in the ring. */
#include "cmd.h"

static int show(struct stream *s, const struct item *it)
{
	struct options *opt = s->opt;

	switch (it->type) {
	case ITEM_HEADER:
		if (s->src.live && !opt->json)
			text_header(&opt->fmt);
		break;
	case ITEM_EVENT:
		if (opt->json) {
			json_event(&opt->fmt, it->event);
			break;
		}
		if (!s->src.live && s->shown == 1)
			text_header(&opt->fmt);
		text_event(&opt->fmt, it->event);
		break;
	case ITEM_META:
		if (opt->json)
			json_meta(&opt->fmt, &s->dec);
		break;
	case ITEM_LOST:
		if (opt->json)
			json_lost(&opt->fmt, it);
		break;
	default:
		break;
	}
	return 0;
}

static int run(struct options *opt, bool follow, bool history)
{
	struct stream s = {
		.opt = opt, .item = show, .follow = follow, .history = history,
		.quiet = opt->json,
	};
	int err;

	opt->fmt.narrow = opt->out->columns && opt->out->columns < 120;
	err = stream_run(&s);
	out_flush(opt->out);
	if (!err || err == EXIT_FAILED) {
		if (s.refused)
			note("%llu shown, %llu not selected",
			     (unsigned long long)s.shown,
			     (unsigned long long)s.refused);
		else
			note("%llu shown", (unsigned long long)s.shown);
		stream_say_lost(&s);
	}
	err = err ? err : shown_code(opt, s.shown);
	stream_free(&s);
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
