// SPDX-License-Identifier: GPL-2.0-only
/* Sorts losses from the wire to the socket, and adds them up. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "losses/counters.h"
#include "losses/order.h"

static int layer_of(const struct counter *c)
{
	static const char *const layers[] = {
		"nic", "driver", "device", "bridge", "softnet", "qdisc", "neighbor", "conntrack", "ipsec", "ip",
		"ipv6", "icmp", "udp", "tcp", "socket",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(layers); i++)
		if (!strcmp(layers[i], c->layer))
			break;
	return i;
}

static int by_layer(const void *a, const void *b)
{
	const struct loss_row *x = *(struct loss_row *const *)a, *y = *(struct loss_row *const *)b;
	int diff = layer_of(x->counter) - layer_of(y->counter);

	if (diff)
		return diff;
	if (x->lost != y->lost)
		return x->lost < y->lost ? 1 : -1;
	diff = strcmp(x->where, y->where);
	return diff ? diff : strcmp(x->counter->name, y->counter->name);
}

struct loss_row **losses_sorted(const struct losses *l, size_t *nr)
{
	struct loss_row **rows = need(calloc(l->nr + 1, sizeof(*rows)));
	size_t i;

	*nr = 0;
	for (i = 0; i < l->nr; i++)
		if (l->row[i]->lost)
			rows[(*nr)++] = l->row[i];
	qsort(rows, *nr, sizeof(*rows), by_layer);
	return rows;
}

/* Does another row of that device have what @whole counts? */
static bool has_row(const struct losses *l, const struct counter *whole, const char *where)
{
	size_t len = strcspn(where, " "), i;

	for (i = 0; i < l->nr; i++) {
		const struct loss_row *r = l->row[i];

		if (r->counter == whole && r->lost && strcspn(r->where, " ") == len &&
		    !strncmp(r->where, where, len))
			return true;
	}
	return false;
}

uint64_t losses_unseen(const struct losses *l)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < l->nr; i++) {
		const struct counter *c = l->row[i]->counter, *whole = NULL;

		if (c->seen != LOSS_UNSEEN)
			continue;
		if (c->part_of)
			whole = counter_find(c->layer, c->part_of) ?: counter_find("nic", c->part_of);
		/*
		 * Of a driver's, which may be several of the same frames, the device's own counters
		 * have what can be known. Of the kernel's, one may stand alone.
		 */
		if (!whole || whole->seen != LOSS_UNSEEN ||
		    (!strcmp(c->layer, "nic") && !has_row(l, whole, l->row[i]->where)))
			sum += l->row[i]->lost;
	}
	return sum;
}
