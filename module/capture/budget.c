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
	u64 paid, spent, elapsed;

	/* Interrupts charge, too. */
	local_irq_save(flags);
	elapsed = now - b->since;
	/* An interrupt may just have been here, and at a later time. */
	if ((s64)elapsed < WHYDROP_BUDGET_INTERVAL)
		goto out;
	paid = local64_read(&b->paid);
	spent = paid - b->base;
	/* Debts that were made at another rate do not count. */
	if (b->unit == unit && b->taken)
		/* A bit less than there is, so that some is saved up for fluctuations. */
		chance = chance_of(elapsed - elapsed / 16, div_u64(spent * b->wanted, b->taken));
	if (b->unit != unit || (s64)(now - paid) > WHYDROP_BUDGET_SAVED) {
		paid = now - WHYDROP_BUDGET_SAVED;
		local64_set(&b->paid, paid);
	}
	b->unit = unit;
	b->chance = chance;
	WRITE_ONCE(b->share, percent(spent, elapsed));
	WRITE_ONCE(b->base, paid);
	WRITE_ONCE(b->since, now);
	b->wanted = 0;
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
	return percent(local64_read(&b->paid) - READ_ONCE(b->base), elapsed);
}
