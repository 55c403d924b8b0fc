/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what devices and qdiscs count. */
#ifndef WHYDROP_LINK_H
#define WHYDROP_LINK_H

#include "losses/losses.h"

void losses_read_links(struct losses *l, unsigned int *left);
void losses_read_qdiscs(struct losses *l);

#endif
