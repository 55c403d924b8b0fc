/* SPDX-License-Identifier: GPL-2.0 */
/* Types of those that walk, learn, ask and compare, in any context but NMI, with preemption off. */
#ifndef WHYDROP_WALK_TYPES_H
#define WHYDROP_WALK_TYPES_H

#include <linux/kallsyms.h>
#include <linux/types.h>
#include <asm/local64.h>
#include "uapi/whydrop.h"

/* Frames that a trace may have on top of the place of the drop. */
#define WHYDROP_FRAMES_ABOVE	12

/* Frames that are taken at most, those above the place included. */
#define WHYDROP_FRAMES_TAKEN	(WHYDROP_FRAMES_MAX + WHYDROP_FRAMES_ABOVE)

/* Addresses that a CPU knows the steps from, a power of two as is a step's size. */
#define WHYDROP_STEPS		2048
/* Slots that an address may be in. */
#define WHYDROP_STEP_WAYS	4

/* What is counted about walks; the negative is why there was none. */
enum whydrop_walk_count {
	WHYDROP_WALK_DONE,
	WHYDROP_WALK_UNKNOWN,
	WHYDROP_WALK_NEVER,
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
 * enum whydrop_step_base - what a step starts from
 * @WHYDROP_STEP_NEVER: none is to be made from this address
 * @WHYDROP_STEP_UNKNOWN: nobody asked yet
 * @WHYDROP_STEP_SP: CFA = SP + cfa
 * @WHYDROP_STEP_BP: CFA = BP + cfa
 * @WHYDROP_STEP_SP_WORD: CFA = *(SP + cfa) + off
 * @WHYDROP_STEP_BP_WORD: CFA = *(BP + cfa) + off
 * @WHYDROP_STEP_REGS: registers of what was interrupted are at SP + cfa
 * @WHYDROP_STEP_END: nobody called
 *
 * CFA, canonical frame address: SP as it was before the call. In the first two
 * kinds, the saved BP lies below it by -bp > 0 bytes, at least one word, also if
 * none is read; and in the first one that is inside of the frame: cfa >= -bp.
 */
enum whydrop_step_base {
	WHYDROP_STEP_NEVER,
	WHYDROP_STEP_UNKNOWN,
	WHYDROP_STEP_SP,
	WHYDROP_STEP_BP,
	WHYDROP_STEP_SP_WORD,
	WHYDROP_STEP_BP_WORD,
	WHYDROP_STEP_REGS,
	WHYDROP_STEP_END,
};

/* Where the caller's BP is: unchanged, or at an offset from CFA or BP. */
enum whydrop_step_bp {
	WHYDROP_BP_KEPT,
	WHYDROP_BP_AT_CFA,
	WHYDROP_BP_AT_BP,
};

/**
 * struct whydrop_step - from a frame to its caller's
 * @addr: return address into the frame's function; 0: a free slot
 * @cfa: offset from @base
 * @off: added to the word found there, if @base is one of a word
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
 * struct whydrop_frame - where a walk is
 * @ip: return address
 * @sp: stack pointer of the function it lies in
 * @bp: its base pointer
 * @end: of the stack
 */
struct whydrop_frame {
	unsigned long ip;
	unsigned long sp;
	unsigned long bp;
	unsigned long end;
};

/* How a walk ends if not for want of knowledge, which is negative. */
enum whydrop_step_end {
	WHYDROP_END_OUTERMOST = 1,
	WHYDROP_END_INTERRUPTED,
};

/**
 * struct whydrop_walker - what one CPU knows of the steps
 * @generation: of the modules, for which @steps hold
 * @changes: of @steps, ever
 * @since_audit: traces since one was compared
 * @audit_after: so many are between that one and the next
 * @audit_mean: the parameter that this was drawn for
 * @random: what it was drawn from
 * @irq_end: end of the CPU's interrupt stack, once known
 * @counts: see enum whydrop_walk_count
 * @steps: by a hash of the address
 */
struct whydrop_walker {
#ifdef HAVE_ORC
	u32 generation;
	u32 changes;
	u32 since_audit;
	u32 audit_after;
	u32 audit_mean;
	u32 random;
	unsigned long irq_end;
	local64_t counts[WHYDROP_WALK_COUNTS];
	struct whydrop_step steps[WHYDROP_STEPS + WHYDROP_STEP_WAYS - 1];
#endif
};

/**
 * struct whydrop_walk_scratch - room for one trace
 * @frames: the trace as taken
 * @again: as taken by stack_trace_save()
 * @symbol: name of an address
 */
struct whydrop_walk_scratch {
	unsigned long frames[WHYDROP_FRAMES_TAKEN];
#ifdef HAVE_ORC
	union {
		unsigned long again[WHYDROP_FRAMES_TAKEN];
		char symbol[KSYM_SYMBOL_LEN];
	};
#endif
};

#endif /* WHYDROP_WALK_TYPES_H */
