/* SPDX-License-Identifier: GPL-2.0 */
/* Names for addresses, made in a task. */
#ifndef WHYDROP_SYMBOL_H
#define WHYDROP_SYMBOL_H

#include <linux/types.h>
#include "capture/ring.h"
#include "capture/stack_table.h"

struct module;

/* Symbols are cut to this; so a text fits in WHYDROP_SYMBOLS_MAX bytes. */
#define WHYDROP_SYMBOL_LEN	240
#define WHYDROP_SYMBOLS_MAX	((WHYDROP_FRAMES_MAX + 1) * (WHYDROP_SYMBOL_LEN + 1))

/**
 * whydrop_symbols_stack() - names for a stack of the table
 * @id: of the stack
 * @buf: result: place and frames, each ended by NUL
 * @size: of @buf, at least WHYDROP_SYMBOLS_MAX
 * @nr: result: number of frames
 * @flags: result: enum whydrop_stack_flags
 *
 * If its entry was freed, its place is unknown. Context: task. Return: bytes used.
 */
size_t whydrop_symbols_stack(u32 id, char *buf, size_t size, unsigned int *nr, u16 *flags);

/* The same for one that came with its record. */
size_t whydrop_symbols_attached(const struct whydrop_attached *a, char *buf, size_t size,
				u16 *flags);

/* A module has got its memory: what had an address there before has a name no more. Task. */
void whydrop_symbols_coming(const struct module *mod);

/**
 * whydrop_symbols_going() - keep the names of what is about to go
 * @mod: a module that is unloaded, or that is done with its init section
 * @init: the latter
 *
 * Context: task; the kernel still knows the symbols.
 */
void whydrop_symbols_going(const struct module *mod, bool init);

#endif /* WHYDROP_SYMBOL_H */
