// SPDX-License-Identifier: GPL-2.0
/* Takes traces where steps cannot be learned: any context but NMI, preemption off. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include "compat.h"
#include "capture/config.h"
#include "capture/cpu.h"
#include "capture/irq_entry.h"
#include "capture/trace.h"
#include "capture/walk.h"
#include "capture/walk_audit.h"
#include "capture/walk_frames.h"

#if defined(CONFIG_RISCV) && defined(CONFIG_FRAME_POINTER)
/* What each function of this architecture saves below where its frame pointer points. */
struct frame_record {
	unsigned long fp, ra;
};

static notrace struct frame_record record_below(unsigned long fp)
{
	const struct frame_record *r = (const struct frame_record *)fp - 1;

	return (struct frame_record){ READ_ONCE_NOCHECK(r->fp), READ_ONCE_NOCHECK(r->ra) };
}

/* Is there room for a record below @fp, in the stack that ends at @end? */
static notrace bool is_frame(unsigned long fp, unsigned long above, unsigned long end)
{
	return fp >= above + sizeof(struct frame_record) && fp <= end &&
	       IS_ALIGNED(fp, sizeof(long));
}

/*
 * The unwinder of RISC-V ends where the kernel changes to the stack of interrupts, which it
 * does for a task's own softirq, too. Go on to the task's stack, by frame pointers from @fp
 * of a caller: each frame is above the one before, and within one of the two stacks.
 */
static notrace unsigned int go_on(unsigned long fp, unsigned long *frames, unsigned int nr,
				  unsigned int size)
{
	unsigned long task = (unsigned long)task_stack_page(current), task_end = task + THREAD_SIZE;
	unsigned long end = ALIGN(fp, THREAD_SIZE);
	struct frame_record r;

	if (!nr || nr == size || is_frame(fp, task, task_end) ||
	    !whydrop_is_irq_entry(frames[nr - 1]) || whydrop_is_interrupt(frames[nr - 1]))
		return nr;
	for (; !is_frame(fp, task, task_end); fp = r.fp) {
		r = record_below(fp);
		if (!is_frame(r.fp, task, task_end) && !is_frame(r.fp, fp, end))
			return nr;
	}
	while (nr < size) {
		r = record_below(fp);
		if (r.ra < TASK_SIZE)
			break;
		frames[nr++] = r.ra;
		if (whydrop_is_interrupt(r.ra)) {
			struct pt_regs *regs = (struct pt_regs *)fp;

			if (nr == size || fp + sizeof(*regs) > task_end || user_mode(regs))
				break;
			frames[nr++] = regs->epc;
			r.fp = regs->s0;
		}
		if (!is_frame(r.fp, fp, task_end))
			break;
		fp = r.fp;
	}
	return nr;
}
#else
static unsigned int go_on(unsigned long fp, unsigned long *frames, unsigned int nr,
			  unsigned int size)
{
	return nr;
}
#endif

/*
 * The number of the frame of the freeing function. On MIPS, the first one is the kernel's own
 * function that takes the trace.
 */
static notrace unsigned int freeing_frame(const unsigned long *frames, unsigned int nr)
{
	unsigned int own = 0;

	while (own < nr && !within_module_core(frames[own], THIS_MODULE))
		own++;
	return own + whydrop_trace_freeing(frames + own, nr - own);
}

/*
 * Where a tracer hooks the return of the function that frees the packet, the tracepoint
 * reports the tracer's address as the place. The trace has the true one.
 */
static notrace void recover_place(struct whydrop_stack_key *key, const unsigned long *frames,
				  unsigned int nr)
{
	unsigned int i;

	if (whydrop_trace_above(frames, nr, key->place) >= 0 ||
	    whydrop_place_is_deferred(key->place) || !whydrop_is_function_start(key->place))
		return;
	i = freeing_frame(frames, nr);
	/* A frame within the function that starts at the place: it frees packets later. */
	if (i + 1 >= nr || frames[i] - key->place < WHYDROP_FUNCTION_SPAN)
		return;
	key->place = frames[i + 1];
}

/*
 * Of some architectures, the kernel's unwinder ends where a tracer has hooked a return: at
 * the latest at the freeing function's caller. Such a trace has no frame of the drop.
 */
static notrace void forget_ended(struct whydrop_stack_key *key, const unsigned long *frames,
				 unsigned int nr)
{
	if (key->flags & WHYDROP_STACK_NOT_TRIMMED && freeing_frame(frames, nr) + 2 >= nr) {
		key->flags = WHYDROP_STACK_PLACE_ONLY;
		key->nr = 0;
	}
}

static __always_inline unsigned int save_trace(void *fp, unsigned long *frames,
					       unsigned int size)
{
	return go_on((unsigned long)fp, frames, whydrop_trace_save(frames, size), size);
}

/*
 * Take a trace that has @max frames from the place of the drop on. It is not known how many
 * are above that: as many are taken as there ever were, and all if that was not enough.
 * Return: number of frames.
 */
static __always_inline unsigned int take_trace(void *fp, unsigned long place,
					       unsigned long *frames, unsigned int max)
{
	static unsigned int above_max __read_mostly;
	unsigned int size = max + READ_ONCE(above_max);
	unsigned int nr = save_trace(fp, frames, size);
	int above = whydrop_trace_above(frames, nr, place);

	if (likely(nr < size || (above >= 0 && nr - above >= max)))
		return nr;
	nr = save_trace(fp, frames, max + WHYDROP_FRAMES_ABOVE);
	above = whydrop_trace_above(frames, nr, place);
	if (above > (int)READ_ONCE(above_max))
		WRITE_ONCE(above_max, above);
	return nr;
}

notrace void whydrop_walk(struct whydrop_walker *w, void *fp, struct whydrop_stack_key *key,
			  struct whydrop_walk_scratch *s, unsigned int max)
{
	unsigned int nr;

	s->cost = WHYDROP_COST_UNWIND;
	nr = whydrop_leave_out_data(s->frames, take_trace(fp, key->place, s->frames, max));
	recover_place(key, s->frames, nr);
	whydrop_trace_trim(key, s->frames, nr, max);
	forget_ended(key, s->frames, nr);
	whydrop_cut_interrupted(key, READ_ONCE(whydrop_config.stack_full));
#ifdef HAVE_FRAMES
	if (!whydrop_walk_allowed())
		local64_inc(&w->counts[WHYDROP_WALK_OFF]);
#endif
}

#ifdef HAVE_FRAMES
void whydrop_walk_selftest(void)
{
	struct whydrop_cpu *c;

	preempt_disable();
	c = whydrop_this_cpu();
	if (c)
		whydrop_frames_compare(&c->walker, &c->scratch[0].key, &c->scratch[0].walk);
	preempt_enable();
}

int whydrop_walk_init(void)
{
	whydrop_frames_init();
	whydrop_audit_init();
	return 0;
}

void whydrop_walk_exit(void)
{
	whydrop_audit_exit();
}
#endif
