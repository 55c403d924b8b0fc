// SPDX-License-Identifier: GPL-2.0
/*
 * The ring of one CPU: the writer overwrites the oldest records, readers look
 * on. A reader that was too slow finds out by itself.
 */
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "ring.h"

int whydrop_ring_alloc(struct whydrop_ring *ring, size_t bytes, int node)
{
	if (!bytes)
		return 0;
	ring->data = vzalloc_node(bytes, node);
	if (!ring->data)
		return -ENOMEM;
	ring->mask = bytes - 1;
	return 0;
}

void whydrop_ring_free(struct whydrop_ring *ring)
{
	vfree(ring->data);
	ring->data = NULL;
}

static struct whydrop_rec *rec_at(const struct whydrop_ring *ring, u64 pos)
{
	return (struct whydrop_rec *)(ring->data + (pos & ring->mask));
}

void whydrop_ring_write(struct whydrop_ring *ring, struct whydrop_event *ev)
{
	u64 head = atomic64_read(&ring->head);
	u64 tail = atomic64_read(&ring->tail);
	u32 bytes = ring->mask + 1;
	u32 to_end = bytes - (head & ring->mask);
	u32 pad = 0;

	/* Records do not wrap, so that each can be copied as it is. */
	if (ev->rec.size > to_end)
		pad = to_end;

	if (head + pad + ev->rec.size - tail > bytes) {
		do {
			tail += rec_at(ring, tail)->size;
		} while (head + pad + ev->rec.size - tail > bytes);
		atomic64_set(&ring->tail, tail);
	}
	/*
	 * Readers must see the new tail before the bytes behind the old one
	 * change. Pairs with smp_rmb() in copy_checked().
	 */
	smp_wmb();

	if (pad) {
		struct whydrop_rec *rec = rec_at(ring, head);

		rec->size = pad;
		rec->type = WHYDROP_REC_PAD;
		head += pad;
	}
	ev->seq = ring->seq++;
	memcpy(rec_at(ring, head), ev, ev->rec.size);

	/* Pairs with atomic64_read_acquire() in whydrop_ring_read(). */
	atomic64_set_release(&ring->head, head + ev->rec.size);
}

/*
 * Copies @len bytes that may be overwritten meanwhile. Return: whether what
 * was copied is what had been written at @pos.
 */
static bool copy_checked(const struct whydrop_ring *ring, u64 pos, void *to, size_t len)
{
	/* The race is meant: torn bytes are thrown away below. */
	data_race(memcpy(to, rec_at(ring, pos), len));

	/* Pairs with smp_wmb() in whydrop_ring_write(). */
	smp_rmb();
	return (s64)(atomic64_read(&ring->tail) - pos) <= 0;
}

bool whydrop_ring_read(const struct whydrop_ring *ring, u64 *pos, struct whydrop_event *ev)
{
	if (!ring->data)
		return false;
	for (;;) {
		/* Pairs with atomic64_set_release() in whydrop_ring_write(). */
		u64 head = atomic64_read_acquire(&ring->head);
		u64 tail = atomic64_read(&ring->tail);

		if ((s64)(tail - *pos) > 0)
			*pos = tail;
		/* The tail was read later, it may have overtaken this head. */
		if ((s64)(head - *pos) < 0)
			continue;
		if (head == *pos)
			return false;
		if (!copy_checked(ring, *pos, &ev->rec, sizeof(ev->rec)))
			continue;
		if (ev->rec.type == WHYDROP_REC_PAD) {
			*pos += ev->rec.size;
			continue;
		}
		/* Checked above, so this cannot be: but a copy has bounds. */
		if (WARN_ON_ONCE(ev->rec.size > WHYDROP_RECORD_MAX))
			return false;
		if (!copy_checked(ring, *pos, ev, ev->rec.size))
			continue;
		*pos += ev->rec.size;
		return true;
	}
}
