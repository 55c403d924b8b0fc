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
 * struct whydrop_walker - the steps that one CPU knows
 * @generation: @steps are valid for this one, see whydrop_walk_invalidate()
 * @changes: number of changes of @steps
 * @since_audit: traces since the last audit
 * @audit_interval: traces between that audit and the next one
 * @audit_mean: the parameter stack_audit that @audit_interval was drawn for
 * @random: state of the generator that it was drawn from
 * @irq_end: end of the CPU's interrupt stack, once known
 * @counts: by enum whydrop_walk_count
 * @steps: by a hash of the address
 */
struct whydrop_walker {
#ifdef HAVE_ORC
	u32 generation;
	u32 changes;
	u32 since_audit;
	u32 audit_interval;
	u32 audit_mean;
	u32 random;
	unsigned long irq_end;
	local64_t counts[WHYDROP_WALK_COUNTS];
	struct whydrop_step steps[WHYDROP_STEPS + WHYDROP_STEP_WAYS - 1];
#endif
};

/**
 * struct whydrop_walk_scratch - buffers for one trace
 * @frames: the trace, walked or unwound
 * @cost: what it took up to now, in units of WHYDROP_COST_WALK
 * @saved: the same trace by stack_trace_save()
 * @symbol: name of an address
 */
struct whydrop_walk_scratch {
	unsigned long frames[WHYDROP_FRAMES_TAKEN];
	u32 cost;
#ifdef HAVE_ORC
	union {
		unsigned long saved[WHYDROP_FRAMES_TAKEN];
		char symbol[KSYM_SYMBOL_LEN];
	};
#endif
};

#endif /* WHYDROP_WALK_TYPES_H */
