/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FUZZ_MACHINE_H
#define FUZZ_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the program said: on stdout, and on stderr. A NUL is behind it. */
struct said {
	char	*text;
	size_t	len;
	bool	cut;		/* there was more than is kept */
};

extern struct said said_out, said_err;

/* What goes wrong outside of the program. */
enum fault {
	FAULT_NONE, FAULT_SHORT_WRITES, FAULT_DISK_FULL, FAULT_CLOSED_PIPE, FAULT_SHORT_READS,
	FAULT_READ_ERROR, FAULT_NR,
};

struct machine {
	unsigned short	columns;	/* of the terminal; 0: there is none */
	bool		has_screen;	/* one that `top' can draw on */
	uint32_t	keys;		/* that are pressed, as a number that leads to the next */
	unsigned int	nr_keys;
	enum fault	fault;
};

extern struct machine machine;

/* Its folder, which is the working directory from then on. */
void machine_init(void);
/* As at the start: nothing said, no files that the program wrote. */
void machine_reset(void);
/* Put @len bytes into that file. */
void machine_file(const char *name, const void *bytes, size_t len);
/* The file that was written, or NULL; up to @max bytes of it. */
char *machine_written(const char *name, size_t max, size_t *len);
/* Let stdin be @name, or a pipe that has its bytes (up to what a pipe takes). */
void machine_stdin(const char *name, bool pipe);
/* CPU seconds of this process. */
double machine_seconds(void);
/* Print and die. */
void finding(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
