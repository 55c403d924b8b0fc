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
	char		*temporary;	/* its name until it is renamed to @name; NULL: it was */
	bool		created;	/* there was none of this name */
	bool		failed;		/* with the error reported */
};

/*
 * Open @file for @what, such as "a recording"; "-" is stdout. It must not be @in, the file
 * that is read, if any. Return: 0, or an exit code, with the error reported.
 */
int output_open(struct output *t, const char *file, const char *in, const char *what);
/*
 * Rename it to @name, now that something was written to it, and replace an older file.
 * Return: 0, or EXIT_FAILED, with the error reported; then there is nothing more to write to.
 */
int output_rename(struct output *t);
/* After an error: cut it to @whole bytes, if it is a file. */
void output_truncate(const struct output *t, uint64_t whole);
/*
 * Close it. Return: 0, or EXIT_FAILED with the error reported: @err, or that of closing. That
 * nobody reads a pipe any more is none.
 */
int output_close(struct output *t, int err);

/* Close it without a word, and take it away if output_open() has made it. */
void output_discard(struct output *t);

/*
 * Lock @file, so that runs that replace it take turns. The lock ends with the process; the
 * lock file @path may be left behind, and is reused.
 * Return: its descriptor, to be closed after @path is unlinked; or -1, with the error reported.
 */
int output_lock(const char *file, char *path, size_t room);

/* After sudo: if what is closed now is root's alone, say how to make it one's own. */
void output_hint_owner(const struct output *t);

/* Is @file only another name of an open descriptor, such as /dev/stdout? */
bool output_is_descriptor(const char *file);

#endif
