// SPDX-License-Identifier: GPL-2.0
/* Names for addresses, made when somebody reads, or when it is the last chance. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "capture/stack.h"
#include "capture/walk.h"
#include "show/symbol.h"

/* Names are looked up, or kept from a module that goes, but not both at once. */
static DEFINE_MUTEX(lock);

static size_t print_unknown(char *buf)
{
	return strscpy(buf, "[unknown]", WHYDROP_SYMBOL_LEN) + 1;
}

/* Like the kernel, but without an address that has no symbol: that would tell where it is. */
static size_t print(const char *format, unsigned long addr, char *buf)
{
	scnprintf(buf, WHYDROP_SYMBOL_LEN, format, (void *)addr);
	return strncmp(buf, "0x", 2) ? strlen(buf) + 1 : print_unknown(buf);
}

/*
 * A place is a return address too, and printed like one: looked up a byte
 * earlier, in the call. Unless the kernel freed the packet later and told a
 * function. Another start of a function cannot be returned to: what that stands
 * for was not found out, for want of a trace.
 */
static size_t print_place(unsigned long addr, char *buf, u16 *flags)
{
	size_t len = print("%pS", addr, buf);

	if (*flags & WHYDROP_STACK_DEFERRED)
		return len;
	if (whydrop_stack_is_deferred(addr)) {
		*flags |= WHYDROP_STACK_DEFERRED;
		return len;
	}
	if (*flags & WHYDROP_STACK_HIDDEN || strstr(buf, "+0x0/")) {
		*flags |= WHYDROP_STACK_HIDDEN;
		return print_unknown(buf);
	}
	return print("%pB", addr, buf);
}

/* Frame number @i; the first one is the place, or what hides it. */
static size_t print_frame(unsigned int i, unsigned long addr, char *buf, u16 flags)
{
	return !i && flags & WHYDROP_STACK_HIDDEN ? print_unknown(buf) : print("%pB", addr, buf);
}

static size_t print_stack(const struct whydrop_stack *e, char *buf, u16 *flags)
{
	size_t len = print_place(e->place, buf, flags);
	unsigned int i;

	for (i = 0; i < e->nr; i++)
		len += print_frame(i, e->frames[i], buf + len, *flags);
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
	*flags = READ_ONCE(e->flags);
	if (e->nr && whydrop_walk_doubts(e->id))
		*flags |= WHYDROP_STACK_DOUBTED;
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
		len += print_frame(i, a->frames[i], buf + len, *flags);
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
		u16 flags;
		size_t len;

		if (!e || e->gone || !touches(e, mod, init))
			continue;
		if (!buf)
			buf = kvmalloc(WHYDROP_SYMBOLS_MAX, GFP_KERNEL);
		if (!buf)
			break;
		flags = READ_ONCE(e->flags);
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
