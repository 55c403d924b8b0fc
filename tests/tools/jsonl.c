// SPDX-License-Identifier: GPL-2.0
/*
 * jsonl - count the lines of a JSON Lines file that match
 *
 * usage: jsonl FILE [KEY=PATTERN...]		number of lines where all match
 *        jsonl -t KEY,KEY... FILE [KEY=PATTERN...]	how often each combination
 *        jsonl -c FILE				check that each line is JSON
 *
 * KEY!=PATTERN matches where it does not. A pattern is a shell pattern, or
 * NUMBER..NUMBER for a range. A string matches by its text, anything else as
 * it is written (null, true, 5, an array as a whole). A key that is not there
 * has the value "(none)". Exit status: 0, 2 if a line is not JSON.
 */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEYS 64
#define VALUE 8192

static struct pair {
	char key[64];
	char value[VALUE];
} pairs[KEYS];
static int npairs;

static const char *ws(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* a string, its escapes undone where that is ASCII; NULL if it is none */
static const char *string(const char *p, char *out, size_t max)
{
	size_t n = 0;
	unsigned int v;

	if (*p++ != '"')
		return NULL;
	for (; *p != '"'; p++) {
		char c = *p;

		if ((unsigned char)c < 0x20)
			return NULL;
		if (c == '\\') {
			switch (*++p) {
			case 'n':
				c = '\n';
				break;
			case 't':
				c = '\t';
				break;
			case 'r':
				c = '\r';
				break;
			case 'b':
				c = '\b';
				break;
			case 'f':
				c = '\f';
				break;
			case '"':
			case '\\':
			case '/':
				c = *p;
				break;
			case 'u':
				if (strlen(p) < 5 || sscanf(p + 1, "%4x", &v) != 1)
					return NULL;
				c = v < 0x80 ? (char)v : '?';
				p += 4;
				break;
			default:
				return NULL;
			}
		}
		if (n + 1 < max)
			out[n++] = c;
	}
	if (max)
		out[n] = 0;
	return p + 1;
}

/* any value; NULL if it is none */
static const char *skip(const char *p, int depth)
{
	char end, none[1];
	const char *q;

	p = ws(p);
	if (depth > 20)
		return NULL;
	if (*p == '"')
		return string(p, none, 0);
	if (*p == '[' || *p == '{') {
		end = *p == '[' ? ']' : '}';
		p = ws(p + 1);
		if (*p == end)
			return p + 1;
		for (;;) {
			if (end == '}') {
				p = string(ws(p), none, 0);
				if (!p)
					return NULL;
				p = ws(p);
				if (*p++ != ':')
					return NULL;
			}
			p = skip(p, depth + 1);
			if (!p)
				return NULL;
			p = ws(p);
			if (*p == end)
				return p + 1;
			if (*p++ != ',')
				return NULL;
		}
	}
	if (!strncmp(p, "null", 4) || !strncmp(p, "true", 4))
		return p + 4;
	if (!strncmp(p, "false", 5))
		return p + 5;
	strtod(p, (char **)&q);
	return q == p ? NULL : q;
}

static bool parse(const char *p)
{
	const char *q;

	npairs = 0;
	p = ws(p);
	if (*p++ != '{')
		return false;
	p = ws(p);
	if (*p == '}')
		return !*ws(p + 1);
	for (;;) {
		struct pair *x = &pairs[npairs < KEYS - 1 ? npairs++ : npairs];

		p = string(ws(p), x->key, sizeof(x->key));
		if (!p)
			return false;
		p = ws(p);
		if (*p++ != ':')
			return false;
		p = ws(p);
		if (*p == '"') {
			p = string(p, x->value, sizeof(x->value));
			if (!p)
				return false;
		} else {
			q = skip(p, 0);
			if (!q)
				return false;
			snprintf(x->value, sizeof(x->value), "%.*s", (int)(q - p), p);
			p = q;
		}
		p = ws(p);
		if (*p == '}')
			return !*ws(p + 1);
		if (*p++ != ',')
			return false;
	}
}

static const char *get(const char *key, size_t len)
{
	int i;

	for (i = 0; i < npairs; i++)
		if (strlen(pairs[i].key) == len && !strncmp(pairs[i].key, key, len))
			return pairs[i].value;
	return "(none)";
}

static bool one_matches(const char *cond)
{
	const char *eq = strchr(cond, '='), *value;
	bool negate = eq > cond && eq[-1] == '!';
	long long lo, hi;
	int n = 0;

	value = get(cond, eq - cond - negate);
	if (sscanf(eq + 1, "%lld..%lld%n", &lo, &hi, &n) == 2 && !eq[1 + n]) {
		char *end;
		long long v = strtoll(value, &end, 10);

		return negate != (end != value && !*end && v >= lo && v <= hi);
	}
	return negate != !fnmatch(eq + 1, value, FNM_NOESCAPE | FNM_EXTMATCH);
}

static struct tally {
	char *text;
	unsigned long count;
} *tallies;
static size_t ntallies;

static void tally(const char *keys)
{
	char text[2048];
	size_t n = 0, len, i;
	const char *p;

	text[0] = 0;
	for (p = keys; *p; p += len + (p[len] == ',')) {
		len = strcspn(p, ",");
		n += snprintf(text + n, n < sizeof(text) ? sizeof(text) - n : 0, "%s%.*s=%.200s",
			      n ? " " : "", (int)len, p, get(p, len));
		if (n >= sizeof(text))
			break;
	}
	for (i = 0; i < ntallies; i++)
		if (!strcmp(tallies[i].text, text))
			break;
	if (i == ntallies) {
		tallies = realloc(tallies, ++ntallies * sizeof(*tallies));
		if (!tallies)
			exit(2);
		tallies[i].text = strdup(text);
		tallies[i].count = 0;
	}
	tallies[i].count++;
}

int main(int argc, char **argv)
{
	unsigned long count = 0, lineno = 0;
	const char *keys = NULL;
	bool check = false;
	char *line = NULL;
	size_t room = 0, i;
	int opt, k, status = 0;
	ssize_t n;
	FILE *f;

	while ((opt = getopt(argc, argv, "+t:c")) != -1)
		switch (opt) {
		case 't':
			keys = optarg;
			break;
		case 'c':
			check = true;
			break;
		default:
			return 2;
		}
	if (optind >= argc)
		return 2;
	for (k = optind + 1; k < argc; k++)
		if (!strchr(argv[k], '=')) {
			fprintf(stderr, "jsonl: %s: not KEY=PATTERN\n", argv[k]);
			return 2;
		}
	f = strcmp(argv[optind], "-") ? fopen(argv[optind], "r") : stdin;
	if (!f) {
		perror(argv[optind]);
		return 2;
	}
	while ((n = getline(&line, &room, f)) > 0) {
		lineno++;
		if (line[n - 1] == '\n')
			line[--n] = 0;
		else
			status = 2;	/* cut off */
		if (strlen(line) != (size_t)n || !parse(line)) {
			fprintf(stderr, "jsonl: line %lu is not JSON: %.200s\n", lineno, line);
			status = 2;
			continue;
		}
		for (k = optind + 1; k < argc; k++)
			if (!one_matches(argv[k]))
				break;
		if (k < argc)
			continue;
		count++;
		if (keys)
			tally(keys);
	}
	if (!keys && !check)
		printf("%lu\n", count);
	for (i = 0; i < ntallies; i++)
		printf("%lu %s\n", tallies[i].count, tallies[i].text);
	return status;
}
