/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the counters that are text in /proc/net. */
#ifndef WHYDROP_PROC_H
#define WHYDROP_PROC_H

#include "losses/losses.h"

void losses_read_proc(struct losses *l, unsigned int *left);

#endif
