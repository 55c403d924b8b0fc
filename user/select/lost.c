// SPDX-License-Identifier: GPL-2.0-only
/* What a stream does not have: told where it is missing, and in all. */
#include <stdlib.h>
#include <string.h>

#include "select/walk.h"

const char *lost_words(bool live, unsigned int cause)
{
	static const struct {
		const char *live, *recorded;
	} words[] = {
		[0] = { "for a reason that this program does not know", NULL },
		[WHYDROP_LOST_OVERWRITTEN] = {
			"the ring was overwritten before they were read; raise ring_kb or select less",
			"the ring was overwritten before they were recorded; a larger ring_kb avoids it" },
		[WHYDROP_LOST_HISTORY] = {
			"older than what the ring holds; raise ring_kb to keep more",
			"older than what the ring held when the recording began" },
		[WHYDROP_LOST_NMI] = { "dropped in NMI context, where nothing is recorded", NULL },
		[WHYDROP_LOST_NOBUF] = { "the CPU had no ring: no memory for it", NULL },
		[WHYDROP_LOST_UNRECORDED] = { "between two recordings: neither has them", NULL },
	};

	return live || !words[cause].recorded ? words[cause].live : words[cause].recorded;
}

/* Of a recording, so many are told where they are; after that, only the sum. */
#define LOSSES_TOLD 8

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* In a storm each read brings losses: live, a CPU's are told once a second. */
static void tell(const struct stream *s, struct untold *l, int64_t now)
{
	if (!l->untold || (s->src.live && l->told_ms && now - l->told_ms < 1000))
		return;
	out_flush(s->rq->out);
	note("lost %llu event%s on CPU %u: %s", (unsigned long long)l->untold, plural(l->untold),
	     l->cpu, lost_words(s->src.live, l->cause));
	l->untold = 0;
	l->told_ms = now;
}

void stream_tell_lost(const struct stream *s)
{
	int64_t now = s->nr_loss ? now_ms() : 0;
	size_t i;

	for (i = 0; s->src.live && i < s->nr_loss; i++)
		tell(s, &s->loss[i], now);
}

void stream_lost(struct stream *s, const struct item *it)
{
	unsigned int cause = it->lost.cause < ARRAY_SIZE(s->lost) ? it->lost.cause : 0;
	struct untold *l;
	size_t i;

	s->lost[cause] += it->lost.count;
	/* What is only too old is said once, for all CPUs. */
	if (s->quiet || cause == WHYDROP_LOST_HISTORY)
		return;
	if (!s->src.live) {
		struct untold one = { .cpu = it->lost.cpu, .cause = cause,
				    .untold = it->lost.count };

		if (s->nr_loss < LOSSES_TOLD)
			tell(s, &one, 0);
		else if (s->nr_loss == LOSSES_TOLD)
			note("more losses follow; only their sum is shown, at the end");
		s->nr_loss += s->nr_loss <= LOSSES_TOLD;
		return;
	}
	for (i = 0; i < s->nr_loss; i++)
		if (s->loss[i].cpu == it->lost.cpu && s->loss[i].cause == cause)
			break;
	if (i == s->nr_loss) {
		s->loss = grow(s->loss, i, &s->loss_room, sizeof(*l));
		s->loss[i] = (struct untold){ .cpu = it->lost.cpu, .cause = cause };
		s->nr_loss++;
	}
	l = &s->loss[i];
	l->untold += it->lost.count;
	tell(s, l, now_ms());
}
