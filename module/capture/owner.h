/* SPDX-License-Identifier: GPL-2.0 */
/* Finds out which module owned an address: noted in any context, looked up in a task. */
#ifndef WHYDROP_OWNER_H
#define WHYDROP_OWNER_H

#include <linux/compiler.h>
#include <linux/types.h>

struct module;

/*
 * When modules are loaded and unloaded, addresses change their meaning. The generation
 * counts these changes. Whoever stores an address stores the current generation with it,
 * and checks the owner before resolving the address to a symbol.
 *
 * An address on the stack of a drop is one of running code. So a module that contains it
 * was loaded before, and its memory is not reused before the stack is. The generation that
 * is read at the drop is therefore at least that of the module's loading, and less than
 * that of any later module at the same address.
 */

/**
 * enum whydrop_owner - what an address belonged to, in a generation
 * @WHYDROP_OWNER_SAME: the module that it belongs to now
 * @WHYDROP_OWNER_GONE: a module that was unloaded since
 * @WHYDROP_OWNER_NONE: no module that was loaded or unloaded since this one was loaded: it
 *	belongs to the kernel, to a module that was always there, or to none at all
 * @WHYDROP_OWNER_DYNAMIC: no module, although it belongs to one now
 * @WHYDROP_OWNER_UNSURE: a module or not, which is no longer known; but an address of the
 *	kernel's image always was one
 */
enum whydrop_owner {
	WHYDROP_OWNER_SAME,
	WHYDROP_OWNER_GONE,
	WHYDROP_OWNER_NONE,
	WHYDROP_OWNER_DYNAMIC,
	WHYDROP_OWNER_UNSURE,
};

extern u32 whydrop_owner_now;

/* The generation to store with addresses of running code. Any context. */
static __always_inline u32 whydrop_owner_generation(void)
{
	return READ_ONCE(whydrop_owner_now);
}

/*
 * Context of all other functions: task. The caller serializes them, together with the
 * resolving of names that depends on the answer.
 */

/* Note a new module: its memory is allocated, and none of its code has run. */
void whydrop_owner_coming(const struct module *mod);

/**
 * whydrop_owner_going() - note that the memory of a module is about to be freed
 * @mod: the module
 * @init: only that of its init section
 */
void whydrop_owner_going(const struct module *mod, bool init);

/* Return what @addr belonged to in @generation. */
enum whydrop_owner whydrop_owner_of(unsigned long addr, u32 generation);

/* Does @addr lie in text of @mod, or only in that of its init section? */
bool whydrop_owner_is(unsigned long addr, const struct module *mod, bool init);

#endif /* WHYDROP_OWNER_H */
