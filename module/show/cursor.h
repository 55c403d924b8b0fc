/* SPDX-License-Identifier: GPL-2.0 */
/* The position of one reader in all rings: for a task, which may sleep. */
#ifndef WHYDROP_CURSOR_H
#define WHYDROP_CURSOR_H

#include "capture/cpu.h"

/**
 * struct whydrop_cursor_cpu - the position of a reader in the ring of one CPU
 * @pos: position in the ring of the next record
 * @next_seq: sequence number that the next record should have
 * @lost: number of records lost before @ev, not reported to the reader yet
 * @cause: enum whydrop_lost_cause, why they were lost
 * @pending: @ev is a record that the reader has not got yet
 * @ev: buffer of WHYDROP_RECORD_MAX bytes for one record; NULL until needed
 * @reported_nmi: losses reported to the reader, of those in whydrop_cpu.lost_nmi
 * @reported_nobuf: the same for whydrop_cpu.lost_nobuf
 */
struct whydrop_cursor_cpu {
	u64 pos;
	u64 next_seq;
	u64 lost;
	u32 cause;
	bool pending;
	struct whydrop_event *ev;
	u64 reported_nmi;
	u64 reported_nobuf;
};

/**
 * struct whydrop_cursor - the position of a reader in all rings
 * @cpus: position on each CPU, by its number
 *
 * Belongs to one open file. The rings do not know of it.
 */
struct whydrop_cursor {
	struct whydrop_cursor_cpu *cpus;
};

/**
 * struct whydrop_item - an event, or a loss of events
 * @cpu: number of the CPU
 * @ev: the event as recorded, valid until the cursor is used again; NULL: a loss
 * @lost: number of events lost
 * @cause: enum whydrop_lost_cause
 */
struct whydrop_item {
	int cpu;
	struct whydrop_event *ev;
	u64 lost;
	u32 cause;
};

/* Context of all functions: task. The caller serializes those on one cursor. */

/**
 * whydrop_cursor_init() - set up a cursor at the oldest records
 * @cursor: the cursor
 *
 * Return: 0 or -ENOMEM.
 */
int whydrop_cursor_init(struct whydrop_cursor *cursor);
void whydrop_cursor_exit(struct whydrop_cursor *cursor);

/* Move to the oldest records in the rings since load or reset. */
void whydrop_cursor_rewind(struct whydrop_cursor *cursor);

/* Move behind the newest records. Those that are skipped are not reported as lost. */
void whydrop_cursor_skip(struct whydrop_cursor *cursor);

/**
 * whydrop_cursor_next() - get the next event in order of time, or a loss before it
 * @cursor: the cursor
 * @until: ignore newer events, CLOCK_MONOTONIC nanoseconds
 * @item: result
 *
 * Return: whether there is one now. Without memory for it, there seems to be none.
 */
bool whydrop_cursor_next(struct whydrop_cursor *cursor, u64 until, struct whydrop_item *item);

/* Return whether there may be a next event or loss, of any time. */
bool whydrop_cursor_ready(const struct whydrop_cursor *cursor);

#endif /* WHYDROP_CURSOR_H */
