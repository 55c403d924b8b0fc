/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads HOST records: whose CPUs are in a stream of several hosts. */
#ifndef WHYDROP_HOST_H
#define WHYDROP_HOST_H

#include "stream/event.h"

#define HOST_BLOCKS (65536 / WHYDROP_HOST_CPUS)

/* Add what a record of @size bytes says to a table by CPU. Return: false: it is corrupt. */
bool hosts_add(struct host ***hosts, const char *rec, size_t size, bool swap);
void hosts_free(struct host ***hosts);

#endif
