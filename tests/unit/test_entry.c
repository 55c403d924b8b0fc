// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling the entries of interrupts (module/capture/irq_entry.c) by what the kernel lists and
 * by names: the answers are right, and nearly always known already.
 */
#include "kernel.h"
#include "capture/irq_entry.h"
#include "uapi/whydrop.h"
#include "ktap.h"

#define ENTRY		0xffff800080000000ul	/* what the kernel lists */
#define FUNCTION	0x100
#define TEXT		(ENTRY + 0x100000)	/* what it does not */
#define NO_NAME		(ENTRY + 0x40000000)	/* where nothing has a name: data, and */
#define VMALLOC		(ENTRY + 0x50000000)	/* what BPF has compiled */

/* The functions there, one behind the other. */
static const char *const listed[] = {
	"gic_handle_irq", "__do_softirq", "handle_softirqs", "call_on_irq_stack", "ret_from_fork",
}, *const not_listed[] = {
	"el1h_64_irq", "el1h_64_irq_handler", "el1h_64_irq [other]", "do_idle", "handle_softirqs",
};

static unsigned long asked;

bool whydrop_is_irq_entry(unsigned long addr)
{
	return addr - ENTRY < 64 * FUNCTION;
}

bool is_vmalloc_addr(const void *addr)
{
	return (unsigned long)addr >= VMALLOC;
}

int sprint_symbol_no_offset(char *name, unsigned long addr)
{
	unsigned long i = (addr - ENTRY) / FUNCTION, k = (addr - TEXT) / FUNCTION;

	asked++;
	if (addr >= NO_NAME)
		return sprintf(name, "0x%lx", addr);
	if (i < ARRAY_SIZE(listed))
		return sprintf(name, "%s", listed[i]);
	if (i < 64)
		return sprintf(name, "asm_sysvec_%lu", i);
	return sprintf(name, "%s", k < ARRAY_SIZE(not_listed) ? not_listed[k] : "other");
}

/* An address in that function: the last one returns behind it. */
static unsigned long in(unsigned long text, unsigned int function, unsigned int by)
{
	return text + function * FUNCTION + by;
}

static void test_names(void)
{
	unsigned int i;

	CHECK(whydrop_is_interrupt(in(ENTRY, 0, 8)));
	CHECK(whydrop_is_interrupt(in(ENTRY, 0, FUNCTION)));
	for (i = 1; i < ARRAY_SIZE(listed); i++)
		if (whydrop_is_interrupt(in(ENTRY, i, 8)))
			FAIL("%s", listed[i]);
	CHECK(whydrop_is_interrupt(in(TEXT, 0, 8)));
	CHECK(whydrop_is_interrupt(in(TEXT, 0, FUNCTION)));
	for (i = 1; i < ARRAY_SIZE(not_listed); i++)
		if (whydrop_is_interrupt(in(TEXT, i, 8)))
			FAIL("%s, not listed", not_listed[i]);
	CHECK_INT(asked, 2 + 4 + 2 + 4);
	CHECK(whydrop_is_interrupt(in(ENTRY, 0, 8)) && whydrop_is_interrupt(in(TEXT, 0, 8)));
	CHECK(!whydrop_is_interrupt(in(ENTRY, 1, 8)) && !whydrop_is_interrupt(in(TEXT, 3, 8)));
	CHECK_INT(asked, 2 + 4 + 2 + 4);
}

/* As many return addresses as a busy host has in its traces, and then far more. */
static void test_many(void)
{
	unsigned long first = 0;
	unsigned int i, round;

	for (round = 0; round < 100; round++) {
		if (round == 1)
			first = asked;
		for (i = 0; i < 350; i++)
			if (whydrop_is_interrupt(in(TEXT, 8 + i, 8 + 4 * (i % 30))))
				FAIL("number %u", i);
	}
	if (asked - first > 99 * 350 / 50)
		FAIL("%lu of %u were asked for again", asked - first, 99 * 350);
	for (i = 0; i < 100000; i++)
		if (whydrop_is_interrupt(in(TEXT, 8, 4 * i)))
			FAIL("of many, number %u", i);
	CHECK(whydrop_is_interrupt(in(ENTRY, 0, 8)) && whydrop_is_interrupt(in(TEXT, 0, 8)));
	CHECK(!whydrop_is_interrupt(in(ENTRY, 1, 8)));
	for (round = 0; round < 2; round++)
		for (i = ARRAY_SIZE(listed); i < 64; i++)
			if (!whydrop_is_interrupt(in(ENTRY, i, 8)))
				FAIL("of many interrupts, number %u", i);
}

static void test_cut(void)
{
	unsigned long frames[] = {
		in(TEXT, 9, 8), in(ENTRY, 1, 8), in(TEXT, 10, 8), in(TEXT, 0, 8), in(TEXT, 9, 8),
		in(ENTRY, 0, 8), in(TEXT, 11, 8),
	};
	struct whydrop_stack_key key = { .frames = frames };

	key.nr = ARRAY_SIZE(frames);
	whydrop_cut_interrupted(&key, true);
	CHECK_INT(key.nr, ARRAY_SIZE(frames));
	CHECK_INT(key.flags, 0);
	key.flags = WHYDROP_STACK_CUT | WHYDROP_STACK_DEFERRED;
	whydrop_cut_interrupted(&key, false);
	CHECK_INT(key.nr, 4);
	CHECK_INT(key.flags, WHYDROP_STACK_INTERRUPTED | WHYDROP_STACK_DEFERRED);
	key.flags = WHYDROP_STACK_CUT;
	whydrop_cut_interrupted(&key, false);
	CHECK_INT(key.nr, 4);
	CHECK_INT(key.flags, WHYDROP_STACK_CUT);
	key.nr = 0;
	whydrop_cut_interrupted(&key, false);
	CHECK_INT(key.nr, 0);
}

static void test_data(void)
{
	unsigned long frames[] = {
		in(TEXT, 9, 8), in(NO_NAME, 1, 8), in(ENTRY, 1, 8), in(VMALLOC, 1, 8),
		in(NO_NAME, 2, 8), in(ENTRY, 0, 8), 0,
	};
	const unsigned long left[] = {
		in(TEXT, 9, 8), in(ENTRY, 1, 8), in(VMALLOC, 1, 8), in(ENTRY, 0, 8),
	};
	unsigned int i, nr = whydrop_leave_out_data(frames, ARRAY_SIZE(frames));

	CHECK_INT(nr, ARRAY_SIZE(left));
	for (i = 0; i < ARRAY_SIZE(left); i++)
		if (frames[i] != left[i])
			FAIL("frame %u is %lx", i, frames[i]);
	asked = 0;
	CHECK(!whydrop_is_interrupt(in(NO_NAME, 1, 8)) && !whydrop_is_interrupt(in(VMALLOC, 1, 8)));
	CHECK_INT(asked, 0);
	/* each address once, so that places in the table are taken by others */
	for (i = 0; i < 1000; i++) {
		frames[0] = in(NO_NAME, i, 8);
		CHECK_INT(whydrop_leave_out_data(frames, 1), 0);
	}
}

static void test_range(void)
{
	struct whydrop_text range = whydrop_irq_entries();

	CHECK(range.start == in(ENTRY, 0, 8));
	CHECK(range.start + range.size == in(TEXT, 0, FUNCTION) + 1);
}

TESTS(
	{ "entries are told by their names, once", test_names },
	{ "of many addresses", test_many },
	{ "a trace ends at the first one that has frames behind it", test_cut },
	{ "what is no code is left out of a trace", test_data },
	{ "all are in one range", test_range },
)
