// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer: any bytes as a recording, read by the whole program with one of
 * many command lines, which the first byte chooses. A new view is a new line.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util.h"
#include "walk.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int whydrop_main(int argc, char **argv);

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
	{ { "stacks" }, text_fine },
	{ { "stacks", "-j" }, json_fine },
	{ { "stacks", "--by", "flow", "-j" }, json_fine },
	{ { "stacks", "--by", "comm" }, text_fine },
	{ { "stacks", "--folded" }, folded_fine },
	{ { "stacks", "--folded", "--by", "dev" }, folded_fine },
	{ { "metrics" }, metrics_fine },
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
	argv[argc++] = (char *)views[view].words[0];
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

	if (!size)
		return 0;
	view = data[0] % (sizeof(views) / sizeof(views[0]));
	run(view, data + 1, size - 1);
	text = said(&len);
	wrong = views[view].fine(text, len);
	if (wrong) {
		fprintf(stderr, "harmful, %s: %.200s\n", views[view].words[0], wrong);
		abort();
	}
	free(text);
	return 0;
}
