/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WHYDROP_WALK_H
#define WHYDROP_WALK_H

#include <linux/kallsyms.h>
#include <linux/types.h>
#include <asm/local64.h>
#include "capture/stack_table.h"
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

/**
 * whydrop_walk() - the trace that leads to a drop
 * @w: of the CPU that is running
 * @fa: __builtin_frame_address(0) of the caller, which does not show itself
 * @key: its place is given; frames, nr and flags are the result
 * @s: where the frames are put
 * @max: frames wanted from the place on, at most WHYDROP_FRAMES_MAX
 *
 * Context: any but NMI, preemption off.
 */
void whydrop_walk(struct whydrop_walker *w, void *fa, struct whydrop_stack_key *key,
		  struct whydrop_walk_scratch *s, unsigned int max);

#ifdef HAVE_ORC
/**
 * whydrop_walk_allow() - whether to walk where the steps are known
 * @on: if not, each trace is unwound
 *
 * Context: task. Return: 0, or -EPERM if a walk was wrong once.
 */
int whydrop_walk_allow(bool on);
bool whydrop_walk_allowed(void);

/**
 * whydrop_walk_verify() - compare a walked trace with the one that the kernel saves
 * @w: of the CPU that is running
 * @key: the trace; the kernel's own if that is another one
 * @s: where the trace is
 * @max: frames wanted
 *
 * After the first one that differs no trace is walked any more. For the context
 * see whydrop_walk().
 */
void whydrop_walk_verify(struct whydrop_walker *w, struct whydrop_stack_key *key,
			 struct whydrop_walk_scratch *s, unsigned int max);

/* Was the table's entry @id there when a walk was found wrong? Any context. */
bool whydrop_walk_doubts(u32 id);

/* All steps are to be learned anew: addresses got another meaning. Any context. */
void whydrop_walk_forget(void);

/* Before the CPUs have their memory, and after. Task. Return: 0 or -ENOMEM. */
int whydrop_walk_init(void);
void whydrop_walk_exit(void);

/* Compare a trace from here before any is taken of a drop. Task. */
void whydrop_walk_selftest(void);

/* Count @what of all CPUs. Task. */
u64 whydrop_walk_count(enum whydrop_walk_count what);
#else
static inline int whydrop_walk_allow(bool on) { return 0; }
static inline bool whydrop_walk_allowed(void) { return false; }
static inline void whydrop_walk_verify(struct whydrop_walker *w, struct whydrop_stack_key *key,
				       struct whydrop_walk_scratch *s, unsigned int max) {}
static inline bool whydrop_walk_doubts(u32 id) { return false; }
static inline void whydrop_walk_forget(void) {}
static inline int whydrop_walk_init(void) { return 0; }
static inline void whydrop_walk_exit(void) {}
static inline void whydrop_walk_selftest(void) {}
static inline u64 whydrop_walk_count(enum whydrop_walk_count what) { return 0; }
#endif

#endif /* WHYDROP_WALK_H */
