/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks the kernel by netlink. */
#ifndef WHYDROP_NL_H
#define WHYDROP_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/netlink.h>

/* An answer: @msg of @len bytes, behind it attributes. */
typedef void (*nl_answer)(const struct nlmsghdr *h, void *arg);

/* Is libmnl built in? */
bool nl_usable(void);
/*
 * Ask the netlink family @bus for all of @type with the request @msg of @len bytes, and
 * call @answer for each message. False: the kernel does not know it, or refuses.
 */
bool nl_dump(int bus, uint16_t type, const void *msg, size_t len, nl_answer answer, void *arg);

/*
 * The attribute @type behind the @skip bytes of the message that @h starts, with at least
 * @least bytes in it; NULL: there is none.
 */
const void *nl_attr(const struct nlmsghdr *h, size_t skip, uint16_t type, size_t least);
/* The same, among those inside of the attribute that nl_attr() found. */
const void *nl_attr_in(const void *attr, uint16_t type, size_t least);
/* Bytes of what nl_attr() found. */
size_t nl_attr_len(const void *attr);
/* A number of 4 or 8 bytes, as it was found; false: neither, or nothing was found. */
bool nl_number(const void *attr, uint64_t *val);
/* A text, cut to @room, or "" if nothing was found; the kernel ends it or does not. */
void nl_text(const void *attr, char *to, size_t room);
/* What the message has in front, of @least bytes; NULL: it is shorter. */
const void *nl_body(const struct nlmsghdr *h, size_t least);

#endif
