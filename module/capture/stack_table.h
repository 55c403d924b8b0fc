/* SPDX-License-Identifier: GPL-2.0 */
/* The table of (reason, stack) pairs: drops add in any context but NMI, tasks read and free. */
#ifndef WHYDROP_STACK_TABLE_H
#define WHYDROP_STACK_TABLE_H

#include <linux/types.h>

/**
 * struct whydrop_stack - a place where drops happen, and how one gets there
 * @id: names it for ever: an entry that is used again has another one. Less than
 *	WHYDROP_STACK_IDS; 0 until the entry is complete, and when it is free
 * @counter: where its drops are counted, 1 to whydrop_stacks_max(); stays
 * @hash: of the key: @reason, @place, @frames
 * @reason: of all drops with this id
 * @flags: enum whydrop_stack_flags, not a part of the key
 * @nr: entries in @frames; 0: only the place is known
 * @retired: never matched again. Its drops are still counted, and it has its names
 * @place: return address into the function that dropped
 * @frames: the trace, from the place outwards
 * @gone: text of place and frames, each ended by NUL, made when a module that
 *	they lie in was unloaded, or whydrop_stack_no_names: the addresses may come
 *	to mean something else
 * @generation: of the modules, see owner.h, that its names were to be of; if @gone
 * @born: how many there had been by then, this one included
 * @next: the id that it gets next
 * @room: for frames; stays
 *
 * Constant once @id is set, but for @retired, @gone, @generation and for
 * whydrop_stack_mark().
 */
struct whydrop_stack {
	u32 id;
	u32 counter;
	u32 hash;
	u32 reason;
	u16 flags;
	u8 nr;
	bool retired;
	unsigned long place;
	unsigned long *frames;
	const char *gone;
	u32 generation;
	u32 born;
	u32 next;
	u32 room;
};

/* Above are ids for what came with its event. */
#define WHYDROP_STACK_IDS	0x80000000u

/* There was no memory to keep the names in. */
extern const char whydrop_stack_no_names[];

/**
 * struct whydrop_stack_key - what an entry is looked up by
 * @hash: from whydrop_stack_hash()
 * @reason: drop reason
 * @flags: for a new entry
 * @nr: entries in @frames
 * @place: place of the drop
 * @frames: trace
 * @walked: the trace was walked and has not been compared with the kernel's own
 */
struct whydrop_stack_key {
	u32 hash;
	u32 reason;
	u16 flags;
	u16 nr;
	unsigned long place;
	const unsigned long *frames;
	bool walked;
};

/* A hash for one more word; whydrop_stack_hash() makes it a key's. */
static __always_inline u64 whydrop_stack_mix(u64 hash, unsigned long word)
{
	return (hash ^ word) * 0x9e3779b97f4a7c15ull;
}

static __always_inline u64 whydrop_stack_seed(u32 reason, unsigned long place)
{
	return whydrop_stack_mix(whydrop_stack_mix(0, reason), place);
}

static __always_inline u32 whydrop_stack_hash(u64 hash)
{
	return (hash >> 32) ^ hash >> 57;
}

/**
 * whydrop_stacks_init() - make the table
 * @max: stacks that it can hold, besides places
 *
 * Context: task. Return: 0 or -ENOMEM.
 */
int whydrop_stacks_init(unsigned int max);
void whydrop_stacks_exit(void);

/**
 * whydrop_stack_find() - look up an entry
 * @key: what to look for
 *
 * Context: any. Return: the entry, or NULL.
 */
const struct whydrop_stack *whydrop_stack_find(const struct whydrop_stack_key *key);

/**
 * whydrop_stack_add() - look up an entry, or add it
 * @key: what to look for
 *
 * Context: any but NMI. Return: the entry, or NULL if there is no room. Nobody waits:
 * who adds the same meanwhile, maybe the very context that this one interrupted, uses
 * the entry that was there first.
 */
const struct whydrop_stack *whydrop_stack_add(const struct whydrop_stack_key *key);

/**
 * whydrop_stack_mark() - add what became known of an entry
 * @stack: the entry
 * @flags: enum whydrop_stack_flags
 *
 * Context: any.
 */
void whydrop_stack_mark(const struct whydrop_stack *stack, u16 flags);

/*
 * Entries are retired, and freed by whydrop_stacks_free(), by tasks. Under this lock
 * none is freed: who follows a pointer to one, or an id, holds it. Task.
 */
void whydrop_stacks_lock(void);
void whydrop_stacks_unlock(void);

/**
 * whydrop_stack_by_id() - the entry that has this id, or NULL
 * @id: any
 *
 * Context: task, whydrop_stacks_lock() held.
 */
struct whydrop_stack *whydrop_stack_by_id(u32 id);

/* The entry number @index, from 0 to whydrop_stacks_max() - 1, or NULL. Likewise. */
struct whydrop_stack *whydrop_stack_at(unsigned int index);
unsigned int whydrop_stacks_max(void);

/* Let an entry match no more. Likewise. */
void whydrop_stack_retire(struct whydrop_stack *stack);

/* For whydrop_stacks_free(): let no drop find these entries, by index. */
void whydrop_stacks_take_out(const unsigned long *which);
/* And let an entry be claimed again. whydrop_stacks_lock() held. */
void whydrop_stack_put_back(struct whydrop_stack *stack);

/* Is much of the room used? Any context. */
bool whydrop_stacks_tight(void);

/* How many stacks and places there have been. Any context. */
u32 whydrop_stacks_born(void);

/*
 * Each drop is counted by one number: the counter of its entry or, if its stack has none,
 * of the one for its place, or else by that for all other places of its reason's slot.
 */
u32 whydrop_stack_elsewhere(unsigned int slot);
/* All these are less. */
unsigned int whydrop_stack_counters(void);

/**
 * struct whydrop_stack_usage - how full the table is
 * @stored: stacks in it
 * @room: stacks that there is room for
 * @places: places in it
 * @places_room: places that there is room for
 * @frames: frames stored
 * @frames_room: frames that there is room for
 * @bytes: memory of the table
 */
struct whydrop_stack_usage {
	unsigned int stored;
	unsigned int room;
	unsigned int places;
	unsigned int places_room;
	unsigned long frames;
	unsigned long frames_room;
	size_t bytes;
};

void whydrop_stacks_usage(struct whydrop_stack_usage *usage);

#endif /* WHYDROP_STACK_TABLE_H */
