// SPDX-License-Identifier: GPL-2.0
/* Adds up the counts of drops, in a task. */
#include "capture/count.h"

void whydrop_count_add(struct whydrop_totals *totals, u64 *slots,
		       const struct whydrop_counts *counts)
{
	u64 sum[WHYDROP_OUTCOMES] = {};
	unsigned int outcome, slot;

	for (outcome = 0; outcome < WHYDROP_OUTCOMES; outcome++) {
		for (slot = 0; slot < WHYDROP_SLOTS; slot++) {
			u64 n = local64_read(&counts->cells[outcome][slot]);

			sum[outcome] += n;
			if (slots)
				slots[slot] += n;
		}
		totals->seen += sum[outcome];
		if (outcome <= WHYDROP_FILTERED_PACKET) {
			totals->filtered += sum[outcome];
			totals->filtered_by[outcome] += sum[outcome];
		} else if (outcome >= WHYDROP_RECORDED) {
			totals->recorded += sum[outcome];
			totals->stack[outcome - WHYDROP_RECORDED] += sum[outcome];
		}
	}
	totals->lost_nmi += sum[WHYDROP_NOT_RECORDED_NMI];
	totals->lost_nobuf += sum[WHYDROP_NOT_RECORDED_NOBUF];
}
