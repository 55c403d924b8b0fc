// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the whole program on one input, see struct head, and looks at what it prints.
 * No input may take 5 seconds of CPU or 64 MB: bytes that malloc() was asked for and
 * that were not freed, as the sanitizer's hooks count them, at their most.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/util.h"
#include "machine.h"
#include "records.h"
#include "views.h"
#include "walk.h"

#define SECONDS_MAX 5
#define BYTES_MAX (64u << 20)
#define HANGS 30

/* Of a recording, once its records have come again. */
#define INPUT_MAX (80u << 20)
#ifndef RECORDS_MAX
#define RECORDS_MAX 100000
#endif
#define PIECES_MAX 40

const size_t nr_views = ARRAY_SIZE(views);

int whydrop_main(int argc, char **argv);

/* ---- what an input takes ---- */

int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
					      void (*on_free)(const volatile void *))
	__attribute__((weak));
size_t __sanitizer_get_allocated_size(const volatile void *p) __attribute__((weak));

static size_t live, most;
static double seconds_most;
static size_t bytes_most;
static char slowest[100], largest[100];
static unsigned long runs, large_runs;
static bool large;

static void on_malloc(const volatile void *p, size_t n)
{
	(void)p;
	live += n;
	most = MAX(most, live);

}

static void on_free(const volatile void *p)
{
	if (p)
		live -= __sanitizer_get_allocated_size(p);
}

/* ---- what it prints ---- */

/* A recording: what there is of it is whole. */
static const char *recording_wrong(const void *bytes, size_t len)
{
	struct decoder d;
	struct item it;
	size_t at = 0;
	bool wrong;
	long n;

	decoder_init(&d);
	while ((n = decoder_step(&d, (const char *)bytes + at, len - at, &it)) > 0)
		at += n;
	wrong = len && (n < 0 || decoder_end(&d, len - at));
	decoder_free(&d);
	return wrong ? "a recording of a recording" : NULL;
}

/* FRAME;...;REASON COUNT, with one blank. */
static const char *folded_wrong(const char *p)
{
	const char *end, *blank;

	for (; *p; p = end + 1) {
		end = strchr(p, '\n');
		blank = strchr(p, ' ');
		if (!end || !blank || blank > end || !memchr(p, ';', blank - p) ||
		    blank + 1 + strspn(blank + 1, "0123456789") != end || blank + 1 == end)
			return "a line that is not folded";
	}
	return NULL;
}

/* A comment, or NAME{LABEL="VALUE"} NUMBER: quotes in values are escaped. */
static const char *metrics_wrong(const char *p)
{
	const char *end;
	bool quoted;

	for (; *p; p = end + 1) {
		end = strchr(p, '\n');
		if (!end)
			return "no new line at the end";
		if (*p == '#')
			continue;
		for (quoted = false; *p != '\n' && (quoted || *p != ' '); p++) {
			if (*p == '"')
				quoted = !quoted;
			else if (quoted && *p == '\\' && *++p != '"' && *p != '\\')
				return "an escape that there is not";
		}
		if (quoted || p[-1] != '}' || p + 1 + strspn(p + 1, "0123456789") != end)
			return "a line that is no sample";
	}
	return NULL;
}

/* Nothing in the data of a report ends it, or is anything else than JSON. Changes @text. */
static const char *page_wrong(char *text, size_t len)
{
	char *from = memmem(text, len, "id=\"data\">", 10), *to = NULL;
	const char *wrong;

	from = from ? from + 10 : NULL;
	if (from)
		to = memchr(from, '<', text + len - from);
	if (!to || strncmp(to, "</script>\n<script>", 18))
		return len ? "the data of a page does not end where it should" : NULL;
	memcpy(to, "\n", 2);
	wrong = strlen(from) != (size_t)(to + 1 - from) ? "a NUL in the data of a page" : json_wrong(from);
	return wrong ? wrong : text_wrong(from);
}

static const char *printed_wrong(enum print print, char *text, size_t len)
{
	const char *wrong = NULL;

	switch (print) {
	case PCAPNG: return len ? pcapng_wrong(text, len, NULL) : NULL;
	case RECORDING: return recording_wrong(text, len);
	case PAGE: return page_wrong(text, len);
	case JSON: wrong = json_wrong(text); break;
	case FOLDED: wrong = folded_wrong(text); break;
	case METRICS: wrong = metrics_wrong(text); break;
	case TEXT: case COMPLETION: break;
	}
	if (!wrong && strlen(text) != len)
		wrong = "a NUL";
	return wrong ? wrong : text_wrong(text);
}

/* What a terminal is meant to get: colors, and a line that takes another's place. */
static size_t without_colors(char *text, size_t len)
{
	char *from = text, *to = text, *end = text + len;

	while (from < end) {
		size_t n = 2;

		if (*from == '\r') {
			from++;
			continue;
		}
		if (end - from > 2 && from[0] == '\033' && from[1] == '[') {
			while (from + n < end && strchr("0123456789;", from[n]) && from[n])
				n++;
			if (from + n < end && (from[n] == 'm' || (from[n] == 'K' && n == 2))) {
				from += n + 1;
				continue;
			}
		}
		*to++ = *from++;
	}
	*to = '\0';
	return to - text;
}

/* ---- how it gets there ---- */

#define ARGS_MAX 160
static char *args[ARGS_MAX + 1];
static int nr_args;
static bool takes_file;

static void add(const char *word)
{
	if (nr_args < ARGS_MAX)
		args[nr_args++] = (char *)word;
	args[nr_args] = NULL;
}

static void add_file(const char *name)
{
	if (!takes_file)
		return;
	add("-f");
	add(name);
}

/* A file of each header, or two if there is one; with the first record or two before each. */
static void write_pieces(const uint8_t *p, size_t len, bool name_them)
{
	static char names[PIECES_MAX][8];
	size_t at = 0, begin = 0, preamble = 0, size, headers = 0, nr;
	unsigned int pieces = 0;
	bool swap = false;
	static uint8_t *both;

	if (!both)
		both = mmap(NULL, INPUT_MAX + 65536, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	for (nr = 0; (size = record_size(p + at, len - at, &swap)); nr++) {
		headers += is_header(p + at, len - at);
		at += size;
		if (nr == 1)
			preamble = MIN(at, 65536);
	}
	for (at = 0, nr = nr / 2; at < len && pieces < PIECES_MAX; at += size) {
		bool cut;

		size = record_size(p + at, len - at, &swap);
		if (!size)
			size = len - at;
		cut = at + size >= len || (headers > 1 ? is_header(p + at + size, len - at - size) :
					   !nr--);
		if (!cut && pieces < PIECES_MAX - 1)
			continue;
		if (cut && pieces == PIECES_MAX - 1)
			size = len - at;
		if (!cut)
			continue;
		snprintf(names[pieces], sizeof(names[0]), "d/%02u", pieces);
		if (headers < 2 && begin) {
			memcpy(both, p, preamble);
			memcpy(both + preamble, p + begin, at + size - begin);
			machine_file(names[pieces], both, preamble + at + size - begin);
		} else {
			machine_file(names[pieces], p + begin, at + size - begin);
		}
		if (name_them)
			add_file(names[pieces]);
		pieces++;
		begin = at + size;
	}
}

static void write_live(const uint8_t *p, size_t len, const struct head *h, const uint8_t *text)
{
	static const struct {
		const char *name, *text;
	} files[] = {
		{ "live/reasons", "# whydrop reasons v1\nNOT_SPECIFIED 2 3 not specified\n"
		  "NO_SOCKET 3 1842 socket not found\nOTHERHOST 7 0\nopenvswitch/OVS_LAST_ACTION 0x30001 5 x\n" },
		{ "live/stacks", "# 5 of 9 drops are counted by place\n"
		  "  1842 NO_SOCKET @ __udp4_lib_rcv+0x9c4/0xd30 ; cut\n\t__udp4_lib_rcv+0x9c4/0xd30\n"
		  "\tip_rcv+0x3/0x1c0\n\n 101 OTHERHOST @ nf_hook_slow+0xa8/0xd0 [x] ; place only\n" },
		{ "live/stats", "# whydrop stats v1\nversion: 0.1.0\nabi: 1.0\nkernel: 6.1.0\nenabled: 1\n"
		  "seen: 1974\nfiltered: 3\nlost_nobuf: 1\nlost_nmi: 3\nrecorded: 1971\n" },
		{ "parameters/enabled", "Y\n" },
		{ "parameters/reasons", "!OTHERHOST\n" },
		{ "parameters/devs", "\n" },
		{ "parameters/netns", "4026531840\n" },
		{ "parameters/packet_filter", "2,40 0 0 12,6 0 0 0\n" },
		{ "parameters/stack_depth", "32\n" },
		{ "w/m", "" },
	};
	size_t i;

	machine_file("live/raw", p, len);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		if (h->text_len && h->from % ARRAY_SIZE(files) == i)
			machine_file(files[i].name, text, h->text_len);
		else if (i + 1 < ARRAY_SIZE(files))
			machine_file(files[i].name, files[i].text, strlen(files[i].text));
	}
}

static void deliver(const uint8_t *p, size_t len, const struct head *h, const uint8_t *text)
{
	switch (h->how % HOW_NR) {
	case HOW_LIVE:
		write_live(p, len, h, text);
		return;
	case HOW_FILES:
		write_pieces(p, len, true);
		return;
	case HOW_DIRECTORY:
		write_pieces(p, len, false);
		add_file("d");
		return;
	case HOW_PATTERN:
		write_pieces(p, len, false);
		add_file("d/*[0-9]");
		return;
	}
	machine_file("in", p, len);
	if (h->how % HOW_NR == HOW_STDIN || h->how % HOW_NR == HOW_PIPE) {
		machine_stdin("in", h->how % HOW_NR == HOW_PIPE);
		add_file("-");
		return;
	}
	add_file("in");
	if (h->how % HOW_NR == HOW_TWICE)
		add_file("in");
}

/* Can words make something else of what the view prints? */
static bool changes_print(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "version") ||
	       (word[0] == '-' && strcmp(word, "-c") && strcmp(word, "-r") && strcmp(word, "-i"));
}

/* Return whether all that is printed is still of the view's kind. */
static bool add_words(const struct view *v, const struct head *h, const uint8_t *words,
		      const uint8_t *p, size_t len, const uint8_t *text)
{
	static char copy[UINT16_MAX + 1];
	bool same = true, delivered = false;
	size_t i, n;

	machine_file("map", h->text_len ? (const void *)text : map, h->text_len ? h->text_len : sizeof(map) - 1);
	nr_args = 0;
	takes_file = !v->words[0] || !strstr("set enable fields", v->words[0]);
	add("whydrop");
	if (v->words[0]) {
		add(!strcmp(v->words[0], SCREEN) ? "top" : v->words[0]);
		deliver(p, len, h, text);
		delivered = true;
	}
	for (i = 1; v->words[0] && v->words[i]; i++)
		add(v->words[i]);
	memcpy(copy, words, h->words_len);
	copy[h->words_len] = '\0';
	for (i = 0; i < h->words_len; i += n + 1) {
		n = strlen(copy + i);
		if (!strcmp(copy + i, "@") && !delivered) {
			deliver(p, len, h, text);
			delivered = true;
			continue;
		}
		same &= !changes_print(copy + i);
		add(copy + i);
	}
	if (!delivered)
		write_live(p, len, h, text);
	return same;
}

/* Not for a terminal: no colors are to be taken out of it. */
static bool is_binary(enum print print)
{
	return print == PCAPNG || print == RECORDING || print == PAGE;
}

static void check(const struct view *v, bool same, const char *what)
{
	enum print print = same ? v->print : TEXT;
	const char *wrong;
	size_t len;
	char *text;

	said_err.text[said_err.len] = '\0';
	if (!said_err.cut) {
		said_err.len = without_colors(said_err.text, said_err.len);
		if (strlen(said_err.text) != said_err.len || text_wrong(said_err.text))
			finding("harmful, on stderr, %s", what);
	}
	if (machine.fault || said_out.cut)
		return;
	said_out.text[said_out.len] = '\0';
	if (!is_binary(print) && (same || !is_binary(v->print)))
		said_out.len = without_colors(said_out.text, said_out.len);
	/* WORD, a tab, and what it is. */
	for (text = said_out.text; v->print == COMPLETION && (text = strchr(text, '\t'));)
		*text = ' ';
	if (same || (!is_binary(v->print) && v->words[0])) {
		wrong = printed_wrong(v->file ? TEXT : print, said_out.text, said_out.len);
		if (wrong)
			finding("harmful, %s: %.300s", what, wrong);
	}
	text = v->file && same ? machine_written(v->file, 4 << 20, &len) : NULL;
	/* What was there before is a test's. */
	if (text && len < 4 << 20 && print != METRICS) {
		wrong = printed_wrong(print, text, len);
		if (wrong)
			finding("harmful, in a file, %s: %.300s", what, wrong);
	}
	free(text);
}

/* What never ends is not seen at its end. */
static void hangs(int sig)
{
	(void)sig;
	finding("it takes more than %d seconds of CPU", HANGS);
}

void program_init(void)
{
	signal(SIGVTALRM, hangs);
	if (__sanitizer_install_malloc_and_free_hooks)
		__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	machine_init();
}

bool program_was_large(void)
{
	return large;
}

void program_report(void)
{
	fprintf(stderr, "runs: %lu, with many records: %lu; most: %.2f s (%s), %.1f MB (%s)\n", runs,
		large_runs, seconds_most, slowest, bytes_most / 1e6, largest);
}

/* Those that came nearest to the bounds, if somebody wants to know. */
static void keep_input(const char *name, const uint8_t *p, size_t len)
{
	const char *dir = getenv("FUZZ_KEEP");
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "", name);
	if (dir)
		machine_file(path, p, len);
}

void program_run(const uint8_t *p, size_t len)
{
	static uint8_t *many;
	const uint8_t *words, *text, *input = p;
	const struct view *v;
	size_t size, before, input_len = len;
	struct head h;
	double began;
	char what[64];
	bool same;

	if (!many)
		many = mmap(NULL, INPUT_MAX, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (len < sizeof(h))
		return;
	memcpy(&h, p, sizeof(h));
	p += sizeof(h);
	len -= sizeof(h);
	h.words_len = MIN(h.words_len, len);
	h.text_len = MIN(h.text_len, len - h.words_len);
	words = p;
	text = p + h.words_len;
	p = text + h.text_len;
	len -= h.words_len + h.text_len;

	machine_reset();
	size = records_repeat(many, INPUT_MAX, p, len, &h, RECORDS_MAX);
	large = size > 256 << 10;
	v = &views[h.view % nr_views];
	machine.has_screen = v->words[0] && !strcmp(v->words[0], SCREEN);
	machine.columns = h.columns < 128 ? 0 : h.columns * 2 - 255;
	machine.keys = h.keys;
	machine.nr_keys = large ? 8 : 32;
	machine.fault = FAULT_NONE;
	same = add_words(v, &h, words, many, size, text);
	machine.fault = h.fault < FAULT_NR ? h.fault : FAULT_NONE;
	snprintf(what, sizeof(what), "view %zu (%s)", h.view % nr_views,
		 nr_args > 1 ? args[1] : "");

	setitimer(ITIMER_VIRTUAL, &(struct itimerval){ .it_value.tv_sec = HANGS }, NULL);
	before = most = live;
	began = machine_seconds();
	whydrop_main(nr_args, args);
	began = machine_seconds() - began;
	setitimer(ITIMER_VIRTUAL, &(struct itimerval){ 0 }, NULL);
	runs++;
	large_runs += large;
	if (began > seconds_most) {
		seconds_most = began;
		snprintf(slowest, sizeof(slowest), "%s, %zu bytes", what, size);
		keep_input("slowest", input, input_len);
	}
	if (most - before > bytes_most) {
		bytes_most = most - before;
		snprintf(largest, sizeof(largest), "%s, %zu bytes", what, size);
		keep_input("largest", input, input_len);
	}
	said_out.text[said_out.len] = said_err.text[said_err.len] = '\0';
	if (began > SECONDS_MAX || most - before > BYTES_MAX)
		finding("too much, %s, recording of %zu bytes: %.1f s, %.1f MB", what, size, began,
			(most - before) / 1e6);
	check(v, same, what);
}
