/* SPDX-License-Identifier: GPL-2.0 */
/* Writes events as text, for a task that reads. */
#ifndef WHYDROP_TEXT_H
#define WHYDROP_TEXT_H

#include "show/view.h"

/* Events as text: those that there are; and then those that follow. */
extern const struct whydrop_view_ops whydrop_text_ops;
extern const struct whydrop_view_ops whydrop_text_pipe_ops;

/**
 * whydrop_text_escape() - copy a name, escaped for terminals and parsers
 * @buf: result, 4 * @max + 1 bytes
 * @name: the name; up to a NUL, or @max bytes
 * @max: see @name
 *
 * Blanks, control characters and bytes above 0x7e become \xNN.
 * Context: any. Return: characters written, without the NUL.
 */
size_t whydrop_text_escape(char *buf, const char *name, size_t max);

#endif /* WHYDROP_TEXT_H */
