/* SPDX-License-Identifier: GPL-2.0-only */
/* Sorts losses from the wire to the socket, and adds them up. */
#ifndef WHYDROP_LOSSES_ORDER_H
#define WHYDROP_LOSSES_ORDER_H

#include "losses/losses.h"

/* The rows that have lost something, from the wire to the socket; to be freed. */
struct loss_row **losses_sorted(const struct losses *l, size_t *nr);
/* What nobody but the row's own counter has, and whydrop cannot see. */
uint64_t losses_unseen(const struct losses *l);

#endif
