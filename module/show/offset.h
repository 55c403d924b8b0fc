/* SPDX-License-Identifier: GPL-2.0 */
/* Names addresses, to a task, by symbols or, on kernels without them, by offsets. */
#ifndef WHYDROP_OFFSET_H
#define WHYDROP_OFFSET_H

#include <linux/kernel.h>
#include <linux/types.h>

/**
 * whydrop_offset_print() - name an address by its offset
 * @buf: result: "text+0x1f4 [MODULE]", from the start of that module's text; or
 *	"text+0x1f4" or "text-0x1f4", from consume_skb(); or "0x": unknown
 * @size: of @buf
 * @addr: the address
 *
 * No address can be computed from these, but System.map has a name for each of the latter.
 */
void whydrop_offset_print(char *buf, size_t size, unsigned long addr);

/* Write "anchors=" and what tells this kernel's System.map from another. Return: its length. */
size_t whydrop_anchors_print(char *buf, size_t size);

#ifdef HAVE_KALLSYMS
#define WHYDROP_HAS_SYMBOLS	true
#else
#define WHYDROP_HAS_SYMBOLS	false
#endif

/* Name @addr by its symbol, or else by its offset. @returns: it is a return address. */
static __always_inline void whydrop_address_print(char *buf, size_t size, unsigned long addr,
						  bool returns)
{
	if (WHYDROP_HAS_SYMBOLS)
		scnprintf(buf, size, returns ? "%pB" : "%pS", (void *)addr);
	else
		whydrop_offset_print(buf, size, addr);
}

#endif /* WHYDROP_OFFSET_H */
