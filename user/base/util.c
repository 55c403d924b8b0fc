// SPDX-License-Identifier: GPL-2.0-only
/* Small things that any file needs. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/util.h"

#define TEXT_MAX (64u << 20)

/* Is there a line on the terminal that is not ended? */
static bool unended;

static void __attribute__((format(printf, 2, 0)))
say(const char *prefix, const char *fmt, va_list ap)
{
	char line[1024], *p;

	/* Names in it may be those of a recording: let none steer a terminal. */
	vsnprintf(line, sizeof(line), fmt, ap);
	for (p = line; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f || *p == '\xc2' || *p == '\x9b')
			*p = '?';
	fprintf(stderr, "%s%s%s\n", unended ? "\r\033[K" : "", prefix, line);
	unended = false;
}

void complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("whydrop: ", fmt, ap);
	va_end(ap);
}

void hint(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("  hint: ", fmt, ap);
	va_end(ap);
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("# ", fmt, ap);
	va_end(ap);
}

bool progress_wanted(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
}

void progress(const char *fmt, ...)
{
	char line[80] = "";
	va_list ap;

	if (!fmt && !unended)
		return;
	if (fmt) {
		va_start(ap, fmt);
		vsnprintf(line, sizeof(line), fmt, ap);
		va_end(ap);
	}
	fprintf(stderr, "\r%s\033[K", line);
	unended = fmt;
}

void *need(void *p)
{
	if (p)
		return p;
	complain("out of memory");
	exit(EXIT_FAILED);
}

char *text_copy(const char *s, size_t len)
{
	char *copy = need(malloc(len + 1));

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void *grow(void *p, size_t nr, size_t *room, size_t size)
{
	if (nr < *room)
		return p;
	*room = *room ? *room * 2 : 16;
	return need(reallocarray(p, *room, size));
}

bool parse_u64(const char *s, uint64_t max, uint64_t *val)
{
	unsigned long long v;
	char *end;

	if (!isdigit((unsigned char)s[0]))
		return false;
	errno = 0;
	v = strtoull(s, &end, s[0] == '0' && tolower(s[1]) == 'x' ? 16 : 10);
	if (errno || *end || end == s || v > max)
		return false;
	*val = v;
	return true;
}

bool parse_size(const char *s, uint64_t *bytes)
{
	static const char units[] = "kmg";
	const char *unit = NULL;
	uint64_t scale = 1000000;
	size_t len = strlen(s);
	char digits[24];

	if (!len || len >= sizeof(digits))
		return false;
	strcpy(digits, s);
	unit = strchr(units, tolower((unsigned char)s[len - 1]));
	if (unit) {
		digits[len - 1] = '\0';
		scale = UINT64_C(1) << (10 * (unit - units + 1));
	}
	if (!parse_u64(digits, UINT64_MAX / scale, bytes) || !*bytes)
		return false;
	*bytes *= scale;
	return true;
}

bool parse_seconds(const char *s, int64_t *ms)
{
	const char *p = s;
	int64_t v = 0;
	int scale;

	for (; isdigit((unsigned char)*p); p++) {
		v = v * 10 + (*p - '0');
		if (v > 1000000000)
			return false;
	}
	if (p == s)
		return false;
	v *= 1000;
	if (*p == '.') {
		p++;
		for (scale = 100; isdigit((unsigned char)*p); p++, scale /= 10)
			v += (int64_t)(*p - '0') * scale;
	}
	*ms = v;
	return !*p;
}

bool match_glob(const char *pattern, const char *s, bool nocase)
{
	return !fnmatch(pattern, s, FNM_NOESCAPE | (nocase ? FNM_CASEFOLD : 0));
}

bool match_words(const char *patterns, const char *s, bool nocase)
{
	char pattern[64];
	size_t len;

	for (; *patterns; patterns += len + strspn(patterns + len, " ")) {
		len = strcspn(patterns, " ");
		snprintf(pattern, sizeof(pattern), "%.*s", (int)len, patterns);
		if (match_glob(pattern, s, nocase))
			return true;
	}
	return false;
}

/* Edit distance in which a swap of neighbors is one step; case is none. */
static unsigned int edit_distance(const char *a, const char *b)
{
	unsigned int row[3][64], i, j, la = strlen(a), lb = strlen(b);

	if (la > 63 || lb > 63)
		return 64;
	for (j = 0; j <= lb; j++)
		row[0][j] = j;
	for (i = 1; i <= la; i++) {
		unsigned int *now = row[i % 3], *prev = row[(i + 2) % 3];
		const unsigned int *before = row[(i + 1) % 3];

		now[0] = i;
		for (j = 1; j <= lb; j++) {
			int ca = tolower((unsigned char)a[i - 1]);
			int cb = tolower((unsigned char)b[j - 1]);
			unsigned int d = prev[j - 1] + (ca != cb);

			d = MIN(d, MIN(prev[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
			    cb == tolower((unsigned char)a[i - 2]))
				d = MIN(d, before[j - 2] + 1);
			now[j] = d;
		}
	}
	return row[la % 3][lb];
}

void nearest_add(struct nearest *n, const char *name)
{
	unsigned int i, len = strlen(n->typed);
	unsigned int d = edit_distance(n->typed, name);

	/* One that contains what was typed is near, however long it is. */
	if (len >= 3 && strcasestr(name, n->typed))
		d = MIN(d, 2);
	if (d > MAX(2, len / 3) || d >= len || strlen(name) > 63)
		return;
	for (i = 0; i < n->nr; i++)
		if (!strcmp(n->name[i], name))
			return;
	for (i = n->nr; i > 0 && n->distance[i - 1] > d; i--) {
		if (i == NEAREST_MAX)
			continue;
		n->distance[i] = n->distance[i - 1];
		strcpy(n->name[i], n->name[i - 1]);
	}
	if (i == NEAREST_MAX)
		return;
	n->distance[i] = d;
	strcpy(n->name[i], name);
	if (n->nr < NEAREST_MAX)
		n->nr++;
}

void nearest_say(const struct nearest *n)
{
	char list[NEAREST_MAX * 68] = "";
	unsigned int i;

	if (!n->nr)
		return;
	for (i = 0; i < n->nr; i++) {
		if (i)
			strcat(list, i + 1 == n->nr ? " or " : ", ");
		strcat(list, n->name[i]);
	}
	hint("did you mean %s?", list);
}

char *read_text(const char *dir, const char *name, size_t *len)
{
	size_t room = 1 << 16, n = 0;
	char path[4096], *buf;
	ssize_t got;
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	buf = need(malloc(room));
	for (;;) {
		if (n + 1 >= room)
			buf = need(realloc(buf, room *= 2));
		got = read(fd, buf + n, room - n - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || n > TEXT_MAX)
			break;
		n += got;
	}
	if (got) {
		int err = got < 0 ? errno : EFBIG;

		free(buf);
		close(fd);
		errno = err;
		return NULL;
	}
	close(fd);
	buf[n] = '\0';
	if (len)
		*len = n;
	return buf;
}

char *next_line(char **pos)
{
	char *line = *pos, *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	if (end)
		*end++ = '\0';
	*pos = end;
	return line;
}

char *next_word(char **pos)
{
	char *word = *pos + strspn(*pos, " \t");
	size_t len = strcspn(word, " \t");

	if (!len)
		return NULL;
	*pos = word + len;
	if (**pos)
		*(*pos)++ = '\0';
	return word;
}
