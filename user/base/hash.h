/* SPDX-License-Identifier: GPL-2.0-only */
/* The hash table of the reader, for pointers to things that their owners keep. */
#ifndef WHYDROP_HASH_H
#define WHYDROP_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The hash functions are seeded at random in each process, so that nobody can make a
 * recording whose keys all meet in one slot.
 */
struct hash {
	struct hash_slot {
		uint32_t	hash;
		void		*val;	/* NULL: empty */
	} *slot;
	size_t	room;		/* a power of two, or 0 */
	size_t	nr;
};

uint32_t hash_bytes(const void *p, size_t len);
uint32_t hash_number(uint64_t number);

/* Is @val what @key stands for? */
typedef bool (*hash_same)(const void *val, const void *key);

/* Where the table has it, so that it can be replaced; NULL: it does not. */
static inline void **hash_find(const struct hash *h, uint32_t hash, hash_same same,
			       const void *key)
{
	size_t i;

	if (!h->room)
		return NULL;
	for (i = hash & (h->room - 1); h->slot[i].val; i = (i + 1) & (h->room - 1))
		if (h->slot[i].hash == hash && same(h->slot[i].val, key))
			return &h->slot[i].val;
	return NULL;
}

static inline void *hash_get(const struct hash *h, uint32_t hash, hash_same same, const void *key)
{
	void **val = hash_find(h, hash, same, key);

	return val ? *val : NULL;
}

/* Add what is not in it yet. */
void hash_add(struct hash *h, uint32_t hash, void *val);
/* Take out what hash_find() found. What it found before moves. */
void hash_remove(struct hash *h, void **val);
/* All of it, in no order: @i from 0 on; NULL: the end. */
void *hash_next(const struct hash *h, size_t *i);
/* The table, not what is in it. */
void hash_free(struct hash *h);

#endif
