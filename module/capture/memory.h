/* SPDX-License-Identifier: GPL-2.0 */
/* Allocates large memory without waking the OOM killer, in a task, which may sleep. */
#ifndef WHYDROP_MEMORY_H
#define WHYDROP_MEMORY_H

#include <linux/gfp.h>
#include <linux/types.h>

/* For allocations at load and hotplug, which should fail before a process is killed. */
#define WHYDROP_GFP	(GFP_KERNEL | __GFP_ZERO | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/* Is there so much memory, with some left for others? Task. */
bool whydrop_memory_fits(size_t bytes);

/**
 * whydrop_memory_zalloc() - allocate much memory, or fail before it gets scarce
 * @bytes: size
 * @node: NUMA node, or NUMA_NO_NODE
 *
 * Context: task. Return: zeroed memory for vfree(), or NULL.
 */
void *whydrop_memory_zalloc(size_t bytes, int node);

#endif /* WHYDROP_MEMORY_H */
