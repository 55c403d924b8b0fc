// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the place of a drop in its trace, and removes the frames above it: in any context
 * but NMI, with preemption off.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include "capture/trace.h"
#include "capture/walk_types.h"

/*
 * The only place that is no return address: packets that the kernel frees later are
 * reported with the start of net_tx_action(). 0: not seen yet.
 */
static unsigned long deferred_place __read_mostly;

noinline notrace bool whydrop_is_function_start(unsigned long addr)
{
	char symbol[KSYM_SYMBOL_LEN];

	sprint_symbol(symbol, addr);
	return strstr(symbol, "+0x0/");
}

bool whydrop_place_is_deferred(unsigned long place)
{
	return place == READ_ONCE(deferred_place);
}

notrace int whydrop_trace_above(const unsigned long *frames, unsigned int nr,
				unsigned long place)
{
	unsigned int i, end = min_t(unsigned int, nr, WHYDROP_FRAMES_ABOVE + 1);

	for (i = 0; i < end; i++)
		if (frames[i] == place)
			return i;
	return -1;
}

/* Is @addr in the function that calls the tracepoint's probes, if that is not inline? */
static notrace bool is_in_traceiter(unsigned long addr)
{
	return addr - WHYDROP_TRACEITER < 256;
}

notrace unsigned int whydrop_trace_freeing(const unsigned long *frames, unsigned int nr)
{
	unsigned int i = 0;

	while (i < nr && within_module_core(frames[i], THIS_MODULE))
		i++;
	if (i < nr && is_in_traceiter(frames[i]))
		i++;
	return i;
}

/*
 * Like whydrop_trace_above(), for packets that are freed later. The symbol is looked up only
 * the first time.
 */
static notrace int find_deferred(const unsigned long *frames, unsigned int nr,
				 unsigned long place)
{
	unsigned int i, end = min_t(unsigned int, nr, WHYDROP_FRAMES_ABOVE + 1);

	if (READ_ONCE(deferred_place) && !whydrop_place_is_deferred(place))
		return -1;
	for (i = 0; i < end; i++) {
		if (frames[i] - place >= WHYDROP_FUNCTION_SPAN)
			continue;
		if (!whydrop_place_is_deferred(place) && !whydrop_is_function_start(place))
			return -1;
		WRITE_ONCE(deferred_place, place);
		return i;
	}
	return -1;
}

void whydrop_trace_trim(struct whydrop_stack_key *key, const unsigned long *frames,
			unsigned int nr, unsigned int max)
{
	int above = whydrop_trace_above(frames, nr, key->place);

	key->flags = 0;
	key->unverified = false;
	if (unlikely(above < 0)) {
		above = find_deferred(frames, nr, key->place);
		key->flags = above < 0 ? WHYDROP_STACK_NOT_TRIMMED : WHYDROP_STACK_DEFERRED;
		above = max(above, 0);
	}
	key->frames = frames + above;
	key->nr = nr - above;
	if (key->nr >= max) {
		key->flags |= WHYDROP_STACK_CUT;
		key->nr = max;
	}
}
