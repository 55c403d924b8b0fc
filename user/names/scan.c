// SPDX-License-Identifier: GPL-2.0-only
/* Looks at all processes once: which namespaces and sockets they have. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/util.h"
#include "names/runtime.h"
#include "names/scan.h"

#define NS_NONE UINT64_MAX
/* The clock of files may be so much behind. */
#define FILE_CLOCK 10000000

static uint64_t clock_ns(clockid_t which)
{
	struct timespec ts;

	clock_gettime(which, &ts);
	return ts.tv_sec * UINT64_C(1000000000) + ts.tv_nsec;
}

/* What was at @when of another clock, by CLOCK_MONOTONIC; 0: before that began. */
static uint64_t to_mono(clockid_t which, uint64_t when)
{
	uint64_t ago = clock_ns(which), mono = clock_ns(CLOCK_MONOTONIC);

	ago = ago > when ? ago - when : 0;
	return mono > ago ? mono - ago : 0;
}

/* The number in a link KIND:[NUMBER]; 0: it is not one. */
static uint32_t link_number(int dir, const char *path, const char *kind)
{
	char text[64], *end;
	ssize_t len = readlinkat(dir, path, text, sizeof(text) - 1);
	size_t n = strlen(kind);
	unsigned long ino;

	if (len <= (ssize_t)n)
		return 0;
	text[len] = '\0';
	if (strncmp(text, kind, n) || strncmp(text + n, ":[", 2))
		return 0;
	ino = strtoul(text + n + 2, &end, 10);
	return strcmp(end, "]") || ino > UINT32_MAX ? 0 : ino;
}

/* The namespace that a file is: mounted there, or a link to one; *@from: since when, at least. */
static uint32_t file_number(const char *root, const char *file, uint64_t *from)
{
	char path[64 + 4096];
	struct stat st, own;
	uint32_t ino = link_number(AT_FDCWD, file, "net");

	snprintf(path, sizeof(path), "%s/proc/self/ns/net", root);
	if (ino ? lstat(file, &st) : stat(file, &st))
		return 0;
	/* All namespaces are of one file system; a number of another one means nothing. */
	if (!ino && (stat(path, &own) || st.st_dev != own.st_dev))
		return 0;
	/* It keeps its inode, which was made with it or later. */
	*from = to_mono(CLOCK_REALTIME, st.st_ctim.tv_sec * UINT64_C(1000000000) +
					st.st_ctim.tv_nsec) + FILE_CLOCK;
	return ino ? ino : st.st_ino;
}

static uint32_t process_number(const char *root, int pid)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/proc/%d/ns/net", root, pid);
	return link_number(AT_FDCWD, path, "net");
}

bool witness_holds(const char *root, const struct witness *w, uint32_t ino)
{
	uint64_t from;

	return ino == (w->file ? file_number(root, w->file, &from) : process_number(root, w->pid));
}

static bool same_ns(const void *val, const void *key)
{
	return ((const struct scan_ns *)val)->ino == *(const uint32_t *)key;
}

static struct scan_ns *get_ns(struct scan *s, uint32_t ino)
{
	struct scan_ns *ns = hash_get(&s->spaces, hash_number(ino), same_ns, &ino);

	if (ns || s->nr_ns >= SCAN_NS_MAX)
		return ns;
	ns = need(calloc(1, sizeof(*ns)));
	ns->ino = ino;
	ns->from = ns->start = ns->born = NS_NONE;
	s->ns = grow(s->ns, s->nr_ns, &s->ns_room, sizeof(*s->ns));
	s->ns[s->nr_ns++] = ns;
	hash_add(&s->spaces, hash_number(ino), ns);
	return ns;
}

/* Is it a name that a program made up: netns-UUID of podman, cni-UUID of Kubernetes? */
static bool is_made_up(const char *name)
{
	const char *uuid = !strncmp(name, "netns-", 6) ? name + 6 :
			   !strncmp(name, "cni-", 4)   ? name + 4 : NULL;

	return uuid && strspn(uuid, "0123456789abcdef-") == 36 && !uuid[36];
}

/* @named: the names of its files are for people. */
static void scan_files(struct scan *s, const char *dir, bool named)
{
	char path[4096];
	struct scan_ns *ns;
	struct dirent *d;
	uint64_t from;
	uint32_t ino;
	DIR *all;

	snprintf(path, sizeof(path), "%s/%s", s->root, dir);
	all = opendir(path);
	while (all && (d = readdir(all))) {
		if (*d->d_name == '.' ||
		    snprintf(path, sizeof(path), "%s/%s/%s", s->root, dir, d->d_name) >=
		    (int)sizeof(path))
			continue;
		ino = file_number(s->root, path, &from);
		ns = ino ? get_ns(s, ino) : NULL;
		if (!ns)
			continue;
		ns->from = MIN(ns->from, from);
		/* Of several, always the same one. */
		if (ns->by.file && (!named || is_made_up(d->d_name) ||
				    (ns->named && strcmp(ns->name, d->d_name) < 0)))
			continue;
		free(ns->by.file);
		free(ns->name);
		ns->by.file = text_copy(path, strlen(path));
		ns->named = named && !is_made_up(d->d_name);
		ns->name = named ? text_copy(d->d_name, strlen(d->d_name)) : NULL;
	}
	if (all)
		closedir(all);
}

/* Text of a file of a process, to be freed. */
static char *process_text(const struct scan *s, int pid, const char *name)
{
	char below[64];

	snprintf(below, sizeof(below), "proc/%d/%s", pid, name);
	return read_text(*s->root ? s->root : "/", below, NULL);
}

/* When a process started, by CLOCK_MONOTONIC, and its parent. */
static uint64_t start_time(const struct scan *s, int pid, int *parent)
{
	char *text = process_text(s, pid, "stat"), *p = text ? strrchr(text, ')') : NULL;
	uint64_t ticks = 0;
	unsigned int i;

	/* Field 22; the second one, the name, may have blanks. The parent is the fourth. */
	for (i = 2; p && i < 22; i++) {
		p = strchr(p + 1, ' ');
		if (p && i == 3)
			*parent = strtol(p, NULL, 10);
	}
	if (p)
		ticks = strtoull(p, NULL, 10);
	free(text);
	return p ? to_mono(CLOCK_BOOTTIME, ticks * (1000000000 / sysconf(_SC_CLK_TCK))) : NS_NONE;
}

static void read_comm(const struct scan *s, int pid, char comm[17])
{
	char *text = process_text(s, pid, "comm");

	snprintf(comm, 17, "%s", text ? text : "?");
	comm[strcspn(comm, "\n")] = '\0';
	free(text);
}

static void scan_space_of(struct scan *s, int proc_dir, int pid, uint32_t initial)
{
	struct scan_ns *ns;
	int parent = 0;
	char path[64];
	uint64_t start;
	uint32_t ino;

	snprintf(path, sizeof(path), "%d/ns/net", pid);
	ino = link_number(proc_dir, path, "net");
	/* There is no older one than the first, and all others' times need not be read. */
	ns = ino && (ino != initial || pid == 1) ? get_ns(s, ino) : NULL;
	if (!ns)
		return;
	start = ino == initial ? 0 : start_time(s, pid, &parent);
	if (ino == initial || (start < ns->born && parent && process_number(s->root, parent) == ino))
		ns->born = start;
	if (start >= ns->start)
		return;
	ns->start = start;
	ns->pid = pid;
}

static void scan_sockets_of(struct scan *s, int proc_dir, int pid)
{
	size_t before = s->nr_socks, len;
	struct scan_proc *proc;
	const char *unit;
	struct dirent *d;
	char path[64], *text;
	uint32_t ino;
	DIR *all;
	int dir;

	snprintf(path, sizeof(path), "%d/fd", pid);
	dir = openat(proc_dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	all = dir < 0 ? NULL : fdopendir(dir);
	while (all && (d = readdir(all)) && s->nr_socks < SCAN_SOCKS_MAX) {
		ino = *d->d_name == '.' ? 0 : link_number(dir, d->d_name, "socket");
		if (!ino)
			continue;
		s->sock = grow(s->sock, s->nr_socks, &s->sock_room, sizeof(*s->sock));
		s->sock[s->nr_socks++] = (struct scan_sock){ ino, s->nr_procs };
	}
	if (all)
		closedir(all);
	if (s->nr_socks == before)
		return;
	s->proc = grow(s->proc, s->nr_procs, &s->proc_room, sizeof(*proc));
	proc = &s->proc[s->nr_procs++];
	proc->pid = pid;
	read_comm(s, pid, proc->comm);
	text = process_text(s, pid, "cgroup");
	len = text ? cgroup_unit(cgroup_path(text), &unit) : 0;
	proc->unit = len ? text_copy(unit, len) : NULL;
	free(text);
}

/* A name of an `ip netns', else the container, else the oldest process. */
static void name_space(const struct scan *s, struct scan_ns *ns, uint32_t initial)
{
	char name[CONTAINER_NAME], comm[17], *text = NULL;
	struct container c;

	if (!ns->by.file) {
		ns->by.pid = ns->pid;
		/* A process may have come into it, or made it, long after it was started. */
		ns->from = ns->born;
	}
	if (ns->named || ns->start == NS_NONE)
		return;
	if (ns->ino != initial)
		text = process_text(s, ns->pid, "cgroup");
	if (text && cgroup_container(cgroup_path(text), &c)) {
		runtime_name(s->root, &c, name);
		/* A container's first process is started into it. */
		if (!ns->by.file)
			ns->from = ns->start;
	} else if (ns->name) {
		free(text);
		return;
	} else {
		read_comm(s, ns->pid, comm);
		snprintf(name, sizeof(name), "%d/%s", ns->pid, comm);
	}
	free(text);
	free(ns->name);
	ns->name = text_copy(name, strlen(name));
}

void scan_run(struct scan *s)
{
	uint32_t initial = process_number(s->root, 1);
	char path[4096];
	struct dirent *d;
	uint64_t pid;
	size_t i;
	DIR *all;

	if (s->what & SCAN_NETNS) {
		scan_files(s, "run/netns", true);
		scan_files(s, "var/run/docker/netns", false);
	}
	snprintf(path, sizeof(path), "%s/proc", s->root);
	all = opendir(path);
	while (all && (d = readdir(all))) {
		if (!parse_u64(d->d_name, INT32_MAX, &pid))
			continue;
		if (s->what & SCAN_NETNS)
			scan_space_of(s, dirfd(all), pid, initial);
		if (s->what & SCAN_SOCKETS && s->nr_procs < SCAN_PROCS_MAX)
			scan_sockets_of(s, dirfd(all), pid);
	}
	if (all)
		closedir(all);
	for (i = 0; i < s->nr_ns; i++)
		name_space(s, s->ns[i], initial);
}

void scan_free(struct scan *s)
{
	size_t i;

	for (i = 0; i < s->nr_ns; i++) {
		free(s->ns[i]->name);
		free(s->ns[i]->by.file);
		free(s->ns[i]);
	}
	for (i = 0; i < s->nr_procs; i++)
		free(s->proc[i].unit);
	hash_free(&s->spaces);
	free(s->ns);
	free(s->proc);
	free(s->sock);
	memset(s, 0, sizeof(*s));
}
