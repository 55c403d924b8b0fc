// SPDX-License-Identifier: GPL-2.0
/*
 * Audits walked traces: compares them with the kernel's own at the drop, in any context but
 * NMI, with preemption off, and reports the first mismatch from an irq_work.
 */
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/timex.h>
#include "capture/cpu.h"
#include "capture/trace.h"
#include "capture/walk_audit.h"

bool whydrop_walk_enabled __read_mostly = true;
static bool mismatch_seen __read_mostly;	/* so walking is forbidden until unload */
static u32 last_doubted __read_mostly;	/* serial number of the last entry by then */

/* The first mismatch. */
static struct {
	unsigned long claimed;
	struct irq_work work;
	struct whydrop_stack_key walked;
	struct whydrop_stack_key unwound;
	unsigned long frames[2][WHYDROP_FRAMES_TAKEN];
} mismatch;

static void print_trace(const struct whydrop_stack_key *key)
{
	unsigned int i;

	for (i = 0; i < key->nr; i++)
		pr_err("  %pB\n", (void *)key->frames[i]);
}

static void report_mismatch(struct irq_work *work)
{
	pr_err("a walked stack was wrong; from now on each stack is unwound. Please report: dropped at %pS, walked (flags %#x):\n",
	       (void *)mismatch.walked.place, mismatch.walked.flags);
	print_trace(&mismatch.walked);
	pr_err("unwound (flags %#x):\n", mismatch.unwound.flags);
	print_trace(&mismatch.unwound);
}

static void copy_trace(struct whydrop_stack_key *to, unsigned long *frames,
		       const struct whydrop_stack_key *key)
{
	*to = *key;
	to->frames = frames;
	memcpy(frames, key->frames, key->nr * sizeof(*frames));
}

static bool is_same_trace(const struct whydrop_stack_key *walked,
			  const struct whydrop_stack_key *unwound)
{
	if (memcmp(walked->frames, unwound->frames,
		   min(walked->nr, unwound->nr) * sizeof(*walked->frames)))
		return false;
	/* The kernel's own may go on into the interrupted context, if it knows its text. */
	if (walked->flags & WHYDROP_STACK_INTERRUPTED)
		return unwound->nr >= walked->nr;
	return unwound->nr == walked->nr && unwound->flags == walked->flags;
}

noinline notrace bool whydrop_audit(struct whydrop_walker *w, const struct whydrop_stack_key *key,
				    struct whydrop_walk_scratch *s, unsigned int max,
				    struct whydrop_stack_key *saved)
{
	struct whydrop_stack_key ref = { .reason = key->reason, .place = key->place };
	unsigned int nr;

	/* A trace without the place starts at its caller, which is not the same for both. */
	if (key->flags & WHYDROP_STACK_NOT_TRIMMED)
		return true;
	s->cost += WHYDROP_COST_UNWIND;
	nr = whydrop_trace_save(s->saved, max + WHYDROP_FRAMES_ABOVE);
	whydrop_trace_trim(&ref, s->saved, nr, max);
	local64_inc(&w->counts[WHYDROP_WALK_AUDITS]);
	if (likely(is_same_trace(key, &ref)))
		return true;
	if (saved)
		*saved = ref;
	local64_inc(&w->counts[WHYDROP_WALK_MISMATCHES]);
	if (!READ_ONCE(mismatch_seen))
		WRITE_ONCE(last_doubted, whydrop_stacks_added());
	WRITE_ONCE(mismatch_seen, true);
	/* Pairs with smp_mb() in whydrop_walk_allow(). */
	smp_mb();
	WRITE_ONCE(whydrop_walk_enabled, false);
	if (test_and_set_bit(0, &mismatch.claimed))
		return false;
	copy_trace(&mismatch.walked, mismatch.frames[0], key);
	copy_trace(&mismatch.unwound, mismatch.frames[1], &ref);
	/* Not printed here: the code that drops may hold a lock that printing takes. */
	irq_work_queue(&mismatch.work);
	return false;
}

noinline notrace bool whydrop_audit_stack(struct whydrop_walker *w,
					  const struct whydrop_stack *stack,
					  struct whydrop_walk_scratch *s, unsigned int max)
{
	struct whydrop_stack_key key = {
		.reason = stack->reason,
		.flags = stack->flags,
		.nr = stack->nr,
		.place = stack->place,
		.frames = stack->frames,
	};

	return whydrop_audit(w, &key, s, max, NULL);
}

notrace void whydrop_walk_verify(struct whydrop_walker *w, struct whydrop_stack_key *key,
				 struct whydrop_walk_scratch *s, unsigned int max)
{
	struct whydrop_stack_key saved;

	if (likely(whydrop_audit(w, key, s, max, &saved)))
		key->unverified = false;
	else
		*key = saved;
}

noinline notrace bool whydrop_audit_schedule(struct whydrop_walker *w, u32 mean)
{
	bool due = w->audit_mean == mean;

	w->random = w->random * 1664525 + 1013904223 + random_get_entropy();
	w->audit_mean = mean;
	w->since_audit = 0;
	/* U32_MAX stands for no audits, see set_stack_audit(). */
	w->audit_interval = mean == U32_MAX ? mean : 1 + ((u64)w->random * (2ull * mean - 1) >> 32);
	return due || mean == 1;
}

int whydrop_walk_allow(bool on)
{
	WRITE_ONCE(whydrop_walk_enabled, on && !READ_ONCE(mismatch_seen));
	/* Pairs with smp_mb() in whydrop_audit(): one of the two sees the other, and forbids. */
	smp_mb();
	if (!on || !READ_ONCE(mismatch_seen))
		return 0;
	WRITE_ONCE(whydrop_walk_enabled, false);
	return -EPERM;
}

bool whydrop_walk_in_doubt(u32 serial)
{
	return serial <= READ_ONCE(last_doubted);
}

u64 whydrop_walk_count(enum whydrop_walk_count what)
{
	struct whydrop_cpu *c;
	int cpu = -1;
	u64 sum = 0;

	while ((c = whydrop_next_cpu(&cpu)))
		sum += local64_read(&c->walker.counts[what]);
	return sum;
}

void whydrop_audit_init(void)
{
	init_irq_work(&mismatch.work, report_mismatch);
}

void whydrop_audit_exit(void)
{
	irq_work_sync(&mismatch.work);
}
