/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHYDROP_LOSSES_H
#define WHYDROP_LOSSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/* Does the kernel's drop event, which is all that the module sees, fire for such a loss? */
enum loss_seen {
	LOSS_SEEN,	/* each time */
	LOSS_PARTLY,	/* for some of them */
	LOSS_UNSEEN,	/* never */
	LOSS_NONE,	/* nothing was lost: a warning that it may be */
};

/* What is known of a counter of the kernel or of a driver. */
struct counter {
	const char	*layer;
	const char	*name;
	enum loss_seen	seen;
	/*
	 * The reasons that the event has, apart by blanks: of all kernels together, each
	 * of which has some of them. NULL: the kernel gives none, or there is no event.
	 */
	const char	*reasons;
	/* The counter that has the same packets, too; NULL: none. It is not added up. */
	const char	*part_of;
	const char	*why;		/* not seen, or only partly: a few words; NULL if seen */
	const char	*meaning;	/* what was lost there, and how that comes */
	const char	*look;		/* COMMAND # WHY, with DEV for a device */
};

extern const struct counter protocol_counters[];
extern const size_t nr_protocol_counters;

/* The one of that name in @layer, or in any layer of the protocols if that is NULL. */
const struct counter *counter_find(const char *layer, const char *name);
/* All of them: @i from 0 on; NULL: the end. */
const struct counter *counter_next(size_t *i);
/* What a driver's counter @name of a device of @driver means, or NULL: no loss. */
const struct counter *counter_of_driver(const char *driver, const char *name);

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

/*
 * Read all counters of the namespace that the process is in, and of this host. What
 * counted nothing has no row. Return: the bits of enum left_out that are missing.
 */
unsigned int losses_take(struct losses *l);
/* Set lost to what came since @before: 0 if nothing did. */
void losses_since(struct losses *l, const struct losses *before);
void losses_free(struct losses *l);

/* A copy is made of what is passed. A count of 0 is none. */
void losses_add(struct losses *l, const struct counter *counter, const char *where,
		const char *name, uint64_t id, uint64_t count);

/* The sources. */
void losses_read_proc(struct losses *l, unsigned int *left);
void losses_read_links(struct losses *l, unsigned int *left);
void losses_read_qdiscs(struct losses *l);
void losses_read_sockets(struct losses *l, unsigned int *left);
/* What the driver of @dev counts; @sock: any socket of this namespace. */
void losses_read_driver(struct losses *l, int sock, const char *dev, unsigned int ifindex);

/* Go to the network namespace with that inode. 0, or an exit code and said why not. */
int losses_enter(uint32_t netns);

#endif
