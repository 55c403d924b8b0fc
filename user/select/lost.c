// SPDX-License-Identifier: GPL-2.0-only
/* Reports the events that a stream lost: where they are missing, and in all. */
#include <stdlib.h>
#include <string.h>

#include "base/stop.h"
#include "base/util.h"
#include "select/lost.h"

const char *lost_cause(unsigned int cause)
{
	switch (cause) {
	case WHYDROP_LOST_OVERWRITTEN:
		return "overwritten";
	case WHYDROP_LOST_HISTORY:
		return "history";
	case WHYDROP_LOST_NMI:
		return "nmi";
	case WHYDROP_LOST_NOBUF:
		return "nobuf";
	case WHYDROP_LOST_UNRECORDED:
		return "unrecorded";
	case LOST_REBOOT:
		return "reboot";
	case LOST_RELOAD:
		return "reload";
	case LOST_CURSOR:
		return "cursor";
	default:
		return "unknown";
	}
}

const char *lost_words(bool live, unsigned int cause)
{
	static const struct {
		const char *live, *recorded;
	} words[] = {
		[0] = { "for a reason that this program does not know", NULL },
		[WHYDROP_LOST_OVERWRITTEN] = {
			"overwritten before they were read; raise ring_kb",
			"overwritten before they were read; ring_kb too small" },
		[WHYDROP_LOST_HISTORY] = {
			"older than what the ring holds; raise ring_kb to keep more",
			"older than what the ring held when the recording began" },
		[WHYDROP_LOST_NMI] = { "dropped in NMI context, where nothing is recorded", NULL },
		[WHYDROP_LOST_NOBUF] = { "the CPU had no ring: no memory for it", NULL },
		[WHYDROP_LOST_UNRECORDED] = { "between two recordings: neither has them", NULL },
	};

	return live || !words[cause].recorded ? words[cause].live : words[cause].recorded;
}

/* Of a recording, so many are reported where they are; after that, only the sum. */
#define LOSSES_REPORTED 8

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* In a storm each read brings losses: live, a CPU's are reported once a second. */
static void report(const struct lost *l, struct lost_pending *p, int64_t now)
{
	if (!p->count || (l->live && p->reported_ms && now - p->reported_ms < 1000))
		return;
	out_flush(l->out);
	note("lost %llu event%s on CPU %u%s%s: %s", (unsigned long long)p->count, plural(p->count),
	     p->cpu, p->host ? " of " : "", p->host ?: "", lost_words(l->live, p->cause));
	p->count = 0;
	p->reported_ms = now;
}

void lost_report(struct lost *l)
{
	int64_t now = l->nr ? now_ms() : 0;
	size_t i;

	for (i = 0; l->live && i < l->nr; i++)
		report(l, &l->pending[i], now);
}

/* Those of a recording are not gathered: the first ones are reported, each once. */
static void add_recorded(struct lost *l, unsigned int cause, const struct item *it)
{
	const struct host *host = it->lost.host;
	struct lost_pending one = { .cpu = cpu_there(host, it->lost.cpu), .cause = cause,
				    .count = it->lost.count, .host = host ? host->label : NULL };

	if (l->nr < LOSSES_REPORTED)
		report(l, &one, 0);
	else if (l->nr == LOSSES_REPORTED)
		note("more losses follow; only their sum is shown, at the end");
	l->nr += l->nr <= LOSSES_REPORTED;
}

void lost_add(struct lost *l, const struct item *it)
{
	unsigned int cause = it->lost.cause < ARRAY_SIZE(l->by_cause) ? it->lost.cause : 0;
	size_t i;

	l->by_cause[cause] += it->lost.count;
	/* What is only too old is said once, for all CPUs. */
	if (l->quiet || cause == WHYDROP_LOST_HISTORY)
		return;
	if (!l->live) {
		add_recorded(l, cause, it);
		return;
	}
	for (i = 0; i < l->nr; i++)
		if (l->pending[i].cpu == it->lost.cpu && l->pending[i].cause == cause)
			break;
	if (i == l->nr) {
		l->pending = grow(l->pending, i, &l->room, sizeof(*l->pending));
		l->pending[i] = (struct lost_pending){ .cpu = it->lost.cpu, .cause = cause };
		l->nr++;
	}
	l->pending[i].count += it->lost.count;
	report(l, &l->pending[i], now_ms());
}

void lost_free(struct lost *l)
{
	free(l->pending);
}
