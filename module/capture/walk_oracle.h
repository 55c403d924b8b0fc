/* SPDX-License-Identifier: GPL-2.0 */
/* Asks the kernel's unwinder about an address: in any context but NMI; set up in a task. */
#ifndef WHYDROP_WALK_ORACLE_H
#define WHYDROP_WALK_ORACLE_H

#include "capture/walk_types.h"

/**
 * whydrop_oracle_ask() - find out what step the unwinder makes from an address
 * @addr: return address, in text that stays what it is
 * @step: result
 *
 * The address alone decides: nothing is read of the stack that is running. Context: any
 * but NMI. Return: whether it is a step of one of the kinds known.
 */
bool whydrop_oracle_ask(unsigned long addr, struct whydrop_step *step);

/* Make the stacks that the unwinder is asked about. Task. Return: 0 or -ENOMEM. */
int whydrop_oracle_init(void);
void whydrop_oracle_exit(void);

#endif /* WHYDROP_WALK_ORACLE_H */
