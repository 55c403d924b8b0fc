/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes events as lines of text. */
#ifndef WHYDROP_TEXT_H
#define WHYDROP_TEXT_H

#include "format/fields.h"

void text_header(struct fmt *f);
void text_event(struct fmt *f, const struct event *e);
void text_frames(struct out *o, const struct stack *st, int indent);
/* Write SYMBOL+0xOFFSET [MODULE] of a place, without the size of the function. */
void text_short_place(char *buf, size_t room, const char *place, size_t len);
/* Write " (qdisc 1: OVERLIMIT)" if a qdisc dropped the packet and its reason is known. */
void text_qdisc(struct out *o, const struct event *e);
/* Write the frames of an event and remarks on them, or why there are none. */
void text_stack(struct out *o, const struct event *e, int indent);

#endif
