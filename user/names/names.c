// SPDX-License-Identifier: GPL-2.0-only
/* Knows the names of namespaces, on this host or in a recording. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/util.h"
#include "names/names.h"
#include "names/scan.h"

/* So many are kept; a recording may be forged. */
#define NETNS_MAX	16384
#define NAME_MAX_LEN	255
/* Looking at all processes takes a tenth of one CPU, at most. */
#define REST		10
#define REST_MIN	100000000
/* A name that was not found is looked for again, ever less often. */
#define WAIT_FIRST	UINT64_C(1000000000)
#define WAIT_MAX	(60 * WAIT_FIRST)

/* So many that had the same inode are remembered. */
#define OLDER_MAX	8

struct names {
	const char	*root;
	unsigned int	what;
	struct hash	spaces;		/* the current one of each inode */
	struct sockets	sockets;
	size_t		nr;
	uint32_t	batch;
	uint64_t	now;
	bool		wanted;		/* something was asked for that is not known */
	uint64_t	next_look;
	/* The thread has scan while it is running. */
	pthread_t	thread;
	bool		running;
	bool		done;		/* atomic */
	uint64_t	began, took;
	struct scan	scan;
};

static uint64_t now_mono(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * UINT64_C(1000000000) + ts.tv_nsec;
}

struct names *names_new(const char *root)
{
	struct names *n = need(calloc(1, sizeof(*n)));

	n->root = root;
	n->batch = 1;
	return n;
}

static bool same_ino(const void *val, const void *key)
{
	return ((const struct netns *)val)->ino == *(const uint32_t *)key;
}

static struct netns *current(const struct names *n, uint32_t ino)
{
	return hash_get(&n->spaces, hash_number(ino), same_ino, &ino);
}

static void forget_witness(struct netns *ns)
{
	if (ns->by)
		free(ns->by->file);
	free(ns->by);
	ns->by = NULL;
}

/* @ns and those that are older. */
static void free_chain(struct names *n, struct netns *ns)
{
	struct netns *older;

	for (; ns; ns = older) {
		older = ns->older;
		forget_witness(ns);
		free(ns->name);
		free(ns);
		n->nr--;
	}
}

static void free_all(struct names *n)
{
	struct netns *ns;
	size_t i;

	for (i = 0; (ns = hash_next(&n->spaces, &i));)
		free_chain(n, ns);
	hash_free(&n->spaces);
	memset(&n->spaces, 0, sizeof(n->spaces));
	sockets_free(&n->sockets);
}

static void stop_thread(struct names *n)
{
	if (!n->running)
		return;
	pthread_join(n->thread, NULL);
	n->running = false;
	scan_free(&n->scan);
}

void names_free(struct names *n)
{
	if (!n)
		return;
	stop_thread(n);
	free_all(n);
	free(n);
}

void names_forget(struct names *n)
{
	stop_thread(n);
	free_all(n);
	n->batch++;
}

uint32_t names_batch(const struct names *n)
{
	return n->batch;
}

/* A namespace takes over an inode; NULL: there are too many. */
static struct netns *add_netns(struct names *n, uint32_t ino, uint64_t from)
{
	struct netns *old = current(n, ino), *ns;
	unsigned int i;

	if (n->nr >= NETNS_MAX)
		return NULL;
	n->nr++;
	ns = need(calloc(1, sizeof(*ns)));
	ns->ino = ino;
	ns->from = from;
	ns->to = UINT64_MAX;
	ns->older = old;
	if (!old) {
		hash_add(&n->spaces, hash_number(ino), ns);
		return ns;
	}
	ns->nth = old->nth + 1;
	old->gone = true;
	old->to = MIN(old->to, from);
	forget_witness(old);
	*hash_find(&n->spaces, hash_number(ino), same_ino, &ino) = ns;
	for (i = 0; old && i < OLDER_MAX; i++)
		old = old->older;
	if (old) {
		free_chain(n, old->older);
		old->older = NULL;
	}
	return ns;
}

static void set_name(struct netns *ns, const char *name)
{
	free(ns->name);
	ns->name = name ? text_copy(name, strnlen(name, NAME_MAX_LEN)) : NULL;
}

/* Is the namespace that has the name still there? Until now it was, then. */
static bool still_there(struct names *n, struct netns *ns)
{
	if (!ns->by || ns->checked == n->batch)
		return !ns->gone;
	ns->checked = n->batch;
	if (witness_holds(n->root, ns->by, ns->ino)) {
		/* Read before it was checked: so are the events that are shown now. */
		ns->to = n->now;
		return true;
	}
	ns->gone = true;
	forget_witness(ns);
	n->wanted = true;
	return false;
}

/* Is what was found, since @from, another namespace than @ns, which has or had its inode? */
static bool is_another(const struct names *n, const struct netns *ns, const struct scan_ns *found,
		       uint64_t from)
{
	/* It is no younger than when that was seen. */
	if (ns->gone || !ns->name)
		return from > (ns->gone ? ns->to : ns->from);
	/* It has got a better name, if that by which it was known is still there. */
	return strcmp(ns->name, found->name) && !witness_holds(n->root, ns->by, ns->ino);
}

static void learn_scanned(struct names *n, const struct scan_ns *found)
{
	struct netns *ns = current(n, found->ino);
	uint64_t from = MIN(found->from, n->began);

	if (!found->name)
		return;
	/* A process may have come from elsewhere: what it is in now need not be what is gone. */
	if (ns && ns->gone && !found->by.file)
		from = MAX(from, n->began);
	if (!ns || is_another(n, ns, found, from))
		ns = add_netns(n, found->ino, from);
	if (!ns)
		return;
	set_name(ns, found->name);
	ns->from = MIN(ns->from, from);
	ns->to = n->began;
	ns->gone = false;
	forget_witness(ns);
	ns->by = need(calloc(1, sizeof(*ns->by)));
	ns->by->pid = found->by.pid;
	if (found->by.file)
		ns->by->file = text_copy(found->by.file, strlen(found->by.file));
}

static void learn_scan(struct names *n)
{
	size_t i;

	for (i = 0; i < n->scan.nr_ns; i++)
		learn_scanned(n, n->scan.ns[i]);
	sockets_learn_scan(&n->sockets, &n->scan);
	scan_free(&n->scan);
	n->batch++;
}

void names_look(struct names *n, unsigned int what)
{
	if ((n->what & what) == what)
		return;
	stop_thread(n);
	n->what |= what;
	n->scan = (struct scan){ .root = n->root, .what = n->what };
	n->began = n->now = now_mono();
	scan_run(&n->scan);
	n->next_look = now_mono() + REST_MIN;
	n->wanted = false;
	learn_scan(n);
}

static void *look_beside(void *arg)
{
	struct names *n = arg;

	scan_run(&n->scan);
	n->took = now_mono() - n->began;
	__atomic_store_n(&n->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void start_thread(struct names *n)
{
	sigset_t all, old;

	n->scan = (struct scan){ .root = n->root, .what = n->what };
	n->done = n->wanted = false;
	n->began = now_mono();
	/* Signals end what the reader waits for, so they are its own. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	n->running = !pthread_create(&n->thread, NULL, look_beside, n);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	n->next_look = n->now + WAIT_FIRST;
}

void names_tick(struct names *n, bool beside)
{
	n->now = now_mono();
	n->batch++;
	if (n->running && __atomic_load_n(&n->done, __ATOMIC_ACQUIRE)) {
		pthread_join(n->thread, NULL);
		n->running = false;
		n->next_look = n->now + MAX(REST * n->took, REST_MIN);
		learn_scan(n);
	}
	if (beside && n->what && n->wanted && !n->running && n->now >= n->next_look)
		start_thread(n);
}

/* What had the inode before all that is known of it. */
static struct netns *before(struct names *n, struct netns *first)
{
	struct netns *ns = need(calloc(1, sizeof(*ns)));

	n->nr++;
	ns->ino = first->ino;
	ns->nth = UINT32_MAX;
	ns->gone = true;
	ns->to = first->from;
	first->older = ns;
	return ns;
}

struct netns *names_netns(struct names *n, uint32_t ino, uint64_t mono)
{
	static struct netns none;
	struct netns *ns = current(n, ino);

	if (ns && ns->by)
		still_there(n, ns);
	if (!ns || (ns->gone && mono > ns->to)) {
		ns = add_netns(n, ino, n->what ? mono : 0);
		n->wanted |= ns != NULL;
	} else if (!ns->name && n->what && n->now >= ns->ask_at) {
		ns->wait = MIN(MAX(2 * ns->wait, WAIT_FIRST), WAIT_MAX);
		ns->ask_at = n->now + ns->wait;
		n->wanted = true;
	}
	for (; ns && mono < ns->from; ns = ns->older) {
		/* Events of other CPUs may be a little earlier. */
		if (!ns->name && (!ns->older || ns->older->to < mono)) {
			ns->from = mono;
			break;
		}
		if (!ns->older && n->nr < NETNS_MAX)
			before(n, ns);
	}
	return ns ? ns : &none;
}

const char *names_of(const struct names *n, uint32_t ino, uint32_t nth)
{
	const struct netns *ns = n ? current(n, ino) : NULL;

	while (ns && ns->nth != nth)
		ns = ns->older;
	return ns ? ns->name : NULL;
}

const char *names_of_inode(const struct names *n, uint32_t ino)
{
	const struct netns *ns = n ? current(n, ino) : NULL;

	return ns && !ns->older ? ns->name : NULL;
}

const char *names_next(const struct names *n, size_t *i)
{
	const struct netns *ns;

	while ((ns = hash_next(&n->spaces, i)))
		if (ns->name && !ns->gone)
			return ns->name;
	return NULL;
}

bool names_match(const char *pattern, const char *name)
{
	const char *colon = strchr(name, ':');

	return !strcmp(pattern, name) || (colon && !strcmp(pattern, colon + 1));
}

uint32_t names_find(const struct names *n, const char *name)
{
	const struct netns *ns;
	uint32_t found = 0;
	size_t i;

	/* The whole name rather than a part; of several, always the same one. */
	for (i = 0; (ns = hash_next(&n->spaces, &i));)
		if (ns->name && !ns->gone && names_match(name, ns->name)) {
			if (!strcmp(name, ns->name))
				return ns->ino;
			found = MAX(found, ns->ino);
		}
	return found;
}

void names_learn(struct names *n, uint32_t ino, const char *name)
{
	struct netns *ns = current(n, ino);

	if (ns && !ns->gone && (name ? ns->name && !strcmp(ns->name, name) : !ns->name))
		return;
	/* Recordings are in the order of the stream: what follows is of it. */
	ns = add_netns(n, ino, 0) ?: ns;
	if (ns)
		set_name(ns, name);
	n->batch++;
}

const struct proc *names_proc(struct names *n, uint32_t sock_ino)
{
	const struct proc *p;
	bool asked;

	if (!sock_ino)
		return NULL;
	p = sockets_find(&n->sockets, sock_ino, &asked);
	/* Once for each. */
	n->wanted |= asked;
	return p;
}

size_t names_proc_text(char buf[PROC_TEXT], const struct proc *p)
{
	return snprintf(buf, PROC_TEXT, "%s/%d%s%s", p->comm, p->pid, p->unit ? " " : "",
			p->unit ?: "");
}

void names_learn_proc(struct names *n, uint32_t sock_ino, int pid, const char *comm,
		      const char *unit)
{
	sockets_learn(&n->sockets, sock_ino, pid, comm, unit);
}
