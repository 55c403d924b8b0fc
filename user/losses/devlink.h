/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what switches and smart cards dropped by themselves. */
#ifndef WHYDROP_DEVLINK_H
#define WHYDROP_DEVLINK_H

#include <linux/netlink.h>

#include "losses/losses.h"

/* Nothing, and no error, where there is no such hardware. */
void losses_read_devlink(struct losses *l);
/* One trap, or one policer of traps; @losses: struct losses. */
void losses_add_trap(const struct nlmsghdr *h, void *losses);
void losses_add_policer(const struct nlmsghdr *h, void *losses);

#endif
