/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHYDROP_MERGE_H
#define WHYDROP_MERGE_H

#include <stddef.h>

struct input;
struct source;

/*
 * Several recordings of one boot as one source: their records, events in the order
 * of time. A load of the module comes to its end before the next one begins, so
 * within one it does not matter whose record said what an id means; each piece
 * begins with its header. What is in the buffer at a time is of one piece.
 */
/* 0, or an exit code and said why. */
int merge_open(struct source *s, const struct input *input, size_t nr);
/* As source_more(). */
int merge_more(struct source *s);
/* Nothing more of the piece that is in the buffer. */
void merge_skip(struct source *s);
void merge_close(struct source *s);

#endif
