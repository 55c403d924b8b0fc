// SPDX-License-Identifier: GPL-2.0
/* Resolves addresses to symbols, in a task that reads or that unloads a module. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "capture/owner.h"
#include "capture/trace.h"
#include "capture/walk_audit.h"
#include "show/offset.h"
#include "show/symbol.h"

/*
 * The lock of the table's entries serializes the resolving of names with the saving of
 * those of a module that is unloaded.
 */

/**
 * struct naming - a buffer that names are written to
 * @buf: names of place and frames, each terminated by NUL
 * @len: bytes used
 * @generation: in which the addresses were stored
 * @flags: enum whydrop_stack_flags
 */
struct naming {
	char *buf;
	size_t len;
	u32 generation;
	u16 flags;
};

static void put_text(struct naming *n, const char *text)
{
	n->len += strscpy(n->buf + n->len, text, WHYDROP_SYMBOL_LEN) + 1;
}

static void put_unknown(struct naming *n)
{
	put_text(n, WHYDROP_UNKNOWN_PLACE);
}

static bool has_module_name(const char *name)
{
	return strchr(name, '[');
}

/*
 * Does an address belong to code that was generated at run time, by BPF or for tracing?
 * Such code belongs to no module, and is freed and replaced without notice.
 */
static bool is_dynamic(unsigned long addr, const char *name)
{
	if (has_module_name(name))
		return false;
#ifdef CONFIG_X86_64
	return addr >= MODULES_VADDR && addr < MODULES_END;
#else
	return (strstarts(name, "bpf_prog_") && strspn(name + 9, "0123456789abcdef") >= 16) ||
	       (strstarts(name, "bpf_trampoline_") && isdigit(name[15])) ||
	       strstarts(name, "bpf__");
#endif
}

/*
 * Write the kernel's name for @addr, if that is the one that it had when it was stored. An
 * address without a symbol is not written, so as not to leak it. Return: the name.
 */
static const char *put_symbol(struct naming *n, unsigned long addr, bool returns)
{
	enum whydrop_owner owner = whydrop_owner_of(addr - returns, n->generation);
	char *name = n->buf + n->len;

	if (owner == WHYDROP_OWNER_GONE) {
		n->flags |= WHYDROP_STACK_UNLOADED;
		put_text(n, "[unloaded module]");
		return name;
	}
	whydrop_address_print(name, WHYDROP_SYMBOL_LEN, addr, returns);
	if (owner == WHYDROP_OWNER_DYNAMIC ||
	    (owner == WHYDROP_OWNER_NONE && is_dynamic(addr, name)))
		put_text(n, "[dynamic code]");
	else if (strstarts(name, "0x") || (owner == WHYDROP_OWNER_UNSURE &&
					   (has_module_name(name) || is_dynamic(addr, name))))
		put_unknown(n);
	else
		n->len += strlen(name) + 1;
	return name;
}

/*
 * A place is a return address and printed like one: looked up one byte earlier, within
 * the call. An exception is the function that the kernel reports where it freed the packet
 * later. Any other start of a function cannot be a return address: a tracer hides the
 * place, and there was no trace to find it in.
 */
static void put_place(struct naming *n, unsigned long addr)
{
	size_t len = n->len;
	const char *name;

	if (whydrop_place_is_deferred(addr))
		n->flags |= WHYDROP_STACK_DEFERRED;
	name = put_symbol(n, addr, false);
	if (n->flags & WHYDROP_STACK_DEFERRED)
		return;
	n->len = len;
	if (n->flags & WHYDROP_STACK_HIDDEN || strstr(name, "+0x0/")) {
		n->flags |= WHYDROP_STACK_HIDDEN;
		put_unknown(n);
		return;
	}
	put_symbol(n, addr, true);
}

/* Write frame number @i; the first one is the place, or the tracer that hides it. */
static void put_frame(struct naming *n, unsigned int i, unsigned long addr)
{
	if (!i && n->flags & WHYDROP_STACK_HIDDEN)
		put_unknown(n);
	else
		put_symbol(n, addr, true);
}

static void put_stack(struct naming *n, const struct whydrop_stack *e)
{
	unsigned int i;

	put_place(n, e->place);
	for (i = 0; i < e->nr; i++)
		put_frame(n, i, e->frames[i]);
}

static size_t names_len(const char *text, unsigned int nr)
{
	const char *p = text;

	while (nr--)
		p += strlen(p) + 1;
	return p - text;
}

/* For an entry that has been freed. */
static void put_no_names(struct naming *n, unsigned int *nr)
{
	put_unknown(n);
	n->flags = WHYDROP_STACK_PLACE_ONLY;
	*nr = 0;
}

static void put_entry(struct naming *n, const struct whydrop_stack *e, unsigned int *nr)
{
	n->flags = READ_ONCE(e->flags);
	*nr = e->nr;
	if (e->nr && whydrop_walk_in_doubt(e->serial))
		n->flags |= WHYDROP_STACK_DOUBTED;
	if (e->saved_names)
		n->flags |= WHYDROP_STACK_UNLOADED;
	if (e->saved_names && e->saved_names != whydrop_stack_no_names) {
		n->len = names_len(e->saved_names, e->nr + 1);
		memcpy(n->buf, e->saved_names, n->len);
		return;
	}
	/* If no module that it refers to was unloaded, its addresses still mean the same. */
	n->generation = e->saved_names ? e->generation : whydrop_owner_generation();
	put_stack(n, e);
}

size_t whydrop_symbols_stack(u32 id, char *buf, size_t size, unsigned int *nr, u16 *flags)
{
	struct naming n = { .buf = buf };
	const struct whydrop_stack *e;

	if (WARN_ON_ONCE(size < WHYDROP_SYMBOLS_MAX))
		return 0;
	whydrop_stacks_lock();
	e = whydrop_stack_by_id(id);
	if (e)
		put_entry(&n, e, nr);
	else
		put_no_names(&n, nr);
	whydrop_stacks_unlock();
	*flags = n.flags;
	return n.len;
}

size_t whydrop_symbols_attached(const struct whydrop_attached *a, char *buf, size_t size,
				u16 *flags)
{
	struct naming n = { .buf = buf, .generation = a->generation, .flags = a->flags };
	unsigned int i;

	if (WARN_ON_ONCE(size < WHYDROP_SYMBOLS_MAX))
		return 0;
	whydrop_stacks_lock();
	put_place(&n, a->place);
	for (i = 0; i < a->nr; i++)
		put_frame(&n, i, a->frames[i]);
	whydrop_stacks_unlock();
	*flags = n.flags;
	return n.len;
}

static bool lies_in_module(const struct whydrop_stack *e, const struct module *mod, bool init)
{
	unsigned int i;

	if (whydrop_owner_is(e->place - 1, mod, init))
		return true;
	for (i = 0; i < e->nr; i++)
		if (whydrop_owner_is(e->frames[i] - 1, mod, init))
			return true;
	return false;
}

/* Retire an entry, and save the names that it had in @generation, if there is memory. */
static void save_names(struct whydrop_stack *e, u32 generation, char *buf)
{
	struct naming n = { .buf = buf, .generation = generation, .flags = READ_ONCE(e->flags) };
	char *text = NULL;

	if (buf) {
		put_stack(&n, e);
		text = kvmalloc(n.len, GFP_KERNEL);
	}
	if (text)
		memcpy(text, buf, n.len);
	e->generation = generation;
	e->saved_names = text ?: whydrop_stack_no_names;
	whydrop_stack_retire(e);
}

static void retire_in_module(const struct module *mod, bool init, u32 generation)
{
	unsigned int i, max = whydrop_stacks_max();
	char *buf = NULL;

	for (i = 0; i < max; i++) {
		struct whydrop_stack *e = whydrop_stack_by_index(i);

		if (!e || e->saved_names || !lies_in_module(e, mod, init))
			continue;
		if (!buf)
			buf = kvmalloc(WHYDROP_SYMBOLS_MAX, GFP_KERNEL);
		save_names(e, generation, buf);
	}
	kvfree(buf);
}

void whydrop_symbols_coming(const struct module *mod)
{
	whydrop_stacks_lock();
	whydrop_owner_coming(mod);
	/* Entries of what was there before: BPF, or a module that dropped while it was unloaded. */
	retire_in_module(mod, false, whydrop_owner_generation() - 1);
	whydrop_stacks_unlock();
}

void whydrop_symbols_going(const struct module *mod, bool init)
{
	whydrop_stacks_lock();
	retire_in_module(mod, init, whydrop_owner_generation());
	whydrop_owner_going(mod, init);
	whydrop_stacks_unlock();
}
