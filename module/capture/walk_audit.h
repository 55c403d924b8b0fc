/* SPDX-License-Identifier: GPL-2.0 */
/* Compares walked traces with the kernel's own, at a drop: any context but NMI, preemption off. */
#ifndef WHYDROP_WALK_AUDIT_H
#define WHYDROP_WALK_AUDIT_H

#include "capture/config.h"
#include "capture/stack_table.h"
#include "capture/walk_types.h"

#ifdef HAVE_ORC
/* Use whydrop_walk_allowed(). */
extern bool whydrop_walk_on;

static __always_inline bool whydrop_walk_allowed(void)
{
	return READ_ONCE(whydrop_walk_on);
}

/**
 * whydrop_walk_allow() - whether to walk where the steps are known
 * @on: if not, each trace is unwound
 *
 * Context: task. Return: 0, or -EPERM if a walk was wrong once.
 */
int whydrop_walk_allow(bool on);

/**
 * whydrop_audit() - compare a trace with the one that the kernel saves
 * @w: of the CPU that is running
 * @key: the trace
 * @s: where the trace is
 * @max: frames wanted
 * @saved: result if it differs: the kernel's own; or NULL
 *
 * After the first one that differs no trace is walked any more. For the context
 * see whydrop_walk(). Return: whether it is the same.
 */
bool whydrop_audit(struct whydrop_walker *w, const struct whydrop_stack_key *key,
		   struct whydrop_walk_scratch *s, unsigned int max,
		   struct whydrop_stack_key *saved);

/**
 * whydrop_walk_verify() - audit a walked trace, and mend it
 * @w: of the CPU that is running
 * @key: the trace; the kernel's own if that is another one
 * @s: where the trace is
 * @max: frames wanted
 *
 * For the context see whydrop_walk().
 */
void whydrop_walk_verify(struct whydrop_walker *w, struct whydrop_stack_key *key,
			 struct whydrop_walk_scratch *s, unsigned int max);

/* Was entry number @born of the table there when a walk was found wrong? Any context. */
bool whydrop_walk_in_doubt(u32 born);

/*
 * Draw after how many traces one is compared: @mean on average, and no stride of
 * drops. Return: whether this one is.
 */
bool whydrop_audit_next(struct whydrop_walker *w, u32 mean);

/* Return true if this trace is to be compared. */
static __always_inline bool whydrop_audit_is_due(struct whydrop_walker *w)
{
	u32 mean = READ_ONCE(whydrop_config.stack_audit);

	if (likely(++w->since_audit < w->audit_after && mean == w->audit_mean))
		return false;
	return whydrop_audit_next(w, mean);
}

/* Task. */
void whydrop_audit_init(void);
void whydrop_audit_exit(void);
#else
static inline int whydrop_walk_allow(bool on) { return 0; }
static inline bool whydrop_walk_allowed(void) { return false; }
static inline void whydrop_walk_verify(struct whydrop_walker *w, struct whydrop_stack_key *key,
				       struct whydrop_walk_scratch *s, unsigned int max) {}
static inline bool whydrop_walk_in_doubt(u32 born) { return false; }
#endif

#endif /* WHYDROP_WALK_AUDIT_H */
