/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what bridges and their ports lost. */
#ifndef WHYDROP_BRIDGE_H
#define WHYDROP_BRIDGE_H

#include <linux/netlink.h>

#include "losses/losses.h"

void losses_read_bridges(struct losses *l);
/* One bridge or port; @losses: struct losses. */
void losses_add_bridge(const struct nlmsghdr *h, void *losses);

#endif
