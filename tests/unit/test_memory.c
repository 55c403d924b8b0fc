// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's memory of traces (module/capture/walk_memory.c) on stacks made up here: what it
 * recalls is what a walk of the same stack finds, whatever has changed there since.
 */
#include <stdlib.h>
#include "kernel.h"
#include "capture/config.h"
#include "capture/stack_table.h"
#include "capture/walk.h"
#include "capture/walk_audit.h"
#include "capture/walk_memory.h"
#include "capture/walk_step.h"
#include "ktap.h"

#define STACK_WORDS	(THREAD_SIZE / sizeof(long))
#define TEXT		0xffffffff81000000ul
#define NR_STEPS	64
#define PLACE_FRAME	3	/* the frames above it belong to the tracing */

struct whydrop_config whydrop_config;
bool whydrop_walk_enabled = true;
atomic_t whydrop_walk_generation;
struct task_struct task;

static struct whydrop_walker walker;
static struct whydrop_walk_scratch scratch;
static unsigned long task_stacks[2][STACK_WORDS], irq_stack[STACK_WORDS];

/* The audit is the test's own. */
static bool due, audit_result;
static unsigned int audits;

bool whydrop_audit_schedule(struct whydrop_walker *w, u32 mean)
{
	w->audit_mean = mean;
	w->audit_interval = UINT32_MAX;
	w->since_audit = 0;
	return due;
}

bool whydrop_audit_stack(struct whydrop_walker *w, const struct whydrop_stack *stack,
			 struct whydrop_walk_scratch *s, unsigned int max)
{
	(void)w, (void)stack, (void)s, (void)max;
	audits++;
	return audit_result;
}

static u64 random_state = 1;

static u32 below(u32 n)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (random_state >> 33) % n;
}

static unsigned long task_end(unsigned int i)
{
	return (unsigned long)(task_stacks[i] + STACK_WORDS);
}

static unsigned long irq_end(void)
{
	return (unsigned long)(irq_stack + STACK_WORDS);
}

static unsigned long *at(unsigned long addr)
{
	return (unsigned long *)addr;
}

/* Address @i has a step of this kind, the same until the next test. */
static unsigned long learn(unsigned int i, struct whydrop_step step)
{
	struct whydrop_step *slot;

	step.addr = TEXT + i * 16;
	for (slot = whydrop_step_slot(&walker, step.addr); slot->addr && slot->addr != step.addr;)
		slot++;
	*slot = step;
	return step.addr;
}

static void reset(void)
{
	memset(&walker, 0, sizeof(walker));
	walker.irq_end = irq_end();
	walker.audit_interval = UINT32_MAX;
	walker.generation = ++whydrop_walk_generation.n;
	task.stack = task_stacks[0];
	due = false;
	audit_result = true;
	audits = 0;
	whydrop_config = (struct whydrop_config){ 0 };
}

/* What a walk finds: the trace from the place on. */
struct trace {
	unsigned long frames[WHYDROP_FRAMES_MAX];
	unsigned int nr;
	u16 flags;
};

static bool walk(unsigned long fp, unsigned long place, unsigned int max, struct trace *t)
{
	struct whydrop_frame f = { *at(fp + 8), fp + 16, *at(fp), task_end(0) };
	const struct whydrop_step *step;
	unsigned int above = 0;
	int ret;

	f.end = (unsigned long)task.stack + THREAD_SIZE;
	if (f.end - fp > THREAD_SIZE)
		f.end = irq_end();
	t->nr = 0;
	t->flags = 0;
	for (;;) {
		step = whydrop_step_find(&walker, f.ip);
		if (t->nr || f.ip == place) {
			t->frames[t->nr++] = f.ip;
			if (t->nr == max && step->base >= WHYDROP_STEP_SP) {
				t->flags = WHYDROP_STACK_CUT;
				return true;
			}
		} else if (above++ == WHYDROP_FRAMES_ABOVE) {
			return false;
		}
		ret = whydrop_step_apply(step, &f);
		if (ret < 0)
			return false;
		if (!ret)
			continue;
		if (ret == WHYDROP_END_INTERRUPTED)
			t->flags = WHYDROP_STACK_INTERRUPTED;
		return t->nr;
	}
}

/**
 * struct scene - a drop on a stack
 * @fp: where the trace begins
 * @place: of the drop
 * @max: frames
 * @trace: what a walk finds
 * @stack: its entry
 */
struct scene {
	unsigned long fp;
	unsigned long place;
	unsigned int max;
	struct trace trace;
	struct whydrop_stack stack;
};

static bool find_trace(struct scene *s)
{
	if (!walk(s->fp, s->place, s->max, &s->trace))
		return false;
	s->stack = (struct whydrop_stack){
		.id = 1 + below(1000), .reason = 5, .flags = s->trace.flags, .nr = s->trace.nr,
		.place = s->place, .frames = s->trace.frames,
	};
	return true;
}

static const struct whydrop_stack *recall(const struct scene *s)
{
	return whydrop_recall(&walker, (void *)s->fp, 5, s->place, &scratch, s->max);
}

static void remember(const struct scene *s)
{
	whydrop_remember(&walker, (void *)s->fp, &s->stack, &scratch, s->max);
}

/* A number of frames by SP up to @sp, from the @first address on; then that is on the stack. */
static unsigned long frames_by_sp(unsigned long fp, unsigned int first, unsigned int n)
{
	unsigned long sp = fp + 16;
	unsigned int i;

	*at(fp + 8) = TEXT + first * 16;
	for (i = 0; i < n; i++) {
		unsigned int words = 1 + below(6);

		learn(first + i, (struct whydrop_step){
			.base = WHYDROP_STEP_SP, .cfa = words * 8, .bp = -8 * (1 + below(words)),
			.bp_base = below(2) ? WHYDROP_BP_AT_CFA : WHYDROP_BP_KEPT });
		sp += words * 8;
		*at(sp - 8) = TEXT + (first + i + 1) * 16;
	}
	return sp;
}

/* Lay the frames that have steps already, from the return address below @sp on. */
static unsigned long relay(unsigned long sp, unsigned int first, unsigned int n)
{
	unsigned int i;

	*at(sp - 8) = TEXT + first * 16;
	for (i = first; i < first + n; i++) {
		sp += whydrop_step_find(&walker, TEXT + i * 16)->cfa;
		*at(sp - 8) = TEXT + (i + 1) * 16;
	}
	return sp;
}

/*
 * The end of a system call, from the return address below @sp on: a frame that saved BP, one
 * by BP with @gap bytes of the stack unused, and the registers of user space.
 */
static void end_syscall(unsigned long sp, unsigned int first, unsigned int gap)
{
	learn(first, (struct whydrop_step){ .base = WHYDROP_STEP_SP, .cfa = 32, .bp = -24,
		.bp_base = WHYDROP_BP_AT_CFA });
	learn(first + 1, (struct whydrop_step){ .base = WHYDROP_STEP_BP, .cfa = 16, .bp = -16,
		.bp_base = WHYDROP_BP_AT_CFA });
	learn(first + 2, (struct whydrop_step){ .base = WHYDROP_STEP_REGS, .cfa = 8 });
	*at(sp - 8) = TEXT + first * 16;
	sp += 32;
	*at(sp - 8) = TEXT + (first + 1) * 16;
	*at(sp - 24) = sp + gap;
	sp += gap + 16;
	*at(sp - 8) = TEXT + (first + 2) * 16;
	*at(sp + 8 + offsetof(struct pt_regs, cs)) = 0x33;
}

/* A drop on the stack of a task, in a system call. */
static void task_scene(struct scene *s, unsigned int frames, unsigned int gap)
{
	s->fp = task_end(0) - 4096;
	end_syscall(frames_by_sp(s->fp, 0, frames), frames, gap);
	s->place = TEXT + PLACE_FRAME * 16;
	s->max = WHYDROP_FRAMES_MAX;
}

/* On the interrupt stack, which a task entered; with a realigned frame. */
static void softirq_scene(struct scene *s)
{
	unsigned long sp, task_sp = task_end(0) - 2048;

	s->fp = irq_end() - 1024;
	sp = frames_by_sp(s->fp, 0, 5);
	/* BP saved here points to the word by which the CFA of the next one is found. */
	learn(5, (struct whydrop_step){ .base = WHYDROP_STEP_SP, .cfa = 32, .bp = -24,
		.bp_base = WHYDROP_BP_AT_CFA });
	sp += 32;
	*at(sp - 8) = TEXT + 6 * 16;
	learn(6, (struct whydrop_step){ .base = WHYDROP_STEP_BP_WORD, .cfa = -8, .off = 0,
		.bp_base = WHYDROP_BP_AT_BP });
	*at(sp - 24) = sp + 40;
	*at(sp + 32) = sp + 80;
	*at(sp + 40) = below(1000);
	sp += 80;
	*at(sp - 8) = TEXT + 7 * 16;
	/* The top of the interrupt stack: a word that points into the task's. */
	learn(7, (struct whydrop_step){ .base = WHYDROP_STEP_SP_WORD, .cfa = 0, .off = 24,
		.bp = -16, .bp_base = WHYDROP_BP_AT_CFA });
	*at(sp) = task_sp;
	frames_by_sp(task_sp - 4096, 8, 4);
	sp = relay(task_sp + 24, 8, 4);
	end_syscall(sp, 12, 8 * below(64));
	s->place = TEXT + PLACE_FRAME * 16;
	s->max = WHYDROP_FRAMES_MAX;
}

static void scribble(void)
{
	unsigned int i;

	for (i = 0; i < STACK_WORDS; i++) {
		task_stacks[0][i] = below(4) ? below(1000) : TEXT + below(NR_STEPS) * 16;
		irq_stack[i] = below(4) ? below(1000) : TEXT + below(NR_STEPS) * 16;
	}
}

static void make_scene(struct scene *s, unsigned int i)
{
	reset();
	scribble();
	if (i % 2)
		softirq_scene(s);
	else
		task_scene(s, 4 + below(20), 8 * below(64));
	if (!find_trace(s))
		FAIL("scene %u cannot be walked", i);
}

static void test_recall(void)
{
	struct scene s;
	unsigned int i;

	for (i = 0; i < 200; i++) {
		make_scene(&s, i);
		CHECK(!recall(&s));
		remember(&s);
		CHECK(recall(&s) == &s.stack);
		CHECK_INT(walker.counts[WHYDROP_WALK_RECALLED].n, 1);
	}
}

/*
 * One word is changed, or two: into another address, another pointer, or anything. What is
 * recalled then is what a walk finds.
 */
static void test_changed(void)
{
	unsigned int i, j, k, recalled = 0, walked_otherwise = 0, refused = 0;
	struct scene s;

	for (i = 0; i < 400; i++) {
		make_scene(&s, i);
		remember(&s);
		for (j = 0; j < 400; j++) {
			unsigned long *word[2], was[2];
			struct trace now;
			bool found;

			for (k = 0; k < 2; k++) {
				unsigned long from = below(2) || i % 2 == 0 ? s.fp : task_end(0) - 2048;

				word[k] = at(from + 8 * below(100));
				was[k] = *word[k];
				*word[k] = below(3) ? TEXT + below(NR_STEPS) * 16 :
					below(2) ? was[k] + 8 * (below(9) - 4ul) : below(100);
				if (below(2))
					*word[k] = was[k];
			}
			found = walk(s.fp, s.place, s.max, &now);
			if (recall(&s)) {
				recalled++;
				if (!found || now.nr != s.trace.nr || now.flags != s.trace.flags ||
				    memcmp(now.frames, s.trace.frames, now.nr * sizeof(long)))
					FAIL("scene %u: recalled what a walk does not find", i);
			} else if (found && now.nr == s.trace.nr && now.flags == s.trace.flags &&
				   !memcmp(now.frames, s.trace.frames, now.nr * sizeof(long))) {
				refused++;
			} else {
				walked_otherwise++;
			}
			*word[1] = was[1];
			*word[0] = was[0];
			CHECK(recall(&s) == &s.stack);
			if (test_failed)
				return;
		}
	}
	printf("# recalled %u, another trace %u, the same but not recalled %u\n", recalled,
	       walked_otherwise, refused);
	CHECK(recalled > 10000);
	CHECK(walked_otherwise > 10000);
}

/* Another task with the same stack, elsewhere: recalled if its pointers point into its own. */
static void test_other_task(void)
{
	unsigned long by = task_end(1) - task_end(0);
	unsigned int i, j, rebased;
	struct scene s;

	for (i = 0; i < 100; i++) {
		make_scene(&s, i);
		remember(&s);
		memcpy(task_stacks[1], task_stacks[0], sizeof(task_stacks[1]));
		task.stack = task_stacks[1];
		if (i % 2 == 0)
			s.fp += by;
		/* Pointers still lead to the other task. */
		CHECK(!recall(&s));
		for (j = rebased = 0; j < STACK_WORDS; j++) {
			if (task_end(0) - irq_stack[j] <= THREAD_SIZE) {
				irq_stack[j] += by;
				rebased++;
			}
			if (task_end(0) - task_stacks[1][j] <= THREAD_SIZE) {
				task_stacks[1][j] += by;
				rebased++;
			}
		}
		CHECK(rebased);
		CHECK(recall(&s) == &s.stack);
	}
}

/* The kernel moves the stack of each system call by a random number of bytes. */
static void test_moved(void)
{
	unsigned int i, frames;
	struct scene s;

	for (i = 0; i < 200; i++) {
		reset();
		frames = 4 + below(20);
		task_scene(&s, frames, 8 * below(64));
		CHECK(find_trace(&s));
		remember(&s);
		/* Elsewhere on the stack, with another gap. */
		memset(task_stacks[0], 0, sizeof(task_stacks[0]));
		s.fp -= 8 * below(200);
		end_syscall(relay(s.fp + 16, 0, frames), frames, 8 * below(64));
		CHECK(recall(&s) == &s.stack);
	}
}

/* A stack must not be left, nor a pointer followed downwards, whatever the words are. */
static void test_bounds(void)
{
	struct scene s;
	unsigned int i;

	for (i = 0; i < 100; i++) {
		unsigned int frames = 4 + below(20);

		reset();
		task_scene(&s, frames, 0);
		CHECK(find_trace(&s));
		remember(&s);
		/* Too near to the end: the registers would be outside. */
		memset(task_stacks[0], 0, sizeof(task_stacks[0]));
		s.fp = task_end(0) - 8 * (1 + below(24));
		if (s.fp <= task_end(0) - 16)
			*at(s.fp + 8) = TEXT;
		CHECK(!recall(&s));
		/* BP points to below, where all looks as it should. */
		s.fp = task_end(0) - 2048;
		end_syscall(relay(s.fp + 16, 0, frames), frames, 0);
		CHECK(recall(&s));
		for (unsigned long addr = s.fp; addr < task_end(0); addr += 8) {
			unsigned long was = *at(addr);

			if (was < s.fp || was > task_end(0))
				continue;
			memcpy(at(was - 1600), at(was), 400);
			*at(addr) = was - 1600;
			CHECK(!recall(&s));
		}
	}
}

static void test_validity(void)
{
	struct scene s;

	make_scene(&s, 0);
	remember(&s);
	CHECK(recall(&s));
	CHECK(!whydrop_recall(&walker, (void *)s.fp, 6, s.place, &scratch, s.max));
	CHECK(!whydrop_recall(&walker, (void *)s.fp, 5, s.place + 16, &scratch, s.max));
	CHECK(!whydrop_recall(&walker, (void *)s.fp, 5, s.place, &scratch, s.max - 1));
	s.stack.retired = true;
	CHECK(!recall(&s));
	s.stack.retired = false;
	s.stack.id++;
	CHECK(!recall(&s));
	s.stack.id--;
	CHECK(recall(&s));
	whydrop_walk_generation.n++;
	CHECK(!recall(&s));
}

/* A trace that ends at an interrupt is not whole with stack_scope=full. */
static void test_interrupted(void)
{
	struct scene s;

	reset();
	task_scene(&s, 10, 0);
	for (unsigned long addr = s.fp; addr < task_end(0); addr += 8)
		if (*at(addr) == 0x33)
			*at(addr) = 0x10;
	CHECK(find_trace(&s));
	CHECK_INT(s.trace.flags, WHYDROP_STACK_INTERRUPTED);
	remember(&s);
	CHECK(recall(&s));
	whydrop_config.stack_full = true;
	CHECK(!recall(&s));
}

static void test_audit(void)
{
	struct scene s;

	make_scene(&s, 0);
	remember(&s);
	due = true;
	walker.audit_interval = 0;
	CHECK(recall(&s) == &s.stack);
	CHECK_INT(audits, 1);
	walker.audit_interval = 0;
	audit_result = false;
	CHECK(!recall(&s));
	CHECK_INT(audits, 2);
}

/* What is not the trace of the entry, or too long, is not remembered. */
static void test_not_remembered(void)
{
	struct scene s;

	make_scene(&s, 0);
	s.trace.frames[1]++;
	remember(&s);
	CHECK(!recall(&s));

	make_scene(&s, 0);
	s.stack.flags = WHYDROP_STACK_DEFERRED;
	remember(&s);
	CHECK(!recall(&s));

	reset();
	task_scene(&s, WHYDROP_TRACE_WORDS + 2, 0);
	CHECK(find_trace(&s));
	remember(&s);
	CHECK(!recall(&s));

	/* But as far as it is wanted. */
	s.max = 16;
	CHECK(find_trace(&s));
	CHECK_INT(s.trace.flags, WHYDROP_STACK_CUT);
	reset();
	task_scene(&s, WHYDROP_TRACE_WORDS + 2, 0);
	s.max = 16;
	CHECK(find_trace(&s));
	remember(&s);
	CHECK(recall(&s));
}

static unsigned int used_slots(void)
{
	unsigned int i, j, n = 0;

	for (i = 0; i < WHYDROP_TRACE_SETS; i++)
		for (j = 0; j < WHYDROP_TRACE_WAYS; j++)
			n += walker.sets[i].traces[j].stack != NULL;
	return n;
}

/* Four traces of a place are remembered, and more take turns, ever more rarely. */
static void test_replaced(void)
{
	enum { SCENES = 12 };
	static struct scene s[SCENES];
	unsigned int i, j, recalled[SCENES] = { 0 };
	unsigned long was;

	reset();
	for (i = 0; i < SCENES; i++) {
		task_scene(&s[i], 8, 8 * i);
		s[i].max = 4 + i;
		CHECK(find_trace(&s[i]));
	}
	for (i = 0; i < 1000; i++)
		for (j = 0; j < 4; j++) {
			if (recall(&s[j]))
				recalled[j]++;
			else
				remember(&s[j]);
		}
	CHECK_INT(used_slots(), 4);
	for (j = 0; j < 4; j++)
		CHECK(recalled[j] > 900);
	/* Never the same again: what does not come back is hardly ever stored. */
	was = walker.counts[WHYDROP_WALK_RECALLED].n;
	for (i = j = 0; i < 10000; i++) {
		s[5].stack.id++;
		remember(&s[5]);
	}
	for (i = 0; i < WHYDROP_TRACE_SETS; i++)
		j += walker.sets[i].next;
	CHECK(j >= 4 + 8);
	CHECK(j < 4 + 20);
	CHECK_INT(walker.counts[WHYDROP_WALK_RECALLED].n, was);
}

/* While one is compared, an interrupt stores none. */
static void test_interrupt(void)
{
	struct scene s;

	make_scene(&s, 0);
	walker.recalling = 1;
	remember(&s);
	CHECK_INT(used_slots(), 0);
}

TESTS(
	{ "a trace is recalled", test_recall },
	{ "where words have changed, nothing is recalled but what a walk finds", test_changed },
	{ "another task's stack has pointers of its own", test_other_task },
	{ "a stack that is elsewhere is recognized", test_moved },
	{ "no stack is left, and no pointer followed downwards", test_bounds },
	{ "what has become invalid is not recalled", test_validity },
	{ "nor is what ends at an interrupt, with stack_scope=full", test_interrupted },
	{ "audits reach what is recalled", test_audit },
	{ "only the trace of the entry is remembered", test_not_remembered },
	{ "what is never recalled is replaced ever more rarely", test_replaced },
	{ "an interrupt stores nothing while traces are compared", test_interrupt },
)
