// SPDX-License-Identifier: GPL-2.0-only
/* Reads HOST records: whose CPUs are in a stream of several hosts. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "stream/host.h"

/* So much may be said of each: there may be many. */
#define HOST_MAX 16384
#define KEYS_MAX 16

static void free_host(struct host *h)
{
	if (!h)
		return;
	meta_free(&h->meta);
	free(h->rec);
	free(h);
}

bool hosts_add(struct host ***hosts, const char *rec, size_t size, bool swap)
{
	struct whydrop_host head;
	struct host *h, **old;

	memcpy(&head, rec, sizeof(head));
	if (size > HOST_MAX)
		return false;
	h = need(calloc(1, sizeof(*h)));
	h->first = swap ? __builtin_bswap16(head.rec.cpu) : head.rec.cpu;
	h->there = swap ? __builtin_bswap32(head.there) : head.there;
	h->size = size;
	h->rec = memcpy(need(malloc(size)), rec, size);
	if (meta_add(&h->meta, KEYS_MAX, rec + sizeof(head), rec + size))
		h->label = meta_get(&h->meta, "host");
	if (!h->label || !*h->label || h->first % WHYDROP_HOST_CPUS) {
		free_host(h);
		return false;
	}
	if (!*hosts)
		*hosts = need(calloc(HOST_BLOCKS, sizeof(**hosts)));
	old = &(*hosts)[h->first / WHYDROP_HOST_CPUS];
	free_host(*old);
	*old = h;
	return true;
}

void hosts_free(struct host ***hosts)
{
	size_t i;

	for (i = 0; *hosts && i < HOST_BLOCKS; i++)
		free_host((*hosts)[i]);
	free(*hosts);
	*hosts = NULL;
}
