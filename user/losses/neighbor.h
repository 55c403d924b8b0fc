/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads how often the tables of neighbors were full. */
#ifndef WHYDROP_NEIGHBOR_H
#define WHYDROP_NEIGHBOR_H

#include <linux/netlink.h>

#include "losses/losses.h"

/* In any namespace, unlike the file of /proc, which has more of their counters. */
void losses_read_neighbors(struct losses *l);
/* One table; @losses: struct losses. */
void losses_add_neighbors(const struct nlmsghdr *h, void *losses);

#endif
