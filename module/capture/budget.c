// SPDX-License-Identifier: GPL-2.0
/*
 * Chooses how many of the drops get a stack, where the budget does not suffice for all: any
 * context but NMI, preemption off.
 */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include "capture/budget.h"

/* Return the chance with which @full would have been no more than @part. */
static notrace u32 chance_of(u64 part, u64 full)
{
	if (part >= full)
		return WHYDROP_BUDGET_ALL;
	while (full >> 32) {
		full >>= 1;
		part >>= 1;
	}
	return div_u64(part << 32, full);
}

static notrace u32 percent(u64 spent, u64 elapsed)
{
	return spent < elapsed ? div64_u64(spent * 100, elapsed) : 100;
}

noinline notrace void whydrop_budget_adapt(struct whydrop_budget *b, u64 now)
{
	u32 unit = READ_ONCE(whydrop_config.stack_unit), chance = WHYDROP_BUDGET_ALL;
	unsigned long flags;
	u64 elapsed;

	local_irq_save(flags);
	elapsed = now - b->since;
	/* An interrupt may just have been here, and at a later time. */
	if ((s64)elapsed < WHYDROP_BUDGET_INTERVAL)
		goto out;
	if (b->unit != unit) {
		/* Debts that were made at another rate do not count. */
		b->unit = unit;
		WRITE_ONCE(b->paid, now - WHYDROP_BUDGET_SAVED);
	} else if (b->taken) {
		/* A bit less than there is, so that some is saved up for fluctuations. */
		chance = chance_of(elapsed - elapsed / 16,
				   div_u64(b->spent * b->wanted, b->taken));
	}
	WRITE_ONCE(b->chance, chance);
	WRITE_ONCE(b->share, percent(b->spent, elapsed));
	WRITE_ONCE(b->since, now);
	WRITE_ONCE(b->spent, 0);
	WRITE_ONCE(b->wanted, 0);
	b->taken = 0;
out:
	local_irq_restore(flags);
}

u32 whydrop_budget_share(const struct whydrop_budget *b, u64 now)
{
	u64 elapsed = now - READ_ONCE(b->since);

	/* The current interval ends with a drop, which may be a long time off. */
	if ((s64)elapsed < 2 * WHYDROP_BUDGET_INTERVAL)
		return READ_ONCE(b->share);
	return percent(READ_ONCE(b->spent), elapsed);
}
