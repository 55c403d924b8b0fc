// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer: any bytes as a recording, read by the whole program with one of
 * many command lines, which the first byte chooses. A new view is a new line.
 * `top' has its screen from here, and its keys from the second byte.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/out.h"
#include "base/screen.h"
#include "base/util.h"
#include "walk.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int whydrop_main(int argc, char **argv);
const char *__asan_default_options(void);

/* Most of the time would go into memory that is new and into letting go of it. */
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=8:allocator_release_to_os_interval_ms=-1";
}

static const char *text_fine(const void *bytes, size_t len)
{
	(void)len;
	return text_wrong(bytes);
}

static const char *json_fine(const void *bytes, size_t len)
{
	(void)len;
	return json_wrong(bytes);
}

static const char *pcapng_fine(const void *bytes, size_t len)
{
	return len ? pcapng_wrong(bytes, len, NULL) : NULL;
}

/* A recording: what there is of it is whole. */
static const char *recording_fine(const void *bytes, size_t len)
{
	struct walked w = walk_bytes(bytes, len, 0, false);
	const char *wrong = len && (w.err || w.end) ? "a recording of a recording" : NULL;

	walked_free(&w);
	return wrong;
}

/* FRAME;...;REASON COUNT, with one blank. */
static const char *folded_fine(const void *bytes, size_t len)
{
	const char *p = bytes, *end, *blank;

	for (; *p; p = end + 1) {
		end = strchr(p, '\n');
		blank = strchr(p, ' ');
		if (!end || !blank || blank > end || !memchr(p, ';', blank - p) ||
		    blank + 1 + strspn(blank + 1, "0123456789") != end || blank + 1 == end)
			return "a line that is not folded";
	}
	return text_fine(bytes, len);
}

/* A comment, or NAME{LABEL="VALUE"} NUMBER: quotes in values are escaped. */
static const char *metrics_fine(const void *bytes, size_t len)
{
	const char *p = bytes, *end;
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
	return text_fine(bytes, len);
}

/* ---- in the place of screen.c ---- */

#define SCREEN "top on a screen"

static bool has_screen;
static int always;		/* a descriptor that can be read */
static uint32_t keys;		/* to come, as a number that leads to the next */
static unsigned int nr_keys;

bool screen_usable(const char **why)
{
	*why = "not wanted";
	return has_screen;
}

bool screen_open(struct screen *s, bool color)
{
	*s = (struct screen){ .fd = always, .height = 24, .width = 80, .color = color };
	return true;
}

void screen_close(struct screen *s)
{
	(void)s;
}

void screen_begin(struct screen *s)
{
	(void)s;
}

void screen_line(struct screen *s, int row, const char *text, size_t len, enum style style)
{
	char *copy = malloc(len + 1);

	(void)s, (void)row, (void)style;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (strlen(copy) != len || text_wrong(copy)) {
		fprintf(stderr, "harmful, on the screen: %.200s\n", copy);
		abort();
	}
	free(copy);
}

void screen_end(struct screen *s)
{
	(void)s;
}

int screen_key(struct screen *s)
{
	static const int all[] = {
		KEY_IS_UP, KEY_IS_DOWN, KEY_IS_DOWN, KEY_IS_PAGE_UP, KEY_IS_PAGE_DOWN, KEY_IS_HOME,
		KEY_IS_END, KEY_IS_ENTER, KEY_IS_ENTER, KEY_IS_ESCAPE, KEY_IS_RESIZE, KEY_IS_NONE,
		KEY_IS_NONE, 'r', 'd', 'n', 'a', 'c', 'f', 'g', 'G', 's', 'p', '?', 'x',
	};
	int key;

	if (!nr_keys)
		return 'q';
	nr_keys--;
	keys = keys * 1664525 + 1013904223;
	key = all[(keys >> 16) % (sizeof(all) / sizeof(all[0]))];
	if (key == KEY_IS_RESIZE) {
		s->height = 1 + keys % 61;
		s->width = 1 + (keys >> 8) % 211;
	}
	return key;
}

static const struct {
	const char *words[10];
	const char *(*fine)(const void *bytes, size_t len);
} views[] = {
	{ { "list", "-svx", "--time", "utc" }, text_fine },
	{ { "list", "-jx" }, json_fine },
	{ { "list", "--time", "rel" }, text_fine },
	{ { "list", "-o", "seq,mono,current,flow,stack,lines,sock.family,data", "-H" }, text_fine },
	{ { "list", "-r", "*SOCK*,!NO_*", "-i", "e*,-", "--at", "t*,ip*", "--benign", "hide" }, text_fine },
	{ { "list", "-N", "4026531840", "--comm", "!swapper*", "-c", "3", "-j" }, json_fine },
	{ { "count" }, text_fine },
	{ { "count", "-j" }, json_fine },
	{ { "count", "--by", "dev" }, text_fine },
	{ { "count", "--by", "dev", "-j" }, json_fine },
	{ { "count", "--by", "netns" }, text_fine },
	{ { "count", "--by", "at", "-j" }, json_fine },
	{ { "count", "--by", "comm" }, text_fine },
	{ { "count", "--by", "flow", "-j" }, json_fine },
	{ { "count", "--by", "flow", "--interval", "1" }, text_fine },
	{ { "top", "-j" }, json_fine },
	{ { "top" }, text_fine },
	{ { "top", "--by", "flow", "-H", "--benign", "hide" }, text_fine },
	{ { SCREEN }, text_fine },
	{ { SCREEN, "--by", "at", "-r", "!OTHERHOST" }, text_fine },
	{ { "stacks" }, text_fine },
	{ { "stacks", "-j" }, json_fine },
	{ { "stacks", "--by", "flow", "-j" }, json_fine },
	{ { "stacks", "--by", "comm" }, text_fine },
	{ { "stacks", "--folded" }, folded_fine },
	{ { "stacks", "--folded", "--by", "dev" }, folded_fine },
	{ { "stacks", "--folded", "--by", "at", "-c", "2" }, folded_fine },
	{ { "metrics" }, metrics_fine },
	{ { "explain" }, text_fine },
	{ { "explain", "-j" }, json_fine },
	{ { "explain", "*" }, text_fine },
	{ { "explain", "-j", "NO_SOCKET", "NETFILTER_DROP", "SOCKET_*" }, json_fine },
	{ { "watch", "-s", "-x", "-v", "--time", "abs" }, text_fine },
	{ { "watch", "-j", "--duration", "100" }, json_fine },
	{ { "reasons" }, text_fine },
	{ { "reasons", "-j" }, json_fine },
	{ { "status" }, text_fine },
	{ { "status", "-j" }, json_fine },
	{ { "pcap", "-w", "-" }, pcapng_fine },
	{ { "pcap", "-w", "-", "-r", "!OTHERHOST" }, pcapng_fine },
	{ { "record", "-w", "-" }, recording_fine },
#ifdef HAVE_LIBPCAP
	{ { "list", "-j", "--", "tcp", "or", "ip6[6]", "!=", "17" }, json_fine },
#endif
};

static int input, output;

/* What the program said, with a NUL behind it. */
static char *said(size_t *len)
{
	char *text;

	*len = lseek(output, 0, SEEK_END);
	text = malloc(*len + 1);
	if (pread(output, text, *len, 0) != (ssize_t)*len)
		abort();
	text[*len] = '\0';
	return text;
}

static int run(size_t view, const void *bytes, size_t size)
{
	char file[32], *argv[16] = { (char *)"whydrop" };
	int argc = 1;
	size_t i;

	if (ftruncate(input, 0) || pwrite(input, bytes, size, 0) != (ssize_t)size ||
	    ftruncate(output, 0) || lseek(output, 0, SEEK_SET))
		abort();
	snprintf(file, sizeof(file), "/proc/self/fd/%d", input);
	has_screen = !strcmp(views[view].words[0], SCREEN);
	argv[argc++] = (char *)(has_screen ? "top" : views[view].words[0]);
	argv[argc++] = (char *)"-f";
	argv[argc++] = file;
	for (i = 1; views[view].words[i]; i++)
		argv[argc++] = (char *)views[view].words[i];
	return whydrop_main(argc, argv);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const uint8_t nothing[1];
	size_t i;

	(void)argc;
	(void)argv;
	input = memfd_create("input", 0);
	output = memfd_create("output", 0);
	always = open("/dev/null", O_RDONLY);
	dup2(output, STDOUT_FILENO);
	/* Each of them is one that the program knows. */
	for (i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		if (run(i, nothing, 0) == EXIT_USAGE) {
			fprintf(stderr, "no such view: %s %s\n", views[i].words[0],
				views[i].words[1] ? views[i].words[1] : "");
			exit(1);
		}
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *wrong;
	size_t view, len;
	char *text;

	if (size < 2)
		return 0;
	view = data[0] % (sizeof(views) / sizeof(views[0]));
	keys = data[1];
	nr_keys = 32;
	run(view, data + 2, size - 2);
	text = said(&len);
	wrong = views[view].fine(text, len);
	if (wrong) {
		fprintf(stderr, "harmful, %s: %.200s\n", views[view].words[0], wrong);
		abort();
	}
	free(text);
	return 0;
}
