// SPDX-License-Identifier: GPL-2.0
/*
 * Allocates the ring of a CPU, and reads it, in a task. The writer, a drop, overwrites the
 * oldest records meanwhile; a reader that was too slow finds out by itself.
 */
#include <linux/kernel.h>
#include <linux/processor.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "compat.h"
#include "capture/memory.h"
#include "capture/ring.h"

int whydrop_ring_alloc(struct whydrop_ring *ring, size_t bytes, int node)
{
	atomic64_set(&ring->done, -1);
	if (!bytes)
		return 0;
	ring->data = whydrop_memory_zalloc(bytes, node);
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

/*
 * Copies @len bytes that may be overwritten meanwhile. Return: whether what
 * was copied is what had been written at @pos.
 */
static bool copy_checked(const struct whydrop_ring *ring, u64 pos, void *to, size_t len)
{
	/* The race is intended: torn bytes are discarded below. */
	data_race(memcpy(to, whydrop_ring_at(ring, pos), len));

	/* Pairs with smp_wmb() in whydrop_ring_evict(). */
	smp_rmb();
	return (s64)(atomic64_read(&ring->tail) - pos) <= 0;
}

bool whydrop_ring_read(const struct whydrop_ring *ring, u64 *pos, struct whydrop_event *ev)
{
	if (!ring->data)
		return false;
	for (;;) {
		/* Pairs with atomic64_set_release() in whydrop_ring_commit(). */
		u64 head = atomic64_read_acquire(&ring->head);
		u64 tail = atomic64_read(&ring->tail);

		if ((s64)(tail - *pos) > 0)
			*pos = tail;
		/* The tail was read after this head, and may have overtaken it. */
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
		/* Cannot happen, as the header was checked above; but never copy beyond @ev. */
		if (WARN_ON_ONCE(ev->rec.size > WHYDROP_RECORD_MAX))
			return false;
		if (!copy_checked(ring, *pos, ev, ev->rec.size))
			continue;
		*pos += ev->rec.size;
		return true;
	}
}

/*
 * The writer sets seq, then head, then done. If done was that of one record, and seq still
 * is afterwards, then head, which was read in between, belongs to that record, too.
 */
void whydrop_ring_end(const struct whydrop_ring *ring, u64 *pos, u64 *seq)
{
	for (;;) {
		/* These two pair with atomic64_set_release() in whydrop_ring_commit(). */
		*seq = atomic64_read_acquire(&ring->done) + 1;
		*pos = atomic64_read_acquire(&ring->head);
		if (READ_ONCE(ring->seq) == *seq)
			return;
		cpu_relax();
	}
}
