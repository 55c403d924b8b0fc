// SPDX-License-Identifier: GPL-2.0
/* Names for addresses, made when somebody reads, or when it is the last chance. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "show/symbol.h"

/* Names are looked up, or kept from a module that goes, but not both at once. */
static DEFINE_MUTEX(lock);

/* Like the kernel, but without an address that has no symbol: that would tell where it is. */
static size_t print(const char *format, unsigned long addr, char *buf)
{
	scnprintf(buf, WHYDROP_SYMBOL_LEN, format, (void *)addr);
	if (!strncmp(buf, "0x", 2))
		strscpy(buf, "[unknown]", WHYDROP_SYMBOL_LEN);
	return strlen(buf) + 1;
}

/*
 * A place is a return address too, and printed like one: looked up a byte
 * earlier, in the call. Except it be the start of a function, see stack.c.
 */
static size_t print_place(unsigned long addr, char *buf, u16 *flags)
{
	size_t len = print("%pS", addr, buf);

	if (strstr(buf, "+0x0/")) {
		*flags |= WHYDROP_STACK_DEFERRED;
		return len;
	}
	return print("%pB", addr, buf);
}

static size_t print_stack(const struct whydrop_stack *e, char *buf, u16 *flags)
{
	size_t len = print_place(e->place, buf, flags);
	unsigned int i;

	for (i = 0; i < e->nr; i++)
		len += print("%pB", e->frames[i], buf + len);
	return len;
}

static size_t strings_len(const char *text, unsigned int nr)
{
	const char *p = text;

	while (nr--)
		p += strlen(p) + 1;
	return p - text;
}

size_t whydrop_symbols_stack(const struct whydrop_stack *e, char *buf, size_t size, u16 *flags)
{
	size_t len;

	if (WARN_ON_ONCE(size < WHYDROP_SYMBOLS_MAX))
		return 0;
	*flags = e->flags;
	mutex_lock(&lock);
	if (e->gone) {
		*flags |= WHYDROP_STACK_UNLOADED;
		len = strings_len(e->gone, e->nr + 1);
		memcpy(buf, e->gone, len);
	} else {
		len = print_stack(e, buf, flags);
	}
	mutex_unlock(&lock);
	return len;
}

size_t whydrop_symbols_attached(const struct whydrop_attached *a, char *buf, size_t size,
				u16 *flags)
{
	unsigned int i;
	size_t len;

	if (WARN_ON_ONCE(size < WHYDROP_SYMBOLS_MAX))
		return 0;
	*flags = a->flags;
	len = print_place(a->place, buf, flags);
	for (i = 0; i < a->nr; i++)
		len += print("%pB", a->frames[i], buf + len);
	return len;
}

static bool lies_in(unsigned long addr, const struct module *mod, bool init)
{
	return within_module_init(addr, mod) || (!init && within_module_core(addr, mod));
}

static bool touches(const struct whydrop_stack *e, const struct module *mod, bool init)
{
	unsigned int i;

	if (lies_in(e->place, mod, init))
		return true;
	for (i = 0; i < e->nr; i++)
		if (lies_in(e->frames[i], mod, init))
			return true;
	return false;
}

void whydrop_symbols_module(const struct module *mod, bool init)
{
	u32 id, max = whydrop_stacks_max();
	char *text, *buf = NULL;

	mutex_lock(&lock);
	for (id = 1; id <= max; id++) {
		struct whydrop_stack *e = whydrop_stack_by_id(id);
		u16 flags = 0;
		size_t len;

		if (!e || e->gone || !touches(e, mod, init))
			continue;
		if (!buf)
			buf = kvmalloc(WHYDROP_SYMBOLS_MAX, GFP_KERNEL);
		if (!buf)
			break;
		len = print_stack(e, buf, &flags);
		text = kvmalloc(len, GFP_KERNEL);
		if (!text)
			break;
		memcpy(text, buf, len);
		/* The way of a drop only asks whether it is there. */
		WRITE_ONCE(e->gone, text);
	}
	mutex_unlock(&lock);
	kvfree(buf);
}
