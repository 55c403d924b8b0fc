/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that commands write, for -w. */
#ifndef WHYDROP_OUTPUT_H
#define WHYDROP_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What -w names: a file of binary data, or stdout. */
struct output {
	const char	*name;		/* for messages */
	int		fd;
	bool		regular;
	char		*temporary;	/* its name until it has @name; NULL: it has */
	bool		failed;		/* and said so */
};

/*
 * Open @file, "-" being stdout, for @what: "a recording". It must not be @in, the
 * file that is read, if any. Return: 0, or an exit code and said why.
 */
int output_open(struct output *t, const char *file, const char *in, const char *what);
/*
 * There is something in it: let it take the place of a file that was there.
 * Return: 0, or EXIT_FAILED and said why; then there is nothing more to write to.
 */
int output_rename(struct output *t);
/* After an error: leave the @whole bytes in front, if it is a file. */
void output_truncate(const struct output *t, uint64_t whole);
/* Close it. 0, or EXIT_FAILED and said that writing failed with @err or now. */
int output_close(struct output *t, int err);

/*
 * Runs that replace the same @file take turns. A lock goes with the run that has it; the file
 * @path, which is that of the lock, may be left behind, and is taken over.
 * Return: its descriptor, to be closed after @path is unlinked; or -1 and said why.
 */
int output_lock(const char *file, char *path, size_t room);

/* Is @file, as /dev/stdout, only another name of something open? */
bool output_is_descriptor(const char *file);

#endif
