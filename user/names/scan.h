/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks at all processes once: which namespaces and sockets they have. */
#ifndef WHYDROP_SCAN_H
#define WHYDROP_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/* What a namespace is known by: as long as that is there, its inode means no other one. */
struct witness {
	char		*file;		/* that is the namespace; NULL: a process in it */
	int		pid;
};

struct scan_ns {
	uint32_t	ino;
	bool		named;		/* by a file, whose name somebody chose */
	char		*name;
	struct witness	by;
	uint64_t	from;		/* CLOCK_MONOTONIC: since then it has existed; UINT64_MAX: only now is sure */
	uint64_t	start;		/* when its oldest process started; UINT64_MAX: it has none */
	uint64_t	born;		/* when a process was started by another in it; UINT64_MAX: none was */
	int		pid;		/* of that process */
};

struct scan_proc {
	int		pid;
	char		comm[17];
	char		*unit;		/* NULL: none */
};

struct scan_sock {
	uint32_t	ino;
	uint32_t	proc;		/* index */
};

#define SCAN_NETNS	1
#define SCAN_SOCKETS	2

struct scan {
	const char	*root;		/* "": the host; else a directory with proc/, run/, ... */
	unsigned int	what;
	struct hash	spaces;
	struct scan_ns	**ns;
	size_t		nr_ns, ns_room;
	struct scan_proc *proc;
	size_t		nr_procs, proc_room;
	struct scan_sock *sock;
	size_t		nr_socks, sock_room;
};

/* Limits, so that memory is bounded: what is beyond them has no name. */
#define SCAN_NS_MAX	8192
#define SCAN_PROCS_MAX	8192
#define SCAN_SOCKS_MAX	49152

/* Fill what is all 0 but @root and @what. */
void scan_run(struct scan *s);
void scan_free(struct scan *s);
/* Is what a namespace was known by still there, and still this namespace? */
bool witness_holds(const char *root, const struct witness *w, uint32_t ino);

#endif
