// SPDX-License-Identifier: GPL-2.0-only
/* Provides what any file needs: messages, memory, numbers, patterns, small files. */
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

unsigned int utf8_char(const char *s, size_t len, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)s;
	unsigned int n, i;

	if (u[0] < 0x80) {
		*c = u[0];
		return 1;
	}
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return 0;
	n = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	if (n > len)
		return 0;
	*c = u[0] & (0x7f >> n);
	for (i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (u[i] & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return n;
}

bool utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

#define SAY_MAX 1024

/*
 * A message as it may be shown: names in it may be those of a recording, and none
 * is to steer a terminal. What does is shown as \xNN; valid text stays as it is.
 */
static void __attribute__((format(printf, 2, 0)))
escape_controls(char out[4 * SAY_MAX], const char *fmt, va_list ap)
{
	char line[SAY_MAX], *s = line;
	unsigned int n, i;
	uint32_t c = 0;
	size_t len;

	vsnprintf(line, sizeof(line), fmt, ap);
	for (len = strlen(line); len; s += n, len -= n) {
		n = utf8_char(s, len, &c);
		if (n && !utf8_is_control(c)) {
			out = mempcpy(out, s, n);
			continue;
		}
		n = n ? n : 1;
		for (i = 0; i < n; i++)
			out += sprintf(out, "\\x%02x", (unsigned char)s[i]);
	}
	*out = '\0';
}

static void __attribute__((format(printf, 2, 0)))
print_line(const char *prefix, const char *fmt, va_list ap)
{
	char line[4 * SAY_MAX];

	escape_controls(line, fmt, ap);
	fprintf(stderr, "%s%s%s\n", unended ? "\r\033[K" : "", prefix, line);
	unended = false;
}

void complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line("whydrop: ", fmt, ap);
	va_end(ap);
}

void hint(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line("  hint: ", fmt, ap);
	va_end(ap);
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line("# ", fmt, ap);
	va_end(ap);
}

bool progress_wanted(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
}

/* The bytes of @s, valid UTF-8, that take no more than so many columns, about. */
static size_t cut_columns(const char *s, int columns)
{
	size_t len = 0;

	for (; s[len]; len++)
		if ((s[len] & 0xc0) != 0x80 && columns-- == 0)
			break;
	return len;
}

void progress(const char *fmt, ...)
{
	char line[4 * SAY_MAX] = "";
	va_list ap;

	if (!fmt && !unended)
		return;
	if (fmt) {
		va_start(ap, fmt);
		escape_controls(line, fmt, ap);
		va_end(ap);
		/* A line that wraps cannot be taken back. */
		line[cut_columns(line, 79)] = '\0';
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

uint64_t text_sum(const char *text, size_t len)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	/* FNV-1a. */
	while (len--)
		sum = (sum ^ (unsigned char)*text++) * UINT64_C(0x100000001b3);
	return sum;
}

char *text_copy(const char *s, size_t len)
{
	char *copy = need(malloc(len + 1));

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *shell_word(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_.,:@%+=/-";
	char *word = need(malloc(4 * strlen(s) + 3)), *p = word;

	if (*s && !s[strspn(s, plain)])
		return strcpy(word, s);
	*p++ = '\'';
	for (; *s; s++) {
		if (*s == '\'')
			p = stpcpy(p, "'\\''");
		else
			*p++ = *s;
	}
	strcpy(p, "'");
	return word;
}

void *grow(void *p, size_t nr, size_t *room, size_t size)
{
	if (nr < *room)
		return p;
	*room = *room ? *room * 2 : 16;
	return need(reallocarray(p, *room, size));
}

char *put_u64(char *p, uint64_t val)
{
	enum { MOST = 20 };
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324"
		"25262728293031323334353637383940414243444546474849"
		"50515253545556575859606162636465666768697071727374"
		"75767778798081828384858687888990919293949596979899";
	char digits[2 * MOST], *first = digits + MOST;

	if (val < 10) {
		*p = '0' + val;
		return p + 1;
	}
	/* A division takes most of the time: one for two digits. */
	for (; val >= 10; val /= 100) {
		first -= 2;
		memcpy(first, pairs + val % 100 * 2, 2);
	}
	if (val)
		*--first = '0' + val;
	/* Always as many, which takes less time than to copy what is there. */
	memcpy(p, first, MOST);
	return p + (digits + MOST - first);
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
	size_t len, text = strlen(s);
	char pattern[64];

	for (; *patterns; patterns += len + strspn(patterns + len, " ")) {
		len = strcspn(patterns, " ");
		/* Most are plain words, of which there may be hundreds. */
		if (strcspn(patterns, "*?[") >= len) {
			if (text == len && !(nocase ? strncasecmp : strncmp)(patterns, s, len))
				return true;
			continue;
		}
		*(char *)mempcpy(pattern, patterns, MIN(len, sizeof(pattern) - 1)) = '\0';
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

void nearest_report(const struct nearest *n)
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
