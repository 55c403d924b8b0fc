// SPDX-License-Identifier: GPL-2.0-only
/* Text and JSON: escapes, columns, times, one type for each key. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "builder.h"
#include "ktap.h"
#include "walk.h"

static struct out out;

static void begin(void)
{
	out_init(&out, memfd_create("out", 0), COLOR_NEVER);
}

static const char *written(void)
{
	static char text[1 << 20];
	ssize_t n;

	out_flush(&out);
	n = pread(out.fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(out.fd);
	return text;
}

static const char *as_text(const char *s, size_t len)
{
	begin();
	out_text(&out, s, len);
	return written();
}

static const char *as_json(const char *s, size_t len)
{
	begin();
	out_json(&out, s, len);
	return written();
}

#define TEXT(s) as_text(s, sizeof(s) - 1)
#define JSON(s) as_json(s, sizeof(s) - 1)

static void test_escape_text(void)
{
	CHECK_STR(TEXT("plain 'text'"), "plain 'text'");
	CHECK_STR(TEXT(""), "");
	CHECK_STR(TEXT("a\\b"), "a\\\\b");
	CHECK_STR(TEXT("\"q\""), "\"q\"");
	CHECK_STR(TEXT("\033[31mred\n\t\r\b\0z"),
		  "\\x1b[31mred\\x0a\\x09\\x0d\\x08\\x00z");
	CHECK_STR(TEXT("\x7f"), "\\x7f");
	CHECK_STR(TEXT("gr\xc3\xbc\xc3\x9f \xe6\x97\xa5 \xf0\x9f\x90\xa7"),
		  "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5 \xf0\x9f\x90\xa7");
	/* C1: as bytes, and as characters. */
	CHECK_STR(TEXT("\x9b" "1m\xc2\x9b" "2m"), "\\x9b1m\\xc2\\x9b2m");
	/* Overlong, surrogate, too large, cut, alone. */
	CHECK_STR(TEXT("\xc0\x80"), "\\xc0\\x80");
	CHECK_STR(TEXT("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
	CHECK_STR(TEXT("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	CHECK_STR(TEXT("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
	CHECK_STR(TEXT("\xe6\x97"), "\\xe6\\x97");
	CHECK_STR(TEXT("\xff"), "\\xff");
	/* Marks that turn the direction of what follows. */
	CHECK_STR(TEXT("\xe2\x80\xae" "x"), "\\xe2\\x80\\xaex");
}

static void test_escape_json(void)
{
	CHECK_STR(JSON("plain"), "\"plain\"");
	CHECK_STR(JSON(""), "\"\"");
	CHECK_STR(JSON("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
	CHECK_STR(JSON("\n\033\0"), "\"\\u000a\\u001b\\u0000\"");
	CHECK_STR(JSON("\x7f\xc2\x9b"), "\"\\u007f\\u009b\"");
	CHECK_STR(JSON("\xc3\xbc"), "\"\xc3\xbc\"");
	CHECK_STR(JSON("\xff\xc3"), "\"\\ufffd\\ufffd\"");
	CHECK_STR(JSON("\xe2\x80\xa8"), "\"\\u2028\"");
}

/* Every byte pair there is: valid and harmless. */
static void test_escape_all(void)
{
	unsigned int a, b;
	char s[2], line[64];

	for (a = 0; a < 256; a++) {
		for (b = 0; b < 256; b += a < 0xc0 ? 17 : 1) {
			s[0] = a;
			s[1] = b;
			if (text_wrong(as_text(s, 2)))
				FAIL("text of %02x %02x", a, b);
			snprintf(line, sizeof(line), "{\"k\":%s}\n",
				 as_json(s, 2));
			if (json_wrong(line))
				FAIL("JSON of %02x %02x: %s", a, b, line);
		}
	}
}

static void test_out(void)
{
	volatile size_t len = 3 * OUT_ROOM + 5;
	char *big = malloc(len);

	memset(big, 'x', len);
	begin();
	out_chr(&out, 'a');
	out_mem(&out, big, len);
	out_u64(&out, 0);
	out_u64(&out, UINT64_MAX);
	CHECK_INT(strlen(written()), len + 1 + 1 + 20);
	free(big);
	CHECK_INT(text_columns("gr\xc3\xbcn", 5), 4);

	out_init(&out, -1, COLOR_NEVER);
	out_str(&out, "lost");
	CHECK_INT(out_flush(&out), -1);
	CHECK(out.err);
}

static void test_numbers(void)
{
	char got[21], want[21];
	uint64_t power, val;
	int digits, i;

	for (digits = 0, power = 1; digits < 20; digits++, power *= 10) {
		for (i = -1; i < 3; i++) {
			val = power * (i > 1 ? 9 : 1) + i;
			*put_u64(got, val) = '\0';
			snprintf(want, sizeof(want), "%llu", (unsigned long long)val);
			CHECK_STR(got, want);
		}
	}
	*put_u64(got, UINT64_MAX) = '\0';
	CHECK_STR(got, "18446744073709551615");
}

static unsigned int abi_minor = WHYDROP_ABI_MINOR;

static unsigned int stack_flags;

static const char *stack_place = "f+0x1/0x2";

static struct walked render(struct fmt *f, const struct whydrop_event *ev)
{
	const char *const st[] = { stack_place, "f+0x1/0x2", "g+0x3/0x4", NULL };
	struct decoder dec;
	struct builder b;
	struct item it;
	size_t at = 0;
	long n;

	build_init(&b, false);
	build_header(&b);
	((struct whydrop_file_header *)b.buf)->abi_minor = abi_minor;
	build_clock(&b, 0, 1795376527000000000);
	build_reason(&b, 2, "core", "OTHERHOST", "of another host");
	build_reason(&b, 3, "core", "NO_SOCKET", "no socket");
	build_reason(&b, 0x40002, "qdisc", "OVER\033LIMIT", "too many");
	build_stack(&b, 1, 3, stack_flags, st);
	build_event(&b, 1, ev, (const uint8_t *)"0123456789abcdefghij");
	decoder_init(&dec);
	while ((n = decoder_step(&dec, b.buf + at, b.len - at, &it)) > 0) {
		at += n;
		if (it.type == ITEM_EVENT)
			text_event(f, it.event);
	}
	decoder_free(&dec);
	build_free(&b);
	return (struct walked){ 0 };
}

static const struct whydrop_event event = {
	.seq = 5, .mono_ns = 1500000000, .reason = 3, .stack_id = 1, .pid = 42,
	.comm = "task", .dev = "eth0", .l3_off = WHYDROP_NO_OFFSET,
	.pkt_len = 20, .caplen = 20,
};

static const char *line_of(const struct whydrop_event *ev, enum when when, const char *chosen)
{
	struct fmt f;

	begin();
	fmt_init(&f, &out);
	f.when = when;
	f.header = false;
	if (chosen && fields_choose(&f, chosen))
		return "no such field";
	text_header(&f);
	render(&f, ev);
	free(f.chosen);
	return written();
}

static const char *line(enum when when, const char *chosen)
{
	return line_of(&event, when, chosen);
}

static void test_columns(void)
{
#define REST "   1 T   task/42              NO_SOCKET            eth0     no-header len 20 @ f+0x1/0x2\n"
	CHECK_STR(line(WHEN_ABS, NULL), "19:42:08.500000" REST);
	CHECK_STR(line(WHEN_UTC, NULL), "2026-11-22T19:42:08.500000000Z" REST);
	CHECK_STR(line(WHEN_MONO, NULL), "1.500000000    " REST);
	CHECK_STR(line(WHEN_REL, NULL), "0.000000  " REST);
	CHECK_STR(line(WHEN_NONE, NULL), &REST[1]);
	CHECK_STR(line(WHEN_ABS, "reason,cpu,sport,dev"),
		  "NO_SOCKET              1     - eth0\n");
	CHECK_STR(line(WHEN_ABS, "stack"), "f+0x1/0x2;g+0x3/0x4\n");
	CHECK_STR(line(WHEN_ABS, "sock.uid,deferred"), "       - no\n");
}

static void test_qdisc(void)
{
	struct whydrop_event ev = event;

	CHECK_STR(line(WHEN_ABS, "qdisc,qdisc_reason"), "-      -\n");
	ev.qdisc_reason = 2;
	ev.qdisc = 0x8001;
	CHECK_STR(line_of(&ev, WHEN_NONE, "qdisc,qdisc_reason"), "8001:  OVER\\x1bLIMIT\n");
	CHECK(strstr(line_of(&ev, WHEN_NONE, NULL),
		     " @ f+0x1/0x2 (qdisc 8001: OVER\\x1bLIMIT)\n"));
	/* A default one has no handle; and the recording no name for that reason. */
	ev.qdisc_reason = 77;
	ev.qdisc = 0;
	CHECK_STR(line_of(&ev, WHEN_NONE, "qdisc,qdisc_reason"), "0:     UNKNOWN(77)\n");
	CHECK(strstr(line_of(&ev, WHEN_NONE, NULL), " @ f+0x1/0x2 (qdisc 0: reason 77)\n"));
}

static void test_unknown_vlan(void)
{
	struct whydrop_event ev = event;

	ev.reason = 2;
	ev.flags = WHYDROP_EV_MAC;
	CHECK(strstr(line_of(&ev, WHEN_NONE, NULL), " @ f+0x1/0x2 (unknown VLAN)\n"));
	ev.flags |= WHYDROP_EV_VLAN;
	ev.vlan_tci = 0x604d;
	CHECK(strstr(line_of(&ev, WHEN_NONE, NULL), " @ f+0x1/0x2 (unknown VLAN 77)\n"));
	/* Older modules do not tell. */
	abi_minor = 1;
	CHECK(strstr(line_of(&ev, WHEN_NONE, NULL), " @ f+0x1/0x2\n"));
	abi_minor = WHYDROP_ABI_MINOR;
	ev.flags |= WHYDROP_EV_OTHER_MAC;
	CHECK(strstr(line_of(&ev, WHEN_NONE, NULL), " @ f+0x1/0x2\n"));
	ev.flags = 0;
	CHECK(strstr(line_of(&ev, WHEN_NONE, NULL), " @ f+0x1/0x2\n"));
	ev.flags = WHYDROP_EV_MAC;
	ev.reason = 3;
	CHECK(strstr(line_of(&ev, WHEN_NONE, NULL), " @ f+0x1/0x2\n"));
}

static void test_stack_words(void)
{
	static const struct {
		unsigned int kind;
		const char *words;
	} cases[] = {
		{ WHYDROP_STACK_BY_ID, "                f+0x1/0x2\n                g+0x3/0x4\n" },
		{ WHYDROP_STACK_SUPPRESSED, "(no stack: stack_rate was spent)" },
		{ WHYDROP_STACK_OFF, "(no stack: stack_depth is 0)" },
		{ 99, "(no stack in this recording)" },
	};
	struct whydrop_event ev = event;
	struct fmt f;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ev.stack_kind = cases[i].kind;
		begin();
		fmt_init(&f, &out);
		f.header = false;
		f.stack = true;
		f.hex = true;
		text_header(&f);
		render(&f, &ev);
		CHECK_HAS(written(), cases[i].words);
	}
	begin();
	fmt_init(&f, &out);
	f.stack = true;
	text_header(&f);
	stack_flags = WHYDROP_STACK_PLACE_ONLY;
	render(&f, &event);
	CHECK_HAS(written(), "(no stack: a tracer ends the kernel's own)");
	begin();
	stack_place = "[unknown]";
	render(&f, &event);
	CHECK_HAS(written(), "(no stack: forgotten at a reset)");
	begin();
	stack_flags |= WHYDROP_STACK_HIDDEN;
	render(&f, &event);
	CHECK_HAS(written(), "(no stack: a tracer ends the kernel's own)");
	stack_flags = 0;
	stack_place = "f+0x1/0x2";
	begin();
	fmt_init(&f, &out);
	f.hex = true;
	text_header(&f);
	render(&f, &event);
	CHECK_HAS(written(),
		  "0x0000:  3031 3233 3435 3637 3839 6162 6364 6566  0123456789abcdef\n"
		  "        0x0010:  6768 696a                                ghij\n");
}

/* All keys of the contract, in order, and the type that the table promises. */
static void test_keys(void)
{
	static const char *const contract[] = {
		"type", "seq", "cpu", "time", "mono", "ctx", "comm", "pid",
		"reason", "subsys", "reason_id", "dev", "ifindex", "netns",
		"family", "proto", "src", "dst", "sport", "dport", "len",
		"mark", "at", "stack",
	};
	const char *pos, *kind_starts;
	struct builder b;
	struct walked w;
	char key[64];
	size_t i;
	char *l;

	build_init(&b, false);
	build_sample(&b);
	w = walk_bytes(b.buf, b.len, 0, true);
	for (l = strtok(w.json, "\n"); l; l = strtok(NULL, "\n")) {
		if (strncmp(l, "{\"type\":\"drop\"", 14))
			continue;
		pos = l;
		for (i = 0; i < ARRAY_SIZE(contract); i++) {
			snprintf(key, sizeof(key), "\"%s\":", contract[i]);
			pos = strstr(pos, key);
			if (!pos) {
				FAIL("no %s in order in %s", key, l);
				break;
			}
		}
		for (i = 0; i < nr_fields; i++) {
			const struct field *fl = &fields[i];
			bool sock = !strncmp(fl->key, "sock.", 5);

			if (fl->on_request || (sock && strstr(l, "\"sock\":null")))
				continue;
			snprintf(key, sizeof(key), "\"%s\":",
				 fl->key + (sock ? 5 : 0));
			pos = strstr(sock ? strstr(l, "\"sock\":{") : l, key);
			kind_starts = fl->kind == KIND_NUMBER ? "0123456789n" :
				      fl->kind == KIND_STRING ? "\"n" :
				      fl->kind == KIND_BOOL ? "tf" : "[n";
			if (!pos || !strchr(kind_starts, pos[strlen(key)]))
				FAIL("%s of another type in %s", fl->key, l);
		}
	}
	walked_free(&w);
	build_free(&b);
}

static void test_choose(void)
{
	struct fmt f;

	if (!freopen("/dev/null", "w", stderr))
		FAIL("no /dev/null");
	fmt_init(&f, &out);
	CHECK_INT(fields_choose(&f, "resaon"), EXIT_USAGE);
	CHECK_INT(fields_choose(&f, ""), EXIT_USAGE);
	CHECK_INT(fields_choose(&f, "reason,sock.rmem"), 0);
	CHECK_INT(f.nr_chosen, 2);
	free(f.chosen);
	CHECK(nr_fields > 40);
	CHECK(field_find("sock.rcvbuf") && !field_find("sock"));
}

static void test_flags(void)
{
	char text[96];
	unsigned int i;

	for (i = 0; i < 7; i++) {
		if (1u << i == WHYDROP_STACK_TRANSIENT)
			continue;
		stack_flags_text(text, sizeof(text), 1u << i);
		CHECK_INT(stack_flags_parse(text), 1u << i);
	}
	stack_flags_text(text, sizeof(text), 0xffff);
	CHECK_HAS(text, "place only, not trimmed, cut, interrupted");
}

TESTS(
	{ "escapes for terminals", test_escape_text },
	{ "escapes for JSON", test_escape_json },
	{ "any two bytes are harmless", test_escape_all },
	{ "output buffer", test_out },
	{ "numbers of each length", test_numbers },
	{ "columns and times", test_columns },
	{ "which qdisc, and why", test_qdisc },
	{ "a VLAN that is not configured", test_unknown_vlan },
	{ "stacks, or why there is none; hex", test_stack_words },
	{ "keys of the contract, types of the table", test_keys },
	{ "choosing fields", test_choose },
	{ "flags of stacks to words and back", test_flags },
)
