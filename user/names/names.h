/* SPDX-License-Identifier: GPL-2.0-only */
/* Knows the names of namespaces, and whose sockets are, on this host or in a recording. */
#ifndef WHYDROP_NAMES_H
#define WHYDROP_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names/sockets.h"

/*
 * An inode is used again, so a namespace is an inode and a time: it has its name from when
 * it is known to have existed until it was last seen. A wrong name is worse than none.
 * Processes are looked at once before events are read, and then beside that, by a thread, if
 * there were namespaces or sockets that it did not know.
 */
struct netns {
	struct netns	*older;		/* what had that inode before; or NULL */
	uint32_t	ino;
	uint32_t	nth;		/* of this inode, from 0 */
	char		*name;		/* NULL: unknown */
	uint64_t	from;		/* CLOCK_MONOTONIC: since then it has existed */
	uint64_t	to;		/* it was there then; once it is gone, later events are of another */
	bool		gone;
	struct witness	*by;		/* how it is checked; NULL: it is not */
	uint32_t	checked;	/* names.batch */
	uint64_t	ask_at, wait;	/* when to look for its name again, ns */
};

struct names;

/* What is to be known. */
#define NAMES_NETNS	1
#define NAMES_SOCKETS	2

/* @root: "", or the directory that has proc/ and run/. */
struct names *names_new(const char *root);
void names_free(struct names *n);
/* Look at all processes now, if that was not done yet. */
void names_look(struct names *n, unsigned int what);
/*
 * More bytes have been read: what is known is checked against what is there now, when it is
 * asked for. @beside: look at processes again, in a thread, if necessary.
 */
void names_tick(struct names *n, bool beside);
/* Forget all: what follows is of another boot. */
void names_forget(struct names *n);
/* Changes when names do. */
uint32_t names_batch(const struct names *n);

/* Return the namespace that an event of @mono was in; never NULL. */
struct netns *names_netns(struct names *n, uint32_t ino, uint64_t mono);
/* Return the name of a namespace that is a group: its inode and netns.nth; NULL: unknown. */
const char *names_of(const struct names *n, uint32_t ino, uint32_t nth);
/* The same, if no other namespace had that inode, as far as is known. */
const char *names_of_inode(const struct names *n, uint32_t ino);
/* Iterate over the names of what is there now. @i is 0 at first. Return: NULL at the end. */
const char *names_next(const struct names *n, size_t *i);
/* Return the inode that has this name, or KIND:NAME, now; 0: none. */
uint32_t names_find(const struct names *n, const char *name);
/* Is it this name, whole or without the KIND: before it? */
bool names_match(const char *pattern, const char *name);
/* From now on the namespace has this name; NULL: it is unknown. As a recording says. */
void names_learn(struct names *n, uint32_t ino, const char *name);

/* Return the process that has a socket; NULL: not known. */
const struct proc *names_proc(struct names *n, uint32_t sock_ino);
/* Write COMM/PID [UNIT]. Return: its length. */
#define PROC_TEXT 320
size_t names_proc_text(char buf[PROC_TEXT], const struct proc *p);
void names_learn_proc(struct names *n, uint32_t sock_ino, int pid, const char *comm,
		      const char *unit);

#endif
