// SPDX-License-Identifier: GPL-2.0
/*
 * Frees the entries of the table that are no longer used, and keeps the counts of their
 * drops: in a task, which may sleep.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "compat.h"
#include "capture/cpu.h"
#include "capture/stack_free.h"
#include "capture/stack_table.h"

u64 whydrop_stack_count(u32 counter)
{
	u32 other = whydrop_stack_other_counter(0);
	u64 sum = counter >= other ? whydrop_cpus_freed_counts[counter - other] : 0;
	int cpu = -1;

	while (whydrop_next_cpu(&cpu))
		sum += local64_read(&whydrop_counts_of(cpu)->stacks[counter]);
	return sum;
}

static unsigned int nr_entries(void)
{
	return whydrop_stacks_max();
}

void whydrop_stacks_retire_unused(void)
{
	unsigned int i;

	whydrop_stacks_lock();
	whydrop_cpus_lock();
	for (i = 0; i < nr_entries(); i++) {
		struct whydrop_stack *e = whydrop_stack_by_index(i);

		if (e && !whydrop_stack_count(e->counter))
			whydrop_stack_retire(e);
		cond_resched();
	}
	whydrop_cpus_unlock();
	whydrop_stacks_unlock();
}

/* Set the bits of the entries that may be freed, by index. Return: whether there are any. */
static bool find_retired(unsigned long *victims)
{
	bool any = false;
	unsigned int i;

	whydrop_stacks_lock();
	for (i = 0; i < nr_entries(); i++) {
		struct whydrop_stack *e = whydrop_stack_by_index(i);

		if (e && e->retired && e->id < WHYDROP_STACK_ID_LIMIT - nr_entries()) {
			__set_bit(i, victims);
			any = true;
		}
		cond_resched();
	}
	whydrop_stacks_unlock();
	return any;
}

/* Clear the bits of entries that a record refers to which can still be read. */
static void spare_referenced(unsigned long *victims, struct whydrop_event *ev)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	while ((c = whydrop_next_cpu(&cpu))) {
		u64 pos, seq, end = atomic64_read(&c->ring.head);

		whydrop_cpus_lock();
		whydrop_cpu_floor(cpu, &pos, &seq);
		whydrop_cpus_unlock();
		while ((s64)(end - pos) > 0 && whydrop_ring_read(&c->ring, &pos, ev)) {
			if (!(ev->flags & WHYDROP_EV_ATTACHED) && ev->stack_id)
				__clear_bit((ev->stack_id - 1) % nr_entries(), victims);
			cond_resched();
		}
	}
}

/* Remove these entries from the caches of all CPUs. */
static void clear_place_caches(const unsigned long *victims)
{
	struct whydrop_cpu *c;
	unsigned int i;
	int cpu = -1;

	while ((c = whydrop_next_cpu(&cpu))) {
		for (i = 0; i < WHYDROP_PLACE_CACHE; i++) {
			const struct whydrop_stack *e = READ_ONCE(c->place_cache[i]);

			if (e && test_bit(e->counter - 1, victims))
				cmpxchg(&c->place_cache[i], e, NULL);
		}
		cond_resched();
	}
}

static void free_entry(struct whydrop_stack *e)
{
	int cpu = -1;

	whydrop_cpus_freed_counts[whydrop_slot(e->reason)] += whydrop_stack_count(e->counter);
	while (whydrop_next_cpu(&cpu))
		local64_set(&whydrop_counts_of(cpu)->stacks[e->counter], 0);
	whydrop_stack_recycle(e);
}

static void free_entries(const unsigned long *victims)
{
	bool half_full = whydrop_stacks_half_full();
	unsigned int i;

	whydrop_stacks_lock();
	whydrop_cpus_lock();
	for_each_set_bit(i, victims, nr_entries()) {
		struct whydrop_stack *e = whydrop_stack_by_index(i);

		if (!whydrop_stack_count(e->counter) || (half_full && e->saved_names))
			free_entry(e);
		cond_resched();
	}
	whydrop_cpus_unlock();
	whydrop_stacks_unlock();
}

/*
 * Preemption is off from when a drop looks up its entry until its record is in the ring.
 * So after a first RCU grace period, neither a new record nor a cache refers to an entry
 * that was retired before it. The second one starts when the entries are in no cache and
 * in no slot; after it, no drop uses them.
 */
void whydrop_stacks_free(void)
{
	static DEFINE_MUTEX(reclaim_lock);
	struct whydrop_event *ev;
	unsigned long *victims;

	mutex_lock(&reclaim_lock);
	victims = kvcalloc(BITS_TO_LONGS(nr_entries()), sizeof(*victims), GFP_KERNEL);
	ev = kmalloc(WHYDROP_RECORD_MAX, GFP_KERNEL);
	if (victims && ev && find_retired(victims)) {
		whydrop_synchronize();
		spare_referenced(victims, ev);
		clear_place_caches(victims);
		whydrop_stacks_remove(victims);
		whydrop_synchronize();
		free_entries(victims);
	}
	kfree(ev);
	kvfree(victims);
	mutex_unlock(&reclaim_lock);
}
