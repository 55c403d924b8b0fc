// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sockets lost, and whose they are. Those that /proc/net has are read there: to ask by
 * netlink would load the kernel's modules for it. Sockets of Unix lose nothing: the sender
 * waits, or gets an error.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/util.h"
#include "losses/counters.h"
#include "losses/sockets.h"
#include "losses/nl.h"

struct lossy {
	const char	*counter;
	char		what[96];	/* address, port */
	char		owner[32];	/* "" : not known */
	uint64_t	ino, id, drops;
};

struct sockets {
	struct lossy	*one;
	size_t		nr, room;
};

static void add(struct sockets *s, const char *counter, const char *what, uint64_t ino,
		uint64_t id, uint64_t drops)
{
	struct lossy *one;

	s->one = grow(s->one, s->nr, &s->room, sizeof(*s->one));
	one = &s->one[s->nr++];
	*one = (struct lossy){ .counter = counter, .ino = ino, .id = id, .drops = drops };
	snprintf(one->what, sizeof(one->what), "%s", what);
}

/* Of 8 or 32 digits in the byte order of this machine, and a port. */
static bool address(const char *hex, bool with_port, char *text, size_t room)
{
	size_t digits = strspn(hex, "0123456789ABCDEF"), i;
	char word[9], addr[INET6_ADDRSTRLEN];
	uint32_t bytes[4];
	unsigned int port;

	if ((digits != 8 && digits != 32) || sscanf(hex + digits, ":%x", &port) != 1)
		return false;
	for (i = 0; i < digits / 8; i++) {
		snprintf(word, sizeof(word), "%.8s", hex + 8 * i);
		bytes[i] = strtoul(word, NULL, 16);
	}
	if (!inet_ntop(digits == 8 ? AF_INET : AF_INET6, bytes, addr, sizeof(addr)))
		return false;
	snprintf(text, room, digits == 8 ? "%s%s%u" : with_port ? "[%s]%s%u" : "%s%s%u", addr,
		 with_port ? ":" : " protocol ", port);
	return true;
}

/* Is the last word of @line @word? Blanks may follow. */
static bool ends_in(const char *line, const char *word)
{
	size_t len = strlen(line), n = strlen(word);

	while (len && line[len - 1] == ' ')
		len--;
	return len > n && line[len - n - 1] == ' ' && !memcmp(line + len - n, word, n);
}

/* Columns of /proc/net/udp and those like it. */
enum { INET_LOCAL = 1, INET_INO = 9, INET_DROPS = 12, INET_COLUMNS = 13 };

static void read_inet(struct sockets *s, const char *file, const char *counter, bool with_port)
{
	char *text = read_text("/proc/net", file, NULL), *pos = text, *line, *word[INET_COLUMNS];
	bool drops_last;
	uint64_t ino, drops;
	char what[96];
	size_t nr;

	line = next_line(&pos);
	drops_last = line && ends_in(line, "drops");
	while ((line = next_line(&pos))) {
		/* Of ten thousand, most have lost nothing. */
		if (drops_last && ends_in(line, "0"))
			continue;
		for (nr = 0; nr < INET_COLUMNS && (word[nr] = next_word(&line)); nr++)
			;
		if (nr == INET_COLUMNS && parse_u64(word[INET_DROPS], UINT64_MAX, &drops) && drops &&
		    parse_u64(word[INET_INO], UINT64_MAX, &ino) &&
		    address(word[INET_LOCAL], with_port, what, sizeof(what)))
			add(s, counter, what, ino, ino, drops);
	}
	free(text);
}

/* Columns of /proc/net/netlink. */
enum { NL_PROTOCOL = 1, NL_PORT = 2, NL_DROPS = 8, NL_INO = 9, NL_COLUMNS = 10 };

static void read_netlink(struct sockets *s)
{
	static const char *const names[] = {
		"route", NULL, "usersock", NULL, "sock_diag", "nflog", "xfrm", "selinux", NULL,
		"audit", "fib_lookup", "connector", "netfilter", NULL, NULL, "uevent", "generic",
	};
	char *text = read_text("/proc/net", "netlink", NULL), *pos = text, *line, *word[NL_COLUMNS];
	uint64_t protocol, port, ino, drops;
	char what[64];
	size_t nr;

	while ((line = next_line(&pos))) {
		for (nr = 0; nr < NL_COLUMNS && (word[nr] = next_word(&line)); nr++)
			;
		if (nr < NL_COLUMNS || !parse_u64(word[NL_DROPS], UINT64_MAX, &drops) || !drops ||
		    !parse_u64(word[NL_PROTOCOL], UINT32_MAX, &protocol) ||
		    !parse_u64(word[NL_PORT], UINT32_MAX, &port) ||
		    !parse_u64(word[NL_INO], UINT64_MAX, &ino))
			continue;
		if (protocol < ARRAY_SIZE(names) && names[protocol])
			snprintf(what, sizeof(what), "%s", names[protocol]);
		else
			snprintf(what, sizeof(what), "protocol %u", (unsigned int)protocol);
		/* The kernel's own have no inode. */
		add(s, "netlink_drops", what, ino, ino ? ino : BIT(63) | protocol << 32 | port, drops);
	}
	free(text);
}

static void add_packet(const struct nlmsghdr *h, void *arg)
{
	const struct packet_diag_msg *msg = nl_body(h, sizeof(*msg));
	char what[96], dev[IFNAMSIZ] = "";
	const struct packet_diag_info *info;
	const uint32_t *mem;

	mem = msg ? nl_attr(h, sizeof(*msg), PACKET_DIAG_MEMINFO,
			    (SK_MEMINFO_DROPS + 1) * sizeof(*mem)) : NULL;
	if (!mem || !mem[SK_MEMINFO_DROPS])
		return;
	info = nl_attr(h, sizeof(*msg), PACKET_DIAG_INFO, sizeof(*info));
	if (info && info->pdi_index)
		if_indextoname(info->pdi_index, dev);
	snprintf(what, sizeof(what), "%s", *dev ? dev : "all devices");
	add(arg, "packet_drops", what, msg->pdiag_ino, msg->pdiag_ino, mem[SK_MEMINFO_DROPS]);
}

static int by_ino(const void *a, const void *b)
{
	const struct lossy *x = a, *y = b;

	return (x->ino > y->ino) - (x->ino < y->ino);
}

/*
 * Whose are these, of the process in the folder @pid of /proc? Each one that is found
 * is one less of @missing.
 */
static bool look_into(struct sockets *s, const char *pid, size_t *missing)
{
	static const char socket[] = "socket:[";
	char path[300], link[64], *comm, owner[32];
	struct lossy key, *one;
	struct dirent *d;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return errno != EACCES;
	while (*missing && (d = readdir(dir))) {
		len = readlinkat(dirfd(dir), d->d_name, link, sizeof(link) - 1);
		if (len <= (ssize_t)strlen(socket) || memcmp(link, socket, strlen(socket)))
			continue;
		link[len - 1] = '\0';	/* the bracket */
		if (!parse_u64(link + strlen(socket), UINT64_MAX, &key.ino))
			continue;
		one = bsearch(&key, s->one, s->nr, sizeof(*s->one), by_ino);
		if (!one || *one->owner)
			continue;
		snprintf(path, sizeof(path), "/proc/%s", pid);
		comm = read_text(path, "comm", NULL);
		if (!comm)
			continue;
		comm[strcspn(comm, "\n")] = '\0';
		snprintf(owner, sizeof(owner), "%s/%.10s", comm, pid);
		memcpy(one->owner, owner, sizeof(owner));
		free(comm);
		--*missing;
	}
	closedir(dir);
	return true;
}

static void find_owners(struct sockets *s, unsigned int *left)
{
	DIR *proc = opendir("/proc");
	size_t i, missing = 0;
	bool all = true;
	struct dirent *d;

	/* The kernel's own have none. */
	for (i = 0; i < s->nr; i++)
		missing += !!s->one[i].ino;
	while (missing && proc && (d = readdir(proc)))
		if (isdigit((unsigned char)d->d_name[0]))
			all &= look_into(s, d->d_name, &missing);
	if (proc)
		closedir(proc);
	for (i = 0; i < s->nr; i++)
		if (!all && s->one[i].ino && !*s->one[i].owner)
			*left |= BIT(LEFT_OWNERS);
}

void losses_read_sockets(struct losses *l, unsigned int *left)
{
	const struct packet_diag_req all = {
		.sdiag_family = AF_PACKET,
		.pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO,
	};
	struct sockets s = { 0 };
	char where[160];
	size_t i;

	read_inet(&s, "udp", "udp_drops", true);
	read_inet(&s, "udp6", "udp_drops", true);
	read_inet(&s, "raw", "raw_drops", false);
	read_inet(&s, "raw6", "raw_drops", false);
	read_inet(&s, "icmp", "icmp_drops", false);
	read_inet(&s, "icmp6", "icmp_drops", false);
	read_netlink(&s);
	if (!nl_dump(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, &all, sizeof(all), add_packet, &s) &&
	    nl_usable())
		*left |= BIT(LEFT_PACKET);
	if (s.nr) {
		qsort(s.one, s.nr, sizeof(*s.one), by_ino);
		find_owners(&s, left);
	}
	for (i = 0; i < s.nr; i++) {
		const struct lossy *one = &s.one[i];

		snprintf(where, sizeof(where), "%s%s%s", one->what, *one->owner ? " " : "", one->owner);
		losses_add(l, counter_find("socket", one->counter), where, NULL, one->id, one->drops);
	}
	free(s.one);
}
