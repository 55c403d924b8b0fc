/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that a drop on one CPU writes to, in any context, with preemption off; in NMI, the
 * counts alone. Tasks read it.
 */
#ifndef WHYDROP_CPU_H
#define WHYDROP_CPU_H

#include <linux/percpu.h>
#include <linux/skbuff.h>
#include "capture/budget.h"
#include "capture/count.h"
#include "capture/ring.h"
#include "capture/stack_table.h"
#include "capture/walk_types.h"

/* Task, softirq and hardirq can each be in the probe at a time, on one CPU. */
#define WHYDROP_NESTING		3

/* Entries of places that a CPU caches; a power of two. */
#define WHYDROP_PLACE_CACHE		64

/**
 * struct whydrop_scratch - what a drop needs besides its record
 * @added: the table got a new entry for its place
 * @key: its place and its trace
 * @walk: room for the trace
 * @shadow: of the packet, for a filter
 *
 * Not on the kernel's stack: drops happen deep down in it, and kernels that
 * zero all locals would spend more on that than on the record.
 */
struct whydrop_scratch {
	union {
		struct {
			bool added;
			struct whydrop_stack_key key;
			struct whydrop_walk_scratch walk;
		};
		struct sk_buff shadow;
	};
};

/**
 * struct whydrop_qdisc - a drop by a qdisc that kfree_skb is about to report
 * @skb: the packet, not to be followed; NULL: it has been reported
 * @reason: enum qdisc_drop_reason
 * @handle: of the qdisc of the transmit queue, it or one below it dropped; 0: it has none
 */
struct whydrop_qdisc {
	const struct sk_buff *skb;
	u32 reason;
	u32 handle;
};

/**
 * struct whydrop_cpu - all that a drop on one CPU writes to
 * @nesting: scratches in use
 * @budget: what it may spend on stacks
 * @spare: counts before the last reset; changed under whydrop_cpus_lock()
 * @lost_nmi: as in whydrop_counts(), but since load, for readers to watch
 * @lost_nobuf: likewise
 * @qdisc: the last drop by a qdisc
 * @ring: records
 * @place_cache: entries of places, by a hash of the place
 * @walker: the steps up a stack that are known
 * @scratch: by nesting
 *
 * Allocated before its CPU comes up for the first time, and kept until unload:
 * what a CPU recorded can still be read when it is offline.
 */
struct whydrop_cpu {
	unsigned int nesting;
	struct whydrop_budget budget;
	struct whydrop_counts *spare;
	local64_t lost_nmi;
	local64_t lost_nobuf;
	struct whydrop_qdisc qdisc;
	struct whydrop_ring ring;
	const struct whydrop_stack *place_cache[WHYDROP_PLACE_CACHE];
	struct whydrop_walker walker;
	struct whydrop_scratch scratch[WHYDROP_NESTING];
};

DECLARE_PER_CPU(struct whydrop_cpu *, whydrop_cpus);
/* Counts since load or reset. Apart, so that what only counts a drop follows one pointer. */
DECLARE_PER_CPU(struct whydrop_counts *, whydrop_cpu_counts);
DECLARE_PER_CPU(local64_t, whydrop_uncounted);

/*
 * Drops since load or reset of stacks whose entries were freed, by slot. Protected by
 * whydrop_cpus_lock().
 */
extern u64 whydrop_cpus_freed_counts[WHYDROP_SLOTS];

/* The current CPU, or NULL. The caller must not be migrated. */
static __always_inline struct whydrop_cpu *whydrop_this_cpu(void)
{
	return __this_cpu_read(whydrop_cpus);
}

/* The counts for a drop, which calls this once; NULL without whydrop_this_cpu(). Likewise. */
static __always_inline struct whydrop_counts *whydrop_counts(void)
{
	return this_cpu_read(whydrop_cpu_counts);
}

/* The current counts of CPU @cpu, which whydrop_cpu() knows. whydrop_cpus_lock() held. */
static inline struct whydrop_counts *whydrop_counts_of(int cpu)
{
	return READ_ONCE(per_cpu(whydrop_cpu_counts, cpu));
}

/* The scratch that the drop being handled has taken. On that CPU. */
static __always_inline struct whydrop_scratch *whydrop_scratch(struct whydrop_cpu *c)
{
	return &c->scratch[c->nesting - 1];
}

/* CPU @cpu, or NULL if it never was up or had no memory. Any context. */
static inline struct whydrop_cpu *whydrop_cpu(int cpu)
{
	/* Pairs with smp_store_release() in prepare(). */
	return smp_load_acquire(per_cpu_ptr(&whydrop_cpus, cpu));
}

/**
 * whydrop_next_cpu() - iterate over the CPUs that have memory
 * @cpu: number of the last one, or -1 to start; set to that of the next one
 *
 * Context: any. Return: the next CPU, or NULL.
 */
struct whydrop_cpu *whydrop_next_cpu(int *cpu);

/**
 * whydrop_cpus_init() - allocate memory for the online CPUs, and for others as they come up
 * @ring_bytes: size of each ring, a power of two; 0: no rings
 *
 * Context: task. Return: 0 or a negative errno.
 */
int whydrop_cpus_init(size_t ring_bytes);
void whydrop_cpus_exit(void);

/**
 * whydrop_cpus_lock() - keep counts from being reset
 *
 * While it is held, drops are counted in no other counts than the current ones. Context: task.
 */
void whydrop_cpus_lock(void);
void whydrop_cpus_unlock(void);

/**
 * whydrop_cpus_reset() - reset all counts, and hide older records from new readers
 *
 * This neither interrupts a CPU nor turns its interrupts off: it clears the spare counts of
 * each CPU, exchanges them with the current ones, and waits until no drop uses the latter.
 * Context: task; takes an RCU grace period.
 */
void whydrop_cpus_reset(void);

/**
 * whydrop_cpu_floor() - get the position of a CPU's first record since load or reset
 * @cpu: the CPU, which whydrop_cpu() knows
 * @pos: result: its position in the ring, or where it will be
 * @seq: result: its number
 *
 * Context: task, whydrop_cpus_lock() held.
 */
void whydrop_cpu_floor(int cpu, u64 *pos, u64 *seq);

/**
 * whydrop_cpus_totals() - add up the counts of all CPUs
 * @totals: result
 * @slots: result by reason, WHYDROP_SLOTS of them, or NULL
 *
 * Context: task.
 */
void whydrop_cpus_totals(struct whydrop_totals *totals, u64 *slots);

/* Bytes that the CPUs' memory takes. Task. */
size_t whydrop_cpus_bytes(void);

#endif /* WHYDROP_CPU_H */
