/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps whose a socket is. */
#ifndef WHYDROP_SOCKETS_H
#define WHYDROP_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "names/scan.h"

/* The process that has a socket; of several, the one with the lowest number. */
struct proc {
	int		pid;
	const char	*unit;		/* service or scope; NULL: none */
	unsigned int	seen;		/* in which look */
	char		comm[17];
	char		text[];		/* unit */
};

struct sockets {
	struct hash	socks, procs;
	unsigned int	looks;		/* 0: there was none, it is a recording */
	unsigned int	swept;		/* the look after which old ones were forgotten */
};

/* Return the process; NULL: it is not known. *@asked: this one was not asked for before. */
const struct proc *sockets_find(struct sockets *s, uint32_t ino, bool *asked);
void sockets_learn(struct sockets *s, uint32_t ino, int pid, const char *comm, const char *unit);
void sockets_learn_scan(struct sockets *s, const struct scan *scan);
void sockets_free(struct sockets *s);

#endif
