// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following frame pointers (module/capture/walk_frames.c) on stacks made up here: the stack
 * that a drop is given has the trace that the unwinder finds, whatever is on the stack.
 */
#include <malloc.h>
#include <stdlib.h>
#include "kernel.h"
#include "capture/config.h"
#include "capture/irq_entry.h"
#include "capture/stack_table.h"
#include "capture/walk.h"
#include "capture/walk_audit.h"
#include "capture/walk_frames.h"
#include "capture/walk_memory.h"
#include "ktap.h"

#define CHECK_THAT(cond, fmt, ...) do {				\
	if (!(cond))						\
		FAIL(fmt, ##__VA_ARGS__);			\
} while (0)

#define TEXT		0xffff800080000000ul
#define TEXT_SIZE	0x10000ul
#define ENTRY		(TEXT + 0x8000)		/* code of interrupts' entries: so many bytes */
#define ENTRY_SIZE	0x100ul
#define SOFTIRQ		(ENTRY + 0x80)		/* from here on, of softirqs */
#define TRAMPOLINE	(TEXT + TEXT_SIZE)
#define PLACE		(TEXT + 0x40)
#define STACK_WORDS	(THREAD_SIZE / sizeof(long))

struct whydrop_config whydrop_config;
bool whydrop_walk_enabled = true;
struct task_struct task;
struct whydrop_text whydrop_irq_entries_seen;

static struct whydrop_walker walker;
static struct whydrop_walk_scratch scratch;
static unsigned long *task_stack, *irq_stack;

/* The table, which is the test's own. */
static struct whydrop_stack table[64];
static unsigned long table_frames[64][WHYDROP_FRAMES_MAX];
static unsigned int nr_stacks;

const struct whydrop_stack *whydrop_stack_find(const struct whydrop_stack_key *key)
{
	unsigned int i;

	for (i = 0; i < nr_stacks; i++)
		if (table[i].hash == key->hash && table[i].nr == key->nr &&
		    table[i].flags == key->flags && table[i].place == key->place &&
		    !memcmp(table[i].frames, key->frames, key->nr * sizeof(long)))
			return &table[i];
	return NULL;
}

void whydrop_stack_set_plain(const struct whydrop_stack *stack)
{
	table[stack - table].plain = true;
}

/* There are no audits. */
bool whydrop_audit_schedule(struct whydrop_walker *w, u32 mean)
{
	w->audit_mean = mean;
	w->audit_interval = UINT32_MAX;
	w->since_audit = 0;
	return false;
}

bool whydrop_audit_stack(struct whydrop_walker *w, const struct whydrop_stack *stack,
			 struct whydrop_walk_scratch *s, unsigned int max)
{
	(void)w, (void)stack, (void)s, (void)max;
	return true;
}

void whydrop_walk(struct whydrop_walker *w, void *fp, struct whydrop_stack_key *key,
		  struct whydrop_walk_scratch *s, unsigned int max)
{
	(void)w, (void)fp, (void)key, (void)s, (void)max;
}

bool whydrop_is_interrupt(unsigned long addr)
{
	return addr - ENTRY < SOFTIRQ - ENTRY;
}

static u64 random_state = 1;

static u32 below(u32 n)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (random_state >> 33) % n;
}

static unsigned long *at(unsigned long addr)
{
	return (unsigned long *)addr;
}

/* A trace by the kernel's rules, independent of the module's. */
struct trace {
	unsigned long frames[1024];
	unsigned int nr;
	u16 flags;
};

struct range {
	unsigned long low, high;
};

static bool consume(struct range *now, struct range *others, unsigned long addr, size_t size)
{
	unsigned int i;

	if (addr >= now->low && addr + size <= now->high)
		goto found;
	for (i = 0; i < 2; i++)
		if (others[i].low && addr >= others[i].low && addr + size <= others[i].high)
			break;
	if (i == 2)
		return false;
	*now = others[i];
	others[i].low = 0;
found:
	now->low = addr + size;
	return true;
}

/*
 * What the unwinder says where a tracer has replaced the address: it depends on the frame. It
 * is not the place: that of a hooked function is the trampoline, and another test's.
 */
static unsigned long true_address(unsigned long ip, unsigned long fp)
{
	return ip == TRAMPOLINE ? TEXT + 0x4000 + (fp & 0xff8) : ip;
}

static void unwind(unsigned long fp, struct trace *t)
{
	struct range others[2] = {
		{ (unsigned long)task_stack, (unsigned long)task_stack + THREAD_SIZE },
		{ (unsigned long)irq_stack, (unsigned long)irq_stack + IRQ_STACK_SIZE },
	}, now = { 0 };
	struct pt_regs *final = task_pt_regs(&task);

	t->nr = 0;
	while (t->nr < ARRAY_SIZE(t->frames)) {
		unsigned long ip;
		struct pt_regs *regs;
		struct range was = now, were[2] = { others[0], others[1] };

		if (fp & 7 || fp == (unsigned long)&final->stackframe ||
		    !consume(&now, others, fp, 16))
			return;
		ip = at(fp)[1];
		if (at(fp)[0] || ip) {
			fp = at(fp)[0];
			if (ip & 1ul << 55)
				ip |= SIGNATURE;
		} else {
			now = was;
			memcpy(others, were, sizeof(others));
			regs = container_of((struct frame_record_meta *)fp, struct pt_regs,
					    stackframe);
			/* The type is behind the record: on this stack, too? */
			if (!consume(&was, were, fp, sizeof(regs->stackframe)) ||
			    regs->stackframe.type != FRAME_META_TYPE_PT_REGS ||
			    !consume(&now, others, (unsigned long)regs, sizeof(*regs)))
				return;
			ip = regs->pc;
			fp = regs->regs[29];
		}
		t->frames[t->nr++] = true_address(ip, fp);
	}
}

/* The same from the place on, cut as walk_generic.c does. */
static bool trace(unsigned long fp, unsigned int max, struct trace *t)
{
	unsigned int i, above;

	unwind(fp, t);
	for (above = 0; above < t->nr && above <= WHYDROP_FRAMES_ABOVE; above++)
		if (t->frames[above] == PLACE)
			break;
	if (above == t->nr || above > WHYDROP_FRAMES_ABOVE)
		return false;
	t->nr -= above;
	memmove(t->frames, t->frames + above, t->nr * sizeof(long));
	t->flags = t->nr >= max ? WHYDROP_STACK_CUT : 0;
	t->nr = min(t->nr, max);
	for (i = 0; i + 1 < t->nr && !whydrop_config.stack_full; i++) {
		if (!whydrop_is_interrupt(t->frames[i]))
			continue;
		t->nr = i + 1;
		t->flags = WHYDROP_STACK_INTERRUPTED;
	}
	return true;
}

static u32 hash(const struct trace *t)
{
	u64 hash = whydrop_stack_hash_start(1, PLACE);
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		hash = whydrop_stack_hash_word(hash, t->frames[i]);
	return whydrop_stack_hash_end(hash);
}

/* The entry of a trace, which is added to the table if need be. */
static const struct whydrop_stack *entry(const struct trace *t)
{
	struct whydrop_stack_key key = {
		.hash = hash(t), .reason = 1, .flags = t->flags, .nr = t->nr, .place = PLACE,
		.frames = t->frames,
	};
	const struct whydrop_stack *found = whydrop_stack_find(&key);
	unsigned int i;

	if (found)
		return found;
	i = nr_stacks < ARRAY_SIZE(table) ? nr_stacks++ : below(ARRAY_SIZE(table));
	memcpy(table_frames[i], t->frames, t->nr * sizeof(long));
	table[i] = (struct whydrop_stack){
		.hash = key.hash, .reason = 1, .flags = t->flags, .nr = t->nr, .place = PLACE,
		.frames = table_frames[i],
	};
	return &table[i];
}

static bool is_entry(const struct whydrop_stack *stack, const struct trace *t)
{
	return stack->nr == t->nr && stack->flags == t->flags &&
	       !memcmp(stack->frames, t->frames, t->nr * sizeof(long));
}

static const struct whydrop_stack *recall(unsigned long fp, unsigned int max)
{
	return whydrop_recall(&walker, (void *)fp, 1, PLACE, &scratch, max);
}

/*
 * A drop at @fp, as in module/capture/probe.c. Return: 1 if its stack was found by frame
 * pointers, 0 if it was unwound, -1 if it was found, and is wrong.
 */
static int drop(unsigned long fp, unsigned int max)
{
	const struct whydrop_stack *stack = recall(fp, max);
	static struct trace t;

	if (!trace(fp, max, &t))
		return stack ? -1 : 0;
	if (stack)
		return is_entry(stack, &t) ? 1 : -1;
	/* Unwinding notes where entries are. */
	whydrop_irq_entries_seen = (struct whydrop_text){ ENTRY - 16, ENTRY_SIZE + 32 };
	whydrop_remember(&walker, (void *)fp, entry(&t), &scratch, max);
	return 0;
}

static unsigned long text(void)
{
	return TEXT + 0x100 + below(16) * 4;
}

/* Fill the words from @first to @last with numbers, so that nothing is left of before. */
static void fill(unsigned long *stack)
{
	unsigned int i;

	for (i = 0; i < STACK_WORDS; i++)
		stack[i] = below(4) ? 0x1111 : 0;
}

/* A chain of @nr records from @fp up, the last of which leads to @end. */
static unsigned long chain(unsigned long fp, unsigned int nr, unsigned long end)
{
	unsigned long next;

	for (; nr; nr--, fp = next) {
		next = nr == 1 ? end : fp + 16 + below(4) * 8;
		at(fp)[0] = next;
		at(fp)[1] = text();
	}
	return fp;
}

static unsigned long outermost(void)
{
	return (unsigned long)&task_pt_regs(&task)->stackframe;
}

/* The usual: four records above the place, then @nr more up to the outermost. */
static unsigned long usual(unsigned int nr)
{
	unsigned long fp = (unsigned long)task_stack + 0x1000;

	fill(task_stack);
	chain(fp, nr + 4, outermost());
	at(at(at(at(fp)[0])[0])[0])[1] = PLACE;
	return fp;
}

static void reset(void)
{
	/* Of exactly their size, so that a read beyond is noticed. */
	if (!task_stack) {
		task_stack = memalign(2 * THREAD_SIZE, THREAD_SIZE);
		irq_stack = memalign(2 * THREAD_SIZE, IRQ_STACK_SIZE);
		whydrop_frames_init();
	}
	memset(&walker, 0, sizeof(walker));
	walker.audit_interval = UINT32_MAX;
	nr_stacks = 0;
	whydrop_irq_entries_seen = (struct whydrop_text){ 0 };
	whydrop_config = (struct whydrop_config){ 0 };
	task.stack = task_stack;
	fill(irq_stack);
	fill(task_stack);
}

/* The record number @n of the chain. */
static unsigned long record(unsigned long fp, unsigned int n)
{
	while (n--)
		fp = at(fp)[0];
	return fp;
}

static bool found_second(unsigned long fp, unsigned int max)
{
	return !drop(fp, max) && drop(fp, max) == 1;
}

static bool never_found(unsigned long fp)
{
	return !drop(fp, 64) && !drop(fp, 64);
}

static void test_known(void)
{
	unsigned long fp;

	reset();
	fp = usual(16);
	CHECK_THAT(found_second(fp, 64), "a stack is unwound once");
	at(record(fp, 10))[1] ^= 4;
	CHECK_THAT(found_second(fp, 64), "and so is one that differs in an address");
	CHECK_THAT(found_second(fp, 16) && table[nr_stacks - 1].flags == WHYDROP_STACK_CUT,
		   "one that is cut is another");
	at(record(fp, 12))[1] &= ~SIGNATURE;
	CHECK_THAT(drop(fp, 64) == 1, "the signature of an address does not matter");
	at(record(fp, 2))[1] = TRAMPOLINE;
	CHECK_THAT(drop(fp, 64) == 1, "nor what is above the place");
}

static void test_tracers(void)
{
	unsigned long fp;

	reset();
	fp = usual(16);
	at(record(fp, 9))[1] = TRAMPOLINE;
	CHECK_THAT(never_found(fp), "a replaced address: always unwound");
	CHECK_THAT(walker.counts[WHYDROP_WALK_REFUSED].n == 2, "and counted");
	at(record(fp, 9))[1] = table[0].frames[6];
	CHECK_THAT(found_second(fp, 64) && nr_stacks == 1,
		   "without the tracer, the same stack is found");
}

static void test_bounds(void)
{
	unsigned long fp, seventh;
	struct {
		const char *what;
		unsigned long to;
	} bad[] = {
		{ "below the stack", (unsigned long)task_stack - 16 },
		{ "behind it", (unsigned long)task_stack + THREAD_SIZE },
		{ "nowhere", 0x10 },
		{ "to a stack that is not in use", (unsigned long)irq_stack + 0x1000 },
		{ "backwards", 0 }, { "to itself", 0 }, { "into itself", 0 },
		{ "beside an address", 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		reset();
		fp = usual(16);
		seventh = record(fp, 7);
		switch (i) {
		case 4:
			bad[i].to = record(fp, 5);
			break;
		case 5:
			bad[i].to = seventh;
			break;
		case 6:
			bad[i].to = seventh + 8;
			break;
		case 7:
			bad[i].to = record(fp, 8) + 4;
			break;
		}
		at(seventh)[0] = bad[i].to;
		CHECK_THAT(never_found(fp), "a pointer %s: always unwound", bad[i].what);
	}
}

static void test_interrupts(void)
{
	unsigned long fp, irq = (unsigned long)irq_stack + 0x800;

	reset();
	fp = usual(16);
	chain(irq, 8, record(fp, 6));
	at(record(irq, 2))[1] = PLACE;
	CHECK_THAT(found_second(irq, 64), "from the interrupt stack to the task's");
	at(record(irq, 5))[1] = ENTRY + 8;
	CHECK_THAT(found_second(irq, 64) && table[1].flags == WHYDROP_STACK_INTERRUPTED &&
		   table[1].nr == 4, "a trace ends at the entry of an interrupt");
	at(record(irq, 5))[1] = SOFTIRQ + 8;
	CHECK_THAT(found_second(irq, 64) && !table[2].flags && table[2].nr > 4,
		   "but not at that of a softirq");
	at(record(irq, 5))[1] = ENTRY + 8;
	CHECK_THAT(found_second(irq, 4) && table[3].flags == WHYDROP_STACK_CUT,
		   "nor where it is cut anyway");
	whydrop_config.stack_full = true;
	CHECK_THAT(found_second(irq, 64), "nor with stack_scope=full");
	whydrop_config.stack_full = false;
	CHECK_THAT(drop(irq, 64) == 1 && recall(irq, 64) == &table[1],
		   "which is not taken for the other");
	at(record(irq, 5))[1] = TEXT + 0x104;
	at(record(irq, 7))[0] = outermost();
	at(record(irq, 7))[1] = ENTRY + 8;
	CHECK_THAT(found_second(irq, 64) && !table[nr_stacks - 1].flags,
		   "an interrupt of user space, behind which there is nothing");
}

/* Registers of an exception in the kernel, at @addr; it interrupted what has the record @fp. */
static unsigned long exception(unsigned long addr, unsigned long fp)
{
	struct pt_regs *regs = (void *)addr;

	memset(regs, 0, sizeof(*regs));
	regs->regs[29] = fp;
	regs->pc = TEXT + 0x2000;
	regs->stackframe.type = FRAME_META_TYPE_PT_REGS;
	return (unsigned long)&regs->stackframe;
}

static void test_exceptions(void)
{
	unsigned long fp, inner, regs, irq = (unsigned long)irq_stack + 0x800;
	unsigned long last = (unsigned long)irq_stack + IRQ_STACK_SIZE - 16;

	reset();
	fp = usual(16) + 0x1000;
	chain(fp, 8, outermost());
	regs = usual(2) + 0x400;
	chain(fp, 8, outermost());
	inner = usual(4);
	chain(fp, 8, outermost());
	at(record(inner, 7))[0] = exception(regs, fp);
	CHECK_THAT(found_second(inner, 64) && table[0].nr == 5 + 1 + 8,
		   "what an exception interrupted is part of it");
	at(regs + 16)[0] = (unsigned long)&((struct pt_regs *)regs)->stackframe;
	at(regs + 16)[1] = text();
	at(record(inner, 7))[0] = regs + 16;
	CHECK_THAT(never_found(inner), "not if a record is in the registers");
	at(record(inner, 7))[0] = exception(regs, fp);
	((struct pt_regs *)regs)->regs[29] = regs + 8;
	CHECK_THAT(never_found(inner), "nor if what was interrupted is");
	((struct pt_regs *)regs)->regs[29] = fp;
	((struct pt_regs *)regs)->stackframe.type = 7;
	CHECK_THAT(never_found(inner), "nor if they are of an unknown kind");
	chain(irq, 8, last);
	at(record(irq, 2))[1] = PLACE;
	memset((void *)last, 0, 16);
	CHECK_THAT(never_found(irq), "nor if they would reach beyond the stack");
}

/* Pointers and addresses of one stack are changed at random, and of others, again and again. */
static void test_random(void)
{
	unsigned int i, j, found = 0, unwound = 0;
	unsigned long fp = 0, irq = (unsigned long)irq_stack + 0x800, start;
	int wrong = 0;

	reset();
	for (i = 0; i < 200000; i++) {
		if (!(i % 50)) {
			fp = usual(10 + below(8));
			chain(irq, 4 + below(6), record(fp, below(6)));
			at(record(irq, 1 + below(3)))[1] = PLACE;
			whydrop_config.stack_full = !below(4);
		}
		start = below(2) ? fp : irq;
		if (!below(4)) {
			unsigned long r = start;

			for (j = below(12); j && !(at(r)[0] & 7) && at(r)[0] - r - 16 < 0x100; j--)
				r = at(r)[0];
			switch (below(9)) {
			case 0:
				at(r)[1] = text();
				break;
			case 1:
				at(r)[1] = ENTRY + below(64) * 4;
				break;
			case 2:
				at(r)[1] = TRAMPOLINE;
				break;
			case 3:
				at(r)[1] = PLACE;
				break;
			case 4:
				at(r)[1] &= ~SIGNATURE;
				break;
			case 5:
				at(r)[0] = r + below(40);
				break;
			case 6:
				at(r)[0] = (unsigned long)(below(2) ? task_stack : irq_stack) +
					   below(STACK_WORDS + 4) * 8;
				break;
			case 7:
				at(r)[0] = outermost();
				break;
			case 8:
				at(r)[0] = exception((unsigned long)task_stack + 0x2800 +
						     below(8) * 8, fp + 16 * below(16));
				break;
			}
		}
		switch (drop(start, below(3) ? 64 : 1 + below(12))) {
		case 1:
			found++;
			break;
		case 0:
			unwound++;
			break;
		default:
			wrong++;
		}
	}
	CHECK_THAT(!wrong, "no stack is wrong, of %u", i);
	CHECK_THAT(found > 30000 && unwound > 30000, "%u were found by frame pointers, %u unwound",
		   found, unwound);
}

TESTS(
	{ "stacks that were unwound are found again", test_known },
	{ "return addresses that a tracer replaced", test_tracers },
	{ "pointers that lead astray", test_bounds },
	{ "interrupts", test_interrupts },
	{ "exceptions in the kernel", test_exceptions },
	{ "stacks that change at random", test_random },
)
