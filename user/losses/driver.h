/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what drivers count, and knows what their names mean. */
#ifndef WHYDROP_DRIVER_H
#define WHYDROP_DRIVER_H

#include "losses/losses.h"

/* What a driver's counter @name of a device of @driver means, or NULL: no loss. */
const struct counter *counter_of_driver(const char *driver, const char *name);

/* What the driver of @dev counts; @sock: any socket of this namespace. */
void losses_read_driver(struct losses *l, int sock, const char *dev, unsigned int ifindex);

#endif
