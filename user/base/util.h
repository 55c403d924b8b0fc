/* SPDX-License-Identifier: GPL-2.0-only */
/* What any file needs: exit codes, messages, memory, numbers, patterns. */
#ifndef WHYDROP_UTIL_H
#define WHYDROP_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n) (UINT64_C(1) << (n))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* What the program returns to the shell. */
enum exit_code {
	EXIT_OK		= 0,
	EXIT_FAILED	= 1,
	EXIT_USAGE	= 2,
	EXIT_SOURCE	= 3,
	EXIT_MATCHED	= 10,
};

/* Length of the UTF-8 sequence at @s, its character in *@c; 0: invalid. */
unsigned int utf8_char(const char *s, size_t len, uint32_t *c);
/* Control characters, and marks that turn the direction or the line of text. */
bool utf8_is_control(uint32_t c);

/* One line on stderr: what went wrong, and what helps. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void hint(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A line that the next one, or progress(NULL), takes the place of, if stderr is a terminal. */
bool progress_wanted(void);
void progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* strdup and realloc that do not come back without memory. */
void *need(void *p);
char *text_copy(const char *s, size_t len);
/* @s as one word of a shell, in quotes if it takes them; to be freed. */
char *shell_word(const char *s);
void *grow(void *p, size_t nr, size_t *room, size_t size);

/* Decimal digits of @val at @p, where there is room for 20; their end. */
char *put_u64(char *p, uint64_t val);

/* A size, in tcpdump's units: millions of bytes, or k, M, G behind it for KiB ... */
bool parse_size(const char *s, uint64_t *bytes);
/* The whole of @s is a number, decimal or 0x…, not above @max. */
bool parse_u64(const char *s, uint64_t max, uint64_t *val);
bool parse_seconds(const char *s, int64_t *ms);
bool match_glob(const char *pattern, const char *s, bool nocase);
/* Does @s fit one of @patterns, separated by blanks, of at most 63 bytes each? */
bool match_words(const char *patterns, const char *s, bool nocase);

/*
 * Names near to what was typed: feed candidates, then say them on stderr.
 */
#define NEAREST_MAX 4
struct nearest {
	const char	*typed;
	unsigned int	nr;
	unsigned int	distance[NEAREST_MAX];
	char		name[NEAREST_MAX][64];
};

void nearest_add(struct nearest *n, const char *name);
void nearest_report(const struct nearest *n);

/* A whole text file of the kernel's, NUL behind it; NULL and errno. */
char *read_text(const char *dir, const char *name, size_t *len);

/* The next line of *@pos, its end replaced by NUL; NULL at the end. */
char *next_line(char **pos);
/* The next word of *@pos, its end replaced by NUL; NULL at the end. */
char *next_word(char **pos);

#endif
