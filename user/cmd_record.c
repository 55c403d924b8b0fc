// SPDX-License-Identifier: GPL-2.0-only
/* record: the stream as it is, into a file. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "output.h"

struct record {
	struct output to;
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
	uint64_t bytes; /* whole records written */
	int err;
};

/* On an error the file is cut back to what was whole. */
static void flush(struct record *r)
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
		output_cut(&r->to, r->bytes);
	r->nr = 0;
	r->nr_marks = 0;
}

/* One record; @events so far, with it. */
static void put(struct record *r, const void *p, size_t len, uint64_t events)
{
	const char *s = p;
	ssize_t n;

	if (len > sizeof(r->buf) - r->nr)
		flush(r);
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
			output_cut(&r->to, r->bytes);
			return;
		}
		s += n;
		len -= n;
	}
	r->bytes += s - (const char *)p;
	r->events = events;
	r->events_safe = events;
}

static void put_boot_id(struct record *r)
{
	struct {
		struct whydrop_rec rec;
		char text[sizeof("boot_id=") - 1 + BOOT_ID_LEN + 3];
	} meta = { .rec.type = WHYDROP_REC_META, .text = "boot_id=" };

	_Static_assert(sizeof(meta) % 8 == 0, "records are multiples of 8");
	if (!read_boot_id(meta.text + strlen(meta.text)))
		return;
	meta.rec.size = sizeof(meta);
	put(r, &meta, sizeof(meta), r->events);
}

static int save(struct stream *s, const struct item *it)
{
	struct record *r = s->arg;

	put(r, it->bytes, it->size, r->events + (it->type == ITEM_EVENT));
	if (it->type == ITEM_META && s->src.live && !r->events)
		put_boot_id(r);
	if (r->err)
		return 1;
	return 0;
}

static int before_wait(struct stream *s)
{
	struct record *r = s->arg;

	flush(r);
	return r->err ? 1 : 0;
}

int cmd_record(struct options *opt)
{
	static struct record r;
	struct stream s = {
		.opt = opt,
		.item = save,
		.before_wait = before_wait,
		.arg = &r,
		.follow = true,
		.history = true,
		.src.fd = -1,
	};
	int err;

	if (!opt->write) {
		complain("record into which file?");
		hint("whydrop record -w drops.wd");
		return EXIT_USAGE;
	}
	/* No file is made, or emptied, if there is nothing to record. */
	err = stream_open(&s);
	if (!err)
		err = output_open(&r.to, opt->write, "a recording");
	if (err) {
		stream_free(&s);
		return err;
	}
	err = stream_walk(&s);
	flush(&r);
	if (output_close(&r.to, r.err) && !err)
		err = EXIT_FAILED;
	if (!err || err == EXIT_FAILED) {
		note("%llu events, %llu bytes saved in %s", (unsigned long long)r.events_safe,
		     (unsigned long long)r.bytes, r.to.name);
		if (s.refused)
			note("%llu events not selected, not saved", (unsigned long long)s.refused);
		stream_say_lost(&s);
	}
	err = err ? err : shown_code(opt, r.events_safe);
	stream_free(&s);
	return err;
}
