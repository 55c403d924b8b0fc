/* SPDX-License-Identifier: GPL-2.0-only */
/* Source lines of frames. */
#ifndef WHYDROP_LINES_H
#define WHYDROP_LINES_H

#include "stream/decode.h"

/*
 * Source lines of frames, from the debug information of the kernel that they
 * are of, if that is at hand. Symbol and offset are looked up in its symbol
 * table, so it does not matter where the kernel was loaded. A symbol of another
 * size than the frame says is of another build, and not taken.
 */
struct lines;

/* 0, or EXIT_USAGE and said that this program is built without libdw. */
int lines_supported(void);
struct lines *lines_new(void);
void lines_free(struct lines *l);
/*
 * Set name->line of each frame, as far as there are such; what is missing is
 * said once. They are of the kernel of the stream @d or, if NULL, of this one.
 */
void lines_of_stack(struct lines *l, const struct decoder *d, struct stack *st);

#endif
