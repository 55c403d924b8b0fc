/* SPDX-License-Identifier: GPL-2.0 */
/* The table of (reason, stack) pairs: added in any context but NMI, read and freed in tasks. */
#ifndef WHYDROP_STACK_TABLE_H
#define WHYDROP_STACK_TABLE_H

#include <linux/types.h>

/**
 * struct whydrop_stack - an entry: the place of a drop, and the stack that led there
 * @id: identifies this stack forever; a recycled entry gets a new one. Less than
 *	WHYDROP_STACK_ID_LIMIT; 0 until the entry is complete, and while it is free
 * @counter: index of its drop counter, 1 to whydrop_stacks_max(); never changes
 * @hash: of the key: @reason, @place, @frames
 * @reason: drop reason
 * @flags: enum whydrop_stack_flags; how the trace ends is part of the key, but not hashed
 * @nr: number of @frames; 0: only the place is known
 * @plain: the kernel's trace had the words that stood on the stack; see walk_frames.c
 * @retired: no new drop matches the entry; its names and counts remain
 * @place: return address into the function that dropped the packet
 * @frames: the trace, from the place outwards
 * @saved_names: names of place and frames, each terminated by NUL, saved when a module
 *	that contains one of them was unloaded, because its addresses may be reused;
 *	whydrop_stack_no_names if there was no memory for them; else NULL
 * @generation: of the modules, see owner.h, to resolve names in if @saved_names is set
 * @serial: number of entries that had ever been added, including this one
 * @next_id: the next value of @id
 * @capacity: size of @frames; never changes
 *
 * Constant once @id is set, except for @plain, @retired, @saved_names, @generation, and @flags,
 * which whydrop_stack_set_flags() changes.
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
	const char *saved_names;
	u32 generation;
	u32 serial;
	u32 next_id;
	u16 capacity;
	bool plain;
};

/* Ids from here on are for stacks that their event carries. */
#define WHYDROP_STACK_ID_LIMIT	0x80000000u

/* Stands for names that there was no memory to save. */
extern const char whydrop_stack_no_names[];

/**
 * struct whydrop_stack_key - the key to look up an entry by
 * @hash: from whydrop_stack_hash_end()
 * @reason: drop reason
 * @flags: of the trace
 * @nr: number of @frames
 * @place: place of the drop
 * @frames: the trace, from the place outwards
 * @unverified: the trace was walked, and not yet compared with the kernel's own
 */
struct whydrop_stack_key {
	u32 hash;
	u32 reason;
	u16 flags;
	u16 nr;
	unsigned long place;
	const unsigned long *frames;
	bool unverified;
};

/* Hash one more word; whydrop_stack_hash_end() returns the hash of the key. */
static __always_inline u64 whydrop_stack_hash_word(u64 hash, unsigned long word)
{
	return (hash ^ word) * 0x9e3779b97f4a7c15ull;
}

static __always_inline u64 whydrop_stack_hash_start(u32 reason, unsigned long place)
{
	return whydrop_stack_hash_word(whydrop_stack_hash_word(0, reason), place);
}

static __always_inline u32 whydrop_stack_hash_end(u64 hash)
{
	return (hash >> 32) ^ hash >> 57;
}

/**
 * whydrop_stacks_init() - allocate the table
 * @max: number of stacks that it can hold, in addition to places
 *
 * Context: task. Return: 0 or -ENOMEM.
 */
int whydrop_stacks_init(unsigned int max);
void whydrop_stacks_exit(void);

/**
 * whydrop_stack_find() - look up an entry
 * @key: its key
 *
 * Context: any. Return: the entry, or NULL.
 */
const struct whydrop_stack *whydrop_stack_find(const struct whydrop_stack_key *key);

/**
 * whydrop_stack_add() - look up an entry, or add it
 * @key: its key
 *
 * Never waits. Where another CPU, or the context that this one interrupted, adds the same
 * entry at the same time, all of them get the one that was added first.
 * Context: any but NMI. Return: the entry, or NULL if the table is full.
 */
const struct whydrop_stack *whydrop_stack_add(const struct whydrop_stack_key *key);

/**
 * whydrop_stack_set_flags() - set flags of an entry that is in the table
 * @stack: the entry
 * @flags: enum whydrop_stack_flags
 *
 * Context: any.
 */
void whydrop_stack_set_flags(const struct whydrop_stack *stack, u16 flags);

/* Set @stack->plain, of an entry that is in the table. Any context. */
void whydrop_stack_set_plain(const struct whydrop_stack *stack);

/*
 * Only tasks retire and free entries, and none is freed while this lock is held: take it
 * before following an id, or a pointer to an entry. Task.
 */
void whydrop_stacks_lock(void);
void whydrop_stacks_unlock(void);

/**
 * whydrop_stack_by_id() - look up an entry by its id
 * @id: any number
 *
 * Context: task, whydrop_stacks_lock() held. Return: the entry, or NULL.
 */
struct whydrop_stack *whydrop_stack_by_id(u32 id);

/* The same by index, from 0 to whydrop_stacks_max() - 1. */
struct whydrop_stack *whydrop_stack_by_index(unsigned int index);
unsigned int whydrop_stacks_max(void);

/* Let no new drop match an entry. Task, whydrop_stacks_lock() held. */
void whydrop_stack_retire(struct whydrop_stack *stack);

/* Remove entries, given as a bitmap by index, from the hash table: drops no longer find them. */
void whydrop_stacks_remove(const unsigned long *indexes);
/* Let an entry that was removed be used for another stack. whydrop_stacks_lock() held. */
void whydrop_stack_recycle(struct whydrop_stack *stack);

/* Is the table more than half full, of stacks or of places? Any context. */
bool whydrop_stacks_half_full(void);

/* Number of entries ever added: the serial number of the last one. Any context. */
u32 whydrop_stacks_added(void);

/*
 * Each drop increments one counter: that of its stack's entry; if the stack has none, that
 * of its place's entry; if the place has none either, this one, of all other places with
 * the same slot for their reasons.
 */
u32 whydrop_stack_other_counter(unsigned int slot);
/* Number of counters. */
unsigned int whydrop_stack_counters(void);

/**
 * struct whydrop_stack_usage - how full the table is
 * @stacks: stacks stored
 * @max_stacks: stacks that fit
 * @places: places stored
 * @max_places: places that fit
 * @frames: frames stored
 * @max_frames: frames that fit
 * @bytes: memory of the table
 */
struct whydrop_stack_usage {
	unsigned int stacks;
	unsigned int max_stacks;
	unsigned int places;
	unsigned int max_places;
	unsigned long frames;
	unsigned long max_frames;
	size_t bytes;
};

void whydrop_stacks_usage(struct whydrop_stack_usage *usage);

#endif /* WHYDROP_STACK_TABLE_H */
