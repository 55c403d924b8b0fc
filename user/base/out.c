// SPDX-License-Identifier: GPL-2.0-only
/* Writes to stdout: a buffer, escapes, colors. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/out.h"
#include "base/stop.h"
#include "base/util.h"

void out_init(struct out *o, int fd, enum color_when when)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	const char *columns = getenv("COLUMNS");
	struct winsize ws;
	uint64_t val;

	o->fd = fd;
	o->err = 0;
	o->nr = 0;
	o->flushed = 0;
	o->patient = false;
	o->columns = 0;
	o->terminal = isatty(fd);
	if (o->terminal) {
		o->columns = 80;
		if (!ioctl(fd, TIOCGWINSZ, &ws) && ws.ws_col)
			o->columns = ws.ws_col;
		else if (columns && parse_u64(columns, 4096, &val))
			o->columns = val;
	}
	o->color = when == COLOR_ALWAYS || (when == COLOR_AUTO && o->terminal && !(no && *no) &&
					      !(term && !strcmp(term, "dumb")));
}

/*
 * A write has failed with @err, or a stop signal came before it: wait until it may succeed.
 * Return: false if it will not, or must not be waited for.
 */
static COLD bool wait_for_room(const struct out *o, int err, bool *told)
{
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };

	if (stop_signal())
		return poll(&p, 1, 0) == 1 && (!err || err == EINTR);
	if (err == ENOSPC || err == EDQUOT) {
		if (!*told)
			complain("cannot write to stdout: %s; waiting for room", strerror(err));
		*told = true;
		poll(NULL, 0, 1000);
		return true;
	}
	if (err == EAGAIN)
		poll(&p, 1, 1000);
	return err == EAGAIN || err == EINTR;
}

int out_flush(struct out *o)
{
	bool told = false;
	size_t done = 0, len;
	ssize_t n;

	while (!o->err && done < o->nr) {
		len = o->nr - done;
		if (o->patient && stop_signal()) {
			/* So much does not block where poll() says that there is room. */
			len = MIN(len, PIPE_BUF);
			if (!wait_for_room(o, 0, &told)) {
				o->err = EINTR;
				break;
			}
		}
		n = write(o->fd, o->buf + done, len);
		if (n >= 0)
			done += n;
		else if (o->patient ? !wait_for_room(o, errno, &told) : errno != EINTR)
			o->err = errno;
	}
	if (told && !o->err)
		note("stdout can be written again");
	if (!o->err)
		o->flushed += o->nr;
	o->nr = 0;
	return o->err ? -1 : 0;
}

void out_mem_large(struct out *o, const void *p, size_t len)
{
	const char *s = p;
	size_t n;

	while (o->nr + len > OUT_ROOM) {
		n = OUT_ROOM - o->nr;
		memcpy(o->buf + o->nr, s, n);
		o->nr += n;
		s += n;
		len -= n;
		out_flush(o);
	}
	out_mem(o, s, len);
}

void out_pad(struct out *o, int blanks)
{
	static const char some[] = "                                ";
	int n;

	for (; blanks > 0; blanks -= n) {
		n = MIN(blanks, (int)sizeof(some) - 1);
		out_mem(o, some, n);
	}
}

void out_u64(struct out *o, uint64_t val)
{
	out_reserve(o, 20);
	o->nr = put_u64(o->buf + o->nr, val) - o->buf;
}

void out_fmt(struct out *o, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	out_str(o, line);
}

void out_color(struct out *o, enum color c)
{
	static const char *const seq[] = {
		[COLOR_OFF] = "\033[0m",   [COLOR_BAD] = "\033[1;31m",
		[COLOR_NAME] = "\033[36m", [COLOR_PLACE] = "\033[33m",
		[COLOR_FAINT] = "\033[2m",
	};

	if (o->color)
		out_str(o, seq[c]);
}

/* Of eight bytes none is a control character, a quote, a backslash or not ASCII. */
static bool clean8(uint64_t w)
{
	const uint64_t one = 0x0101010101010101, high = one << 7;
	uint64_t quote = w ^ one * '"', backslash = w ^ one * '\\';

	/* A carry or a borrow comes only out of a byte that is not clean. */
	return !((w | (w + one) | (w - one * 0x20) | (quote - one) | (backslash - one)) & high);
}

bool text_clean(const char *s, size_t len)
{
	uint64_t w = 0x2020202020202020;
	size_t i;

	if (len < sizeof(w)) {
		for (i = 0; i < len; i++)
			w = w << 8 | (unsigned char)s[i];
		return clean8(w);
	}
	/* The last eight may have been among those before. */
	for (i = 0; i < len; i += sizeof(w)) {
		memcpy(&w, s + (i + sizeof(w) <= len ? i : len - sizeof(w)), sizeof(w));
		if (!clean8(w))
			return false;
	}
	return true;
}

int text_columns(const char *s, size_t len)
{
	int columns = 0;

	for (; len--; s++)
		columns += ((unsigned char)*s & 0xc0) != 0x80;
	return columns;
}

void out_text(struct out *o, const char *s, size_t len)
{
	unsigned int n, i;
	uint32_t c = 0;

	if (text_clean(s, len)) {
		out_mem(o, s, len);
		return;
	}
	for (; len; s += n, len -= n) {
		n = utf8_char(s, len, &c);
		if (n && c == '\\') {
			out_str(o, "\\\\");
		} else if (n && !utf8_is_control(c)) {
			out_mem(o, s, n);
		} else {
			n = n ? n : 1;
			for (i = 0; i < n; i++)
				out_fmt(o, "\\x%02x", (unsigned char)s[i]);
		}
	}
}

void out_json_text(struct out *o, const char *s, size_t len)
{
	uint32_t c = 0;
	unsigned int n;

	if (text_clean(s, len)) {
		out_mem(o, s, len);
		return;
	}
	for (; len; s += n, len -= n) {
		n = utf8_char(s, len, &c);
		if (!n) {
			out_str(o, "\\ufffd");
			n = 1;
		} else if (c == '"' || c == '\\') {
			out_chr(o, '\\');
			out_chr(o, c);
		} else if (utf8_is_control(c)) {
			out_fmt(o, "\\u%04x", c);
		} else {
			out_mem(o, s, n);
		}
	}
}

void out_json(struct out *o, const char *s, size_t len)
{
	out_chr(o, '"');
	out_json_text(o, s, len);
	out_chr(o, '"');
}

int out_column(struct out *o, const char *s, int width)
{
	size_t start;
	int columns;

	out_reserve(o, 4 * strlen(s) + width);
	start = o->nr;
	out_text(o, s, strlen(s));
	columns = text_columns(o->buf + start, o->nr - start);
	out_pad(o, width - columns);
	return MAX(columns, width);
}

int out_fit(struct out *o, const char *s, int width)
{
	size_t start, end;
	int columns;

	out_reserve(o, 4 * strlen(s) + width + 4);
	start = o->nr;
	out_text(o, s, strlen(s));
	columns = text_columns(o->buf + start, o->nr - start);
	if (columns > width) {
		for (end = o->nr; columns > MAX(width - 3, 0); columns--)
			while (--end > start && (o->buf[end] & 0xc0) == 0x80)
				;
		o->nr = end;
		out_mem(o, "...", MIN(width, 3));
		columns += MIN(width, 3);
	}
	out_pad(o, width - columns);
	return columns;
}

void out_clip(struct out *o, const char *s, int used)
{
	size_t len = strlen(s), room = MAX(o->columns - used, 0);

	if (!o->columns || len <= room) {
		out_text(o, s, len);
	} else if (room > 8) {
		/* Between words, if there is a blank near. */
		for (len = room - 3; len > room / 2 && s[len] != ' '; len--)
			;
		out_text(o, s, s[len] == ' ' ? len : room - 3);
		out_str(o, "...");
	}
}

void out_json_key(struct out *o, const char *key)
{
	out_str(o, ",\"");
	out_str(o, key);
	out_str(o, "\":");
}

void out_json_str(struct out *o, const char *key, const char *val)
{
	out_json_key(o, key);
	if (val)
		out_json(o, val, strlen(val));
	else
		out_str(o, "null");
}

void out_json_u64(struct out *o, const char *key, uint64_t val)
{
	out_json_key(o, key);
	out_u64(o, val);
}

void out_json_known(struct out *o, const char *key, uint64_t val, bool known)
{
	if (known) {
		out_json_u64(o, key, val);
		return;
	}
	out_json_key(o, key);
	out_str(o, "null");
}

void out_json_or_null(struct out *o, const char *key, uint64_t val)
{
	out_json_known(o, key, val, val);
}
