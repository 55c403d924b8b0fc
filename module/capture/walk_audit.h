/* SPDX-License-Identifier: GPL-2.0 */
/* Audits walked traces at a drop: any context but NMI, preemption off. */
#ifndef WHYDROP_WALK_AUDIT_H
#define WHYDROP_WALK_AUDIT_H

#include "capture/config.h"
#include "capture/stack_table.h"
#include "capture/walk_types.h"

#ifdef HAVE_WALK
/* Read by whydrop_walk_allowed() only. */
extern bool whydrop_walk_enabled;

static __always_inline bool whydrop_walk_allowed(void)
{
	return READ_ONCE(whydrop_walk_enabled);
}

/**
 * whydrop_walk_allow() - allow or forbid walking
 * @on: false: unwind every stack
 *
 * Context: task. Return: 0, or -EPERM if an audit has found a mismatch since load.
 */
int whydrop_walk_allow(bool on);

/**
 * whydrop_audit() - compare a trace with that of stack_trace_save()
 * @w: walker of the current CPU
 * @key: the trace
 * @s: where the trace is
 * @max: maximum number of frames
 * @saved: result on a mismatch: the kernel's own trace; or NULL
 *
 * The first mismatch forbids walking until the module is loaded again. For the context
 * see whydrop_walk(). Return: whether the traces are the same.
 */
bool whydrop_audit(struct whydrop_walker *w, const struct whydrop_stack_key *key,
		   struct whydrop_walk_scratch *s, unsigned int max,
		   struct whydrop_stack_key *saved);

/**
 * whydrop_walk_verify() - audit a walked trace, and correct it
 * @w: walker of the current CPU
 * @key: the trace, replaced by the kernel's own on a mismatch
 * @s: where the trace is
 * @max: maximum number of frames
 *
 * For the context see whydrop_walk().
 */
void whydrop_walk_verify(struct whydrop_walker *w, struct whydrop_stack_key *key,
			 struct whydrop_walk_scratch *s, unsigned int max);

/**
 * whydrop_audit_stack() - compare the trace of an entry with that of stack_trace_save()
 * @w: walker of the current CPU
 * @stack: the entry
 * @s: buffers
 * @max: maximum number of frames
 *
 * See whydrop_audit(). Return: whether the traces are the same.
 */
bool whydrop_audit_stack(struct whydrop_walker *w, const struct whydrop_stack *stack,
			 struct whydrop_walk_scratch *s, unsigned int max);

/* Was entry @serial in the table before a mismatch, so that its drops are in doubt? Any context. */
bool whydrop_walk_in_doubt(u32 serial);

/*
 * Draw the interval to the next audit: @mean on average, and random, so that it cannot
 * match a pattern of the drops. Return: whether to audit this trace.
 */
bool whydrop_audit_schedule(struct whydrop_walker *w, u32 mean);

/* Is this trace to be audited? */
static __always_inline bool whydrop_audit_is_due(struct whydrop_walker *w)
{
	u32 mean = READ_ONCE(whydrop_config.stack_audit);

	if (likely(++w->since_audit < w->audit_interval && mean == w->audit_mean))
		return false;
	return whydrop_audit_schedule(w, mean);
}

/* Sum of a counter over all CPUs. Task. */
u64 whydrop_walk_count(enum whydrop_walk_count what);

/* Task. */
void whydrop_audit_init(void);
void whydrop_audit_exit(void);
#else
static inline int whydrop_walk_allow(bool on) { return 0; }
static inline bool whydrop_walk_allowed(void) { return false; }
static inline void whydrop_walk_verify(struct whydrop_walker *w, struct whydrop_stack_key *key,
				       struct whydrop_walk_scratch *s, unsigned int max) {}
static inline bool whydrop_walk_in_doubt(u32 serial) { return false; }
static inline u64 whydrop_walk_count(enum whydrop_walk_count what) { return 0; }
#endif

#endif /* WHYDROP_WALK_AUDIT_H */
