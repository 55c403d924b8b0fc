/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WHYDROP_STACK_H
#define WHYDROP_STACK_H

#include "cpu.h"
#include "stack_table.h"

/**
 * whydrop_stack_capture() - find out where a drop happens
 * @c: the CPU that is running
 * @s: the record, whole but for its stack. Reads reason, mono_ns, ctx; writes
 *	stack_id and stack_kind and, where the table has no room, attaches.
 * @location: as the tracepoint told it
 *
 * Context: any but NMI, preemption off.
 */
void whydrop_stack_capture(struct whydrop_cpu *c, struct whydrop_scratch *s,
			   unsigned long location);

#endif /* WHYDROP_STACK_H */
