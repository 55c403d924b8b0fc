/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what sockets lost. */
#ifndef WHYDROP_SOCKETS_H
#define WHYDROP_SOCKETS_H

#include "losses/losses.h"

void losses_read_sockets(struct losses *l, unsigned int *left);

#endif
