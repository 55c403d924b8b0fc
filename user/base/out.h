/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffered output, with escapes for text from the kernel or the network. */
#ifndef WHYDROP_OUT_H
#define WHYDROP_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Output has a buffer of its own and not stdio's, because it has to be fast, and because a
 * full disk must not go unnoticed. After an error, nothing more is written, and @err is its
 * errno.
 */
#define OUT_ROOM (1 << 16)
struct out {
	int	fd;
	int	err;
	bool	color;
	bool	terminal;
	bool	patient;	/* wait while there is no room, until a stop signal */
	int	columns;	/* of the terminal; 0: it is none */
	size_t	nr;
	uint64_t flushed;	/* bytes written */
	char	buf[OUT_ROOM];
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum color { COLOR_OFF, COLOR_BAD, COLOR_NAME, COLOR_PLACE, COLOR_FAINT };

void out_init(struct out *o, int fd, enum color_when when);
int out_flush(struct out *o);

/* Make room for a short text, so that it is contiguous in buf. */
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
 * Write untrusted text. Both functions escape what steers a terminal (control characters,
 * directional marks) and leave other valid UTF-8 as it is.
 * out_text: escaped and invalid bytes are \xNN, a backslash is doubled.
 * out_json: in quotes; escaped characters are \uNNNN, invalid bytes \ufffd.
 */
void out_text(struct out *o, const char *s, size_t len);
void out_json(struct out *o, const char *s, size_t len);
void out_json_text(struct out *o, const char *s, size_t len);	/* without quotes */

/* Write text in a column of @width. Return: the columns that it took. */
int out_column(struct out *o, const char *s, int width);
/* The same, but cut longer text. Return: the columns without the padding. */
int out_fit(struct out *o, const char *s, int width);
/* Write text at the end of a line that has @used columns; a terminal gets what fits. */
void out_clip(struct out *o, const char *s, int used);

/* Write "key":value, with a comma before it unless it is the first. */
void out_json_key(struct out *o, const char *key);
void out_json_str(struct out *o, const char *key, const char *val);
void out_json_u64(struct out *o, const char *key, uint64_t val);
/* The same; null unless @known. */
void out_json_known(struct out *o, const char *key, uint64_t val, bool known);
/* The same; 0 is null. */
void out_json_or_null(struct out *o, const char *key, uint64_t val);

/* Is the text printable ASCII that needs no escape, in text or in JSON? */
bool text_clean(const char *s, size_t len);
/* Return how many columns escaped text takes on a terminal, approximately. */
int text_columns(const char *s, size_t len);

#endif
