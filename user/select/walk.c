// SPDX-License-Identifier: GPL-2.0-only
/* Walks over a stream: the loop that all commands share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "select/module.h"
#include "select/unmatched.h"
#include "select/walk.h"
#include "stream/ids.h"
#include "stream/merge.h"

/* So many changes of the module's filters are reported where they are. */
#define CHANGES_REPORTED 8

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
	unknown = select_missing_reason(sel);
	if (!end && unknown && (s->src.may_block || !strcmp(s->src.name, "stdin"))) {
		if (!s->warned)
			note("no drop reason so far matches `%s'", unknown);
		s->warned = true;
		return 0;
	}
	s->checked = true;
	/* Of several hosts it is enough if one has them. */
	if (s->rq->in.several)
		return 0;
	if (!end && unknown)
		mark_reasons_ahead(s->rq);
	return select_check_reasons(sel, s->rq->again, s->dec.reason, s->dec.nr_reasons);
}

static int put_item(void *arg, const struct item *it)
{
	struct stream *s = arg;

	lost_add(&s->lost, it);
	return s->item(s, it);
}

/* Hand on a loss of @count events, as that of a record. */
static int put_lost(struct stream *s, unsigned int cpu, unsigned int cause, uint64_t count)
{
	bool swap = s->dec.swap;
	struct whydrop_lost rec = {
		.rec.size = swap ? __builtin_bswap32(sizeof(rec)) : sizeof(rec),
		.rec.type = swap ? __builtin_bswap16(WHYDROP_REC_LOST) : WHYDROP_REC_LOST,
		.rec.cpu = swap ? __builtin_bswap16(cpu) : cpu,
		.count = swap ? __builtin_bswap64(count) : count,
		.cause = swap ? __builtin_bswap32(cause) : cause,
	};
	struct item it = {
		.type = ITEM_LOST, .bytes = &rec, .size = sizeof(rec),
		.lost = { .host = decoder_host(&s->dec, cpu), .cpu = cpu, .cause = cause, .count = count },
	};

	return put_item(s, &it);
}

/* What was held back because an event could have shown that another one has them. */
static int put_held_lost(struct stream *s)
{
	unsigned int cpu = 0, cause;
	uint64_t left;
	int err = 0;

	while (!err && (left = cover_take_held(&s->cover, &cpu, &cause)))
		err = put_lost(s, cpu, cause, left);
	return err;
}

/* Is this another load of the module than the one before? Behind its META it shows. */
static int check_load(struct stream *s)
{
	const char *selected = decoder_meta(&s->dec, "selected");
	int err = 0;

	if (!s->headers)
		return 0;
	if (s->cover.load != s->dec.load)
		err = put_held_lost(s);
	for (; s->headers; s->headers--)
		cover_begin_piece(&s->cover, s->dec.load);
	s->cover.selective |= selected && *selected;
	return err;
}

/* 1: another recording had it; 0: none; else as handle_item(). */
static int check_cover(struct stream *s, const struct whydrop_event *ev)
{
	unsigned int piece = s->src.merge ? s->src.piece : s->cover.pieces - 1;
	struct cover_verdict v;
	int err = 0;

	cover_add_event(&s->cover, piece, ev->rec.cpu, ev->seq, &v);
	s->overlap_unknown |= s->cover.overflowed && s->cover.pieces > 1;
	s->first_ns = s->last_ns ? MIN(s->first_ns, ev->mono_ns) : ev->mono_ns;
	s->last_ns = MAX(s->last_ns, ev->mono_ns);
	if (v.lost)
		err = put_lost(s, ev->rec.cpu, v.cause, v.lost);
	if (!err && v.between)
		err = put_lost(s, ev->rec.cpu, WHYDROP_LOST_UNRECORDED, v.between);
	s->duplicates += v.duplicate;
	return err ? err : v.duplicate;
}

/* What a recording says of names; the module says nothing. */
static void learn_name(struct names *names, const struct item *it)
{
	if (it->name.kind == WHYDROP_NAME_NETNS && it->name.id)
		names_learn(names, it->name.id, it->name.name);
	else if (it->name.kind == WHYDROP_NAME_SOCKET && it->name.id && it->name.pid)
		names_learn_proc(names, it->name.id, it->name.pid, it->name.comm ?: "?",
				 it->name.unit);
}

static int handle_item(struct stream *s, struct item *it)
{
	struct request *rq = s->rq;
	int err;

	s->headers += it->type == ITEM_HEADER;
	if (it->type != ITEM_HEADER && it->type != ITEM_META && s->headers && !s->src.live) {
		err = check_load(s);
		if (err)
			return err;
	}
	switch (it->type) {
	case ITEM_REASON:
		select_mark_reason(&rq->sel, it->reason);
		break;
	case ITEM_META:
		/* The module cannot know it; a recording may have it. */
		if (s->src.live)
			decoder_set_ids(&s->dec);
		break;
	case ITEM_STACK:
		if (s->dec.stacks.unnamed)
			module_report_nameless(rq);
		break;
	case ITEM_EVENT:
		mark_unnamed_reason(rq, &s->dec, it->event);
		err = check_reasons(s, false);
		if (err)
			return -err;
		/* In a storm there is always more to read, but not of before. */
		if (s->src.live && s->src.deadline >= 0 &&
		    it->event->ev.mono_ns > (uint64_t)s->src.deadline * 1000000 + 999999)
			return 1;
		if (!s->src.live) {
			err = check_cover(s, &it->event->ev);
			if (err)
				return err < 0 || !s->rq->out->err ? MIN(err, 0) : 1;
		}
		unmatched_check_event(&rq->sel, it->event);
		if ((s->only_new && it->event->ev.mono_ns < s->dec.first_ns) ||
		    !select_event(&rq->sel, it->event)) {
			s->skipped++;
			return 0;
		}
		if (!s->no_limit && s->shown >= rq->limit)
			return 1;
		s->shown++;
		break;
	case ITEM_LOST:
		if (!s->src.live && cover_hold_lost(&s->cover, it->lost.cpu, it->lost.cause,
						    it->lost.count))
			return 0;
		lost_add(&s->lost, it);
		break;
	case ITEM_NAME:
		if (rq->names && !s->src.live)
			learn_name(rq->names, it);
		break;
	case ITEM_SETTING:
		if (!it->changed || s->quiet || s->nr_changes++ >= CHANGES_REPORTED)
			break;
		out_flush(rq->out);
		note("the parameter %s was changed to `%s'", it->changed->key, it->changed->value);
		break;
	default:
		break;
	}
	err = s->item(s, it);
	if (!err && it->type == ITEM_EVENT && !s->no_limit && s->shown >= rq->limit)
		return 1;
	return err ? err : rq->out->err ? 1 : 0;
}

/* Of a reader that resumes. Return: whether handle_item() is not needed, but *@stop. */
static COLD bool before_item(struct stream *s, struct item *it, int *stop)
{
	int err = 0;

	if (it->type != ITEM_HEADER && it->type != ITEM_META)
		err = resume_tell(s->resume, put_item, s);
	if (!err && it->type == ITEM_EVENT)
		err = resume_event(s->resume, &it->event->ev, put_item, s);
	/* 1: it was written out before. */
	*stop = MIN(err, 0);
	return err || (it->type == ITEM_LOST && !resume_lost(s->resume, it));
}

/* Behind handle_item(); @before: how many events it had dealt with before. */
static COLD void after_item(struct stream *s, const struct item *it, uint64_t before)
{
	if (it->type == ITEM_META)
		resume_begin(s->resume, &s->dec);
	if (it->type == ITEM_EVENT && s->shown + s->skipped != before)
		resume_passed(s->resume, &it->event->ev);
}

static int report_bad_stream(struct stream *s, long n)
{
	out_flush(s->rq->out);
	complain("%s: %s", s->src.name, s->dec.error);
	if (n == DECODE_ABI)
		hint(s->src.live ? "module and reader have different versions: install both from one source"
				 : "use the reader that came with the module that wrote it");
	return n == DECODE_ABI ? EXIT_SOURCE : EXIT_FAILED;
}

/* More bytes; what is known of namespaces is as old as that at most. */
static int read_more(struct stream *s)
{
	int more = source_more(&s->src);

	if (s->src.live && s->rq->names && s->rq->needs_names)
		names_tick(s->rq->names, s->follow);
	return more;
}

/* Why the bytes ended: @n is the last step's, @more of source_more(). */
static int walk_end(struct stream *s, long n, int more)
{
	if (n < 0 || (s->src.ended && !more && !s->src.failed &&
		      decoder_end(&s->dec, s->src.end - s->src.start)))
		return report_bad_stream(s, n);
	if (more < 0 || s->src.failed)
		return EXIT_FAILED;
	if (!s->src.ended)
		return EXIT_OK;
	put_held_lost(s);
	return check_reasons(s, true);
}

static void forget_peek(struct stream *s)
{
	decoder_free(&s->peek);
	s->peeked = 0;
}

/*
 * Is the header that comes next of another boot? Then it is left for later, and this
 * file, or the stream, ends here. 0: no; 1: yes; -1: what follows it decides.
 */
static int is_at_another_boot(struct stream *s)
{
	const char *buf = s->src.buf + s->src.start;
	size_t len = s->src.end - s->src.start;
	bool known, same;

	if (len < WHYDROP_MAGIC_LEN || !s->dec.started || s->src.live ||
	    memcmp(buf, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN))
		return 0;
	if (s->src.begins_next) {
		s->src.begins_next = false;
		return 0;
	}
	known = decoder_peek(&s->peek, &s->peeked, buf, len) || s->src.ended || s->src.merge;
	if (!known)
		return -1;
	same = !s->peek.started || is_same_boot(&s->dec, &s->peek);
	if (!same) {
		inputs_defer(&s->rq->in, &s->src, &s->peek);
		if (s->src.merge)
			merge_skip(&s->src);
		else
			s->src.ended = true;
		s->src.start = s->src.end;
	}
	forget_peek(s);
	return !same;
}

/*
 * All whole records that are in the buffer, or until @end_ms. Return: as decoder_step();
 * *@stop is what handle_item() returned.
 */
static long decode_buffered(struct stream *s, int64_t end_ms, int *stop)
{
	unsigned int nr = 0;
	uint64_t dealt_with;
	struct item it;
	int another;
	long n = 0;

	s->dec.offset = s->src.offset + s->src.start;
	*stop = 0;
	while (s->src.end > s->src.start) {
		another = is_at_another_boot(s);
		if (another)
			return 0;
		n = decoder_step(&s->dec, s->src.buf + s->src.start, s->src.end - s->src.start, &it);
		if (n < 0 && s->src.merge) {
			report_bad_stream(s, n);
			merge_skip(&s->src);
			s->src.failed = true;
			return 0;
		}
		if (n <= 0)
			return n;
		dealt_with = s->shown + s->skipped;
		if (!s->resume || !before_item(s, &it, stop))
			*stop = handle_item(s, &it);
		if (s->resume)
			after_item(s, &it, dealt_with);
		s->src.start += n;
		if (*stop)
			return n;
		if (++nr % 1024 == 0 && end_ms >= 0 && now_ms() >= end_ms)
			return n;
	}
	return n;
}

static int walk_to_end(struct stream *s)
{
	/* Behind a recording of another boot: to read on each time would end in all of it. */
	bool there = s->src.end > s->src.start;
	int more, stop;
	long n = 0;

	do {
		more = there ? 1 : read_more(s);
		there = false;
		n = decode_buffered(s, -1, &stop);
		if (stop)
			return stop > 0 ? EXIT_OK : -stop;
		if (n < 0 || more <= 0)
			break;
		if (source_drained(&s->src)) {
			out_flush(s->rq->out);
			if (s->resume)
				resume_save(s->resume, s->src.drained);
			lost_report(&s->lost);
			if (s->before_wait && s->before_wait(s))
				return EXIT_OK;
		}
		if (s->rq->out->err)
			return EXIT_OK;
	} while (true);
	return walk_end(s, n, more);
}

int stream_pump(struct stream *s, int64_t ms)
{
	int64_t end = now_ms() + ms;
	int more = 1, stop;
	long n;

	/* No more than is there. */
	s->src.follow = !s->src.live;
	do {
		n = decode_buffered(s, end, &stop);
		if (stop < 0)
			return -stop;
		if (n < 0 || stop_signal() || s->src.ended || now_ms() >= end ||
		    (s->src.may_block && source_drained(&s->src)))
			break;
		more = read_more(s);
	} while (more > 0);
	return walk_end(s, n, more);
}

int stream_open(struct stream *s)
{
	struct request *rq = s->rq;
	int err;

	decoder_init(&s->dec);
	s->dec.stacks.map = rq->map;
	if (rq->two_streams)
		s->dec.stacks.bytes_max = STACKS_BYTES_MAX / 2;
	s->src.fd = -1;
	s->lost.live = !rq->file;
	s->lost.quiet = s->quiet;
	s->lost.out = rq->out;
	/* Recordings of another boot, or the same once more. */
	if (rq->file && rq->names)
		names_forget(rq->names);
	if (rq->file)
		return source_open_inputs(&s->src, &rq->in);
	err = module_check_reasons(rq);
	if (err)
		return err;
	/* Before it begins to read: this may take longer than the rings have room for. */
	if (rq->names && rq->needs_names)
		names_look(rq->names, rq->needs_names);
	if (s->resume)
		err = resume_open(s->resume, &s->src, rq->debugfs);
	else
		err = source_open_live(&s->src, rq->debugfs, s->history, s->follow);
	if (!err && !s->no_filter_note)
		module_report_filters(rq);
	/* What may take long begins with it; else the drops tell more at the end. */
	if (!err)
		unmatched_check_devices(&rq->sel, s->follow && !rq->sel.netns.nr);
	return err;
}

void stream_announce(const struct stream *s, const char *what, const char *where)
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
	if (ms >= 0 && (s->src.live || s->src.may_block))
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
	err = walk_to_end(s);
	rq->sel.unread |= !s->no_limit && s->shown >= rq->limit;
	if (s->dec.stacks.full)
		note("too many different stacks to keep: some events are shown without theirs");
	return err;
}

int stream_run(struct stream *s)
{
	int err = stream_open(s);

	return err ? err : stream_walk(s);
}

bool stream_next(struct stream *s)
{
	if (stop_signal() || s->rq->out->err || !inputs_next(&s->rq->in))
		return false;
	source_close(&s->src);
	decoder_free(&s->dec);
	forget_peek(s);
	cover_free(&s->cover);
	s->headers = 0;
	s->checked = false;
	if (s->rq->names)
		names_forget(s->rq->names);
	if (source_open_inputs(&s->src, &s->rq->in))
		s->src.failed = s->src.ended = true;
	return true;
}

void stream_free(struct stream *s)
{
	source_close(&s->src);
	decoder_free(&s->dec);
	forget_peek(s);
	cover_free(&s->cover);
	lost_free(&s->lost);
}
