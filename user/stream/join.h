/* SPDX-License-Identifier: GPL-2.0-only */
/* Joins the streams of several hosts, as they come, into one: see struct whydrop_host. */
#ifndef WHYDROP_JOIN_H
#define WHYDROP_JOIN_H

#include "stream/joint.h"

/*
 * Each host's bytes are decoded up to its next event. The earliest of these events is written
 * as soon as none that is earlier can be expected. Ids of reasons and stacks become those of
 * the joined stream, CPUs get numbers of their own; times are the host's, whatever its clock
 * says, unless they are to be aligned. Memory is limited whatever hosts send.
 */

/* @labels stay the caller's. */
void join_init(struct join *j, const char *const *labels, size_t nr, int64_t real, int64_t ms);
void join_free(struct join *j);

/* Where the host's next bytes are to be put; *@room is 0 if it has to wait. */
void *join_room(struct join_host *h, size_t *room);
/* So many have come there, now. */
void join_add(struct join *j, struct join_host *h, size_t len, int64_t real, int64_t ms);
/* No more will come. */
void join_end(struct join *j, struct join_host *h, int64_t real, int64_t ms);
/* Write what is due; @all: all that there is. */
void join_write(struct join *j, int64_t real, int64_t ms, bool all);
/* Is anything left to be written? */
bool join_waits(const struct join *j);

#endif
