// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's oracle (module/capture/walk_oracle.c): for what the ORC table can say
 * of an address, the step that is learned from it, or none. And the step, when
 * made on a stack, leads where the unwinder goes.
 */
#include "kernel.h"
#include "capture/walk_oracle.h"
#include "capture/walk_step.h"
#include "ktap.h"

/* As in arch/x86/include/asm/orc_types.h. */
enum { UNDEFINED, PREV_SP, DX, DI, BP, SP, R10, R13, BP_INDIRECT, SP_INDIRECT };
enum { CALL, REGS, REGS_PARTIAL, END };

/**
 * struct orc - a case
 * @name: of it
 * @sp_reg, @sp_offset, @bp_reg, @bp_offset, @type: the entry of the ORC table
 * @old: as read until 5.10: SP_INDIRECT is *(SP + offset), not *SP + offset
 * @learned: whether a step is to be learned
 * @base, @cfa, @off, @bp_base, @bp: which one
 */
struct orc {
	const char *name;
	int sp_reg, sp_offset, bp_reg, bp_offset, type;
	bool old;
	bool learned;
	int base, cfa, off, bp_base, bp;
};

#define STEP(base, cfa, off, bp_base, bp)	\
	true, WHYDROP_STEP_##base, cfa, off, WHYDROP_BP_##bp_base, bp
#define NONE	false, 0, 0, 0, 0, 0

static const struct orc cases[] = {
	{ "no frame but the return address", SP, 8, UNDEFINED, 0, CALL, false,
	  STEP(SP, 8, 0, KEPT, -8) },
	{ "a frame of SP", SP, 136, UNDEFINED, 0, CALL, false, STEP(SP, 136, 0, KEPT, -8) },
	{ "a frame of SP that saved BP", SP, 64, PREV_SP, -16, CALL, false,
	  STEP(SP, 64, 0, AT_CFA, -16) },
	{ "BP saved at its lower end", SP, 64, PREV_SP, -64, CALL, false,
	  STEP(SP, 64, 0, AT_CFA, -64) },
	{ "a frame of BP", BP, 16, PREV_SP, -16, CALL, false, STEP(BP, 16, 0, AT_CFA, -16) },
	{ "the same, BP told by itself", BP, 16, BP, 0, CALL, false,
	  STEP(BP, 16, 0, AT_CFA, -16) },
	{ "a frame of BP that did not save it", BP, 24, UNDEFINED, 0, CALL, false,
	  STEP(BP, 24, 0, KEPT, -8) },
	{ "BP below the frame's other words", BP, 40, PREV_SP, -24, CALL, false,
	  STEP(BP, 40, 0, AT_CFA, -24) },
	{ "a realigned frame", BP_INDIRECT, -8, BP, 0, CALL, false,
	  STEP(BP_WORD, -8, 0, AT_BP, 0) },
	{ "another realigned frame", BP_INDIRECT, -48, BP, 0, CALL, false,
	  STEP(BP_WORD, -48, 0, AT_BP, 0) },
	{ "a realigned frame with BP by its caller", BP_INDIRECT, -8, PREV_SP, -16, CALL, false,
	  STEP(BP_WORD, -8, 0, AT_CFA, -16) },
	{ "the interrupt stack's top", SP_INDIRECT, 8, UNDEFINED, 0, CALL, false,
	  STEP(SP_WORD, 0, 8, KEPT, -8) },
	{ "the interrupt stack's top with BP", SP_INDIRECT, 24, PREV_SP, -16, CALL, false,
	  STEP(SP_WORD, 0, 24, AT_CFA, -16) },
	{ "the interrupt stack's top as of 5.10", SP_INDIRECT, 8, UNDEFINED, 0, CALL, true,
	  STEP(SP_WORD, 8, 0, KEPT, -8) },
	{ "an interrupt's registers", SP, 0, UNDEFINED, 0, REGS, false,
	  STEP(REGS, 0, 0, KEPT, 0) },
	{ "registers behind a frame", SP, 8, UNDEFINED, 0, REGS, false,
	  STEP(REGS, 8, 0, KEPT, 0) },
	{ "registers where BP says", BP, 0, UNDEFINED, 0, REGS, false, NONE },
	{ "registers that are not all there", SP, 0, UNDEFINED, 0, REGS_PARTIAL, false, NONE },
	{ "nobody called", UNDEFINED, 0, UNDEFINED, 0, END, false, STEP(END, 0, 0, KEPT, 0) },
	{ "what the table does not know", UNDEFINED, 0, UNDEFINED, 0, CALL, false, NONE },
	{ "R10", R10, 0, UNDEFINED, 0, CALL, false, NONE },
	{ "R13", R13, 0, UNDEFINED, 0, CALL, false, NONE },
	{ "DI", DI, 0, UNDEFINED, 0, CALL, false, NONE },
	{ "DX", DX, 0, UNDEFINED, 0, CALL, false, NONE },
	{ "downwards", SP, -8, UNDEFINED, 0, CALL, false, NONE },
	{ "nowhere", SP, 0, UNDEFINED, 0, CALL, false, NONE },
	{ "half a word", SP, 12, UNDEFINED, 0, CALL, false, NONE },
	{ "BP saved below the frame", SP, 16, PREV_SP, -24, CALL, false, NONE },
	{ "BP saved above the frame", SP, 16, PREV_SP, 8, CALL, false, NONE },
	{ "BP saved behind BP, the frame by SP", SP, 32, BP, 0, CALL, false, NONE },
	{ "BP saved in half a word", SP, 32, PREV_SP, -12, CALL, false, NONE },
	{ "a frame too large to be asked for", SP, 5000, UNDEFINED, 0, CALL, false, NONE },
	{ "one that ends in the other half of the stack", SP, 4616, UNDEFINED, 0, CALL, false, NONE },
	{ "and one by BP", BP, 2600, PREV_SP, -16, CALL, false, NONE },
	{ "as large as can be", SP, 4088, PREV_SP, -16, CALL, false,
	  STEP(SP, 4088, 0, AT_CFA, -16) },
};

static const struct orc *orc;

struct task_struct task;

static bool deref(struct unwind_state *state, unsigned long addr, unsigned long *val)
{
	unsigned long begin = (unsigned long)state->stack_info.begin;
	unsigned long end = (unsigned long)state->stack_info.end;

	if (addr < begin || addr >= end || addr + sizeof(long) > end)
		return false;
	memcpy(val, (void *)addr, sizeof(long));
	return true;
}

/* What arch/x86/kernel/unwind_orc.c does with an entry, for one stack. */
bool unwind_next_frame(struct unwind_state *state)
{
	unsigned long sp, prev_sp = state->sp, word;
	bool indirect = false;

	if (unwind_done(state))
		return false;
	if (orc->type == END)
		goto the_end;
	switch (orc->sp_reg) {
	case SP:
		sp = state->sp + orc->sp_offset;
		break;
	case BP:
		sp = state->bp + orc->sp_offset;
		break;
	case SP_INDIRECT:
		sp = state->sp + (orc->old ? orc->sp_offset : 0);
		indirect = true;
		break;
	case BP_INDIRECT:
		sp = state->bp + orc->sp_offset;
		indirect = true;
		break;
	default:
		/* Registers that only an interrupted frame has. */
		goto err;
	}
	if (indirect) {
		if (!deref(state, sp, &sp))
			goto err;
		if (orc->sp_reg == SP_INDIRECT && !orc->old)
			sp += orc->sp_offset;
	}
	if (orc->type == CALL) {
		if (!deref(state, sp - sizeof(long), &state->ip))
			goto err;
		state->sp = sp;
		state->regs = NULL;
		state->signal = false;
	} else {
		if (!deref(state, sp, &word))
			goto err;
		state->regs = (struct pt_regs *)sp;
		state->full_regs = orc->type == REGS;
		state->signal = true;
	}
	if (orc->bp_reg == PREV_SP && !deref(state, sp + orc->bp_offset, &state->bp))
		goto err;
	if (orc->bp_reg == BP && !deref(state, state->bp + orc->bp_offset, &state->bp))
		goto err;
	if (orc->type == CALL && state->sp <= prev_sp)
		goto err;
	return true;
err:
	state->error = true;
the_end:
	state->stack_info.type = STACK_TYPE_UNKNOWN;
	return false;
}

static void test_cases(void)
{
	struct whydrop_step step;
	size_t i;

	CHECK_INT(whydrop_oracle_init(), 0);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool learned;

		orc = &cases[i];
		learned = whydrop_oracle_ask(0xffffffff81234567, &step);
		if (learned != orc->learned)
			FAIL("%s: %s", orc->name, learned ? "learned" : "not learned");
		if (!learned || !orc->learned)
			continue;
		if (step.base != orc->base || step.cfa != orc->cfa || step.off != orc->off ||
		    step.bp_base != orc->bp_base ||
		    ((orc->base == WHYDROP_STEP_SP || orc->base == WHYDROP_STEP_BP ||
		      orc->bp_base != WHYDROP_BP_KEPT) && step.bp != orc->bp))
			FAIL("%s: base %d cfa %d off %d bp_base %d bp %d", orc->name, step.base,
			     step.cfa, step.off, step.bp_base, step.bp);
		CHECK(step.addr == 0xffffffff81234567);
	}
	whydrop_oracle_exit();
}

static u64 seed = 1;

static u32 draw(u32 n)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (seed >> 33) % n;
}

/* A stack in which words are addresses of it, most of them, or anything. */
static void scribble(unsigned long *stack)
{
	size_t i;

	for (i = 0; i < THREAD_SIZE / sizeof(long); i++)
		stack[i] = draw(8) ? (unsigned long)&stack[i] + 8 * draw(64) :
				     draw(2) ? draw(1000) : -1ul - draw(1000);
}

/* Make @step from somewhere. Return: whether it could be made. */
static bool make_one(unsigned long *stack, const struct whydrop_step *step)
{
	unsigned int at = draw(THREAD_SIZE / sizeof(long));
	struct unwind_state state = {
		.stack_info = {
			.type = STACK_TYPE_TASK,
			.begin = stack,
			.end = stack + THREAD_SIZE / sizeof(long),
		},
		.task = current,
		.sp = (unsigned long)&stack[at],
		.bp = draw(4) ? (unsigned long)&stack[at] + 8 * draw(64) : draw(1000),
	};
	struct whydrop_frame f = {
		.sp = state.sp,
		.bp = state.bp,
		.end = (unsigned long)state.stack_info.end,
	};
	int ret = whydrop_step_apply(step, &f);

	if (ret < 0)
		return false;
	unwind_next_frame(&state);
	if (!ret && (state.error || state.regs || f.sp != state.sp || f.bp != state.bp ||
		     f.ip != state.ip))
		FAIL("%s: from %u to another frame than the unwinder", orc->name, at);
	if (ret > 0 && step->base == WHYDROP_STEP_REGS &&
	    (state.regs != (void *)f.sp || user_mode(state.regs) != (ret == WHYDROP_END_OUTERMOST)))
		FAIL("%s: from %u to other registers", orc->name, at);
	if (ret > 0 && step->base == WHYDROP_STEP_END && (state.error || !unwind_done(&state)))
		FAIL("%s: from %u to no end", orc->name, at);
	return true;
}

/* Under ASan: who reads a word outside of the stack dies. */
static void test_made(void)
{
	unsigned long *stack = aligned_alloc(THREAD_SIZE, THREAD_SIZE);
	struct whydrop_step step;
	unsigned int n, made;
	size_t i;

	task.stack = stack;
	CHECK_INT(whydrop_oracle_init(), 0);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		orc = &cases[i];
		if (!orc->learned)
			continue;
		CHECK(whydrop_oracle_ask(0xffffffff81234567, &step));
		for (n = made = 0; n < 20000; n++) {
			if (!(n % 100))
				scribble(stack);
			made += make_one(stack, &step);
		}
		if (!made)
			FAIL("%s: never made", orc->name);
	}
	whydrop_oracle_exit();
	free(stack);
}

/* An address that is in another slot, or in none. */
static void test_find(void)
{
	static struct whydrop_walker w;
	struct whydrop_step *slot = whydrop_step_slot(&w, 0x1234);

	slot[0].addr = 0x1111;
	slot[WHYDROP_STEP_WAYS - 1].addr = 0x1234;
	CHECK(whydrop_step_find(&w, 0x1234) == &slot[WHYDROP_STEP_WAYS - 1]);
	slot[WHYDROP_STEP_WAYS - 1].addr = 0x2222;
	CHECK_INT(whydrop_step_find(&w, 0x1234)->base, WHYDROP_STEP_UNKNOWN);
	/* The last slot has others behind it. */
	CHECK((void *)&whydrop_step_slot(&w, 0xffffffff)[WHYDROP_STEP_WAYS - 1] < (void *)(&w + 1));
}

TESTS(
	{ "each case of the ORC table is learned as it is, or not at all", test_cases },
	{ "what was learned, made on a stack, leads where the unwinder goes", test_made },
	{ "a step is found in each of its slots, or is unknown", test_find },
)
