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

/* For functions that are to be small rather than fast. */
#define COLD __attribute__((cold))

/* What the program returns to the shell. */
enum exit_code {
	EXIT_OK		= 0,
	EXIT_FAILED	= 1,
	EXIT_USAGE	= 2,
	EXIT_SOURCE	= 3,
	EXIT_MATCHED	= 10,
};

/* Decode the UTF-8 sequence at @s into *@c. Return: its length; 0: invalid. */
unsigned int utf8_char(const char *s, size_t len, uint32_t *c);
/* Is it a control character, or a mark that changes the direction or the line of text? */
bool utf8_is_control(uint32_t c);

/* Write a line to stderr: an error, what helps, or a remark. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void hint(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Write a line that the next one, or progress(NULL), replaces, if stderr is a terminal. */
bool progress_wanted(void);
void progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Return @p, or exit if an allocation has failed. */
void *need(void *p);
char *text_copy(const char *s, size_t len);
/* Return a checksum against damage, not against somebody. */
uint64_t text_sum(const char *text, size_t len);
/* Return @s as one word of a shell, quoted if necessary; to be freed. */
char *shell_word(const char *s);
void *grow(void *p, size_t nr, size_t *room, size_t size);

/* Write the decimal digits of @val, up to 20, to @p. Return: their end. */
char *put_u64(char *p, uint64_t val);

/* Parse a size in tcpdump's units: millions of bytes, or KiB, MiB, GiB with k, M, G. */
bool parse_size(const char *s, uint64_t *bytes);
/* Parse @s as a number, decimal or 0x…, of at most @max. Return: whether it is one. */
bool parse_u64(const char *s, uint64_t max, uint64_t *val);
bool parse_seconds(const char *s, int64_t *ms);
bool match_glob(const char *pattern, const char *s, bool nocase);
/* Does @s match one of @patterns, separated by blanks, of at most 63 bytes each? */
bool match_words(const char *patterns, const char *s, bool nocase);

/*
 * The names nearest to what was typed: add candidates, then write those to stderr.
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

/* Read a text file of the kernel's. Return: its text and a NUL; or NULL and errno. */
char *read_text(const char *dir, const char *name, size_t *len);

/* Return the next line at *@pos, terminated by NUL in place; NULL at the end. */
char *next_line(char **pos);
/* Return the next word at *@pos, terminated by NUL in place; NULL at the end. */
char *next_word(char **pos);

#endif
