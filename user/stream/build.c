// SPDX-License-Identifier: GPL-2.0-only
/* Builds records in the byte order of a stream that was read. */
#include <stdlib.h>
#include <string.h>

#include "stream/build.h"

void build_append(struct build *b, const void *p, size_t len)
{
	while (b->room - b->nr < len) {
		b->room = b->room ? b->room * 2 : 4096;
		b->p = need(realloc(b->p, b->room));
	}
	memcpy(b->p + b->nr, p, len);
	b->nr += len;
}

void build_text(struct build *b, const char *text)
{
	build_append(b, text, strlen(text) + 1);
}

void build_16(struct build *b, uint16_t v)
{
	v = b->dec->swap ? __builtin_bswap16(v) : v;
	build_append(b, &v, sizeof(v));
}

void build_32(struct build *b, uint32_t v)
{
	v = b->dec->swap ? __builtin_bswap32(v) : v;
	build_append(b, &v, sizeof(v));
}

void build_64(struct build *b, uint64_t v)
{
	v = b->dec->swap ? __builtin_bswap64(v) : v;
	build_append(b, &v, sizeof(v));
}

void build_begin(struct build *b, unsigned int type)
{
	b->nr = 0;
	build_32(b, 0);
	build_16(b, type);
	build_16(b, 0);
}

void build_end(struct build *b)
{
	uint32_t size;

	while (b->nr % 8)
		build_append(b, "", 1);
	size = b->dec->swap ? __builtin_bswap32(b->nr) : b->nr;
	memcpy(b->p, &size, sizeof(size));
}
