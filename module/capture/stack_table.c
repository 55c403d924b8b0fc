// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps the table of (reason, stack) pairs, which has a fixed size. Drops look up and add
 * entries without waiting, in any context but NMI, with preemption off; tasks remove the
 * entries that are no longer used. If the table is full, the event carries the stack
 * itself, and the drop is counted by its place. These (reason, place) pairs have a pool of
 * their own, with more entries than a kernel has places that drop packets.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "compat.h"
#include "capture/count.h"
#include "capture/memory.h"
#include "capture/stack_table.h"

#define PROBES		16
#define FRAMES_PER_STACK	24	/* on average; mixed workloads have fewer */
#define MAX_PLACES		2048

/* A slot whose entry was removed; a search goes on behind it. */
#define TOMBSTONE		((struct whydrop_stack *)1)

/* Free entries to try for one that is large enough for the frames. */
#define MAX_TRIES		64

/* An entry has space for a multiple of this, so that a later stack is likely to fit. */
#define FRAMES_ALIGN	8

/**
 * struct pool - the entries for stacks, or those for places
 * @first: index of the first one
 * @capacity: number of entries
 * @nr: entries that were ever allocated: the first ones
 * @nr_free: of these, entries that are free again
 * @free: bitmap of the latter, from @first on
 */
struct pool {
	unsigned int first;
	unsigned int capacity;
	atomic_t nr;
	atomic_t nr_free;
	unsigned long *free;
};

static struct {
	struct pool stacks;
	struct pool places;
	u32 mask;
	struct whydrop_stack **slots;
	struct whydrop_stack *entries;
	unsigned long *frames;
	unsigned long max_frames;
	atomic_long_t nr_frames;
	atomic_t serial;
} table;

static DEFINE_MUTEX(lock);

const char whydrop_stack_no_names[1];

void whydrop_stacks_lock(void)
{
	mutex_lock(&lock);
}

void whydrop_stacks_unlock(void)
{
	mutex_unlock(&lock);
}

/* Entries of both pools. */
static unsigned int nr_entries(void)
{
	return table.stacks.capacity + table.places.capacity;
}

static bool init_pool(struct pool *pool, unsigned int first, unsigned int capacity)
{
	pool->first = first;
	pool->capacity = capacity;
	pool->free = kvcalloc(BITS_TO_LONGS(capacity), sizeof(long), GFP_KERNEL);
	return pool->free;
}

int whydrop_stacks_init(unsigned int max)
{
	unsigned long slots = roundup_pow_of_two(2ul * (max + MAX_PLACES));
	bool pools = init_pool(&table.stacks, 0, max) & init_pool(&table.places, max, MAX_PLACES);

	table.mask = slots - 1;
	table.max_frames = max * FRAMES_PER_STACK;
	table.slots = whydrop_memory_zalloc(array_size(slots, sizeof(*table.slots)), NUMA_NO_NODE);
	table.entries = whydrop_memory_zalloc(array_size(nr_entries(), sizeof(*table.entries)),
					      NUMA_NO_NODE);
	table.frames = whydrop_memory_zalloc(array_size(table.max_frames, sizeof(*table.frames)),
					     NUMA_NO_NODE);
	if (!pools || !table.slots || !table.entries || !table.frames) {
		whydrop_stacks_exit();
		return -ENOMEM;
	}
	return 0;
}

static void free_names(struct whydrop_stack *e)
{
	if (e->saved_names != whydrop_stack_no_names)
		kvfree(e->saved_names);
	e->saved_names = NULL;
}

void whydrop_stacks_exit(void)
{
	unsigned int i;

	for (i = 0; table.entries && i < nr_entries(); i++)
		free_names(&table.entries[i]);
	kvfree(table.stacks.free);
	kvfree(table.places.free);
	vfree(table.frames);
	vfree(table.entries);
	vfree(table.slots);
	memset(&table, 0, sizeof(table));
}

/*
 * Where a trace ends is part of it: the same frames, up to an interrupt, may be from user
 * space, where they are all, or from the kernel (irq_exit_rcu() of 5.10).
 */
#define KEY_FLAGS	(WHYDROP_STACK_CUT | WHYDROP_STACK_INTERRUPTED)

static bool is_match(const struct whydrop_stack *e, const struct whydrop_stack_key *key)
{
	const unsigned long *a = e->frames, *b = key->frames, *end = b + key->nr;

	if (e->hash != key->hash || e->reason != key->reason || e->place != key->place ||
	    e->nr != key->nr || (READ_ONCE(e->flags) ^ key->flags) & KEY_FLAGS ||
	    READ_ONCE(e->retired))
		return false;
	/* Four at a time: where the hash is the same, so are the frames, almost always. */
	for (; end - b >= 4; a += 4, b += 4)
		if ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]))
			return false;
	while (b != end)
		if (*a++ != *b++)
			return false;
	return true;
}

/*
 * Whoever first finds an entry in a slot sets its id, without which no task sees it. It is
 * not set earlier, because an entry that loses the race for a slot is freed at once.
 */
static __always_inline const struct whydrop_stack *assign_id(struct whydrop_stack *e)
{
	if (unlikely(!READ_ONCE(e->id))) {
		/* Pairs with smp_load_acquire() in whydrop_stack_by_index(). */
		smp_store_release(&e->id, e->next_id);
	}
	return e;
}

const struct whydrop_stack *whydrop_stack_find(const struct whydrop_stack_key *key)
{
	unsigned int i;

	for (i = 0; i < PROBES; i++) {
		struct whydrop_stack **slot = &table.slots[(key->hash + i) & table.mask];
		/* Pairs with cmpxchg() in insert_entry(). */
		struct whydrop_stack *e = smp_load_acquire(slot);

		if (!e)
			return NULL;
		if (e != TOMBSTONE && is_match(e, key))
			return assign_id(e);
	}
	return NULL;
}

/* Return an entry that was used before and is large enough for @nr frames, or NULL. */
static struct whydrop_stack *pop_free_entry(struct pool *pool, unsigned int nr)
{
	unsigned int i, tries = MAX_TRIES;

	if (!atomic_read(&pool->nr_free))
		return NULL;
	for_each_set_bit(i, pool->free, pool->capacity) {
		struct whydrop_stack *e = &table.entries[pool->first + i];

		if (e->capacity >= nr && test_and_clear_bit(i, pool->free)) {
			atomic_dec(&pool->nr_free);
			return e;
		}
		if (!--tries)
			break;
	}
	return NULL;
}

/* Return an entry that is large enough for the frames of @key, or NULL. */
static struct whydrop_stack *alloc_entry(const struct whydrop_stack_key *key)
{
	struct pool *pool = key->nr ? &table.stacks : &table.places;
	struct whydrop_stack *e = pop_free_entry(pool, key->nr);
	unsigned int capacity = round_up(key->nr, FRAMES_ALIGN);
	long first;
	int index;

	if (e)
		return e;
	if (atomic_read(&pool->nr) >= pool->capacity)
		return NULL;
	/* Frames are never given back: others may have been allocated behind them by then. */
	first = atomic_long_read(&table.nr_frames);
	do {
		if (first + capacity > table.max_frames)
			return NULL;
	} while (!atomic_long_try_cmpxchg(&table.nr_frames, &first, first + capacity));
	index = atomic_fetch_add_unless(&pool->nr, 1, pool->capacity);
	if (index == pool->capacity)
		return NULL;
	e = &table.entries[pool->first + index];
	e->frames = table.frames + first;
	e->capacity = capacity;
	e->counter = pool->first + index + 1;
	e->next_id = e->counter;
	return e;
}

/* Free an entry that nobody else can find: it was never inserted, or it was removed. */
static void free_entry(struct whydrop_stack *e)
{
	struct pool *pool = e->counter > table.places.first ? &table.places : &table.stacks;

	/* Whoever allocates it next sees it as it is now. */
	smp_mb__before_atomic();
	set_bit(e->counter - 1 - pool->first, pool->free);
	atomic_inc(&pool->nr_free);
}

/*
 * Insert @e into the hash table, unless another CPU inserted the same entry meanwhile.
 * Return: the entry that is in the table, or NULL if no slot is free.
 */
static const struct whydrop_stack *insert_entry(struct whydrop_stack *e,
						const struct whydrop_stack_key *key)
{
	unsigned int i;

	for (i = 0; i < PROBES; i++) {
		struct whydrop_stack **slot = &table.slots[(key->hash + i) & table.mask];
		struct whydrop_stack *was, *old = READ_ONCE(*slot);

		while (!old || old == TOMBSTONE) {
			/* Pairs with smp_load_acquire() in whydrop_stack_find(). */
			was = cmpxchg(slot, old, e);
			if (was == old)
				return assign_id(e);
			old = was;
		}
		/* No barrier: the fields depend on the pointer that was read. */
		if (is_match(old, key))
			return assign_id(old);
	}
	return NULL;
}

const struct whydrop_stack *whydrop_stack_add(const struct whydrop_stack_key *key)
{
	const struct whydrop_stack *present = whydrop_stack_find(key);
	struct whydrop_stack *e;

	if (present)
		return present;
	e = alloc_entry(key);
	if (!e)
		return NULL;
	e->hash = key->hash;
	e->reason = key->reason;
	e->flags = key->flags;
	e->nr = key->nr;
	e->place = key->place;
	e->serial = atomic_inc_return(&table.serial);
	memcpy(e->frames, key->frames, key->nr * sizeof(*e->frames));
	WRITE_ONCE(e->plain, false);
	WRITE_ONCE(e->retired, false);
	present = insert_entry(e, key);
	if (present != e)
		free_entry(e);
	return present;
}

void whydrop_stack_set_flags(const struct whydrop_stack *stack, u16 flags)
{
	struct whydrop_stack *e = &table.entries[stack->counter - 1];

	/* Not atomic: whoever sets flags of the same entry at the same time sets the same. */
	WRITE_ONCE(e->flags, READ_ONCE(e->flags) | flags);
}

void whydrop_stack_set_plain(const struct whydrop_stack *stack)
{
	WRITE_ONCE(table.entries[stack->counter - 1].plain, true);
}

struct whydrop_stack *whydrop_stack_by_index(unsigned int index)
{
	struct whydrop_stack *e = &table.entries[index];

	/* Pairs with smp_store_release() in assign_id(). */
	return smp_load_acquire(&e->id) ? e : NULL;
}

struct whydrop_stack *whydrop_stack_by_id(u32 id)
{
	struct whydrop_stack *e;

	if (!id)
		return NULL;
	e = whydrop_stack_by_index((id - 1) % nr_entries());
	return e && e->id == id ? e : NULL;
}

unsigned int whydrop_stacks_max(void)
{
	return nr_entries();
}

u32 whydrop_stacks_added(void)
{
	return atomic_read(&table.serial);
}

unsigned int whydrop_stack_counters(void)
{
	return nr_entries() + 1 + WHYDROP_SLOTS;
}

u32 whydrop_stack_other_counter(unsigned int slot)
{
	return nr_entries() + 1 + slot;
}

/* Entries in use, including retired ones. */
static unsigned int nr_used(const struct pool *pool)
{
	return atomic_read(&pool->nr) - atomic_read(&pool->nr_free);
}

static bool is_half_full(const struct pool *pool)
{
	return nr_used(pool) > pool->capacity / 2;
}

bool whydrop_stacks_half_full(void)
{
	return is_half_full(&table.stacks) || is_half_full(&table.places);
}

void whydrop_stack_retire(struct whydrop_stack *stack)
{
	WRITE_ONCE(stack->retired, true);
}

void whydrop_stacks_remove(const unsigned long *indexes)
{
	unsigned int i;

	for (i = 0; i <= table.mask; i++) {
		struct whydrop_stack *e = READ_ONCE(table.slots[i]);

		if (e && e != TOMBSTONE && test_bit(e - table.entries, indexes))
			WRITE_ONCE(table.slots[i], TOMBSTONE);
		cond_resched();
	}
}

void whydrop_stack_recycle(struct whydrop_stack *e)
{
	free_names(e);
	e->next_id = e->id + nr_entries();
	WRITE_ONCE(e->id, 0);
	free_entry(e);
}

void whydrop_stacks_usage(struct whydrop_stack_usage *usage)
{
	usage->stacks = nr_used(&table.stacks);
	usage->max_stacks = table.stacks.capacity;
	usage->places = nr_used(&table.places);
	usage->max_places = table.places.capacity;
	usage->frames = atomic_long_read(&table.nr_frames);
	usage->max_frames = table.max_frames;
	usage->bytes = (table.mask + 1) * sizeof(*table.slots) +
		       nr_entries() * sizeof(*table.entries) +
		       table.max_frames * sizeof(*table.frames);
}
