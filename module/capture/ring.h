/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes records to the ring of the CPU that is running, with interrupts off, in any
 * context but NMI.
 */
#ifndef WHYDROP_RING_H
#define WHYDROP_RING_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/types.h>
#include "uapi/whydrop.h"

/*
 * A record in a ring is an event as in the stream. If its stack is not in the table,
 * WHYDROP_EV_ATTACHED is set, and struct whydrop_attached follows the data; it is removed
 * before the event is written to the stream.
 */
#define WHYDROP_EV_ATTACHED	BIT(15)

/* A stack that a record carries; its addresses belong to this generation, see owner.h. */
struct whydrop_attached {
	u64 place;
	u16 nr;
	u16 flags;
	u32 generation;
	u64 frames[];
};

#define WHYDROP_RECORD_MAX	(sizeof(struct whydrop_event) + WHYDROP_SNAPLEN_MAX + \
				 sizeof(struct whydrop_attached) + \
				 WHYDROP_FRAMES_MAX * sizeof(u64))

/* Offset of what is attached to an event that captured @caplen bytes. */
static inline u32 whydrop_attached_offset(u32 caplen)
{
	return (sizeof(struct whydrop_event) + caplen + 7) & ~7u;
}

/**
 * struct whydrop_ring - the last records of one CPU
 * @data: @mask + 1 bytes, a power of two; NULL if there is no ring
 * @mask: see @data
 * @head: bytes ever written; only grows, so it wraps in no lifetime
 * @tail: where the oldest whole record starts, in the same count
 * @seq: number of the next record
 * @done: number of the last record that is whole; -1 before the first
 *
 * There is one writer, the CPU that owns it, and any number of readers, of whom it does
 * not know. The positions are atomic64_t because 32-bit machines read a u64 in two halves.
 */
struct whydrop_ring {
	u8 *data;
	u32 mask;
	atomic64_t head;
	atomic64_t tail;
	u64 seq;
	atomic64_t done;
};

/**
 * whydrop_ring_alloc() - allocate the memory of a ring
 * @ring: the ring, zeroed
 * @bytes: a power of two, at least 2 * WHYDROP_RECORD_MAX; 0: no ring
 * @node: NUMA node
 *
 * Context: task. Return: 0 or -ENOMEM.
 */
int whydrop_ring_alloc(struct whydrop_ring *ring, size_t bytes, int node);
void whydrop_ring_free(struct whydrop_ring *ring);

static __always_inline struct whydrop_rec *whydrop_ring_at(const struct whydrop_ring *ring, u64 pos)
{
	return (struct whydrop_rec *)(ring->data + (pos & ring->mask));
}

/* Drop the oldest records until @size bytes fit at @head. */
static __always_inline void whydrop_ring_evict(struct whydrop_ring *ring, u64 head, u32 size)
{
	/* The tail must not be before this; negative until the ring has filled once. */
	s64 least = head + size - (ring->mask + 1ull);
	s64 tail = atomic64_read(&ring->tail);

	if (tail < least) {
		do
			tail += whydrop_ring_at(ring, tail)->size;
		while (tail < least);
		atomic64_set(&ring->tail, tail);
	}
	/*
	 * Readers must see the new tail before the bytes behind the old one
	 * change. Pairs with smp_rmb() in copy_checked().
	 */
	smp_wmb();
}

/**
 * whydrop_ring_reserve() - reserve space for a record, overwriting the oldest ones if need be
 * @ring: the ring of this CPU, which has data
 * @size: maximum size of the record, a multiple of 8, at most WHYDROP_RECORD_MAX
 * @head: result, for whydrop_ring_commit()
 *
 * Context: any but NMI, on the CPU that owns @ring, interrupts off until
 * whydrop_ring_commit(), which has to follow.
 * Return: the record, of which only seq is initialized.
 */
static __always_inline struct whydrop_event *whydrop_ring_reserve(struct whydrop_ring *ring,
								  u32 size, u64 *head)
{
	u64 at = atomic64_read(&ring->head);
	u32 used = at & ring->mask;
	struct whydrop_event *ev;

	/* Records do not wrap, so that each can be copied as it is. */
	if (unlikely(used + size > ring->mask + 1)) {
		u32 pad = ring->mask + 1 - used;

		whydrop_ring_evict(ring, at, pad);
		whydrop_ring_at(ring, at)->size = pad;
		whydrop_ring_at(ring, at)->type = WHYDROP_REC_PAD;
		at += pad;
	}
	whydrop_ring_evict(ring, at, size);
	*head = at;
	ev = (struct whydrop_event *)whydrop_ring_at(ring, at);
	ev->seq = ring->seq;
	WRITE_ONCE(ring->seq, ev->seq + 1);
	return ev;
}

/* Publish the reserved record, all of which must be filled in. */
static __always_inline void whydrop_ring_commit(struct whydrop_ring *ring,
						const struct whydrop_event *ev, u64 head)
{
	/* Pairs with atomic64_read_acquire() in whydrop_ring_read() and _end(). */
	atomic64_set_release(&ring->head, head + ev->rec.size);
	/* Pairs with atomic64_read_acquire() in whydrop_ring_end(). */
	atomic64_set_release(&ring->done, ev->seq);
}

/**
 * whydrop_ring_read() - copy one record out
 * @ring: the ring
 * @pos: where to read, or the oldest record if that was overwritten; moved behind the
 *	record that was read
 * @ev: buffer of WHYDROP_RECORD_MAX bytes
 *
 * Context: task, on any CPU. Return: whether there was a record.
 */
bool whydrop_ring_read(const struct whydrop_ring *ring, u64 *pos,
		       struct whydrop_event *ev);

/**
 * whydrop_ring_end() - get position and number of the next record to be written
 * @ring: the ring
 * @pos: result
 * @seq: result
 *
 * Waits for a record that is being written, on another CPU. Context: task.
 */
void whydrop_ring_end(const struct whydrop_ring *ring, u64 *pos, u64 *seq);

/* Whether a reader at @pos would find a record. Any context. */
static inline bool whydrop_ring_has(const struct whydrop_ring *ring, u64 pos)
{
	return ring->data && (u64)atomic64_read(&ring->head) != pos;
}

#endif /* WHYDROP_RING_H */
