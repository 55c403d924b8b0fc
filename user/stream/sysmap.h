/* SPDX-License-Identifier: GPL-2.0-only */
/* Names what the module of a kernel without symbols gives as offsets, by its System.map. */
#ifndef WHYDROP_SYSMAP_H
#define WHYDROP_SYSMAP_H

#include <stdbool.h>
#include <stddef.h>

struct sysmap;

#define SYSMAP_NAME_MAX 256

/* Return the symbols of a file, or NULL after a message. */
struct sysmap *sysmap_read(const char *path);
void sysmap_free(struct sysmap *m);

/* Is it that of the kernel with these anchors, which its module gives? */
bool sysmap_fits(const struct sysmap *m, const char *anchors);

/* Is @text an offset, in the kernel's text or a module's? */
bool sysmap_is_offset(const char *text);

/*
 * Return the name of an offset in the kernel's text, in @buf; else @text. Looked up is, as by
 * the kernel, the call before it; but a place may also be the start of a function.
 */
const char *sysmap_name(const struct sysmap *m, const char *text, bool place,
			char buf[SYSMAP_NAME_MAX]);

#endif
