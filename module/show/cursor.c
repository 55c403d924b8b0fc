// SPDX-License-Identifier: GPL-2.0
/* Moves one reader through all rings, in order of time, in a task, which may sleep. */
#include <linux/mm.h>
#include <linux/slab.h>
#include "show/cursor.h"

int whydrop_cursor_init(struct whydrop_cursor *cursor)
{
	cursor->seats = kvcalloc(nr_cpu_ids, sizeof(*cursor->seats), GFP_KERNEL);
	if (!cursor->seats)
		return -ENOMEM;
	whydrop_cursor_rewind(cursor);
	return 0;
}

void whydrop_cursor_exit(struct whydrop_cursor *cursor)
{
	int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		kfree(cursor->seats[cpu].ev);
	kvfree(cursor->seats);
}

/* Get the next record of @c, unless there is one that was not used yet. */
static bool fetch(struct whydrop_seat *seat, const struct whydrop_cpu *c, u32 cause)
{
	if (seat->have)
		return true;
	if (!whydrop_ring_has(&c->ring, seat->pos))
		return false;
	if (!seat->ev) {
		seat->ev = kmalloc(WHYDROP_RECORD_MAX, GFP_KERNEL);
		if (!seat->ev)
			return false;
	}
	if (!whydrop_ring_read(&c->ring, &seat->pos, seat->ev))
		return false;
	seat->lost = seat->ev->seq - seat->next_seq;
	seat->cause = cause;
	seat->next_seq = seat->ev->seq + 1;
	seat->have = true;
	return true;
}

static void start_seat(struct whydrop_seat *seat, const struct whydrop_cpu *c)
{
	seat->have = false;
	seat->told_nmi = local64_read(&c->lost_nmi);
	seat->told_nobuf = local64_read(&c->lost_nobuf);
}

void whydrop_cursor_rewind(struct whydrop_cursor *cursor)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	whydrop_cpus_lock();
	while ((c = whydrop_next_cpu(&cpu))) {
		struct whydrop_seat *seat = &cursor->seats[cpu];

		whydrop_cpu_floor(c, &seat->pos, &seat->next_seq);
		start_seat(seat, c);
		/* What is missing up to here was lost to history, not to us. */
		fetch(seat, c, WHYDROP_LOST_HISTORY);
	}
	whydrop_cpus_unlock();
}

void whydrop_cursor_skip(struct whydrop_cursor *cursor)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	while ((c = whydrop_next_cpu(&cpu))) {
		struct whydrop_seat *seat = &cursor->seats[cpu];

		whydrop_ring_end(&c->ring, &seat->pos, &seat->next_seq);
		start_seat(seat, c);
	}
}

/* A loss that leaves no gap in the ring. */
static bool next_rare(struct whydrop_seat *seat, const struct whydrop_cpu *c,
		      struct whydrop_item *item)
{
	u64 nmi = local64_read(&c->lost_nmi);
	u64 nobuf = local64_read(&c->lost_nobuf);

	if (nmi != seat->told_nmi) {
		item->lost = nmi - seat->told_nmi;
		item->cause = WHYDROP_LOST_NMI;
		seat->told_nmi = nmi;
		return true;
	}
	if (nobuf != seat->told_nobuf) {
		item->lost = nobuf - seat->told_nobuf;
		item->cause = WHYDROP_LOST_NOBUF;
		seat->told_nobuf = nobuf;
		return true;
	}
	return false;
}

bool whydrop_cursor_next(struct whydrop_cursor *cursor, u64 until, struct whydrop_item *item)
{
	struct whydrop_seat *first = NULL;
	struct whydrop_cpu *c;
	int cpu = -1;

	item->ev = NULL;
	while ((c = whydrop_next_cpu(&cpu))) {
		struct whydrop_seat *seat = &cursor->seats[cpu];

		if (next_rare(seat, c, item)) {
			item->cpu = cpu;
			return true;
		}
		if (!fetch(seat, c, WHYDROP_LOST_OVERWRITTEN) || seat->ev->mono_ns > until)
			continue;
		if (!first || seat->ev->mono_ns < first->ev->mono_ns)
			first = seat;
	}
	if (!first)
		return false;

	item->cpu = first - cursor->seats;
	if (first->lost) {
		item->lost = first->lost;
		item->cause = first->cause;
		first->lost = 0;
		return true;
	}
	item->ev = first->ev;
	first->have = false;
	return true;
}

bool whydrop_cursor_ready(const struct whydrop_cursor *cursor)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	while ((c = whydrop_next_cpu(&cpu))) {
		const struct whydrop_seat *seat = &cursor->seats[cpu];

		if (seat->have || whydrop_ring_has(&c->ring, seat->pos) ||
		    local64_read(&c->lost_nmi) != seat->told_nmi ||
		    local64_read(&c->lost_nobuf) != seat->told_nobuf)
			return true;
	}
	return false;
}
