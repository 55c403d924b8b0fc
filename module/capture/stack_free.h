/* SPDX-License-Identifier: GPL-2.0 */
/* Counts drops by entry of the table, and frees entries, in a task, which may sleep. */
#ifndef WHYDROP_STACK_FREE_H
#define WHYDROP_STACK_FREE_H

#include <linux/types.h>

/**
 * whydrop_stacks_retire_unused() - retire what no drop was counted by since the last reset
 *
 * Context: task.
 */
void whydrop_stacks_retire_unused(void);

/**
 * whydrop_stacks_free() - let entries that are retired be used again
 *
 * As far as no record in a ring refers to them. Those with drops are left, unless there
 * is little room: then the drops are counted from now on as elsewhere.
 * Context: task; takes two RCU grace periods if there are any.
 */
void whydrop_stacks_free(void);

/* Drops counted by this number since load or reset. Context: task, whydrop_cpus_lock() held. */
u64 whydrop_stack_count(u32 counter);

#endif /* WHYDROP_STACK_FREE_H */
