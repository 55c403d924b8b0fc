/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WHYDROP_STACK_TABLE_H
#define WHYDROP_STACK_TABLE_H

#include <linux/types.h>

/**
 * struct whydrop_stack - a place where drops happen, and how one gets there
 * @id: 1 to whydrop_stacks_max(); 0 until the entry is complete
 * @hash: of the key: @reason, @place, @frames
 * @reason: of all drops with this id
 * @flags: enum whydrop_stack_flags, not a part of the key
 * @nr: entries in @frames; 0: only the place is known
 * @place: return address into the function that dropped
 * @frames: the trace, from the place outwards
 * @gone: text of place and frames, each ended by NUL, made when a module that
 *	they lie in was unloaded, or whydrop_stack_no_names. Such an entry is never
 *	matched again, for the addresses may come to mean something else.
 * @generation: of the modules, see owner.h, that its names were to be of; if @gone
 *
 * Constant once @id is set, but for @gone, @generation and for whydrop_stack_mark().
 */
struct whydrop_stack {
	u32 id;
	u32 hash;
	u32 reason;
	u16 flags;
	u16 nr;
	unsigned long place;
	unsigned long *frames;
	const char *gone;
	u32 generation;
};

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
 * Context: any. Return: the entry, or NULL; also where finding out would mean
 * to wait for somebody who adds one.
 */
const struct whydrop_stack *whydrop_stack_find(const struct whydrop_stack_key *key);

/**
 * whydrop_stack_add() - look up an entry, or add it
 * @key: what to look for
 *
 * Context: any but NMI. Return: the entry, or NULL if there is no room, or
 * if finding out would mean to wait for somebody, maybe the very context that
 * this one interrupted.
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

/**
 * whydrop_stack_by_id() - entry @id of the table, or NULL
 * @id: 1 to whydrop_stacks_max()
 *
 * Entries stay until unload. Context: any.
 */
struct whydrop_stack *whydrop_stack_by_id(u32 id);
unsigned int whydrop_stacks_max(void);
/* Stacks in it. Any context. */
unsigned int whydrop_stacks_stored(void);

/*
 * Each drop is counted by one number: the id of its entry or, if its stack has none,
 * of the one for its place, or else by that for all other places of its reason's slot.
 */
u32 whydrop_stack_elsewhere(unsigned int slot);
/* All these are less. */
unsigned int whydrop_stack_counters(void);

/* Drops counted by @id since load or reset. Context: task, whydrop_cpus_lock() held. */
u64 whydrop_stack_count(u32 id);

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
