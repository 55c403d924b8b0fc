/* SPDX-License-Identifier: GPL-2.0 */
/* Names and descriptions of drop reasons, for tasks. */
#ifndef WHYDROP_REASON_H
#define WHYDROP_REASON_H

#include <linux/types.h>

#define WHYDROP_REASON_NAME_MAX	64

/**
 * struct whydrop_reason - what the kernel says about a drop reason
 * @known: whether it has a name; if not, @name is UNKNOWN(0x...)
 * @name: as the kernel has it, "NO_SOCKET"
 * @subsys: "core", "openvswitch", ...
 * @full: how people are to see it: @name, behind SUBSYS/ if not of the core
 * @description: from the headers that the module was built with; never NULL
 */
struct whydrop_reason {
	bool known;
	char name[WHYDROP_REASON_NAME_MAX];
	char subsys[32];
	char full[WHYDROP_REASON_NAME_MAX + 32];
	const char *description;
};

/**
 * whydrop_reason_qdisc() - the name of a qdisc's own reason
 * @nr: its number within its subsystem
 *
 * Context: any. Return: the name, or NULL if it has none.
 */
const char *whydrop_reason_qdisc(u16 nr);

/**
 * whydrop_reason_get() - look up a reason in the running kernel
 * @reason: its number
 * @r: result, always filled in
 *
 * Lists of subsystems come and go with their modules: what is known now may
 * be unknown later. Context: any but NMI.
 */
void whydrop_reason_get(u32 reason, struct whydrop_reason *r);

#endif /* WHYDROP_REASON_H */
