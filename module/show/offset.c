// SPDX-License-Identifier: GPL-2.0
/* Names addresses by their offsets, to a task, on kernels without names of functions. */
#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include "compat.h"
#include "show/offset.h"
#include "uapi/whydrop.h"

/* All text of the kernel is nearer than this to any function of it. */
#define TEXT_SPAN	(64ul << 20)

static unsigned long address_of(const void *function)
{
	/* There, the lowest bit of a function's address says that it is Thumb. */
	return (unsigned long)function & ~(IS_ENABLED(CONFIG_THUMB2_KERNEL) ? 1ul : 0ul);
}

/* Write @name and how far @addr is from consume_skb(). Return: bytes written. */
static size_t put_offset(char *buf, size_t size, const char *name, unsigned long addr)
{
	unsigned long base = address_of(consume_skb);

	if (addr < base)
		return scnprintf(buf, size, "%s-0x%lx", name, base - addr);
	return scnprintf(buf, size, "%s+0x%lx", name, addr - base);
}

static bool print_in_module(char *buf, size_t size, unsigned long addr, const struct module *mod)
{
	unsigned long offset = addr - (unsigned long)whydrop_module_text(mod);

	if (offset >= whydrop_module_text_size(mod))
		return false;
	scnprintf(buf, size, "text+0x%lx [%s]", offset, mod->name);
	return true;
}

/* The kernel's list of modules is not exported. That of the folder /sys/module is. */
static bool print_in_modules(char *buf, size_t size, unsigned long addr)
{
	struct kset *modules = THIS_MODULE->mkobj.kobj.kset;
	struct kobject *k;
	bool found = false;

	/* Without sysfs, there is none. */
	if (!modules)
		return print_in_module(buf, size, addr, THIS_MODULE);
	spin_lock(&modules->list_lock);
	list_for_each_entry(k, &modules->list, entry) {
		const struct module *mod = container_of(k, struct module_kobject, kobj)->mod;

		/* NULL: it is part of the kernel. */
		found = mod && print_in_module(buf, size, addr, mod);
		if (found)
			break;
	}
	spin_unlock(&modules->list_lock);
	return found;
}

void whydrop_offset_print(char *buf, size_t size, unsigned long addr)
{
	if (print_in_modules(buf, size, addr))
		return;
	if (addr - address_of(consume_skb) + TEXT_SPAN < 2 * TEXT_SPAN)
		put_offset(buf, size, "text", addr);
	else
		strscpy(buf, "0x", size);
}

size_t whydrop_anchors_print(char *buf, size_t size)
{
#define ANCHOR(function) { " " #function, function },
	static const struct {
		const char *name;
		const void *function;
	} anchors[] = { WHYDROP_ANCHORS(ANCHOR) };
	size_t i, len = scnprintf(buf, size, "anchors=");

	for (i = 0; i < ARRAY_SIZE(anchors); i++)
		len += put_offset(buf + len, size - len, anchors[i].name + !i,
				  address_of(anchors[i].function));
	return len;
}
