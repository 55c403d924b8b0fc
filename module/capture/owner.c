// SPDX-License-Identifier: GPL-2.0
/*
 * Records which addresses belonged to modules, and when: in a task, serialized; the
 * generation is read in any context. The kernel reports modules that are loaded and
 * unloaded, but neither those that were there before this one, nor code generated at run
 * time, by BPF or for tracing, which lies between the modules.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include "compat.h"
#include "capture/owner.h"

#define RANGES	512

/**
 * struct text_range - text of a module
 * @start: first address
 * @size: bytes
 * @coming: first generation in which it belonged to the module; 0: since before this one's
 * @going: first generation in which it no longer did; 0: it still does
 */
struct text_range {
	unsigned long start;
	unsigned long size;
	u32 coming;
	u32 going;
};

/*
 * Of fixed size, so that unloading a module needs no memory. If it is full, the oldest
 * range is replaced, and answers about generations as old as that become unsure.
 */
static struct text_range ranges[RANGES];
static unsigned int nr;
static u32 sure_from;

u32 whydrop_owner_now __read_mostly = 1;

static bool is_in_range(unsigned long addr, const struct text_range *r)
{
	return addr - r->start < r->size;
}

/* From this generation on, answers do not depend on the range. */
static u32 needed_until(const struct text_range *r)
{
	return r->going ?: r->coming;
}

static void store_range(const struct text_range *new)
{
	struct text_range *oldest = ranges;
	unsigned int i;

	if (nr < RANGES) {
		ranges[nr++] = *new;
		return;
	}
	for (i = 1; i < nr; i++)
		if (needed_until(&ranges[i]) < needed_until(oldest))
			oldest = &ranges[i];
	sure_from = max(sure_from, needed_until(oldest));
	*oldest = *new;
}

static void begin_range(struct text_range new)
{
	if (!new.size)
		return;
	new.coming = whydrop_owner_now;
	store_range(&new);
}

static void end_range(struct text_range range)
{
	unsigned int i;

	if (!range.size)
		return;
	for (i = 0; i < nr; i++) {
		struct text_range *r = &ranges[i];

		if (r->start == range.start && r->size == range.size && !r->going) {
			r->going = whydrop_owner_now;
			return;
		}
	}
	range.coming = sure_from;
	range.going = whydrop_owner_now;
	store_range(&range);
}

static void next_generation(void)
{
	WRITE_ONCE(whydrop_owner_now, whydrop_owner_now + 1);
}

static struct text_range core_range(const struct module *mod)
{
	return (struct text_range){ (unsigned long)whydrop_module_text(mod),
				    whydrop_module_text_size(mod) };
}

static struct text_range init_range(const struct module *mod)
{
	return (struct text_range){ (unsigned long)whydrop_module_init_text(mod),
				    whydrop_module_init_text_size(mod) };
}

void whydrop_owner_coming(const struct module *mod)
{
	next_generation();
	begin_range(core_range(mod));
	begin_range(init_range(mod));
}

void whydrop_owner_going(const struct module *mod, bool init)
{
	next_generation();
	end_range(init_range(mod));
	if (!init)
		end_range(core_range(mod));
}

bool whydrop_owner_is(unsigned long addr, const struct module *mod, bool init)
{
	struct text_range core = core_range(mod), early = init_range(mod);

	return is_in_range(addr, &early) || (!init && is_in_range(addr, &core));
}

enum whydrop_owner whydrop_owner_of(unsigned long addr, u32 generation)
{
	const struct text_range *owner = NULL;
	bool known = false;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		const struct text_range *r = &ranges[i];

		if (!is_in_range(addr, r))
			continue;
		known = true;
		if (r->coming <= generation && (!owner || r->coming > owner->coming))
			owner = r;
	}
	if (owner && !owner->going)
		return WHYDROP_OWNER_SAME;
	if (owner && generation < owner->going)
		return WHYDROP_OWNER_GONE;
	/* The module while it was unloaded, or code that was generated in its place. */
	if (owner || generation < sure_from)
		return WHYDROP_OWNER_UNSURE;
	return known ? WHYDROP_OWNER_DYNAMIC : WHYDROP_OWNER_NONE;
}
