// SPDX-License-Identifier: GPL-2.0
/*
 * The table of (reason, stack) pairs: insert-only, of fixed size, and never waiting
 * for anybody. A stack that does not get in goes with its event instead, and is
 * counted at its place. These pairs, (reason, place), have room of their own: more
 * than there are places in a kernel where packets are dropped.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "capture/cpu.h"
#include "capture/stack_table.h"

#define PROBES		16
#define FRAMES_EACH	24	/* on average; a mixture has fewer */
#define PLACES		2048

/* A slot that somebody is filling. */
#define BUSY		((struct whydrop_stack *)1)

/* A part of the entries. */
struct part {
	unsigned int first;
	unsigned int room;
	atomic_t nr;
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
} table;

/* Entries of both kinds. */
static unsigned int entries(void)
{
	return table.stacks.room + table.places.room;
}

const char whydrop_stack_no_names[1];

int whydrop_stacks_init(unsigned int max)
{
	unsigned long slots = roundup_pow_of_two(2ul * (max + PLACES));

	table.stacks.room = max;
	table.places.first = max;
	table.places.room = PLACES;
	table.mask = slots - 1;
	table.frames_room = max * FRAMES_EACH;
	table.slots = vzalloc(array_size(slots, sizeof(*table.slots)));
	table.entries = vzalloc(array_size(entries(), sizeof(*table.entries)));
	table.frames = vmalloc(array_size(table.frames_room, sizeof(*table.frames)));
	if (!table.slots || !table.entries || !table.frames) {
		whydrop_stacks_exit();
		return -ENOMEM;
	}
	return 0;
}

void whydrop_stacks_exit(void)
{
	unsigned int i;

	for (i = 0; table.entries && i < entries(); i++)
		if (table.entries[i].gone != whydrop_stack_no_names)
			kvfree(table.entries[i].gone);
	vfree(table.frames);
	vfree(table.entries);
	vfree(table.slots);
	memset(&table, 0, sizeof(table));
}

static bool matches(const struct whydrop_stack *e, const struct whydrop_stack_key *key)
{
	const unsigned long *a = e->frames, *b = key->frames, *end = b + key->nr;

	if (e->hash != key->hash || e->reason != key->reason || e->place != key->place ||
	    e->nr != key->nr || READ_ONCE(e->gone))
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

const struct whydrop_stack *whydrop_stack_find(const struct whydrop_stack_key *key)
{
	unsigned int i;

	for (i = 0; i < PROBES; i++) {
		struct whydrop_stack **slot = &table.slots[(key->hash + i) & table.mask];
		/* Pairs with smp_store_release() in whydrop_stack_add(). */
		const struct whydrop_stack *e = smp_load_acquire(slot);

		if (!e || e == BUSY)
			return NULL;
		if (matches(e, key))
			return e;
	}
	return NULL;
}

/* Claim an entry and room for its frames, or return NULL. */
static struct whydrop_stack *claim(const struct whydrop_stack_key *key)
{
	struct part *part = key->nr ? &table.stacks : &table.places;
	struct whydrop_stack *e;
	long first;
	int index;

	if (atomic_read(&part->nr) >= part->room)
		return NULL;
	/* What was taken is never given back: others may have gone past it. */
	first = atomic_long_read(&table.frames_used);
	do {
		if (first + key->nr > table.frames_room)
			return NULL;
	} while (!atomic_long_try_cmpxchg(&table.frames_used, &first, first + key->nr));
	index = atomic_fetch_add_unless(&part->nr, 1, part->room);
	if (index == part->room)
		return NULL;
	e = &table.entries[part->first + index];
	e->frames = table.frames + first;
	return e;
}

const struct whydrop_stack *whydrop_stack_add(const struct whydrop_stack_key *key)
{
	struct whydrop_stack **slot = NULL, *e;
	unsigned int i;

	for (i = 0; i < PROBES; i++) {
		slot = &table.slots[(key->hash + i) & table.mask];
		/* Pairs with smp_store_release() below. */
		e = smp_load_acquire(slot);
		if (!e) {
			e = cmpxchg(slot, NULL, BUSY);
			if (!e)
				break;
		}
		if (e == BUSY)
			return NULL;
		if (matches(e, key))
			return e;
	}
	if (i == PROBES)
		return NULL;

	e = claim(key);
	if (!e) {
		/* Nobody has gone past a busy slot, so it may be empty again. */
		smp_store_release(slot, NULL);
		return NULL;
	}
	e->hash = key->hash;
	e->reason = key->reason;
	e->flags = key->flags;
	e->nr = key->nr;
	e->place = key->place;
	memcpy(e->frames, key->frames, key->nr * sizeof(*e->frames));
	/* Pairs with smp_load_acquire() in whydrop_stack_by_id(). */
	smp_store_release(&e->id, e - table.entries + 1);
	/* Pairs with smp_load_acquire() in whydrop_stack_find(), and above. */
	smp_store_release(slot, e);
	return e;
}

void whydrop_stack_mark(const struct whydrop_stack *stack, u16 flags)
{
	struct whydrop_stack *e = &table.entries[stack->id - 1];

	/* Who marks the same entry at the same time has found out the same. */
	WRITE_ONCE(e->flags, READ_ONCE(e->flags) | flags);
}

struct whydrop_stack *whydrop_stack_by_id(u32 id)
{
	struct whydrop_stack *e;

	if (!id || id > entries())
		return NULL;
	e = &table.entries[id - 1];
	/* Pairs with smp_store_release() in whydrop_stack_add(). */
	return smp_load_acquire(&e->id) ? e : NULL;
}

unsigned int whydrop_stacks_stored(void)
{
	return atomic_read(&table.stacks.nr);
}

unsigned int whydrop_stacks_max(void)
{
	return entries();
}

unsigned int whydrop_stack_counters(void)
{
	return entries() + 1 + WHYDROP_SLOTS;
}

u32 whydrop_stack_elsewhere(unsigned int slot)
{
	return entries() + 1 + slot;
}

u64 whydrop_stack_count(u32 id)
{
	struct whydrop_cpu *c;
	int cpu = -1;
	u64 sum = 0;

	while ((c = whydrop_next_cpu(&cpu)))
		sum += local64_read(&c->stack_counts[id]);
	return sum;
}

void whydrop_stacks_usage(struct whydrop_stack_usage *usage)
{
	usage->stored = atomic_read(&table.stacks.nr);
	usage->room = table.stacks.room;
	usage->places = atomic_read(&table.places.nr);
	usage->places_room = table.places.room;
	usage->frames = atomic_long_read(&table.frames_used);
	usage->frames_room = table.frames_room;
	usage->bytes = (table.mask + 1) * sizeof(*table.slots) +
		       entries() * sizeof(*table.entries) +
		       table.frames_room * sizeof(*table.frames);
}
