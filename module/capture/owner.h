/* SPDX-License-Identifier: GPL-2.0 */
/* Tells whose an address was: noted in any context, asked for in a task. */
#ifndef WHYDROP_OWNER_H
#define WHYDROP_OWNER_H

#include <linux/compiler.h>
#include <linux/types.h>

struct module;

/*
 * Modules come and go, and with them the meaning of addresses. A generation counts
 * that. Whoever keeps an address keeps the generation of that time, too, and asks
 * before giving it a name.
 *
 * An address found on the stack of a drop is one of running code. So a module that
 * it lies in has come before, and its memory cannot be anything else's until the
 * stack is gone: the generation read at the drop lies between the module's coming
 * and that of whatever module comes there next.
 */

/**
 * enum whydrop_owner - whose an address was
 * @WHYDROP_OWNER_SAME: the module's that it is now
 * @WHYDROP_OWNER_GONE: a module's that is gone
 * @WHYDROP_OWNER_NONE: no module's that came or went since load: the kernel's, or
 *	that of a module which has been there all the time, or of none at all
 * @WHYDROP_OWNER_DYNAMIC: no module's, though one is there now
 * @WHYDROP_OWNER_UNSURE: a module's, or not; if it is the kernel's, it always was
 */
enum whydrop_owner {
	WHYDROP_OWNER_SAME,
	WHYDROP_OWNER_GONE,
	WHYDROP_OWNER_NONE,
	WHYDROP_OWNER_DYNAMIC,
	WHYDROP_OWNER_UNSURE,
};

extern u32 whydrop_owner_now;

/* The generation, to keep with addresses of running code. Any context. */
static __always_inline u32 whydrop_owner_generation(void)
{
	return READ_ONCE(whydrop_owner_now);
}

/*
 * The others: context task, one at a time, and none while a name is made that
 * depends on the answer.
 */

/* @mod has got its memory, and none of its code has run. */
void whydrop_owner_coming(const struct module *mod);

/**
 * whydrop_owner_going() - a module's memory becomes somebody else's
 * @mod: the module
 * @init: only that of its init section
 */
void whydrop_owner_going(const struct module *mod, bool init);

/* Whose @addr was in @generation. */
enum whydrop_owner whydrop_owner_of(unsigned long addr, u32 generation);

/* Does @addr lie in text of @mod, or only in that of its init section? */
bool whydrop_owner_is(unsigned long addr, const struct module *mod, bool init);

#endif /* WHYDROP_OWNER_H */
