/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WHYDROP_FILTER_H
#define WHYDROP_FILTER_H

#include <linux/bitmap.h>
#include <linux/rcupdate.h>
#include "count.h"

/**
 * struct whydrop_filter - which drops are recorded
 * @rcu: for freeing
 * @reasons: slots that pass
 *
 * Never changed once published: an event is judged by one filter or by its
 * successor, never by a mixture.
 */
struct whydrop_filter {
	struct rcu_head rcu;
	DECLARE_BITMAP(reasons, WHYDROP_SLOTS);
};

extern struct whydrop_filter __rcu *whydrop_filter;

/* Whether drops counted in @slot are recorded. Any context, preemption off. */
static __always_inline bool whydrop_filter_pass(unsigned int slot)
{
	const struct whydrop_filter *f = rcu_dereference_sched(whydrop_filter);

	return likely(!f) || test_bit(slot, f->reasons);
}

/**
 * whydrop_filter_set_reasons() - choose the reasons to record
 * @text: names, globs or numbers, separated by commas, each may be negated by
 *	a leading '!'; empty: all. What only names exclusions starts from all.
 *
 * Context: task.
 * Return: 0, -ENOMEM, or -EINVAL with a line in the kernel's log.
 */
int whydrop_filter_set_reasons(const char *text);

/* Print the text in force. Context: task. Return: characters written. */
size_t whydrop_filter_print_reasons(char *buf, size_t size);

/* Look the names up again: some have come or gone. Task. */
void whydrop_filter_refresh(void);

void whydrop_filter_exit(void);

#endif /* WHYDROP_FILTER_H */
