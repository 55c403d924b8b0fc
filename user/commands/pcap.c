// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop pcap': drops as packets of a pcapng file, or of a pipe into Wireshark. */
#include <errno.h>
#include <stdlib.h>

#include "commands/command.h"
#include "base/output.h"
#include "format/pcapng.h"

struct capture {
	struct lines	*lines;		/* -l */
	struct output	to;
	struct out	out;
	struct pcapng	pcapng;
	bool		begun;
	unsigned int	max_frames;
	size_t		nr_interfaces;	/* of the sections before */
};

/* Once all records have been read that may describe the host. */
static void begin_section(struct stream *s)
{
	struct capture *c = s->arg;

	if (!c->begun)
		pcapng_section(&c->pcapng, &s->dec);
	c->begun = true;
}

/* From the first block on, it can be read by others, too. */
static void rename_output(struct capture *c)
{
	if (c->out.flushed && !c->out.err && output_rename(&c->to))
		c->out.err = EIO;
}

static int save_item(struct stream *s, const struct item *it)
{
	struct capture *c = s->arg;

	if (it->type != ITEM_HEADER && it->type != ITEM_META)
		begin_section(s);
	if (it->type == ITEM_STACK && c->lines)
		lines_of_stack(c->lines, &s->dec, it->stack);
	if (it->type == ITEM_LOST)
		pcapng_lost(&c->pcapng, it);
	if (it->type == ITEM_EVENT)
		pcapng_event(&c->pcapng, it->event);
	rename_output(c);
	return c->out.err ? 1 : 0;
}

/* Whoever reads the pipe gets what there is, losses too. */
static int before_wait(struct stream *s)
{
	struct capture *c = s->arg;

	if (c->pcapng.stale)
		pcapng_statistics(&c->pcapng, false);
	out_flush(&c->out);
	rename_output(c);
	return c->out.err ? 1 : 0;
}

/* A section of its own, with its own interfaces. */
static bool begin_next_boot(struct stream *s)
{
	struct capture *c = s->arg;

	if (!stream_next(s))
		return false;
	c->nr_interfaces += c->pcapng.nr;
	pcapng_free(&c->pcapng);
	pcapng_init(&c->pcapng, &c->out, s->rq->names);
	c->pcapng.max_frames = c->max_frames;
	c->begun = false;
	return true;
}

int cmd_pcap(struct options *opt)
{
	struct capture *c;
	struct stream s = {
		.rq = &opt->rq,
		.item = save_item,
		.before_wait = before_wait,
		.follow = true,
		.history = !opt->only_new,
		.only_new = opt->only_new,
	};
	struct loss l;
	int err;

	if (!opt->write) {
		complain("no output file: -w FILE is missing");
		hint("whydrop pcap -w drops.pcapng; or whydrop pcap -w - | wireshark -k -i -");
		return EXIT_USAGE;
	}
	c = s.arg = need(calloc(1, sizeof(*c)));
	c->lines = opt->lines;
	c->max_frames = opt->max_frames;
	/* No file is made, or emptied, if there is nothing to read. */
	err = stream_open(&s);
	if (!err)
		err = output_open(&c->to, opt->write, opt->rq.file, "a pcapng file");
	if (err) {
		stream_free(&s);
		free(c);
		return err;
	}
	out_init(&c->out, c->to.fd, COLOR_NEVER);
	pcapng_init(&c->pcapng, &c->out, opt->rq.names);
	c->pcapng.max_frames = c->max_frames;
	stream_announce(&s, "writing drops to ", c->to.name);
	do {
		err = stream_walk(&s) ?: err;
		if (s.dec.started) {
			begin_section(&s);
			pcapng_statistics(&c->pcapng, true);
		}
	} while (!c->out.err && s.shown < opt->rq.limit && begin_next_boot(&s));
	out_flush(&c->out);
	rename_output(c);
	if (err == EXIT_FAILED && !s.dec.started && !c->out.flushed) {
		output_discard(&c->to);
		goto out;
	}
	if (c->out.err)
		output_truncate(&c->to, c->out.flushed);
	if (output_close(&c->to, c->out.err) && !err)
		err = EXIT_FAILED;
	if (!err || err == EXIT_FAILED) {
		size_t nr = c->nr_interfaces + c->pcapng.nr;

		if (!c->out.err)
			note("%llu packets of %zu interface%s, %llu bytes saved in %s",
			     (unsigned long long)s.shown, nr, nr == 1 ? "" : "s",
			     (unsigned long long)c->out.flushed, c->to.name);
		if (!c->out.err && pcapng_mixed(&c->pcapng))
			hint("of several link types, which Wireshark reads; tcpdump ends at the second");
		if (s.skipped)
			note("%llu events not selected, not saved", (unsigned long long)s.skipped);
		output_hint_owner(&c->to);
		loss_of_stream(&l, &s);
		section_end(opt, &l, s.history);
	}
	err = err ? err : exit_code_for(opt, s.shown);
out:
	pcapng_free(&c->pcapng);
	stream_free(&s);
	free(c);
	return err;
}
