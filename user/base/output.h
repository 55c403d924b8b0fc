/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHYDROP_OUTPUT_H
#define WHYDROP_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

/* What -w names: a file of binary data, or stdout. */
struct output {
	const char	*name;		/* for messages */
	int		fd;
	bool		regular;
};

/*
 * Open @file, "-" being stdout, for @what: "a recording". It must not be @in, the
 * file that is read, if any. Return: 0, or an exit code and said why.
 */
int output_open(struct output *t, const char *file, const char *in, const char *what);
/* After an error: leave the @whole bytes in front, if it is a file. */
void output_cut(const struct output *t, uint64_t whole);
/* Close it. 0, or EXIT_FAILED and said that writing failed with @err or now. */
int output_close(struct output *t, int err);

#endif
