/* SPDX-License-Identifier: GPL-2.0-only */
/* A hash table of pointers; it owns nothing that they point to. */
#ifndef WHYDROP_HASH_H
#define WHYDROP_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The hash functions are seeded at random in each process, so that no forged recording can
 * have keys that all share one slot.
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

/* Does @val have the key @key? */
typedef bool (*hash_same)(const void *val, const void *key);

/* Return the slot of a key, whose value may be replaced, or NULL. */
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

/* Add a value whose key is not in the table yet. */
void hash_add(struct hash *h, uint32_t hash, void *val);
/* Remove what hash_find() returned. Results of earlier calls become invalid. */
void hash_remove(struct hash *h, void **val);
/* Iterate over all values, in no order. @i is 0 at first. Return: the next one, or NULL. */
void *hash_next(const struct hash *h, size_t *i);
/* Free the table, but not the values. */
void hash_free(struct hash *h);

#endif
