// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer: any bytes as those that several hosts send, in pieces: a byte for whose, one for
 * how many, then these. What comes of it is a recording, which has each event that was counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/join.h"

#define HOSTS 4
#define NOW 1795376527000000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	char	*p;
	size_t	nr, room;
	uint64_t events;
} out;

static void put(void *arg, const void *rec, size_t len, bool event)
{
	(void)arg;
	while (out.room - out.nr < len) {
		out.room = out.room ? 2 * out.room : 65536;
		out.p = need(realloc(out.p, out.room));
	}
	memcpy(out.p + out.nr, rec, len);
	out.nr += len;
	out.events += event;
}

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	abort();
}

/* Is it a recording, and whose are its events? */
static void check(const struct join *j)
{
	uint64_t events[HOSTS] = { 0 };
	struct decoder d;
	struct item it;
	size_t at, i;
	long n;

	decoder_init(&d);
	for (at = 0; at < out.nr; at += n) {
		n = decoder_step(&d, out.p + at, out.nr - at, &it);
		if (n <= 0)
			fail("not a recording", d.error);
		if (it.type != ITEM_EVENT)
			continue;
		if (!it.event->host)
			fail("an event", "of no host");
		if (it.event->stack && it.event->stack->reason != it.event->ev.reason &&
		    it.event->stack->flags & WHYDROP_STACK_TRANSIENT && !it.event->stack->id)
			fail("a stack", "without a number");
		events[*it.event->host->label - 'a']++;
	}
	for (i = 0; i < HOSTS; i++)
		if (events[i] != j->host[i].events)
			fail("events", "of a host are missing");
	decoder_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const labels[HOSTS] = { "a", "b", "c", "d" };
	int64_t real = NOW, ms = 1;
	struct join j;
	size_t i;

	out.nr = out.events = 0;
	join_init(&j, labels, HOSTS, real, ms);
	j.put = put;
	j.align = size & 1;
	while (size >= 2) {
		struct join_host *h = &j.host[data[0] % HOSTS];
		size_t room, len = MIN(data[1], size - 2);
		void *p = join_room(h, &room);

		len = MIN(len, room);
		memcpy(p, data + 2, len);
		if (room)
			join_add(&j, h, len, real, ms);
		data += 2 + len;
		size -= 2 + len;
		real += INT64_C(40000000);
		ms += 40;
		join_write(&j, real, ms, false);
	}
	for (i = 0; i < HOSTS; i++)
		join_end(&j, &j.host[i], real, ms);
	join_write(&j, real, ms, true);
	if (join_waits(&j))
		fail("an event", "is left");
	check(&j);
	join_free(&j);
	return 0;
}
