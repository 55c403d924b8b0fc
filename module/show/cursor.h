/* SPDX-License-Identifier: GPL-2.0 */
/* One reader's position in all rings, for a task, which may sleep. */
#ifndef WHYDROP_CURSOR_H
#define WHYDROP_CURSOR_H

#include "capture/cpu.h"

/**
 * struct whydrop_seat - how far a reader is on one CPU
 * @pos: where to read on in the ring
 * @next_seq: number of the record expected there
 * @lost: records missing before @ev that the reader has not been told of yet
 * @cause: of @lost
 * @have: whether @ev is a record that the reader has not had yet
 * @ev: one record, room for WHYDROP_RECORD_MAX bytes; NULL until needed
 * @told_nmi: losses that the reader knows of, as in struct whydrop_cpu
 * @told_nobuf: likewise
 */
struct whydrop_seat {
	u64 pos;
	u64 next_seq;
	u64 lost;
	u32 cause;
	bool have;
	struct whydrop_event *ev;
	u64 told_nmi;
	u64 told_nobuf;
};

/**
 * struct whydrop_cursor - how far a reader is
 * @seats: by CPU
 *
 * Belongs to one open file. Nothing in the rings knows of it.
 */
struct whydrop_cursor {
	struct whydrop_seat *seats;
};

/**
 * struct whydrop_item - what comes next
 * @cpu: where
 * @ev: an event as it lies in the ring, valid until the cursor is used again;
 *	or NULL: a loss
 * @lost: how many events
 * @cause: enum whydrop_lost_cause
 */
struct whydrop_item {
	int cpu;
	struct whydrop_event *ev;
	u64 lost;
	u32 cause;
};

/* All of the cursor's functions: context task, calls for one cursor in turn. */

/**
 * whydrop_cursor_init() - make a cursor that starts at the oldest records
 * @cursor: the cursor
 *
 * Return: 0 or -ENOMEM.
 */
int whydrop_cursor_init(struct whydrop_cursor *cursor);
void whydrop_cursor_exit(struct whydrop_cursor *cursor);

/* Go (back) to the oldest records in the rings since load or reset. */
void whydrop_cursor_rewind(struct whydrop_cursor *cursor);

/* Go to where nothing is yet; what is passed by is not told as lost. */
void whydrop_cursor_skip(struct whydrop_cursor *cursor);

/**
 * whydrop_cursor_next() - the next event by time, or a loss before it
 * @cursor: the cursor
 * @until: leave alone what is newer, CLOCK_MONOTONIC nanoseconds
 * @item: result
 *
 * Return: whether there is one now; -ENOMEM is as good as none.
 */
bool whydrop_cursor_next(struct whydrop_cursor *cursor, u64 until, struct whydrop_item *item);

/* Whether there may be a next one. */
bool whydrop_cursor_ready(const struct whydrop_cursor *cursor);

#endif /* WHYDROP_CURSOR_H */
