/* SPDX-License-Identifier: GPL-2.0 */
/* Frees entries of the table, and counts drops by entry, in a task, which may sleep. */
#ifndef WHYDROP_STACK_FREE_H
#define WHYDROP_STACK_FREE_H

#include <linux/types.h>

/**
 * whydrop_stacks_retire_unused() - retire the entries without drops since the last reset
 *
 * Context: task.
 */
void whydrop_stacks_retire_unused(void);

/**
 * whydrop_stacks_free() - free the retired entries that no record in a ring refers to
 *
 * An entry with drops is freed only if the table is more than half full and a module that
 * it refers to was unloaded; its drops then count as drops at other places.
 * Context: task; takes two RCU grace periods if any entry is retired.
 */
void whydrop_stacks_free(void);

/* Value of a counter since load or reset. Context: task, whydrop_cpus_lock() held. */
u64 whydrop_stack_count(u32 counter);

#endif /* WHYDROP_STACK_FREE_H */
