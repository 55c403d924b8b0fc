// SPDX-License-Identifier: GPL-2.0-only
/* Keeps whose a socket is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "names/sockets.h"

/* What is beyond that makes room: what the last look has not found is forgotten. */
#define SOCKS_MAX	65536
#define PROCS_MAX	(2 * SCAN_PROCS_MAX)
_Static_assert(SCAN_SOCKS_MAX < SOCKS_MAX, "there is room for what one look finds");

#define UNIT_MAX	255

struct sock {
	uint32_t	ino;
	unsigned int	seen;		/* in which look */
	struct proc	*proc;		/* NULL: not known, and it was looked for */
};

struct proc_key {
	int		pid;
	const char	*comm, *unit;
};

static bool same_sock(const void *val, const void *key)
{
	return ((const struct sock *)val)->ino == *(const uint32_t *)key;
}

static bool same_proc(const void *val, const void *key)
{
	const struct proc *p = val;
	const struct proc_key *k = key;

	return p->pid == k->pid && !strcmp(p->comm, k->comm) &&
	       !strcmp(p->unit ?: "", k->unit ?: "");
}

static struct proc *get_proc(struct sockets *s, int pid, const char *comm, const char *unit)
{
	char name[sizeof(((struct proc *)0)->comm)];
	const struct proc_key k = { pid, name, unit };
	size_t len = unit ? MIN(strlen(unit), UNIT_MAX) + 1 : 0;
	struct proc *p;

	snprintf(name, sizeof(name), "%s", comm);
	p = hash_get(&s->procs, hash_number(pid), same_proc, &k);
	if (!p) {
		if (s->procs.nr >= PROCS_MAX)
			return NULL;
		p = need(calloc(1, sizeof(*p) + len));
		p->pid = pid;
		strcpy(p->comm, name);
		p->unit = len ? memcpy(p->text, unit, len - 1) : NULL;
		hash_add(&s->procs, hash_number(pid), p);
	}
	p->seen = s->looks;
	return p;
}

static void free_table(struct hash *h)
{
	void *val;
	size_t i;

	for (i = 0; (val = hash_next(h, &i));)
		free(val);
	hash_free(h);
	memset(h, 0, sizeof(*h));
}

/* What the last look has not found, and of that was not found at all. */
static void forget_old(struct sockets *s)
{
	struct hash socks = s->socks, procs = s->procs;
	struct sock *one;
	struct proc *p;
	size_t i;

	memset(&s->socks, 0, sizeof(s->socks));
	memset(&s->procs, 0, sizeof(s->procs));
	for (i = 0; (one = hash_next(&socks, &i));) {
		if (one->proc && one->seen == s->looks)
			hash_add(&s->socks, hash_number(one->ino), one);
		else
			free(one);
	}
	for (i = 0; (p = hash_next(&procs, &i));) {
		if (p->seen == s->looks)
			hash_add(&s->procs, hash_number(p->pid), p);
		else
			free(p);
	}
	hash_free(&socks);
	hash_free(&procs);
}

/* Seldom, because it takes as long as there are many. */
static void make_room(struct sockets *s)
{
	if (!s->looks)
		sockets_free(s);
	else if (s->swept != s->looks)
		forget_old(s);
	s->swept = s->looks;
}

static struct sock *get_sock(struct sockets *s, uint32_t ino)
{
	struct sock *one = hash_get(&s->socks, hash_number(ino), same_sock, &ino);

	if (one)
		return one;
	if (s->socks.nr >= SOCKS_MAX)
		make_room(s);
	if (s->socks.nr >= SOCKS_MAX)
		return NULL;
	one = need(calloc(1, sizeof(*one)));
	one->ino = ino;
	hash_add(&s->socks, hash_number(ino), one);
	return one;
}

const struct proc *sockets_find(struct sockets *s, uint32_t ino, bool *asked)
{
	struct sock *one = hash_get(&s->socks, hash_number(ino), same_sock, &ino);

	*asked = !one && s->looks && get_sock(s, ino);
	return one ? one->proc : NULL;
}

void sockets_learn(struct sockets *s, uint32_t ino, int pid, const char *comm, const char *unit)
{
	struct sock *one;

	if (s->procs.nr >= PROCS_MAX)
		make_room(s);
	one = get_sock(s, ino);
	if (!one)
		return;
	one->seen = s->looks;
	one->proc = get_proc(s, pid, comm, unit);
}

void sockets_learn_scan(struct sockets *s, const struct scan *scan)
{
	size_t i;

	s->looks++;
	for (i = 0; i < scan->nr_socks; i++) {
		const struct scan_proc *p = &scan->proc[scan->sock[i].proc];
		uint32_t ino = scan->sock[i].ino;
		struct sock *one = hash_get(&s->socks, hash_number(ino), same_sock, &ino);

		/* Of several processes, the first. */
		if (!one || !one->proc || one->seen != s->looks || p->pid < one->proc->pid)
			sockets_learn(s, ino, p->pid, p->comm, p->unit);
	}
}

void sockets_free(struct sockets *s)
{
	free_table(&s->socks);
	free_table(&s->procs);
}
