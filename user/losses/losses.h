/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts of lost packets at an instant, by counter. */
#ifndef WHYDROP_LOSSES_H
#define WHYDROP_LOSSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "losses/counter.h"

/* A counter that has counted: by whom, and how often. */
struct loss_row {
	const struct counter *counter;
	char		*where;		/* device, CPU, socket ...; "" */
	char		*name;		/* what its driver calls it; NULL: as the counter */
	uint64_t	id;		/* stays while the text may change: index, inode; 0: none */
	uint64_t	count;
	uint64_t	lost;		/* the same, or since the time before */
};

/* All of them, at an instant. */
struct losses {
	struct loss_row	**row;
	size_t		nr, room;
	struct hash	keys;
	int64_t		taken_ms;
};

/* What could not be read; each is told once. */
enum left_out {
	LEFT_NETLINK,		/* built without libmnl */
	LEFT_NEIGHBORS,		/* of the first namespace only */
	LEFT_OWNERS,		/* of sockets of other users */
	LEFT_PACKET,		/* sockets of packets, although netlink is there */
	LEFT_NR,
};

/* Set lost to what came since @before: 0 if nothing did. */
void losses_since(struct losses *l, const struct losses *before);
void losses_free(struct losses *l);

/* A copy is made of what is passed. A count of 0 is none. */
void losses_add(struct losses *l, const struct counter *counter, const char *where,
		const char *name, uint64_t id, uint64_t count);

#endif
