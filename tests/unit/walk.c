// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "walk.h"

static char *slurp(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = malloc(len + 1);

	if (pread(fd, text, len, 0) != len)
		abort();
	text[len] = '\0';
	close(fd);
	return text;
}

static struct out *new_out(void)
{
	struct out *o = malloc(sizeof(*o));

	out_init(o, memfd_create("out", 0), COLOUR_NEVER);
	return o;
}

struct walked walk_bytes(const void *bytes, size_t len, size_t chunk,
			 bool render)
{
	struct fmt text, json;
	struct decoder dec;
	struct walked w = { 0 };
	struct item it;
	size_t at = 0, have = 0;
	uint8_t *copy;
	long n = 0;

	decoder_init(&dec);
	if (render) {
		fmt_init(&text, new_out());
		text.stack = true;
		text.verbose = true;
		text.hex = true;
		fmt_init(&json, new_out());
		json.hex = true;
		text_header(&text);
	}
	while (have < len || n > 0) {
		if (n <= 0)
			have = chunk && have + chunk < len ? have + chunk : len;
		copy = malloc(have - at);
		memcpy(copy, (const uint8_t *)bytes + at, have - at);
		n = decoder_step(&dec, copy, have - at, &it);
		if (n > (long)(have - at))
			abort();
		if (n > 0) {
			at += n;
			w.headers += it.type == ITEM_HEADER;
			w.metas += it.type == ITEM_META;
			w.reasons += it.type == ITEM_REASON;
			w.stacks += it.type == ITEM_STACK;
			w.events += it.type == ITEM_EVENT;
			w.lost += it.type == ITEM_LOST;
			w.unknown += it.type == ITEM_UNKNOWN;
			if (it.type == ITEM_LOST)
				w.lost_count += it.lost.count;
			if (render && it.type == ITEM_EVENT) {
				text_event(&text, it.event);
				json_event(&json, it.event);
			} else if (render && it.type == ITEM_LOST) {
				json_lost(&json, &it);
			} else if (render && it.type == ITEM_META) {
				json_meta(&json, &dec);
			}
		}
		free(copy);
		if (n < 0)
			break;
		if (!n && have == len)
			break;
	}
	w.err = n < 0 ? n : 0;
	w.end = n < 0 ? 0 : decoder_end(&dec, len - at);
	strcpy(w.error, dec.error);
	if (render) {
		out_flush(text.out);
		out_flush(json.out);
		w.text = slurp(text.out->fd);
		w.json = slurp(json.out->fd);
		free(text.out);
		free(json.out);
	}
	decoder_free(&dec);
	return w;
}

void walked_free(struct walked *w)
{
	free(w->text);
	free(w->json);
	memset(w, 0, sizeof(*w));
}

/* A JSON parser of its own, after RFC 8259; stricter on control characters. */
static const char *value(const char *p);

static const char *blank(const char *p)
{
	return p + strspn(p, " ");
}

static const char *string(const char *p)
{
	int i;

	if (*p++ != '"')
		return NULL;
	for (; *p != '"'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return NULL;
		if (*p != '\\')
			continue;
		p++;
		if (*p == 'u') {
			for (i = 1; i <= 4; i++)
				if (!isxdigit((unsigned char)p[i]))
					return NULL;
			p += 4;
		} else if (!*p || !strchr("\"\\/bfnrt", *p)) {
			return NULL;
		}
	}
	return p + 1;
}

static const char *number(const char *p)
{
	if (*p == '-')
		p++;
	if (!isdigit((unsigned char)*p) ||
	    (*p == '0' && isdigit((unsigned char)p[1])))
		return NULL;
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

static const char *members(const char *p, char end, bool keys)
{
	p = blank(p + 1);
	if (*p == end)
		return p + 1;
	for (;;) {
		if (keys) {
			p = string(blank(p));
			if (!p || *(p = blank(p)) != ':')
				return NULL;
			p++;
		}
		p = value(blank(p));
		if (!p)
			return NULL;
		p = blank(p);
		if (*p == end)
			return p + 1;
		if (*p++ != ',')
			return NULL;
	}
}

static const char *value(const char *p)
{
	if (*p == '{')
		return members(p, '}', true);
	if (*p == '[')
		return members(p, ']', false);
	if (*p == '"')
		return string(p);
	if (!strncmp(p, "null", 4) || !strncmp(p, "true", 4))
		return p + 4;
	if (!strncmp(p, "false", 5))
		return p + 5;
	return number(p);
}

const char *json_wrong(const char *text)
{
	const char *p;

	while (*text) {
		p = *text == '{' ? value(text) : NULL;
		if (!p || *p != '\n')
			return text;
		text = p + 1;
	}
	return NULL;
}

const char *text_wrong(const char *text)
{
	const unsigned char *p;

	for (p = (const unsigned char *)text; *p; p++) {
		if ((*p < 0x20 && *p != '\n') || *p == 0x7f)
			return (const char *)p;
		/* C1 as a character, or as a byte that is part of none. */
		if (*p == 0xc2 && p[1] < 0xa0)
			return (const char *)p;
	}
	return NULL;
}
