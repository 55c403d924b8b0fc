/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For a copy of whydrop that tells, as parameters, the longest time that it had interrupts
 * off, and how many drops it was told of and how long that took in all: in cycles, which
 * are instructions under QEMU's -icount. In that copy local_irq_save() and the like have
 * become these. For one processor.
 */
#ifndef WD_COUNTING_H
#define WD_COUNTING_H

#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <asm/msr.h>
#include <asm/tsc.h>

extern unsigned long wd_irqs_off_since, wd_irqs_off_max;
extern unsigned long wd_probe_since, wd_probe_sum, wd_probes;

#define counted_irq_save(flags)							\
	do {									\
		local_irq_save(flags);						\
		if (!irqs_disabled_flags(flags))				\
			wd_irqs_off_since = rdtsc_ordered();			\
	} while (0)

#define counted_irq_restore(flags)						\
	do {									\
		if (!irqs_disabled_flags(flags) &&				\
		    rdtsc_ordered() - wd_irqs_off_since > wd_irqs_off_max)	\
			wd_irqs_off_max = rdtsc_ordered() - wd_irqs_off_since;	\
		local_irq_restore(flags);					\
	} while (0)

#define counted_probe_begin()							\
	do {									\
		whydrop_probe_begin();						\
		wd_probe_since = rdtsc_ordered();				\
	} while (0)

#define counted_probe_end()							\
	do {									\
		wd_probe_sum += rdtsc_ordered() - wd_probe_since;		\
		wd_probes++;							\
		whydrop_probe_end();						\
	} while (0)

#endif /* WD_COUNTING_H */
