// SPDX-License-Identifier: GPL-2.0
/* Allocates, locks and resets the memory of the CPUs, in a task, which may sleep. */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "compat.h"
#include "capture/cpu.h"
#include "capture/memory.h"
#include "capture/stack_table.h"

DEFINE_PER_CPU(struct whydrop_cpu *, whydrop_cpus);
DEFINE_PER_CPU(struct whydrop_counts *, whydrop_cpu_counts);

/* Drops on CPUs without memory even for counts: only their number is known. */
DEFINE_PER_CPU(local64_t, whydrop_uncounted);

u64 whydrop_cpus_freed_counts[WHYDROP_SLOTS];

static u64 uncounted_base;	/* of all CPUs, at the last reset */

static DEFINE_MUTEX(lock);
static enum cpuhp_state state;
static size_t ring_bytes;
static bool coming_up;

struct whydrop_cpu *whydrop_next_cpu(int *cpu)
{
	struct whydrop_cpu *c = NULL;

	while (!c) {
		*cpu = cpumask_next(*cpu, cpu_possible_mask);
		if (*cpu >= nr_cpu_ids)
			return NULL;
		c = whydrop_cpu(*cpu);
	}
	return c;
}

static size_t counts_bytes(void)
{
	const struct whydrop_counts *counts;

	return struct_size(counts, stacks, whydrop_stack_counters());
}

static size_t bytes_each(void)
{
	return sizeof(struct whydrop_cpu) + ring_bytes + 2 * counts_bytes();
}

static void free_cpu(struct whydrop_cpu *c)
{
	if (!c)
		return;
	whydrop_ring_free(&c->ring);
	vfree(c->spare);
	kvfree(c);
}

static struct whydrop_cpu *alloc_cpu(int cpu, struct whydrop_counts **counts)
{
	int node = cpu_to_node(cpu);
	struct whydrop_cpu *c;

	c = kvmalloc_node(sizeof(*c), WHYDROP_GFP, node);
	if (!c)
		return NULL;
	c->spare = whydrop_memory_zalloc(counts_bytes(), node);
	*counts = whydrop_memory_zalloc(counts_bytes(), node);
	if (!c->spare || !*counts || whydrop_ring_alloc(&c->ring, ring_bytes, node)) {
		vfree(*counts);
		free_cpu(c);
		return NULL;
	}
	return c;
}

static int prepare(unsigned int cpu)
{
	struct whydrop_counts *counts = NULL;
	struct whydrop_cpu *c;

	if (whydrop_cpu(cpu))
		return 0;
	c = whydrop_memory_fits(bytes_each()) ? alloc_cpu(cpu, &counts) : NULL;
	if (!c) {
		/* Loading fails without memory; a CPU comes up later even without. */
		if (coming_up)
			return -ENOMEM;
		pr_warn("no memory for CPU %u: its drops are counted as lost_nobuf only\n", cpu);
		return 0;
	}
	per_cpu(whydrop_cpu_counts, cpu) = counts;
	/* Pairs with smp_load_acquire() in whydrop_cpu(). */
	smp_store_release(per_cpu_ptr(&whydrop_cpus, cpu), c);
	return 0;
}

static void free_all(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		vfree(per_cpu(whydrop_cpu_counts, cpu));
		free_cpu(per_cpu(whydrop_cpus, cpu));
		per_cpu(whydrop_cpu_counts, cpu) = NULL;
		per_cpu(whydrop_cpus, cpu) = NULL;
	}
}

int whydrop_cpus_init(size_t bytes)
{
	int ret, cpu;

	ring_bytes = bytes;
	cpus_read_lock();
	/* Check this first: else the first CPUs would take the memory that the last one lacks. */
	if (!whydrop_memory_fits(array_size(bytes_each(), num_online_cpus()))) {
		cpus_read_unlock();
		return -ENOMEM;
	}
	/* For dynamic states, kernels up to 5.11 do not call this for CPUs that are up already. */
	ret = cpuhp_setup_state_nocalls_cpuslocked(CPUHP_BP_PREPARE_DYN, "net/whydrop:prepare",
						   prepare, NULL);
	if (ret >= 0) {
		state = ret;
		ret = 0;
		coming_up = true;
		for_each_online_cpu(cpu) {
			ret = prepare(cpu);
			if (ret)
				break;
		}
		coming_up = false;
		if (ret)
			cpuhp_remove_state_nocalls_cpuslocked(state);
	}
	cpus_read_unlock();
	if (ret)
		free_all();
	return ret;
}

void whydrop_cpus_exit(void)
{
	cpuhp_remove_state_nocalls(state);
	free_all();
}

void whydrop_cpus_lock(void)
{
	mutex_lock(&lock);
}

void whydrop_cpus_unlock(void)
{
	mutex_unlock(&lock);
}

/* Since the last reset. */
static u64 uncounted(void)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += local64_read(per_cpu_ptr(&whydrop_uncounted, cpu));
	return sum - uncounted_base;
}

void whydrop_cpus_reset(void)
{
	struct whydrop_cpu *c;
	int cpu = -1;

	whydrop_cpus_lock();
	while ((c = whydrop_next_cpu(&cpu))) {
		struct whydrop_counts *before = whydrop_counts_of(cpu);

		memset(c->spare, 0, counts_bytes());
		/* A drop that sees the pointer sees the counts cleared. */
		smp_store_release(per_cpu_ptr(&whydrop_cpu_counts, cpu), c->spare);
		c->spare = before;
		cond_resched();
	}
	uncounted_base += uncounted();
	memset(whydrop_cpus_freed_counts, 0, sizeof(whydrop_cpus_freed_counts));
	/*
	 * This waits for all code with preemption off, such as the probe, whatever kind of
	 * RCU the tracepoint uses. Under the lock, because a drop may still be counted in
	 * the old counts until then: these must not be cleared, nor the new ones be shown.
	 */
	whydrop_synchronize();
	whydrop_cpus_unlock();
}

void whydrop_cpu_floor(int cpu, u64 *pos, u64 *seq)
{
	const struct whydrop_counts *counts = whydrop_counts_of(cpu);

	lockdep_assert_held(&lock);
	/* Read this first: if no record was started after it, the first one comes here. */
	whydrop_ring_end(&whydrop_cpu(cpu)->ring, pos, seq);
	/* Pairs with smp_store_release() in start_counts(). */
	if (smp_load_acquire(&counts->started)) {
		*pos = counts->floor_pos;
		*seq = counts->floor_seq;
	}
}

void whydrop_cpus_totals(struct whydrop_totals *totals, u64 *slots)
{
	int cpu = -1;
	u64 n;

	memset(totals, 0, sizeof(*totals));
	if (slots)
		memset(slots, 0, WHYDROP_SLOTS * sizeof(*slots));
	whydrop_cpus_lock();
	while (whydrop_next_cpu(&cpu))
		whydrop_count_add(totals, slots, whydrop_counts_of(cpu));
	n = uncounted();
	totals->seen += n;
	totals->lost_nobuf += n;
	if (slots)
		slots[WHYDROP_SLOT_OTHER] += n;
	whydrop_cpus_unlock();
}

size_t whydrop_cpus_bytes(void)
{
	size_t sum = 0;
	int cpu = -1;

	while (whydrop_next_cpu(&cpu))
		sum += bytes_each();
	return sum;
}
