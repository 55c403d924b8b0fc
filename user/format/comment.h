/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes the comment of a packet in a pcapng file. */
#ifndef WHYDROP_COMMENT_H
#define WHYDROP_COMMENT_H

#include "base/out.h"
#include "stream/decode.h"

/* Bytes, which only forged recordings reach. */
#define COMMENT_MAX 40000

/* Into @t, instead of what is there: with @max_frames of the stack at most. */
void comment_write(struct out *t, const struct event *e, unsigned int max_frames);

#endif
