/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks the kernel by generic netlink. */
#ifndef WHYDROP_GENL_H
#define WHYDROP_GENL_H

#include <linux/genetlink.h>

#include "losses/nl.h"

/* A family, which has a number of its own on each kernel. */
struct genl_family {
	const char	*name;
	uint16_t	id;		/* 0: not found */
};

/* If the message is about that family, take its number. */
void genl_match(const struct nlmsghdr *h, void *family);

/*
 * Find it. It is looked up in the list of all, because the kernel loads a module for
 * whom asks by name. False: this kernel has no such family, or libmnl is not built in.
 */
bool genl_find(struct genl_family *family);

/* Ask for all of @cmd with the attributes @attrs of @len bytes, as nl_dump() does. */
bool genl_dump(const struct genl_family *family, uint8_t cmd, const void *attrs, size_t len,
	       nl_answer answer, void *arg);

/* Behind this, a message has its attributes. */
#define GENL_BODY sizeof(struct genlmsghdr)

#endif
