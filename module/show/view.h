/* SPDX-License-Identifier: GPL-2.0 */
/* An open file that shows events to a task, which may sleep. */
#ifndef WHYDROP_VIEW_H
#define WHYDROP_VIEW_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include "show/cursor.h"

#define WHYDROP_VIEW_BYTES	(128 * 1024)

struct whydrop_view;

/**
 * struct whydrop_view_ops - how a view shows what the cursor finds
 * @fill: put as much as there is into the buffer, whole units only, calling
 *	whydrop_cursor_next(); called with an empty buffer
 * @unit: bytes of the unit at @p, or NULL if a reader may get parts of one
 * @priv_bytes: memory for @fill's own use, zeroed at open and at a rewind
 * @follow: wait at the end for more
 */
struct whydrop_view_ops {
	void (*fill)(struct whydrop_view *v);
	size_t (*unit)(const u8 *p);
	size_t (*priv_bytes)(void);
	bool follow;
};

/**
 * struct whydrop_view - an open file that shows events
 * @ops: how
 * @lock: protects all below: readers of one open file take turns
 * @cursor: where
 * @until: show no newer events, CLOCK_MONOTONIC nanoseconds
 * @started: the buffer was filled before
 * @off: what of @buf has been read
 * @len: what of @buf has been filled
 * @priv: of @ops->priv_bytes
 * @buf: WHYDROP_VIEW_BYTES
 */
struct whydrop_view {
	const struct whydrop_view_ops *ops;
	struct mutex lock;	/* protects all below */
	struct whydrop_cursor cursor;
	u64 until;
	bool started;
	size_t off;
	size_t len;
	void *priv;
	u8 *buf;
};

/* Bytes left to fill. */
static inline size_t whydrop_view_room(const struct whydrop_view *v)
{
	return WHYDROP_VIEW_BYTES - v->len;
}

/* The files' operations; inode->i_private is their struct whydrop_view_ops. */
extern const struct file_operations whydrop_view_fops;

void whydrop_view_exit(void);

#endif /* WHYDROP_VIEW_H */
