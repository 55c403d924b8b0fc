// SPDX-License-Identifier: GPL-2.0-only
/* Implements the hash table of the reader, with a random seed for each process. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/hash.h"
#include "base/util.h"

static uint64_t seed[2];

static void init_seed(void)
{
	/* At boot there may be no randomness yet; where things are is some. */
	if (getrandom(seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed)) {
		seed[0] = (uintptr_t)&seed ^ (uint64_t)time(NULL) << 20;
		seed[1] = (uintptr_t)seed * 0x9e3779b97f4a7c15ull;
	}
	seed[1] |= 1;
}

#define ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))

struct sip {
	uint64_t v[4];
};

static void sip_round(struct sip *s)
{
	s->v[0] += s->v[1];
	s->v[1] = ROTATE(s->v[1], 13) ^ s->v[0];
	s->v[0] = ROTATE(s->v[0], 32);
	s->v[2] += s->v[3];
	s->v[3] = ROTATE(s->v[3], 16) ^ s->v[2];
	s->v[0] += s->v[3];
	s->v[3] = ROTATE(s->v[3], 21) ^ s->v[0];
	s->v[2] += s->v[1];
	s->v[1] = ROTATE(s->v[1], 17) ^ s->v[2];
	s->v[2] = ROTATE(s->v[2], 32);
}

static void sip_word(struct sip *s, uint64_t word)
{
	s->v[3] ^= word;
	sip_round(s);
	s->v[0] ^= word;
}

/* SipHash-1-3: fast enough for each event, and made against chosen keys. */
uint32_t hash_bytes(const void *p, size_t len)
{
	uint64_t word, last = (uint64_t)len << 56;
	const unsigned char *c = p;
	struct sip s;
	size_t i;

	if (!seed[1])
		init_seed();
	s = (struct sip){ { seed[0] ^ 0x736f6d6570736575ull, seed[1] ^ 0x646f72616e646f6dull,
			    seed[0] ^ 0x6c7967656e657261ull, seed[1] ^ 0x7465646279746573ull } };
	for (; len >= sizeof(word); c += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, c, sizeof(word));
		sip_word(&s, word);
	}
	for (i = 0; i < len; i++)
		last |= (uint64_t)c[i] << (8 * i);
	sip_word(&s, last);
	s.v[2] ^= 0xff;
	for (i = 0; i < 3; i++)
		sip_round(&s);
	word = s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
	return word ^ word >> 32;
}

uint32_t hash_number(uint64_t number)
{
	if (!seed[1])
		init_seed();
	number = (number ^ seed[0]) * seed[1];
	number = (number ^ number >> 32) * 0x9e3779b97f4a7c15ull;
	return number >> 32;
}

static void insert(struct hash *h, uint32_t hash, void *val)
{
	size_t i = hash & (h->room - 1);

	while (h->slot[i].val)
		i = (i + 1) & (h->room - 1);
	h->slot[i] = (struct hash_slot){ hash, val };
}

void hash_add(struct hash *h, uint32_t hash, void *val)
{
	struct hash old = *h;
	size_t i;

	if (h->nr * 4 >= h->room * 3) {
		h->room = h->room ? h->room * 2 : 16;
		h->slot = need(calloc(h->room, sizeof(*h->slot)));
		for (i = 0; i < old.room; i++)
			if (old.slot[i].val)
				insert(h, old.slot[i].hash, old.slot[i].val);
		free(old.slot);
	}
	insert(h, hash, val);
	h->nr++;
}

void hash_remove(struct hash *h, void **val)
{
	struct hash_slot *hole = (void *)((char *)val - offsetof(struct hash_slot, val));
	size_t mask = h->room - 1, to = hole - h->slot, i = to;

	/* What comes behind and was to be here moves up, up to the next empty one. */
	for (;;) {
		i = (i + 1) & mask;
		if (!h->slot[i].val)
			break;
		if (((i - h->slot[i].hash) & mask) < ((i - to) & mask))
			continue;
		h->slot[to] = h->slot[i];
		to = i;
	}
	h->slot[to].val = NULL;
	h->nr--;
}

void *hash_next(const struct hash *h, size_t *i)
{
	while (*i < h->room)
		if (h->slot[(*i)++].val)
			return h->slot[*i - 1].val;
	return NULL;
}

void hash_free(struct hash *h)
{
	free(h->slot);
	memset(h, 0, sizeof(*h));
}
