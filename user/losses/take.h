/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads all counters of lost packets, at an instant. */
#ifndef WHYDROP_TAKE_H
#define WHYDROP_TAKE_H

#include "losses/losses.h"

/*
 * Read all counters of the namespace that the process is in, and of this host. What
 * counted nothing has no row. Return: the bits of enum left_out that are missing.
 */
unsigned int losses_take(struct losses *l);

#endif
