/* SPDX-License-Identifier: GPL-2.0-only */
/* Hands alarms on to a command and to syslog, and waits for neither. */
#ifndef WHYDROP_TELL_H
#define WHYDROP_TELL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* So many may be under way; of the next ones it is said that they were left out. */
#define TELL_MAX 8

struct tell {
	const char	*command;	/* of --exec; NULL: none */
	bool		syslog;
	pid_t		pid[TELL_MAX];	/* 0: none */
};

/* What the command finds in its environment. */
struct tell_word {
	const char	*name;
	const char	*value;
};

/*
 * @text is one line; @json, of @len bytes, is what the command reads from stdin. @words end
 * with one that has no name. Nothing of them is ever a part of the command itself.
 */
void tell(struct tell *t, bool begins, const char *text, const char *json, size_t len,
	  const struct tell_word *words);
/* Of those that have ended, say which failed. */
void tell_reap(struct tell *t);

#endif
