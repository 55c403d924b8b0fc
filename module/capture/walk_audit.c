// SPDX-License-Identifier: GPL-2.0
/*
 * Compares walked traces with the kernel's own at a drop, in any context but NMI, with
 * preemption off, and prints what differs from an irq_work.
 */
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/timex.h>
#include "capture/trace.h"
#include "capture/walk_audit.h"

bool whydrop_walk_on __read_mostly = true;
static bool was_wrong __read_mostly;	/* once, and so never allowed again */
static u32 doubted __read_mostly;	/* entries of the table that were there by then */

/* The first walk that was wrong. */
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
	/* The other one goes on into what was interrupted, if that is text that it knows. */
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

	/* Without a place, both start with whoever asks for them. */
	if (key->flags & WHYDROP_STACK_NOT_TRIMMED)
		return true;
	nr = stack_trace_save(s->again, max + WHYDROP_FRAMES_ABOVE, 0);
	whydrop_trace_trim(&ref, s->again, nr, max);
	local64_inc(&w->counts[WHYDROP_WALK_AUDITS]);
	if (likely(is_same_trace(key, &ref)))
		return true;
	if (saved)
		*saved = ref;
	local64_inc(&w->counts[WHYDROP_WALK_MISMATCHES]);
	if (!READ_ONCE(was_wrong))
		WRITE_ONCE(doubted, whydrop_stacks_born());
	WRITE_ONCE(was_wrong, true);
	/* Pairs with smp_mb() in whydrop_walk_allow(). */
	smp_mb();
	WRITE_ONCE(whydrop_walk_on, false);
	if (test_and_set_bit(0, &mismatch.claimed))
		return false;
	copy_trace(&mismatch.walked, mismatch.frames[0], key);
	copy_trace(&mismatch.unwound, mismatch.frames[1], &ref);
	/* Not here: whoever drops may hold what printing takes. */
	irq_work_queue(&mismatch.work);
	return false;
}

notrace void whydrop_walk_verify(struct whydrop_walker *w, struct whydrop_stack_key *key,
				 struct whydrop_walk_scratch *s, unsigned int max)
{
	struct whydrop_stack_key saved;

	if (likely(whydrop_audit(w, key, s, max, &saved)))
		key->walked = false;
	else
		*key = saved;
}

noinline notrace bool whydrop_audit_next(struct whydrop_walker *w, u32 mean)
{
	bool due = w->audit_mean == mean;

	w->random = w->random * 1664525 + 1013904223 + random_get_entropy();
	w->audit_mean = mean;
	w->since_audit = 0;
	/* At the most there is none, see set_stack_audit(). */
	w->audit_after = mean == U32_MAX ? mean : 1 + ((u64)w->random * (2ull * mean - 1) >> 32);
	return due || mean == 1;
}

int whydrop_walk_allow(bool on)
{
	WRITE_ONCE(whydrop_walk_on, on && !READ_ONCE(was_wrong));
	/* Pairs with smp_mb() in whydrop_audit(): the last word is not that it is allowed. */
	smp_mb();
	if (!on || !READ_ONCE(was_wrong))
		return 0;
	WRITE_ONCE(whydrop_walk_on, false);
	return -EPERM;
}

bool whydrop_walk_in_doubt(u32 born)
{
	return born <= READ_ONCE(doubted);
}

void whydrop_audit_init(void)
{
	init_irq_work(&mismatch.work, report_mismatch);
}

void whydrop_audit_exit(void)
{
	irq_work_sync(&mismatch.work);
}
