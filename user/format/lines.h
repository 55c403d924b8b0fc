/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the source lines of frames. */
#ifndef WHYDROP_LINES_H
#define WHYDROP_LINES_H

#include "stream/decode.h"

/*
 * Source lines come from the debug information of the frames' kernel, if it is installed.
 * Symbol and offset are looked up in its symbol table, so it does not matter where the
 * kernel was loaded. A symbol whose size differs from the frame's belongs to another build,
 * and is not used.
 */
struct lines;

/* Return: 0, or EXIT_USAGE if this program was built without libdw, which is reported. */
int lines_supported(void);
struct lines *lines_new(void);
void lines_free(struct lines *l);
/*
 * Set name->line of each frame that has a source line; missing debug information is reported
 * once. The frames belong to the kernel of the stream @d or, if NULL, to the running one.
 */
void lines_of_stack(struct lines *l, const struct decoder *d, struct stack *st);

#endif
