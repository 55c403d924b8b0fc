/* SPDX-License-Identifier: GPL-2.0 */
/* Resolves addresses to symbols, in a task. */
#ifndef WHYDROP_SYMBOL_H
#define WHYDROP_SYMBOL_H

#include <linux/types.h>
#include "capture/ring.h"
#include "capture/stack_table.h"

struct module;

/* Symbols are cut to this length, so that those of a stack fit in WHYDROP_SYMBOLS_MAX bytes. */
#define WHYDROP_SYMBOL_LEN	240
#define WHYDROP_SYMBOLS_MAX	((WHYDROP_FRAMES_MAX + 1) * (WHYDROP_SYMBOL_LEN + 1))

/**
 * whydrop_symbols_stack() - resolve a stack of the table
 * @id: of the stack
 * @buf: result: symbols of place and frames, each terminated by NUL
 * @size: of @buf, at least WHYDROP_SYMBOLS_MAX
 * @nr: result: number of frames
 * @flags: result: enum whydrop_stack_flags
 *
 * If its entry was freed, the place is unknown. Context: task. Return: bytes used.
 */
size_t whydrop_symbols_stack(u32 id, char *buf, size_t size, unsigned int *nr, u16 *flags);

/* The same for a stack that a record carries. */
size_t whydrop_symbols_attached(const struct whydrop_attached *a, char *buf, size_t size,
				u16 *flags);

/* To be called when a module got its memory: addresses there get another meaning. Task. */
void whydrop_symbols_coming(const struct module *mod);

/**
 * whydrop_symbols_going() - save the names of stacks that a module is part of
 * @mod: a module that is being unloaded, or whose init section is being freed
 * @init: the latter
 *
 * Context: task, while the kernel still knows the symbols.
 */
void whydrop_symbols_going(const struct module *mod, bool init);

#endif /* WHYDROP_SYMBOL_H */
