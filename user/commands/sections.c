// SPDX-License-Identifier: GPL-2.0-only
/* Shows the recordings of several boots one after the other, each with its name. */
#include <string.h>

#include "base/stop.h"
#include "commands/command.h"
#include "select/unmatched.h"

static void show_meta(struct out *o, const char *word, const char *text)
{
	out_str(o, word);
	out_text(o, text ? text : "?", text ? strlen(text) : 1);
}

void section_begin(struct options *opt, const struct decoder *d)
{
	struct out *o = opt->out;

	if (!opt->rq.file || !d->started)
		return;
	if (opt->json) {
		opt->nr_sections++;
		json_meta(&opt->fmt, d);
		return;
	}
	if (!opt->rq.in.several)
		return;
	if (opt->folded) {
		/* Each line of that is a stack. */
		note("of %s:", decoder_meta(d, "node") ?: "an unknown host");
		return;
	}
	if (opt->nr_sections++)
		out_chr(o, '\n');
	out_color(o, COLOR_FAINT);
	show_meta(o, "# host ", decoder_meta(d, "node"));
	show_meta(o, ", kernel ", decoder_meta(d, "kernel"));
	show_meta(o, ", boot ", decoder_meta(d, "boot_id"));
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
}

void section_end(struct options *opt, struct loss *l, bool history)
{
	if (opt->json)
		loss_json(opt->out, &opt->fmt.labels, l);
	out_flush(opt->out);
	loss_report(l, history);
	unmatched_report(&opt->rq.sel);
	loss_free(l);
}

static bool is_one_of(const struct options *opt, const char *words)
{
	return match_words(words, opt->cmd->name, false);
}

void sections_names(struct options *opt)
{
	const struct fmt *f = &opt->fmt;
	bool events = is_one_of(opt, "watch list") && opt->json && !f->chosen;
	bool shows = events || f->verbose || is_one_of(opt, "top record pcap report explain alarm") ||
		     (opt->by && match_words("netns dev", opt->by, false));
	bool socks = events || f->verbose || is_one_of(opt, "top record report explain alarm") ||
		     (opt->by && !strcmp(opt->by, "proc"));
	size_t i;

	for (i = 0; i < f->nr_chosen; i++) {
		shows |= f->chosen[i] == field_find("netns_name");
		socks |= f->chosen[i] == field_find("sock.proc");
	}
	opt->rq.needs_names = (shows ? NAMES_NETNS : 0) | (socks ? NAMES_SOCKETS : 0);
}

/* A failure before all, then that something matched. */
static int worse_code(int x, int y)
{
	return x == EXIT_OK || (x == EXIT_MATCHED && y != EXIT_OK) ? y : x;
}

int sections_run(struct options *opt)
{
	struct selection *sel = &opt->rq.sel;
	struct inputs *in = &opt->rq.in;
	const char *missing;
	int err, all = EXIT_OK;

	do {
		sel->hidden = sel->too_short = sel->no_header = 0;
		err = opt->cmd->run(opt);
		all = worse_code(all, err);
	} while (err != EXIT_USAGE && !opt->enough && !opt->out->err && !stop_signal() &&
		 inputs_next(in));
	/* That one kernel does not have it is no mistake; but one of them has to. */
	missing = select_missing_reason(sel);
	if (!missing)
		missing = select_missing_reason(&opt->asked);
	if (in->several && err != EXIT_USAGE && !opt->enough && missing) {
		complain("no drop reason of these recordings matches `%s'", missing);
		all = EXIT_USAGE;
	}
	return in->failed ? worse_code(EXIT_FAILED, all) : all;
}
