/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffered stdout, with escapes for text that somebody else chose. */
#ifndef WHYDROP_OUT_H
#define WHYDROP_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * stdout: a buffer of our own, because a million events go through it and
 * because a full disk must not go unnoticed. After an error nothing more is
 * written and @err tells which.
 */
#define OUT_ROOM (1 << 16)
struct out {
	int	fd;
	int	err;
	bool	color;
	bool	terminal;
	int	columns;	/* of the terminal; 0: it is none */
	size_t	nr;
	uint64_t flushed;	/* bytes of flushes that went well */
	char	buf[OUT_ROOM];
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum color { COLOR_OFF, COLOR_BAD, COLOR_NAME, COLOR_PLACE, COLOR_FAINT };

void out_init(struct out *o, int fd, enum color_when when);
int out_flush(struct out *o);

/* Room for a short piece, so that it stands in buf in one. */
static inline void out_reserve(struct out *o, size_t room)
{
	if (OUT_ROOM - o->nr < room)
		out_flush(o);
}

void out_mem_large(struct out *o, const void *p, size_t len);	/* than buf has room for */

static inline void out_mem(struct out *o, const void *p, size_t len)
{
	if (o->nr + len > OUT_ROOM) {
		out_mem_large(o, p, len);
		return;
	}
	memcpy(o->buf + o->nr, p, len);
	o->nr += len;
}

static inline void out_str(struct out *o, const char *s)
{
	out_mem(o, s, strlen(s));
}

static inline void out_chr(struct out *o, char c)
{
	if (o->nr == OUT_ROOM)
		out_flush(o);
	o->buf[o->nr++] = c;
}

void out_pad(struct out *o, int blanks);
void out_u64(struct out *o, uint64_t val);
void out_fmt(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void out_color(struct out *o, enum color c);

/*
 * Text that somebody else chose. Both leave valid UTF-8 alone, but for what
 * steers a terminal (control characters, directional marks).
 * out_text: such bytes and invalid ones as \xNN, a backslash doubled.
 * out_json: such characters as \uNNNN, invalid bytes as \ufffd; in quotes.
 */
void out_text(struct out *o, const char *s, size_t len);
void out_json(struct out *o, const char *s, size_t len);
void out_json_text(struct out *o, const char *s, size_t len);	/* without them */

/* Text in a column of @width; the columns that it took. */
int out_column(struct out *o, const char *s, int width);
/* The same, but what is longer is cut; the columns without the padding. */
int out_fit(struct out *o, const char *s, int width);
/* Text at the end of a line with @used columns; a terminal gets what fits. */
void out_clip(struct out *o, const char *s, int used);

/* "key":value, after the first with a comma before it. */
void out_json_key(struct out *o, const char *key);
void out_json_str(struct out *o, const char *key, const char *val);
void out_json_u64(struct out *o, const char *key, uint64_t val);
/* The same; null unless it is known. */
void out_json_known(struct out *o, const char *key, uint64_t val, bool known);
/* The same; 0 is null. */
void out_json_or_null(struct out *o, const char *key, uint64_t val);

/* Is all of it printable ASCII that needs no escape anywhere? */
bool text_clean(const char *s, size_t len);
/* Columns that bytes of out_text take on a terminal, about. */
int text_columns(const char *s, size_t len);

#endif
