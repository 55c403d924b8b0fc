/* SPDX-License-Identifier: GPL-2.0 */
/* Types that the files of the walk share: any context but NMI, preemption off. */
#ifndef WHYDROP_WALK_TYPES_H
#define WHYDROP_WALK_TYPES_H

#include <linux/kallsyms.h>
#include <linux/types.h>
#include <asm/local64.h>
#include "uapi/whydrop.h"

/* Frames that a trace may have above the place of the drop: of the tracing, of kfree_skb(). */
#define WHYDROP_FRAMES_ABOVE	12

/* Maximum length of a trace, including the frames above the place. */
#define WHYDROP_FRAMES_TAKEN	(WHYDROP_FRAMES_MAX + WHYDROP_FRAMES_ABOVE)

/* Number of steps that a CPU can know. A power of two, as is the size of a step. */
#define WHYDROP_STEPS		2048
/* Slots that the step of an address may be in. */
#define WHYDROP_STEP_WAYS	4

/* Traces that a CPU can remember: so many places, powers of two, with so many traces each. */
#define WHYDROP_TRACE_SETS	16
#define WHYDROP_TRACE_WAYS	4
/* Words and parts of each. */
#define WHYDROP_TRACE_WORDS	36
#define WHYDROP_TRACE_PARTS	5

/* Counters of walks. A negative one, as a result, says why a stack was not walked. */
enum whydrop_walk_count {
	WHYDROP_WALK_DONE,
	WHYDROP_WALK_UNKNOWN,
	WHYDROP_WALK_DYNAMIC,
	WHYDROP_WALK_STACK,
	WHYDROP_WALK_PLACE,
	WHYDROP_WALK_CHANGED,
	WHYDROP_WALK_SCOPE,
	WHYDROP_WALK_OFF,
	WHYDROP_WALK_LEARNED,
	WHYDROP_WALK_REFUSED,
	WHYDROP_WALK_AUDITS,
	WHYDROP_WALK_MISMATCHES,
	WHYDROP_WALK_RECALLED,
	WHYDROP_WALK_COUNTS
};

/**
 * enum whydrop_step_base - how a step finds the CFA
 * @WHYDROP_STEP_UNUSABLE: stacks with this address must be unwound
 * @WHYDROP_STEP_UNKNOWN: not learned yet
 * @WHYDROP_STEP_SP: CFA = SP + cfa
 * @WHYDROP_STEP_BP: CFA = BP + cfa
 * @WHYDROP_STEP_SP_WORD: CFA = *(SP + cfa) + off
 * @WHYDROP_STEP_BP_WORD: CFA = *(BP + cfa) + off
 * @WHYDROP_STEP_REGS: the registers of an interrupted context are at SP + cfa
 * @WHYDROP_STEP_END: the outermost frame
 *
 * CFA, canonical frame address: SP as it was before the call. For WHYDROP_STEP_SP and
 * WHYDROP_STEP_BP, the caller's BP is saved -bp bytes below the CFA, and -bp is at least
 * one word even if BP is not saved. For WHYDROP_STEP_SP, cfa >= -bp: within the frame.
 */
enum whydrop_step_base {
	WHYDROP_STEP_UNUSABLE,
	WHYDROP_STEP_UNKNOWN,
	WHYDROP_STEP_SP,
	WHYDROP_STEP_BP,
	WHYDROP_STEP_SP_WORD,
	WHYDROP_STEP_BP_WORD,
	WHYDROP_STEP_REGS,
	WHYDROP_STEP_END,
};

/* Where the caller's BP is: still in BP, or saved at an offset from CFA or BP. */
enum whydrop_step_bp {
	WHYDROP_BP_KEPT,
	WHYDROP_BP_AT_CFA,
	WHYDROP_BP_AT_BP,
};

/**
 * struct whydrop_step - how to get from a frame to its caller's
 * @addr: return address into the frame's function; 0: a free slot
 * @cfa: offset from SP or BP, see @base
 * @off: added to the word found there, for WHYDROP_STEP_SP_WORD and WHYDROP_STEP_BP_WORD
 * @bp: offset from @bp_base of where the caller's BP is saved
 * @base: enum whydrop_step_base
 * @bp_base: enum whydrop_step_bp
 */
struct whydrop_step {
	unsigned long addr;
	s16 cfa;
	s16 off;
	s16 bp;
	u8 base;
	u8 bp_base;
};

/**
 * struct whydrop_frame - the frame that a walk has reached
 * @ip: return address
 * @sp: stack pointer of the function that contains @ip
 * @bp: its base pointer
 * @end: end of the stack
 */
struct whydrop_frame {
	unsigned long ip;
	unsigned long sp;
	unsigned long bp;
	unsigned long end;
};

/* How a walk ends that does not fail. */
enum whydrop_step_end {
	WHYDROP_END_OUTERMOST = 1,
	WHYDROP_END_INTERRUPTED,
};

/**
 * struct whydrop_trace_part - words of a trace, by their distance from a base
 * @nr: the words of the trace up to this part's last one
 * @from: the base is a word of the stack, in this part, which comes before
 * @at: where: bytes from the base of that
 * @above: the base is at least @least bytes behind the base of this part, so that nothing is
 *	read below SP
 * @enters_task: the base is on the task's stack, and all before were on that of interrupts;
 *	@above does not matter, and what is read begins @least bytes from the base
 * @least: see @above and @enters_task
 * @reach: bytes from the base to the end of what was read there
 *
 * The base of the first part is the frame that the trace begins with.
 */
struct whydrop_trace_part {
	u8 nr;
	u8 from;
	u8 above;
	bool enters_task;
	s32 at;
	s32 least;
	s32 reach;
};

/**
 * struct whydrop_trace - a trace that was walked, and the words that it depends on
 * @stack: the entry; NULL: a free slot
 * @id: of @stack, which may have been recycled since
 * @generation: of the steps, see whydrop_walk_generation
 * @max: maximum number of frames
 * @nr_parts: number of @parts
 * @outermost: bytes from the last base to the outermost frame, if the trace ends with that
 *	on the task's stack; else S32_MAX
 * @parts: see there
 * @at: where each word is: bytes from the base of its part
 * @words: return addresses, and CS where the trace ends at registers
 */
struct whydrop_trace {
	const struct whydrop_stack *stack;
	u32 id;
	u32 generation;
	u8 max;
	u8 nr_parts;
	s32 outermost;
	struct whydrop_trace_part parts[WHYDROP_TRACE_PARTS];
	s16 at[WHYDROP_TRACE_WORDS];
	unsigned long words[WHYDROP_TRACE_WORDS];
};

/**
 * struct whydrop_trace_set - traces of some places
 * @traces: in any order
 * @last: the one that was recalled last
 * @next: the one to be replaced next
 * @misses: traces that were not recalled, since the last one was stored
 * @misses_wanted: so many until the next one is
 */
struct whydrop_trace_set {
	struct whydrop_trace traces[WHYDROP_TRACE_WAYS];
	u8 last;
	u8 next;
	u16 misses;
	u16 misses_wanted;
};

/**
 * struct whydrop_walker - the audits of one CPU, and the steps and traces that it knows
 * @since_audit: traces since the last audit
 * @audit_interval: traces between that audit and the next one
 * @audit_mean: the parameter stack_audit that @audit_interval was drawn for
 * @random: state of the generator that it was drawn from
 * @counts: by enum whydrop_walk_count
 * @generation: @steps are valid for this one, see whydrop_walk_invalidate()
 * @changes: number of changes of @steps
 * @recalling: a drop is comparing traces, so that none may be stored
 * @irq_end: end of the CPU's interrupt stack, once known
 * @steps: by a hash of the address
 * @sets: of traces, by a hash of the place
 */
struct whydrop_walker {
#ifdef HAVE_WALK
	u32 since_audit;
	u32 audit_interval;
	u32 audit_mean;
	u32 random;
	local64_t counts[WHYDROP_WALK_COUNTS];
#endif
#ifdef HAVE_ORC
	u32 generation;
	u32 changes;
	u32 recalling;
	unsigned long irq_end;
	struct whydrop_step steps[WHYDROP_STEPS + WHYDROP_STEP_WAYS - 1];
	struct whydrop_trace_set sets[WHYDROP_TRACE_SETS];
#endif
};

/**
 * struct whydrop_walk_scratch - buffers for one trace
 * @frames: the trace, walked or unwound
 * @cost: what it took up to now, in units of WHYDROP_COST_WALK
 * @saved: the same trace by stack_trace_save()
 * @symbol: name of an address
 * @trace: a trace to be remembered
 */
struct whydrop_walk_scratch {
	unsigned long frames[WHYDROP_FRAMES_TAKEN];
	u32 cost;
#ifdef HAVE_WALK
	union {
		unsigned long saved[WHYDROP_FRAMES_TAKEN];
		char symbol[KSYM_SYMBOL_LEN];
#ifdef HAVE_ORC
		struct whydrop_trace trace;
#endif
	};
#endif
};

#endif /* WHYDROP_WALK_TYPES_H */
