// SPDX-License-Identifier: GPL-2.0-only
/* The walk over a stream that all commands share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "select/module.h"
#include "select/walk.h"
#include "stream/ids.h"

/* Why events are lost, and what helps: on this host, or with the next recording. */
static const char *lost_words(const struct stream *s, unsigned int cause)
{
	static const struct {
		const char *live, *recorded;
	} words[] = {
		[0] = { "for a reason that this program does not know", NULL },
		[WHYDROP_LOST_OVERWRITTEN] = {
			"the ring was overwritten before they were read; raise ring_kb or select less",
			"the ring was overwritten before they were recorded; a larger ring_kb avoids it" },
		[WHYDROP_LOST_HISTORY] = {
			"older than what the ring holds; raise ring_kb to keep more",
			"older than what the ring held when the recording began" },
		[WHYDROP_LOST_NMI] = { "dropped in NMI context, where nothing is recorded", NULL },
		[WHYDROP_LOST_NOBUF] = { "the CPU had no ring: no memory for it", NULL },
	};

	return s->src.live || !words[cause].recorded ? words[cause].live : words[cause].recorded;
}

/* Of a recording, so many are told where they are; after that, only the sum. */
#define LOSSES_TOLD 8

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* In a storm each read brings losses: live, a CPU's are told once a second. */
static void tell(const struct stream *s, struct loss *l, int64_t now)
{
	if (!l->untold || (s->src.live && l->told_ms && now - l->told_ms < 1000))
		return;
	out_flush(s->rq->out);
	note("lost %llu event%s on CPU %u: %s", (unsigned long long)l->untold, plural(l->untold),
	     l->cpu, lost_words(s, l->cause));
	l->untold = 0;
	l->told_ms = now;
}

static void tell_all(const struct stream *s)
{
	int64_t now = s->nr_loss ? now_ms() : 0;
	size_t i;

	for (i = 0; s->src.live && i < s->nr_loss; i++)
		tell(s, &s->loss[i], now);
}

static void lost(struct stream *s, const struct item *it)
{
	unsigned int cause = it->lost.cause < ARRAY_SIZE(s->lost) ? it->lost.cause : 0;
	struct loss *l;
	size_t i;

	s->lost[cause] += it->lost.count;
	/* What is only too old is said once, for all CPUs. */
	if (s->quiet || cause == WHYDROP_LOST_HISTORY)
		return;
	if (!s->src.live) {
		struct loss one = { .cpu = it->lost.cpu, .cause = cause,
				    .untold = it->lost.count };

		if (s->nr_loss < LOSSES_TOLD)
			tell(s, &one, 0);
		else if (s->nr_loss == LOSSES_TOLD)
			note("more losses follow; only their sum is shown, at the end");
		s->nr_loss += s->nr_loss <= LOSSES_TOLD;
		return;
	}
	for (i = 0; i < s->nr_loss; i++)
		if (s->loss[i].cpu == it->lost.cpu && s->loss[i].cause == cause)
			break;
	if (i == s->nr_loss) {
		s->loss = grow(s->loss, i, &s->loss_room, sizeof(*l));
		s->loss[i] = (struct loss){ .cpu = it->lost.cpu, .cause = cause };
		s->nr_loss++;
	}
	l = &s->loss[i];
	l->untold += it->lost.count;
	tell(s, l, now_ms());
}

void stream_say_lost(const struct stream *s)
{
	size_t i;

	select_say_unjudged(&s->rq->sel);
	for (i = 0; i < ARRAY_SIZE(s->lost); i++)
		if (s->lost[i] && (i != WHYDROP_LOST_HISTORY || s->history || !s->src.live))
			note("lost %llu event%s: %s", (unsigned long long)s->lost[i],
			     plural(s->lost[i]), lost_words(s, i));
}

static void set_ids(struct decoder *d)
{
	char boot[BOOT_ID_LEN], build[BUILD_ID_TEXT];

	if (read_boot_id(boot))
		decoder_set_meta(d, "boot_id", boot);
	if (read_build_id(build))
		decoder_set_meta(d, "build_id", build);
}

/* A number that no record gave a name to is one that can be asked for. */
static void know_unnamed(struct request *rq, const struct decoder *d, const struct event *e)
{
	if (e->reason == &d->unnamed)
		select_reason_known(&rq->sel, e->reason);
}

/* Learn the names that stand further behind; the walk itself has shown nothing yet. */
static void look_ahead(struct request *rq)
{
	struct source src;
	struct decoder dec;
	struct item it;
	long n = 1;

	if (source_open_file(&src, rq->file))
		return;
	decoder_init(&dec);
	while (n >= 0 && select_reason_unknown(&rq->sel) && source_more(&src) > 0) {
		while ((n = decoder_step(&dec, src.buf + src.start, src.end - src.start, &it)) > 0) {
			if (it.type == ITEM_REASON)
				select_reason_known(&rq->sel, it.reason);
			else if (it.type == ITEM_EVENT)
				know_unnamed(rq, &dec, it.event);
			src.start += n;
		}
	}
	decoder_free(&dec);
	source_close(&src);
}

/*
 * Does the recording have the reasons that were asked for? Most names stand
 * before the first event; those of a subsystem that came later, further behind.
 * What can be read only once is judged at its end.
 */
static int check_reasons(struct stream *s, bool end)
{
	struct selection *sel = &s->rq->sel;
	const char *unknown;

	if (s->checked || s->src.live)
		return 0;
	unknown = select_reason_unknown(sel);
	if (!end && unknown && (s->src.waits || !strcmp(s->rq->file, "-"))) {
		if (!s->warned)
			note("no drop reason so far matches `%s'", unknown);
		s->warned = true;
		return 0;
	}
	s->checked = true;
	if (!end && unknown)
		look_ahead(s->rq);
	return select_reason_check(sel, s->rq->again, s->dec.reason, s->dec.nr_reasons);
}

static int handle(struct stream *s, struct item *it)
{
	struct request *rq = s->rq;
	int err;

	switch (it->type) {
	case ITEM_REASON:
		select_reason_known(&rq->sel, it->reason);
		break;
	case ITEM_META:
		/* The module cannot know it; a recording may have it. */
		if (s->src.live)
			set_ids(&s->dec);
		break;
	case ITEM_EVENT:
		know_unnamed(rq, &s->dec, it->event);
		err = check_reasons(s, false);
		if (err)
			return -err;
		/* In a storm there is always more to read, but not of before. */
		if (s->src.live && s->src.deadline >= 0 &&
		    it->event->ev.mono_ns > (uint64_t)s->src.deadline * 1000000 + 999999)
			return 1;
		if (!select_event(&rq->sel, it->event)) {
			s->refused++;
			return 0;
		}
		if (!s->to_the_end && s->shown >= rq->limit)
			return 1;
		s->shown++;
		break;
	case ITEM_LOST:
		lost(s, it);
		break;
	default:
		break;
	}
	err = s->item(s, it);
	if (!err && it->type == ITEM_EVENT && !s->to_the_end && s->shown >= rq->limit)
		return 1;
	return err ? err : rq->out->err ? 1 : 0;
}

/* Why the bytes ended: @n is the last step's, @more of source_more(). */
static int walk_end(struct stream *s, long n, int more)
{
	if (n < 0 || (s->src.ended && !more && decoder_end(&s->dec, s->src.end - s->src.start))) {
		out_flush(s->rq->out);
		complain("%s: %s", s->src.name, s->dec.error);
		if (n == DECODE_ABI)
			hint(s->src.live ? "the module and this reader have different versions: install both from one source"
					 : "use the reader that came with the module that wrote it");
		return n == DECODE_ABI ? EXIT_SOURCE : EXIT_FAILED;
	}
	return more < 0 ? EXIT_FAILED : s->src.ended ? check_reasons(s, true) : EXIT_OK;
}

static int walk(struct stream *s)
{
	struct item it;
	int more, err;
	long n = 0;

	while ((more = source_more(&s->src)) > 0) {
		while ((n = decoder_step(&s->dec, s->src.buf + s->src.start,
					 s->src.end - s->src.start, &it)) > 0) {
			err = handle(s, &it);
			if (err)
				return err > 0 ? EXIT_OK : -err;
			s->src.start += n;
		}
		if (n < 0)
			break;
		if (source_drained(&s->src)) {
			out_flush(s->rq->out);
			tell_all(s);
			if (s->before_wait && s->before_wait(s))
				return EXIT_OK;
		}
		if (s->rq->out->err)
			return EXIT_OK;
	}
	return walk_end(s, n, more);
}

int stream_pump(struct stream *s, int64_t ms)
{
	int64_t end = now_ms() + ms;
	struct item it;
	int more = 1, err;
	long n = 0;

	/* No more than is there. */
	s->src.follow = !s->src.live;
	do {
		while (s->src.end > s->src.start &&
		       (n = decoder_step(&s->dec, s->src.buf + s->src.start,
					 s->src.end - s->src.start, &it)) > 0) {
			err = handle(s, &it);
			if (err < 0)
				return -err;
			s->src.start += n;
		}
		if (n < 0 || stop_signal() || s->src.ended || now_ms() >= end ||
		    (s->src.waits && source_drained(&s->src)))
			break;
		more = source_more(&s->src);
	} while (more > 0);
	return walk_end(s, n, more);
}

int stream_open(struct stream *s)
{
	struct request *rq = s->rq;
	int err;

	decoder_init(&s->dec);
	s->src.fd = -1;
	if (rq->file)
		return source_open_file(&s->src, rq->file);
	err = module_check_reasons(rq);
	if (err)
		return err;
	err = source_open_live(&s->src, rq->debugfs, s->history, s->follow);
	if (!err && !s->unsaid)
		module_say_hidden(rq);
	return err;
}

void stream_say_until(const struct stream *s, const char *what, const char *where)
{
	const struct request *rq = s->rq;
	char limit[48] = "";

	if (!s->src.live || rq->duration_ms >= 0)
		return;
	if (rq->limit != UINT64_MAX)
		snprintf(limit, sizeof(limit), " or %llu of them", (unsigned long long)rq->limit);
	note("%s%s until Ctrl-C%s", what, where, limit);
}

int stream_walk(struct stream *s)
{
	struct request *rq = s->rq;
	int64_t ms = rq->duration_ms;
	int err;

	/* What comes while it is read is not "still in the ring". */
	if (ms < 0 && s->src.live && !s->follow)
		ms = 0;
	if (ms >= 0)
		s->src.deadline = now_ms() + ms;
	stop_on_signals();
	if (rq->ready_fd >= 0) {
		if (write(rq->ready_fd, "\n", 1) != 1)
			note("cannot write to --ready-fd: nobody reads it");
		/* The next file that is opened would become stdout or stderr. */
		if (rq->ready_fd > STDERR_FILENO)
			close(rq->ready_fd);
		rq->ready_fd = -1;
	}
	err = walk(s);
	if (s->dec.forgets)
		note("too many different stacks to keep: some events are shown without theirs");
	return err;
}

int stream_run(struct stream *s)
{
	int err = stream_open(s);

	return err ? err : stream_walk(s);
}

void stream_free(struct stream *s)
{
	source_close(&s->src);
	decoder_free(&s->dec);
	free(s->loss);
}
