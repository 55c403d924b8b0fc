/* SPDX-License-Identifier: GPL-2.0 */
/* Asks the kernel's unwinder for the step from an address: any context but NMI; init in a task. */
#ifndef WHYDROP_WALK_ORACLE_H
#define WHYDROP_WALK_ORACLE_H

#include "capture/walk_types.h"

/**
 * whydrop_oracle_ask() - find out which step the unwinder makes from an address
 * @addr: return address, in text that does not change
 * @step: result
 *
 * The answer depends on the address alone: nothing is read from the current stack.
 * Context: any but NMI. Return: whether a struct whydrop_step can describe the step.
 */
bool whydrop_oracle_ask(unsigned long addr, struct whydrop_step *step);

/* Allocate the fake stacks. Task. Return: 0 or -ENOMEM. */
int whydrop_oracle_init(void);
void whydrop_oracle_exit(void);

#endif /* WHYDROP_WALK_ORACLE_H */
