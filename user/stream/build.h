/* SPDX-License-Identifier: GPL-2.0-only */
/* Builds records in the byte order of a stream that was read. */
#ifndef WHYDROP_BUILD_H
#define WHYDROP_BUILD_H

#include "stream/decode.h"

struct build {
	const struct decoder *dec;
	char		*p;		/* to be freed */
	size_t		nr, room;
};

void build_append(struct build *b, const void *p, size_t len);
void build_text(struct build *b, const char *text);
void build_16(struct build *b, uint16_t v);
void build_32(struct build *b, uint32_t v);
void build_64(struct build *b, uint64_t v);
/* Begin a record of a type, and end it: then it has its size. */
void build_begin(struct build *b, unsigned int type);
void build_end(struct build *b);

#endif
