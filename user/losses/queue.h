/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what the queues of cards lost. */
#ifndef WHYDROP_QUEUE_H
#define WHYDROP_QUEUE_H

#include <linux/netlink.h>

#include "losses/losses.h"

/* Nothing, and no error, where the kernel has no such counters. */
void losses_read_queues(struct losses *l);
/* One queue; @losses: struct losses. */
void losses_add_queue(const struct nlmsghdr *h, void *losses);

#endif
