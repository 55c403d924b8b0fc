// SPDX-License-Identifier: GPL-2.0
/* Moves one reader through all rings, in order of time, in a task, which may sleep. */
#include <linux/mm.h>
#include <linux/slab.h>
#include "compat.h"
#include "show/cursor.h"

int whydrop_cursor_init(struct whydrop_cursor *cursor)
{
	cursor->cpus = kvcalloc(nr_cpu_ids, sizeof(*cursor->cpus), GFP_KERNEL);
	if (!cursor->cpus)
		return -ENOMEM;
	whydrop_cursor_rewind(cursor);
	return 0;
}

void whydrop_cursor_exit(struct whydrop_cursor *cursor)
{
	int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		kfree(cursor->cpus[cpu].ev);
	kvfree(cursor->cpus);
}

/* Read the next record of a CPU, unless one is pending. Return: whether one is pending now. */
static bool peek_record(struct whydrop_cursor_cpu *cc, const struct whydrop_cpu *c, u32 cause)
{
	if (cc->pending)
		return true;
	if (!whydrop_ring_has(&c->ring, cc->pos))
		return false;
	if (!cc->ev) {
		cc->ev = kmalloc(WHYDROP_RECORD_MAX, GFP_KERNEL);
		if (!cc->ev)
			return false;
	}
	if (!whydrop_ring_read(&c->ring, &cc->pos, cc->ev))
		return false;
	cc->lost = cc->ev->seq - cc->next_seq;
	cc->cause = cause;
	cc->next_seq = cc->ev->seq + 1;
	cc->pending = true;
	return true;
}

static void reset_cpu(struct whydrop_cursor_cpu *cc, const struct whydrop_cpu *c)
{
	cc->pending = false;
	cc->reported_nmi = local64_read(&c->lost_nmi);
	cc->reported_nobuf = local64_read(&c->lost_nobuf);
}

void whydrop_cursor_rewind(struct whydrop_cursor *cursor)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	whydrop_cpus_lock();
	while ((c = whydrop_next_cpu(&cpu))) {
		struct whydrop_cursor_cpu *cc = &cursor->cpus[cpu];

		whydrop_cpu_floor(cpu, &cc->pos, &cc->next_seq);
		reset_cpu(cc, c);
		/* What was overwritten before the reader came is history, not its loss. */
		peek_record(cc, c, WHYDROP_LOST_HISTORY);
	}
	whydrop_cpus_unlock();
}

void whydrop_cursor_skip(struct whydrop_cursor *cursor)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	while ((c = whydrop_next_cpu(&cpu))) {
		struct whydrop_cursor_cpu *cc = &cursor->cpus[cpu];

		whydrop_ring_end(&c->ring, &cc->pos, &cc->next_seq);
		reset_cpu(cc, c);
	}
}

/* Report a loss that leaves no gap in the sequence numbers, as the drop had none. */
static bool next_loss_without_gap(struct whydrop_cursor_cpu *cc, const struct whydrop_cpu *c,
				  struct whydrop_item *item)
{
	u64 nmi = local64_read(&c->lost_nmi);
	u64 nobuf = local64_read(&c->lost_nobuf);

	if (nmi != cc->reported_nmi) {
		item->lost = nmi - cc->reported_nmi;
		item->cause = WHYDROP_LOST_NMI;
		cc->reported_nmi = nmi;
		return true;
	}
	if (nobuf != cc->reported_nobuf) {
		item->lost = nobuf - cc->reported_nobuf;
		item->cause = WHYDROP_LOST_NOBUF;
		cc->reported_nobuf = nobuf;
		return true;
	}
	return false;
}

bool whydrop_cursor_next(struct whydrop_cursor *cursor, u64 until, struct whydrop_item *item)
{
	struct whydrop_cursor_cpu *first = NULL;
	struct whydrop_cpu *c;
	int cpu = -1;

	item->ev = NULL;
	while ((c = whydrop_next_cpu(&cpu))) {
		struct whydrop_cursor_cpu *cc = &cursor->cpus[cpu];

		if (next_loss_without_gap(cc, c, item)) {
			item->cpu = cpu;
			return true;
		}
		if (!peek_record(cc, c, WHYDROP_LOST_OVERWRITTEN) || cc->ev->mono_ns > until)
			continue;
		if (!first || cc->ev->mono_ns < first->ev->mono_ns)
			first = cc;
	}
	if (!first)
		return false;

	item->cpu = first - cursor->cpus;
	if (first->lost) {
		item->lost = first->lost;
		item->cause = first->cause;
		first->lost = 0;
		return true;
	}
	item->ev = first->ev;
	first->pending = false;
	return true;
}

bool whydrop_cursor_ready(const struct whydrop_cursor *cursor)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	while ((c = whydrop_next_cpu(&cpu))) {
		const struct whydrop_cursor_cpu *cc = &cursor->cpus[cpu];

		if (cc->pending || whydrop_ring_has(&c->ring, cc->pos) ||
		    local64_read(&c->lost_nmi) != cc->reported_nmi ||
		    local64_read(&c->lost_nobuf) != cc->reported_nobuf)
			return true;
	}
	return false;
}
