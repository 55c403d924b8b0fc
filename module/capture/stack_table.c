// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps the table of (reason, stack) pairs, of fixed size. Drops find and insert, in any
 * context but NMI, with preemption off, and never wait; tasks take out what is not used
 * any more. A stack that does not get in goes with its event instead, and is counted at
 * its place. These pairs, (reason, place), have room of their own: more than there are
 * places in a kernel where packets are dropped.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "capture/count.h"
#include "capture/memory.h"
#include "capture/stack_table.h"

#define PROBES		16
#define FRAMES_EACH	24	/* on average; a mixture has fewer */
#define PLACES		2048

/* A slot whose entry was freed: others may be behind it. */
#define FREED		((struct whydrop_stack *)1)

/* Entries that are free again and looked at, for one that has room for the frames. */
#define TRIES		64

/* Rooms for frames are multiples of this, so that another stack may fit in later. */
#define FRAMES_STEP	8

/**
 * struct part - a part of the entries
 * @first: index of the first one
 * @room: entries in all
 * @nr: entries ever used
 * @nr_free: of these, to be used again
 * @free: which, from @first on
 */
struct part {
	unsigned int first;
	unsigned int room;
	atomic_t nr;
	atomic_t nr_free;
	unsigned long *free;
};

static struct {
	struct part stacks;
	struct part places;
	u32 mask;
	struct whydrop_stack **slots;
	struct whydrop_stack *entries;
	unsigned long *frames;
	unsigned long frames_room;
	atomic_long_t frames_used;
	atomic_t born;
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

/* Entries of both kinds. */
static unsigned int entries(void)
{
	return table.stacks.room + table.places.room;
}

static bool init_part(struct part *part, unsigned int first, unsigned int room)
{
	part->first = first;
	part->room = room;
	part->free = kvcalloc(BITS_TO_LONGS(room), sizeof(long), GFP_KERNEL);
	return part->free;
}

int whydrop_stacks_init(unsigned int max)
{
	unsigned long slots = roundup_pow_of_two(2ul * (max + PLACES));
	bool parts = init_part(&table.stacks, 0, max) & init_part(&table.places, max, PLACES);

	table.mask = slots - 1;
	table.frames_room = max * FRAMES_EACH;
	table.slots = whydrop_memory_zalloc(array_size(slots, sizeof(*table.slots)), NUMA_NO_NODE);
	table.entries = whydrop_memory_zalloc(array_size(entries(), sizeof(*table.entries)),
					      NUMA_NO_NODE);
	table.frames = whydrop_memory_zalloc(array_size(table.frames_room, sizeof(*table.frames)),
					     NUMA_NO_NODE);
	if (!parts || !table.slots || !table.entries || !table.frames) {
		whydrop_stacks_exit();
		return -ENOMEM;
	}
	return 0;
}

static void free_names(struct whydrop_stack *e)
{
	if (e->gone != whydrop_stack_no_names)
		kvfree(e->gone);
	e->gone = NULL;
}

void whydrop_stacks_exit(void)
{
	unsigned int i;

	for (i = 0; table.entries && i < entries(); i++)
		free_names(&table.entries[i]);
	kvfree(table.stacks.free);
	kvfree(table.places.free);
	vfree(table.frames);
	vfree(table.entries);
	vfree(table.slots);
	memset(&table, 0, sizeof(table));
}

static bool matches(const struct whydrop_stack *e, const struct whydrop_stack_key *key)
{
	const unsigned long *a = e->frames, *b = key->frames, *end = b + key->nr;

	if (e->hash != key->hash || e->reason != key->reason || e->place != key->place ||
	    e->nr != key->nr || READ_ONCE(e->retired))
		return false;
	/* Four at a time: they are the same, almost always. */
	for (; end - b >= 4; a += 4, b += 4)
		if ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]))
			return false;
	while (b != end)
		if (*a++ != *b++)
			return false;
	return true;
}

/*
 * An entry gets its id when it is in a slot, from whoever finds it there first: had it
 * one before, then tasks could look at an entry that has to be given back.
 */
static __always_inline const struct whydrop_stack *found(struct whydrop_stack *e)
{
	if (unlikely(!READ_ONCE(e->id))) {
		/* Pairs with smp_load_acquire() in whydrop_stack_at(). */
		smp_store_release(&e->id, e->next);
	}
	return e;
}

const struct whydrop_stack *whydrop_stack_find(const struct whydrop_stack_key *key)
{
	unsigned int i;

	for (i = 0; i < PROBES; i++) {
		struct whydrop_stack **slot = &table.slots[(key->hash + i) & table.mask];
		/* Pairs with cmpxchg() in publish(). */
		struct whydrop_stack *e = smp_load_acquire(slot);

		if (!e)
			return NULL;
		if (e != FREED && matches(e, key))
			return found(e);
	}
	return NULL;
}

/* Claim an entry that is free again, or return NULL. */
static struct whydrop_stack *claim_freed(struct part *part, unsigned int nr)
{
	unsigned int i, tries = TRIES;

	if (!atomic_read(&part->nr_free))
		return NULL;
	for_each_set_bit(i, part->free, part->room) {
		struct whydrop_stack *e = &table.entries[part->first + i];

		if (e->room >= nr && test_and_clear_bit(i, part->free)) {
			atomic_dec(&part->nr_free);
			return e;
		}
		if (!--tries)
			break;
	}
	return NULL;
}

/* Claim an entry and room for its frames, or return NULL. */
static struct whydrop_stack *claim(const struct whydrop_stack_key *key)
{
	struct part *part = key->nr ? &table.stacks : &table.places;
	struct whydrop_stack *e = claim_freed(part, key->nr);
	unsigned int room = round_up(key->nr, FRAMES_STEP);
	long first;
	int index;

	if (e)
		return e;
	if (atomic_read(&part->nr) >= part->room)
		return NULL;
	/* What was taken is never given back: others may have gone past it. */
	first = atomic_long_read(&table.frames_used);
	do {
		if (first + room > table.frames_room)
			return NULL;
	} while (!atomic_long_try_cmpxchg(&table.frames_used, &first, first + room));
	index = atomic_fetch_add_unless(&part->nr, 1, part->room);
	if (index == part->room)
		return NULL;
	e = &table.entries[part->first + index];
	e->frames = table.frames + first;
	e->room = room;
	e->counter = part->first + index + 1;
	e->next = e->counter;
	return e;
}

/* Let an entry be claimed again that nobody has seen since it was, if ever. */
static void unclaim(struct whydrop_stack *e)
{
	struct part *part = e->counter > table.places.first ? &table.places : &table.stacks;

	/* Who claims it finds it as it was left. */
	smp_mb__before_atomic();
	set_bit(e->counter - 1 - part->first, part->free);
	atomic_inc(&part->nr_free);
}

/*
 * Let drops and tasks see @e, unless the same is there by now.
 * Return: what is in the table, or NULL if no slot is free.
 */
static const struct whydrop_stack *publish(struct whydrop_stack *e,
					   const struct whydrop_stack_key *key)
{
	unsigned int i;

	for (i = 0; i < PROBES; i++) {
		struct whydrop_stack **slot = &table.slots[(key->hash + i) & table.mask];
		struct whydrop_stack *was, *old = READ_ONCE(*slot);

		while (!old || old == FREED) {
			/* Pairs with smp_load_acquire() in whydrop_stack_find(). */
			was = cmpxchg(slot, old, e);
			if (was == old)
				return found(e);
			old = was;
		}
		/* Its fields are read through this very pointer, so after it. */
		if (matches(old, key))
			return found(old);
	}
	return NULL;
}

const struct whydrop_stack *whydrop_stack_add(const struct whydrop_stack_key *key)
{
	const struct whydrop_stack *there = whydrop_stack_find(key);
	struct whydrop_stack *e;

	if (there)
		return there;
	e = claim(key);
	if (!e)
		return NULL;
	e->hash = key->hash;
	e->reason = key->reason;
	e->flags = key->flags;
	e->nr = key->nr;
	e->place = key->place;
	e->born = atomic_inc_return(&table.born);
	memcpy(e->frames, key->frames, key->nr * sizeof(*e->frames));
	WRITE_ONCE(e->retired, false);
	there = publish(e, key);
	if (there != e)
		unclaim(e);
	return there;
}

void whydrop_stack_mark(const struct whydrop_stack *stack, u16 flags)
{
	struct whydrop_stack *e = &table.entries[stack->counter - 1];

	/* Who marks the same entry at the same time has found out the same. */
	WRITE_ONCE(e->flags, READ_ONCE(e->flags) | flags);
}

struct whydrop_stack *whydrop_stack_at(unsigned int index)
{
	struct whydrop_stack *e = &table.entries[index];

	/* Pairs with smp_store_release() in found(). */
	return smp_load_acquire(&e->id) ? e : NULL;
}

struct whydrop_stack *whydrop_stack_by_id(u32 id)
{
	struct whydrop_stack *e;

	if (!id)
		return NULL;
	e = whydrop_stack_at((id - 1) % entries());
	return e && e->id == id ? e : NULL;
}

unsigned int whydrop_stacks_max(void)
{
	return entries();
}

u32 whydrop_stacks_born(void)
{
	return atomic_read(&table.born);
}

unsigned int whydrop_stack_counters(void)
{
	return entries() + 1 + WHYDROP_SLOTS;
}

u32 whydrop_stack_elsewhere(unsigned int slot)
{
	return entries() + 1 + slot;
}

/* Entries in use, with those that are retired. */
static unsigned int used(const struct part *part)
{
	return atomic_read(&part->nr) - atomic_read(&part->nr_free);
}

static bool is_tight(const struct part *part)
{
	return used(part) > part->room / 2;
}

bool whydrop_stacks_tight(void)
{
	return is_tight(&table.stacks) || is_tight(&table.places);
}

void whydrop_stack_retire(struct whydrop_stack *stack)
{
	WRITE_ONCE(stack->retired, true);
}

void whydrop_stacks_take_out(const unsigned long *which)
{
	unsigned int i;

	for (i = 0; i <= table.mask; i++) {
		struct whydrop_stack *e = READ_ONCE(table.slots[i]);

		if (e && e != FREED && test_bit(e - table.entries, which))
			WRITE_ONCE(table.slots[i], FREED);
		cond_resched();
	}
}

void whydrop_stack_put_back(struct whydrop_stack *e)
{
	free_names(e);
	e->next = e->id + entries();
	WRITE_ONCE(e->id, 0);
	unclaim(e);
}

void whydrop_stacks_usage(struct whydrop_stack_usage *usage)
{
	usage->stored = used(&table.stacks);
	usage->room = table.stacks.room;
	usage->places = used(&table.places);
	usage->places_room = table.places.room;
	usage->frames = atomic_long_read(&table.frames_used);
	usage->frames_room = table.frames_room;
	usage->bytes = (table.mask + 1) * sizeof(*table.slots) +
		       entries() * sizeof(*table.entries) +
		       table.frames_room * sizeof(*table.frames);
}
