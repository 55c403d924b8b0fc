/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes records of several hosts as those of one stream. */
#ifndef WHYDROP_JOINED_H
#define WHYDROP_JOINED_H

#include "stream/joint.h"

/* Write the record that j->build has, about this CPU. */
void joined_put(struct join *j, unsigned int cpu, bool event);
/*
 * Write the next event of a host, with what it refers to, or a loss. Return: false if there
 * are no more numbers for its CPUs.
 */
bool joined_event(struct join *j, struct join_host *h);
bool joined_lost(struct join *j, struct join_host *h, const struct item *it);
void joined_free(struct join *j);

#endif
