// SPDX-License-Identifier: GPL-2.0
/*
 * Frees the entries that are not used any more, so that their room is used again and no
 * drop that they counted is forgotten: in a task, which may sleep.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "capture/cpu.h"
#include "capture/stack_free.h"
#include "capture/stack_table.h"

u64 whydrop_stack_count(u32 counter)
{
	u32 elsewhere = whydrop_stack_elsewhere(0);
	u64 sum = counter >= elsewhere ? whydrop_cpus_moved[counter - elsewhere] : 0;
	struct whydrop_cpu *c;
	int cpu = -1;

	while ((c = whydrop_next_cpu(&cpu)))
		sum += local64_read(&c->counts->stacks[counter]);
	return sum;
}

static unsigned int entries(void)
{
	return whydrop_stacks_max();
}

void whydrop_stacks_retire_unused(void)
{
	unsigned int i;

	whydrop_stacks_lock();
	whydrop_cpus_lock();
	for (i = 0; i < entries(); i++) {
		struct whydrop_stack *e = whydrop_stack_at(i);

		if (e && !whydrop_stack_count(e->counter))
			whydrop_stack_retire(e);
		cond_resched();
	}
	whydrop_cpus_unlock();
	whydrop_stacks_unlock();
}

/* Which entries are to be freed, by index. Return: whether any is. */
static bool find_retired(unsigned long *which)
{
	bool any = false;
	unsigned int i;

	whydrop_stacks_lock();
	for (i = 0; i < entries(); i++) {
		struct whydrop_stack *e = whydrop_stack_at(i);

		if (e && e->retired && e->id < WHYDROP_STACK_IDS - entries()) {
			__set_bit(i, which);
			any = true;
		}
		cond_resched();
	}
	whydrop_stacks_unlock();
	return any;
}

/* Leave those that a record refers to which somebody may still read. */
static void leave_referenced(unsigned long *which, struct whydrop_event *ev)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	while ((c = whydrop_next_cpu(&cpu))) {
		u64 pos, seq, end = atomic64_read(&c->ring.head);

		whydrop_cpus_lock();
		whydrop_cpu_floor(c, &pos, &seq);
		whydrop_cpus_unlock();
		while ((s64)(end - pos) > 0 && whydrop_ring_read(&c->ring, &pos, ev)) {
			if (!(ev->flags & WHYDROP_EV_ATTACHED) && ev->stack_id)
				__clear_bit((ev->stack_id - 1) % entries(), which);
			cond_resched();
		}
	}
}

/* Let no CPU remember these entries. */
static void forget_places(const unsigned long *which)
{
	struct whydrop_cpu *c;
	unsigned int i;
	int cpu = -1;

	while ((c = whydrop_next_cpu(&cpu))) {
		for (i = 0; i < WHYDROP_PLACES; i++) {
			const struct whydrop_stack *e = READ_ONCE(c->places[i]);

			if (e && test_bit(e->counter - 1, which))
				cmpxchg(&c->places[i], e, NULL);
		}
		cond_resched();
	}
}

static void free_entry(struct whydrop_stack *e)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	whydrop_cpus_moved[whydrop_slot(e->reason)] += whydrop_stack_count(e->counter);
	while ((c = whydrop_next_cpu(&cpu)))
		local64_set(&c->counts->stacks[e->counter], 0);
	whydrop_stack_put_back(e);
}

static void free_entries(const unsigned long *which)
{
	bool tight = whydrop_stacks_tight();
	unsigned int i;

	whydrop_stacks_lock();
	whydrop_cpus_lock();
	for_each_set_bit(i, which, entries()) {
		struct whydrop_stack *e = whydrop_stack_at(i);

		if (!whydrop_stack_count(e->counter) || (tight && e->gone))
			free_entry(e);
		cond_resched();
	}
	whydrop_cpus_unlock();
	whydrop_stacks_unlock();
}

/*
 * A drop runs with preemption off, from finding an entry until its record is in
 * the ring. So after a first grace period no record gets an id that was retired
 * before it, and no CPU comes to remember such a place; after a second one, which
 * starts when none remembers or finds them, nobody looks at these entries.
 */
void whydrop_stacks_free(void)
{
	static DEFINE_MUTEX(one);
	struct whydrop_event *ev;
	unsigned long *which;

	mutex_lock(&one);
	which = kvcalloc(BITS_TO_LONGS(entries()), sizeof(*which), GFP_KERNEL);
	ev = kmalloc(WHYDROP_RECORD_MAX, GFP_KERNEL);
	if (which && ev && find_retired(which)) {
		synchronize_rcu();
		leave_referenced(which, ev);
		forget_places(which);
		whydrop_stacks_take_out(which);
		synchronize_rcu();
		free_entries(which);
	}
	kfree(ev);
	kvfree(which);
	mutex_unlock(&one);
}
