/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a command on another host, by ssh or what is given in its place. */
#ifndef WHYDROP_REMOTE_H
#define WHYDROP_REMOTE_H

#include <stdbool.h>
#include <sys/types.h>

struct remote {
	const char	*host, *via, *command;	/* VIA, with its options, gets HOST and COMMAND */
	pid_t		pid;
	int		out;		/* what it says */
	int		err;		/* on its stderr; -1: that is ours */
};

/* Is it a host, not an option? */
bool remote_is_host(const char *word);
/*
 * Return: false, with the error reported. @own_err: its stderr is a pipe, and reading from
 * either does not block.
 */
bool remote_start(struct remote *r, bool own_err);
/* What it says does not matter any more. */
void remote_close(struct remote *r);
/*
 * End it, unless it has ended. @text is how it did, "exit status 1", if it did by itself and
 * has failed; else empty.
 */
void remote_end(struct remote *r, bool ours, char *text, size_t room);

#endif
