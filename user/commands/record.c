// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop record': the stream as it is, into a file or into several in rotation. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "stream/build.h"
#include "commands/command.h"
#include "commands/told.h"
#include "base/output.h"

struct record {
	const struct options *opt;
	struct output to;
	char path[PATH_MAX];
	unsigned int file; /* number of it, from 0 */
	char buf[1 << 16];
	size_t nr;
	/* whole records in buf: where each ends, and the events up to there */
	struct mark {
		uint32_t end;
		uint64_t events;
	} mark[(1 << 16) / 8];
	size_t nr_marks;
	uint64_t events; /* of which buf holds the last */
	uint64_t events_safe; /* written for sure */
	uint64_t bytes; /* whole records written to this file */
	uint64_t bytes_before; /* to those before */
	bool full; /* an event since this file began */
	int64_t reported_ms; /* progress, last */
	uint64_t reported_events;
	struct told told; /* names that are in this file */
	char *selected; /* what is asked for; NULL: all */
	int err;
};

/* From the first whole record on, it can be read by others, too. */
static void rename_output(struct record *r)
{
	if (r->err || !r->bytes || !output_rename(&r->to))
		return;
	r->err = EIO;
	r->bytes = 0;
	r->events_safe = 0;
}

/* On an error the file is cut back to what was whole. */
static void flush_output(struct record *r)
{
	size_t done = 0, whole = r->nr_marks;
	ssize_t n;

	while (!r->err && done < r->nr) {
		n = write(r->to.fd, r->buf + done, r->nr - done);
		if (n >= 0)
			done += n;
		else if (errno != EINTR)
			r->err = errno;
	}
	while (whole && r->mark[whole - 1].end > done)
		whole--;
	if (whole) {
		r->bytes += r->mark[whole - 1].end;
		r->events_safe = r->mark[whole - 1].events;
	}
	if (r->err)
		output_truncate(&r->to, r->bytes);
	r->nr = 0;
	r->nr_marks = 0;
	rename_output(r);
}

/* One record; @events so far, with it. */
static void put_bytes(struct record *r, const void *p, size_t len, uint64_t events)
{
	const char *s = p;
	ssize_t n;

	if (len > sizeof(r->buf) - r->nr)
		flush_output(r);
	if (len <= sizeof(r->buf)) {
		memcpy(r->buf + r->nr, p, len);
		r->nr += len;
		r->mark[r->nr_marks++] = (struct mark){ r->nr, events };
		r->events = events;
		return;
	}
	while (!r->err && len) {
		n = write(r->to.fd, s, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			r->err = errno;
			output_truncate(&r->to, r->bytes);
			return;
		}
		s += n;
		len -= n;
	}
	r->bytes += s - (const char *)p;
	r->events = events;
	r->events_safe = events;
	rename_output(r);
}

/* ---- records of our own, in the byte order of the stream ---- */

static void put_record(struct build *b, struct record *r)
{
	build_end(b);
	put_bytes(r, b->p, b->nr, r->events);
}

static void put_header(struct record *r, const struct decoder *d)
{
	struct build b = { .dec = d };

	build_append(&b, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN);
	build_32(&b, WHYDROP_BYTE_ORDER);
	build_16(&b, d->abi_major);
	build_16(&b, d->abi_minor);
	build_32(&b, sizeof(struct whydrop_file_header));
	build_32(&b, 0);
	put_bytes(r, b.p, b.nr, r->events);
	free(b.p);
}

/* @key alone, or all. */
static void put_meta(struct record *r, const struct decoder *d, const char *key)
{
	struct build b = { .dec = d };
	size_t i;

	if (key && !decoder_meta(d, key))
		return;
	build_begin(&b, WHYDROP_REC_META);
	for (i = 0; i < d->meta.nr; i++) {
		const struct meta *m = &d->meta.item[i];

		if (key && strcmp(m->key, key))
			continue;
		build_append(&b, m->key, strlen(m->key));
		build_append(&b, "=", 1);
		build_text(&b, m->value);
	}
	put_record(&b, r);
	free(b.p);
}

/* A recording of a part of all events says of which: those that are missing are not lost. */
static void put_selected(struct record *r, struct decoder *d)
{
	const char *before = decoder_meta(d, "selected");
	char text[1024];

	if (!r->selected || (before && strstr(before, r->selected)))
		return;
	snprintf(text, sizeof(text), "%s%s%s", before ? before : "", before ? " " : "",
		 r->selected);
	decoder_set_meta(d, "selected", text);
	put_meta(r, d, "selected");
}

static void put_reason(struct record *r, const struct decoder *d, const struct reason *reason)
{
	struct build b = { .dec = d };

	build_begin(&b, WHYDROP_REC_REASON);
	build_32(&b, reason->id);
	build_32(&b, 0);
	build_text(&b, reason->subsys);
	build_text(&b, reason->name);
	build_text(&b, reason->description);
	put_record(&b, r);
	free(b.p);
}

static void put_stack(struct record *r, const struct decoder *d, const struct stack *st)
{
	struct build b = { .dec = d };
	size_t len = st->place->len + 1;
	unsigned int i;

	for (i = 0; i < st->nr; i++)
		len += st->frame[i]->len + 1;
	build_begin(&b, WHYDROP_REC_STACK);
	build_32(&b, st->id);
	build_32(&b, st->reason);
	build_16(&b, st->nr);
	build_16(&b, st->flags);
	build_32(&b, len);
	build_text(&b, st->place->text);
	for (i = 0; i < st->nr; i++)
		build_text(&b, st->frame[i]->text);
	put_record(&b, r);
	free(b.p);
}

static void put_setting(struct record *r, const struct decoder *d, const struct meta *m,
			uint64_t mono)
{
	struct build b = { .dec = d };

	build_begin(&b, WHYDROP_REC_SETTING);
	build_64(&b, mono);
	build_append(&b, m->key, strlen(m->key));
	build_append(&b, "=", 1);
	build_text(&b, m->value);
	put_record(&b, r);
	free(b.p);
}

static void put_clock(struct record *r, const struct decoder *d, uint64_t mono)
{
	struct build b = { .dec = d };

	build_begin(&b, WHYDROP_REC_CLOCK);
	build_64(&b, mono);
	build_64(&b, mono + (uint64_t)d->real_minus_mono);
	put_record(&b, r);
	free(b.p);
}

/* The names of what an event has, unless this file has them. */
static void put_names(struct record *r, struct stream *s, const struct whydrop_event *ev)
{
	struct build b = { .dec = &s->dec };
	struct names *names = s->rq->names;

	if (names && ev->netns && told_netns(&r->told, names, ev, &b))
		put_record(&b, r);
	if (names && ev->flags & WHYDROP_EV_SK_FULL && ev->sock_ino &&
	    told_socket(&r->told, names, ev, &b))
		put_record(&b, r);
	free(b.p);
}

/* ---- rotation ---- */

/* FILE.0, FILE.1, ... with -C; as many digits as -W needs, so that ls sorts them. */
static int open_file(struct record *r)
{
	const struct options *opt = r->opt;
	unsigned int n = opt->files ? r->file % opt->files : r->file;
	int digits = opt->files ? snprintf(NULL, 0, "%u", opt->files - 1) : 1;

	if (!opt->file_size)
		return output_open(&r->to, opt->write, opt->rq.file, "a recording");
	if (snprintf(r->path, sizeof(r->path), "%s.%0*u", opt->write, digits, n) >=
	    (int)sizeof(r->path)) {
		complain("%s: %s", opt->write, strerror(ENAMETOOLONG));
		return EXIT_FAILED;
	}
	return output_open(&r->to, r->path, opt->rq.file, "a recording");
}

/* The next file, with all that makes it readable by itself. */
static int rotate(struct record *r, const struct decoder *d, uint64_t mono)
{
	const struct options *opt = r->opt;
	size_t i;
	int err;

	flush_output(r);
	if (r->err)
		return 0;
	err = output_close(&r->to, 0);
	if (err)
		return err;
	r->file++;
	r->bytes_before += r->bytes;
	r->bytes = 0;
	err = open_file(r);
	if (err)
		return err;
	told_clear(&r->told);
	put_header(r, d);
	put_meta(r, d, NULL);
	if (d->has_clock)
		put_clock(r, d, mono);
	for (i = 0; i < d->settings.nr; i++)
		put_setting(r, d, &d->settings.item[i], mono);
	for (i = 0; d->hosts && i < HOST_BLOCKS; i++)
		if (d->hosts[i])
			put_bytes(r, d->hosts[i]->rec, d->hosts[i]->size, r->events);
	for (i = 0; i < d->nr_reasons; i++)
		put_reason(r, d, d->reason[i]);
	if (r->file == 1 && r->bytes + r->nr >= opt->file_size)
		note("each file begins with %llu bytes of names, so it is larger than -C says",
		     (unsigned long long)(r->bytes + r->nr));
	return 0;
}

static int save_item(struct stream *s, const struct item *it)
{
	struct record *r = s->arg;
	const struct options *opt = r->opt;
	struct stack *st = it->stack;
	int err;

	/* What belongs to an event stands before it, and so goes with it. */
	if (opt->file_size && r->bytes + r->nr >= opt->file_size && r->full) {
		r->full = false;
		err = rotate(r, &s->dec, s->dec.event.ev.mono_ns);
		if (err)
			return -err;
	}
	switch (it->type) {
	case ITEM_STACK:
		/* Its count says in which file it stands: 1 is the first. */
		it->stack->count = r->file + 1;
		break;
	case ITEM_EVENT:
		st = it->event->stack;
		if (st && st->count != r->file + 1) {
			put_stack(r, &s->dec, st);
			st->count = r->file + 1;
		}
		put_names(r, s, &it->event->ev);
		r->full = true;
		break;
	case ITEM_HEADER:
		told_clear(&r->told);
		break;
	case ITEM_NAME:
		/* Those that are needed are written with an event. */
		if (it->name.kind <= WHYDROP_NAME_SOCKET || !s->rq->names)
			return 0;
		break;
	default:
		break;
	}
	put_bytes(r, it->bytes, it->size, r->events + (it->type == ITEM_EVENT));
	if (it->type == ITEM_META)
		put_selected(r, &s->dec);
	/* The module cannot know it; stream.c does. */
	if (it->type == ITEM_META && s->src.live && !r->events) {
		put_meta(r, &s->dec, "boot_id");
		put_meta(r, &s->dec, "build_id");
	}
	return r->err ? 1 : 0;
}

static void report_recorded(struct stream *s, struct record *r)
{
	int64_t now = now_ms(), ms = now - r->reported_ms;
	uint64_t lost = 0;
	size_t i;

	if (!s->src.tick_ms || ms < s->src.tick_ms)
		return;
	for (i = 0; i < LOST_CAUSES; i++)
		lost += i == WHYDROP_LOST_HISTORY ? 0 : s->lost.by_cause[i];
	progress("%llu events, %.1f MB, %llu events/s, %llu lost: %s", (unsigned long long)r->events,
		 (r->bytes_before + r->bytes) / 1e6,
		 (unsigned long long)((r->events - r->reported_events) * 1000 / ms),
		 (unsigned long long)lost, r->to.name);
	r->reported_ms = now;
	r->reported_events = r->events;
}

static int before_wait(struct stream *s)
{
	struct record *r = s->arg;

	flush_output(r);
	report_recorded(s, r);
	return r->err ? 1 : 0;
}

static int check_usage(const struct options *opt)
{
	const char *wrong = NULL;

	if (!opt->write) {
		complain("no output file: -w FILE is missing");
		hint("whydrop record -w drops.wd");
		return EXIT_USAGE;
	}
	if (opt->files && !opt->file_size)
		wrong = "--files needs --file-size";
	else if (opt->file_size && !strcmp(opt->write, "-"))
		wrong = "--file-size cannot write to stdout: use -w FILE";
	else if (opt->cmd_line && opt->rq.file)
		wrong = "--cmd records this kernel, so it cannot be used with --file";
	if (wrong)
		complain("%s", wrong);
	return wrong ? EXIT_USAGE : 0;
}

int cmd_record(struct options *opt)
{
	struct record *r;
	struct stream s = {
		.rq = &opt->rq,
		.item = save_item,
		.before_wait = before_wait,
		.follow = true,
		.history = !opt->cmd_line,
		.src.fd = -1,
	};
	struct loss l;
	pid_t child = 0;
	int err, status = 0;

	err = check_usage(opt);
	if (err)
		return err;
	r = s.arg = need(calloc(1, sizeof(*r)));
	r->opt = opt;
	r->selected = select_text(&opt->rq.sel);
	/* No file is made, or emptied, if there is nothing to record. */
	err = stream_open(&s);
	if (!err)
		err = open_file(r);
	if (!err && opt->cmd_line) {
		child = child_start(opt->cmd_line, r->to.fd == STDOUT_FILENO);
		err = child < 0 ? EXIT_FAILED : 0;
	}
	if (err) {
		stream_free(&s);
		free(r->selected);
		free(r);
		return err;
	}
	if (s.src.live && progress_wanted())
		s.src.tick_ms = 1000;
	stream_announce(&s, "recording drops to ", r->to.name);
	do {
		err = stream_walk(&s) ?: err;
	} while (!r->err && s.shown < opt->rq.limit && stream_next(&s));
	flush_output(r);
	if (err == EXIT_FAILED && !s.dec.started && !child && !r->bytes && !r->bytes_before) {
		output_discard(&r->to);
		goto out;
	}
	if (r->to.fd >= 0 && output_close(&r->to, r->err) && !err)
		err = EXIT_FAILED;
	if (child)
		status = child_wait(child);
	if (!err || err == EXIT_FAILED) {
		note("%llu events, %llu bytes saved in %s", (unsigned long long)r->events_safe,
		     (unsigned long long)(r->bytes_before + r->bytes), r->to.name);
		if (s.skipped)
			note("%llu events not selected, not saved", (unsigned long long)s.skipped);
		output_hint_owner(&r->to);
		loss_of_stream(&l, &s);
		section_end(opt, &l, s.history);
	}
	/* The command's own failure is what a script that runs it waits for. */
	err = status ? status : err ? err : exit_code_for(opt, r->events_safe);
out:
	stream_free(&s);
	told_clear(&r->told);
	free(r->selected);
	free(r);
	return err;
}
