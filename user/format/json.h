/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes events as JSON. */
#ifndef WHYDROP_JSON_H
#define WHYDROP_JSON_H

#include "format/fields.h"

void json_meta(struct fmt *f, const struct decoder *d);
void json_event(struct fmt *f, const struct event *e);
void json_lost(struct fmt *f, const struct item *it);
/* Write a number; null if it is negative. */
void json_number(struct out *o, const char *key, double val);
/* Write a time, ns since 1970; null unless it is positive. */
void json_ns(struct out *o, const char *key, int64_t ns);
/* Write a process, or null. */
void json_proc(struct out *o, const struct proc *p);
void json_frames(struct out *o, struct name *const *frame, size_t nr);
void json_lines(struct out *o, struct name *const *frame, size_t nr);

#endif
