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
 * @fill: fill the buffer, which is empty, with whole units, by whydrop_cursor_next()
 * @unit: size of the unit at @p; NULL if a reader may get parts of units
 * @priv_bytes: size of the memory for @fill, zeroed at open and rewind
 * @follow: wait for more at the end
 */
struct whydrop_view_ops {
	void (*fill)(struct whydrop_view *v);
	size_t (*unit)(const u8 *p);
	size_t (*priv_bytes)(void);
	bool follow;
};

/**
 * struct whydrop_view - an open file that shows events
 * @ops: its format
 * @lock: protects the other fields: readers of one open file take turns
 * @cursor: its position
 * @until: show no newer events, CLOCK_MONOTONIC nanoseconds
 * @started: the buffer was filled since open or rewind
 * @off: bytes of @buf that have been read
 * @len: bytes of @buf that have been filled
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

/* Return the free space in the buffer. */
static inline size_t whydrop_view_room(const struct whydrop_view *v)
{
	return WHYDROP_VIEW_BYTES - v->len;
}

/* The files' operations; inode->i_private is their struct whydrop_view_ops. */
extern const struct file_operations whydrop_view_fops;

void whydrop_view_exit(void);

#endif /* WHYDROP_VIEW_H */
