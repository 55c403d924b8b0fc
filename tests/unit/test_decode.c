// SPDX-License-Identifier: GPL-2.0-only
/* The decoder: whole streams, foreign ones, cut ones, corrupt ones. */
#include <stdlib.h>

#include "builder.h"
#include "ktap.h"
#include "walk.h"

#define SAMPLE_EVENTS 10

static struct builder sample(bool swap)
{
	struct builder b;

	build_init(&b, swap);
	build_sample(&b);
	return b;
}

static void test_sample(void)
{
	struct builder b = sample(false);
	struct walked w = walk_bytes(b.buf, b.len, 0, true);

	CHECK_INT(w.err, 0);
	CHECK_INT(w.end, 0);
	CHECK_INT(w.headers, 1);
	CHECK_INT(w.metas, 1);
	CHECK_INT(w.reasons, 6);
	CHECK_INT(w.stacks, 8);
	CHECK_INT(w.events, SAMPLE_EVENTS);
	CHECK_INT(w.lost, 2);
	CHECK_INT(w.lost_count, 159);
	CHECK(!json_wrong(w.json));
	CHECK(!text_wrong(w.text));
	walked_free(&w);
	build_free(&b);
}

static void test_swapped(void)
{
	struct builder b = sample(false), s = sample(true);
	struct walked x = walk_bytes(b.buf, b.len, 0, true);
	struct walked y = walk_bytes(s.buf, s.len, 0, true);

	CHECK(b.len == s.len && memcmp(b.buf, s.buf, b.len));
	CHECK_INT(y.err, 0);
	CHECK_STR(y.json, x.json);
	CHECK_STR(y.text, x.text);
	walked_free(&x);
	walked_free(&y);
	build_free(&b);
	build_free(&s);
}

static void test_bytewise(void)
{
	struct builder b = sample(false);
	struct walked x = walk_bytes(b.buf, b.len, 0, true);
	struct walked y = walk_bytes(b.buf, b.len, 1, true);

	CHECK_STR(y.json, x.json);
	walked_free(&x);
	walked_free(&y);
	build_free(&b);
}

/* Up to the cut all is there; only a cut between records goes unnoticed. */
static void test_truncated(void)
{
	struct builder b = sample(false);
	struct walked all = walk_bytes(b.buf, b.len, 0, true);
	size_t len, whole = 0;

	for (len = 0; len < b.len; len++) {
		struct walked w = walk_bytes(b.buf, len, 0, true);
		struct whydrop_rec rec;
		size_t at = sizeof(struct whydrop_file_header);
		bool clean = false;

		while (at <= len) {
			clean = at == len;
			memcpy(&rec, b.buf + at, sizeof(rec));
			at += rec.size;
		}
		if (w.err || (w.end == 0) != clean)
			FAIL("cut at %zu: err %ld end %d", len, w.err, w.end);
		if (strncmp(w.json, all.json, strlen(w.json)))
			FAIL("cut at %zu: other events", len);
		whole += clean;
		walked_free(&w);
	}
	CHECK(whole > 20);
	walked_free(&all);
	build_free(&b);
}

static void check_bad(struct builder *b, long err, const char *message)
{
	struct walked w = walk_bytes(b->buf, b->len, 0, false);

	CHECK_INT(w.err, err);
	CHECK_HAS(w.error, message);
	walked_free(&w);
	build_free(b);
}

static void put32(struct builder *b, size_t at, uint32_t v)
{
	memcpy(b->buf + at, &v, sizeof(v));
}

static struct builder begun(void)
{
	struct builder b;

	build_init(&b, false);
	build_header(&b);
	build_meta(&b, "kernel=x", NULL);
	return b;
}

static void test_corrupt_header(void)
{
	struct builder b = begun();

	b.buf[0] = 'X';
	check_bad(&b, DECODE_BAD, "not a recording");
	b = begun();
	b.buf[8] = 9;
	check_bad(&b, DECODE_BAD, "byte order");
	b = begun();
	b.buf[12] = WHYDROP_ABI_MAJOR + 1;
	check_bad(&b, DECODE_ABI, "ABI 2.6");
	b = begun();
	b.buf[12] = 0;
	check_bad(&b, DECODE_ABI, "ABI 0.6");
	b = begun();
	put32(&b, 16, 20);
	check_bad(&b, DECODE_BAD, "header of 20 bytes");
	b = begun();
	put32(&b, 16, 0x80000000);
	check_bad(&b, DECODE_BAD, "header of");
}

static void test_corrupt_sizes(void)
{
	static const uint32_t sizes[] = { 0, 7, 12, 0x100008, 0xfffffff8, };
	struct builder b;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		b = begun();
		put32(&b, b.last, sizes[i]);
		check_bad(&b, DECODE_BAD, "(byte 24)");
	}
}

static void test_corrupt_records(void)
{
	static const char *const frames[] = { "a+0x1/0x2", "a+0x1/0x2", NULL };
	struct whydrop_event ev = { .caplen = 8 };
	static const uint8_t data[8];
	struct builder b;

	b = begun();
	build_record(&b, WHYDROP_REC_EVENT, data, 8);
	check_bad(&b, DECODE_BAD, "EVENT record of only 16");
	b = begun();
	build_event(&b, 0, &ev, data);
	b.buf[b.last + offsetof(struct whydrop_event, caplen)] = 9;
	check_bad(&b, DECODE_BAD, "EVENT with 9 bytes");
	b = begun();
	build_stack(&b, 1, 2, 0, frames);
	b.buf[b.last + offsetof(struct whydrop_stack_rec, nr)] = 2;
	check_bad(&b, DECODE_BAD, "STACK of 2 frames has 1");
	b = begun();
	build_stack(&b, 1, 2, 0, frames);
	put32(&b, b.last + offsetof(struct whydrop_stack_rec, text_len), 999);
	check_bad(&b, DECODE_BAD, "STACK with 999");
	b = begun();
	build_record(&b, WHYDROP_REC_REASON, "12345678core\0NAME\0xxxxxx", 24);
	check_bad(&b, DECODE_BAD, "REASON without end");
	b = begun();
	build_record(&b, WHYDROP_REC_META, "key=abcd", 8);
	check_bad(&b, DECODE_BAD, "META without end");
	b = begun();
	build_record(&b, WHYDROP_REC_LOST, data, 8);
	check_bad(&b, DECODE_BAD, "LOST record of only");
}

static void test_unknown(void)
{
	struct builder b = begun();
	struct whydrop_event ev = { .seq = 1 };
	struct walked w;
	uint8_t more[16] = { 0xff };

	build_record(&b, 77, more, sizeof(more));
	build_record(&b, WHYDROP_REC_PAD, NULL, 0);
	/* Fields that a later version put behind those of today. */
	build_clock(&b, 5, 6);
	b.buf[b.last] += 16;
	b.buf = realloc(b.buf, b.len + 16);
	memset(b.buf + b.len, 0xee, 16);
	b.len += 16;
	b.room = b.len;
	build_event(&b, 0, &ev, NULL);
	w = walk_bytes(b.buf, b.len, 0, true);
	CHECK_INT(w.err, 0);
	CHECK_INT(w.unknown, 2);
	CHECK_INT(w.events, 1);
	CHECK_HAS(w.json, "\"time\":\"1970-01-01T00:00:00.000000001Z\"");
	walked_free(&w);
	build_free(&b);
}

static void test_clock_set(void)
{
	struct whydrop_event ev = { .mono_ns = 1000000000 };
	struct builder b = begun();
	struct walked w;

	build_event(&b, 0, &ev, NULL);
	build_clock(&b, 1000000000, 1795376527000000000);
	build_event(&b, 0, &ev, NULL);
	build_clock(&b, 2000000000, 1000000000);
	build_event(&b, 0, &ev, NULL);
	w = walk_bytes(b.buf, b.len, 0, true);
	CHECK_HAS(w.json, "\"time\":null");
	CHECK_HAS(w.json, "\"time\":\"2026-11-22T19:42:07.000000000Z\"");
	CHECK_HAS(w.json, "\"time\":\"1970-01-01T00:00:00.000000000Z\"");
	walked_free(&w);
	build_free(&b);
}

static void test_stacks(void)
{
	static const char *const a[] = { "a+0x1/0x2", "a+0x1/0x2", NULL };
	static const char *const c[] = { "c+0x1/0x2", "c+0x1/0x2", NULL };
	static const char *const empty[] = { "", NULL };
	struct whydrop_event ev = { .stack_id = 5 };
	struct builder b = begun();
	struct walked w;
	char *line;

	build_event(&b, 0, &ev, NULL);			/* 0: not told yet */
	build_stack(&b, 5, 2, 0, a);
	build_event(&b, 0, &ev, NULL);			/* 1: a */
	build_stack(&b, 5, 2, WHYDROP_STACK_TRANSIENT, c);
	build_event(&b, 0, &ev, NULL);			/* 2: c, once */
	build_event(&b, 0, &ev, NULL);			/* 3: a */
	build_stack(&b, 5, 2, 0, c);
	build_event(&b, 0, &ev, NULL);			/* 4: c, for good */
	build_stack(&b, 6, 2, WHYDROP_STACK_TRANSIENT, a);
	build_event(&b, 0, &ev, NULL);			/* 5: c: other id */
	ev.stack_id = 6;
	build_event(&b, 0, &ev, NULL);			/* 6: gone */
	build_stack(&b, 7, 2, WHYDROP_STACK_PLACE_ONLY, empty);
	ev.stack_id = 7;
	build_event(&b, 0, &ev, NULL);			/* 7: no text at all */
	w = walk_bytes(b.buf, b.len, 0, true);
	CHECK_INT(w.events, 8);
	line = strtok(w.json, "\n");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"at\":null,\"stack\":null");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"stack\":[\"a+0x1/0x2\"]");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"stack\":[\"c+0x1/0x2\"]");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"stack\":[\"a+0x1/0x2\"]");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"stack\":[\"c+0x1/0x2\"]");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"stack\":[\"c+0x1/0x2\"]");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"at\":null");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"at\":\"\",\"stack\":null");
	walked_free(&w);
	build_free(&b);
}

/* One recording behind another: what ids mean, the host and its clock are new. */
static void test_concatenated(void)
{
	static const char *const a[] = { "a+0x1/0x2", "a+0x1/0x2", NULL };
	static const char *const loads[] = { "load_id=1", "load_id=1", "load_id=2", "x=y" };
	struct whydrop_event ev = { .reason = 7, .stack_id = 5 };
	struct walked w;
	struct builder b;
	unsigned int i;
	char *line;

	build_init(&b, false);
	for (i = 0; i < ARRAY_SIZE(loads); i++) {
		/* The third is of a host of the other byte order. */
		b.swap = i == 2;
		build_header(&b);
		build_meta(&b, loads[i], NULL);
		if (!i) {
			build_clock(&b, 5, 6);
			build_reason(&b, 7, "core", "SEVEN", "");
			build_stack(&b, 5, 7, 0, a);
		}
		build_event(&b, 0, &ev, NULL);
	}
	w = walk_bytes(b.buf, b.len, 1, true);
	CHECK_INT(w.err, 0);
	CHECK_INT(w.headers, 4);
	CHECK_INT(w.events, 4);
	line = strtok(w.json, "\n");
	CHECK_HAS(line, "\"load_id\":\"1\"");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"time\":\"1970-01-01T00:00:00.000000001Z\"");
	CHECK_HAS(line, "\"reason\":\"SEVEN\"");
	CHECK_HAS(line, "\"at\":\"a+0x1/0x2\"");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"load_id\":\"1\"");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"time\":null");
	CHECK_HAS(line, "\"reason\":\"SEVEN\"");
	CHECK_HAS(line, "\"at\":\"a+0x1/0x2\"");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"load_id\":\"2\"");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"reason\":\"UNKNOWN(0x7)\"");
	CHECK_HAS(line, "\"at\":null");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"load_id\":null");
	CHECK_HAS(line = strtok(NULL, "\n"), "\"reason\":\"UNKNOWN(0x7)\"");
	walked_free(&w);
	build_free(&b);
}

/* However many and however large: memory has a bound, and events go on. */
static void test_bounds(void)
{
	static char text[60000];
	struct whydrop_event ev = { 0 };
	const char *frames[3] = { text, text, NULL };
	struct decoder dec;
	struct item it;
	unsigned int i;
	struct builder b;
	long n;

	decoder_init(&dec);
	build_init(&b, false);
	build_header(&b);
	CHECK(decoder_step(&dec, b.buf, b.len, &it) > 0);
	memset(text, 'x', sizeof(text) - 1);
	for (i = 1; i < 2000; i++) {
		snprintf(text, 16, "%07u", i);
		text[7] = 'x';
		b.len = 0;
		build_stack(&b, i, 2, 0, frames);
		n = decoder_step(&dec, b.buf, b.len, &it);
		CHECK_INT(n, b.len);
		ev.stack_id = i;
		b.len = 0;
		build_event(&b, 0, &ev, NULL);
		n = decoder_step(&dec, b.buf, b.len, &it);
		CHECK_INT(n, b.len);
		CHECK(it.event->stack &&
		      !strcmp(it.event->stack->place->text, text));
	}
	CHECK(dec.stacks.full);
	CHECK(dec.stacks.bytes <= STACKS_BYTES_MAX);
	decoder_free(&dec);

	decoder_init(&dec);
	b.len = 0;
	build_header(&b);
	decoder_step(&dec, b.buf, b.len, &it);
	for (i = 0, n = 1; n > 0 && i < 100000; i++) {
		b.len = 0;
		build_reason(&b, i, "core", "N", "");
		n = decoder_step(&dec, b.buf, b.len, &it);
	}
	CHECK_INT(n, DECODE_BAD);
	CHECK_INT(dec.nr_reasons, REASONS_MAX);
	decoder_free(&dec);
	build_free(&b);
}

/* Whoever keeps a reason may read it until the end. */
static void test_reasons(void)
{
	struct decoder dec;
	struct reason *first = NULL, *same = NULL;
	struct builder b;
	struct item it;
	size_t i;

	build_init(&b, false);
	build_header(&b);
	decoder_init(&dec);
	decoder_step(&dec, b.buf, b.len, &it);
	for (i = 0; i < 3; i++) {
		b.len = 0;
		build_reason(&b, 5, "core", i < 2 ? "FIRST" : "SECOND", "");
		CHECK_INT(decoder_step(&dec, b.buf, b.len, &it), b.len);
		if (!i)
			first = it.reason;
		else if (i == 1)
			same = it.reason;
	}
	CHECK_STR(it.reason->label, "SECOND");
	CHECK_INT(dec.nr_reasons, 1);
	CHECK(dec.reason[0] == it.reason && decoder_reason(&dec, 5) == it.reason);
	CHECK(same == first);
	CHECK_STR(first->label, "FIRST");
	for (i = 0; i < REASONS_MAX - 2; i++) {
		b.len = 0;
		build_reason(&b, 5, "core", i & 1 ? "SECOND" : "THIRD", "");
		CHECK_INT(decoder_step(&dec, b.buf, b.len, &it), b.len);
	}
	b.len = 0;
	build_reason(&b, 5, "core", "FOURTH", "");
	CHECK_INT(decoder_step(&dec, b.buf, b.len, &it), DECODE_BAD);
	decoder_free(&dec);
	build_free(&b);
}

/* An event that is kept is shown when its stack is long gone. */
static void test_kept(void)
{
	const char *frames[65] = { "place+0x1/0x2", "one+0x1/0x2" };
	struct whydrop_event ev = { .reason = 5, .stack_id = 1, .l3_off = WHYDROP_NO_OFFSET };
	struct event kept = { 0 };
	struct decoder dec;
	struct builder b;
	struct value v;
	struct item it;
	struct fmt fmt;
	unsigned int i;
	long n;

	build_init(&b, false);
	decoder_init(&dec);
	fmt_init(&fmt, NULL);
	build_header(&b);
	decoder_step(&dec, b.buf, b.len, &it);
	for (ev.seq = 0; ev.seq < 2; ev.seq++) {
		b.len = 0;
		build_stack(&b, 1, 5, 0, frames);
		n = decoder_step(&dec, b.buf, b.len, &it);
		CHECK_INT(n, b.len);
		b.len = 0;
		build_event(&b, 0, &ev, NULL);
		n = decoder_step(&dec, b.buf, b.len, &it);
		CHECK_INT(n, b.len);
		if (!ev.seq)
			kept = event_kept(it.event);
		for (i = 1; i < 40; i++)
			frames[i] = "another+0x1/0x2";
	}
	field_value(field_find("seq"), &fmt, &kept, false, &v);
	CHECK(v.kind == KIND_NUMBER && !v.number);
	field_value(field_find("stack"), &fmt, &kept, false, &v);
	CHECK_INT(v.kind, KIND_NULL);
	field_value(field_find("at"), &fmt, &kept, false, &v);
	CHECK_INT(v.kind, KIND_NULL);
	field_value(field_find("data"), &fmt, &kept, false, &v);
	CHECK_INT(v.kind, KIND_NULL);
	decoder_free(&dec);
	build_free(&b);
}

static uint64_t random_state = 0x9e3779b97f4a7c15ull;

static uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void mutate(struct builder *b)
{
	static const uint32_t odd[] = {
		0, 1, 7, 8, 16, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000,
		0xfffff8, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff,
	};
	unsigned int times = 1 + random_next() % 8;
	size_t at;

	while (times--) {
		at = random_next() % (b->len - 4);
		switch (random_next() % 4) {
		case 0:
			b->buf[at] ^= 1u << random_next() % 8;
			break;
		case 1:
			b->buf[at] = random_next();
			break;
		case 2:
			put32(b, at, odd[random_next() % ARRAY_SIZE(odd)]);
			break;
		case 3:
			at &= ~(size_t)7;
			if (at + 64 < b->len)
				memmove(b->buf + at, b->buf + at + 8 *
					(1 + random_next() % 6), 16);
			break;
		}
	}
}

/* Whatever comes in: no step beyond, valid JSON, and nothing for terminals. */
static void test_mutated(void)
{
	struct builder from[2] = { sample(false), sample(true) };
	unsigned int i, survived = 0;

	for (i = 0; i < 30000; i++) {
		struct builder b = from[i & 1];
		struct walked w;

		b.buf = malloc(b.len);
		memcpy(b.buf, from[i & 1].buf, b.len);
		mutate(&b);
		if (i % 3 == 0)
			b.len -= random_next() % (b.len / 2);
		w = walk_bytes(b.buf, b.len, i % 5 ? 0 : 100, true);
		survived += w.events;
		if (json_wrong(w.json))
			FAIL("round %u: JSON: %.200s", i, json_wrong(w.json));
		if (text_wrong(w.text))
			FAIL("round %u: text: %.20s", i, text_wrong(w.text));
		if (pcapng_wrong(w.pcapng, w.pcapng_len, NULL))
			FAIL("round %u: pcapng: %s", i, pcapng_wrong(w.pcapng, w.pcapng_len, NULL));
		walked_free(&w);
		free(b.buf);
	}
	CHECK(survived > 30000);
	build_free(&from[0]);
	build_free(&from[1]);
}

TESTS(
	{ "sample stream", test_sample },
	{ "stream of the other byte order", test_swapped },
	{ "stream in pieces of a byte", test_bytewise },
	{ "stream cut off at every byte", test_truncated },
	{ "corrupt header", test_corrupt_header },
	{ "corrupt sizes", test_corrupt_sizes },
	{ "corrupt records", test_corrupt_records },
	{ "unknown records and fields", test_unknown },
	{ "clock that was set", test_clock_set },
	{ "stacks come, change and go", test_stacks },
	{ "one recording behind another", test_concatenated },
	{ "reasons that are told again", test_reasons },
	{ "an event that is kept", test_kept },
	{ "memory is bounded", test_bounds },
	{ "30000 mutated streams", test_mutated },
)
