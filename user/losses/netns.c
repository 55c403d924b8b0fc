// SPDX-License-Identifier: GPL-2.0-only
/* Go to another network namespace: sockets and /proc/net are of that one then. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util.h"
#include "losses/netns.h"

/* The first file of @dir, with @below in it, that is the namespace; -1: none. */
static int find(const char *dir, const char *below, uint32_t netns)
{
	DIR *all = opendir(dir);
	struct dirent *d;
	char path[600];
	struct stat st;
	int fd = -1;

	while (all && fd < 0 && (d = readdir(all))) {
		snprintf(path, sizeof(path), "%s/%s%s", dir, d->d_name, below);
		if (!stat(path, &st) && st.st_ino == netns)
			fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (all)
		closedir(all);
	return fd;
}

uint64_t losses_netns(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) ? 0 : st.st_ino;
}

int losses_netns_open(uint32_t netns)
{
	int fd = find("/var/run/netns", "", netns);

	return fd < 0 ? find("/proc", "/ns/net", netns) : fd;
}

int losses_enter(uint32_t netns)
{
	int fd, err;

	if (losses_netns() == netns)
		return 0;
	fd = losses_netns_open(netns);
	if (fd < 0) {
		complain("--netns: no namespace with the inode %u%s", netns,
			 geteuid() ? " that this user may see" : "");
		hint("`lsns -t net' lists namespaces");
		return EXIT_SOURCE;
	}
	err = setns(fd, CLONE_NEWNET) ? errno : 0;
	close(fd);
	if (!err)
		return 0;
	complain("--netns: cannot go to the namespace %u: %s", netns, strerror(err));
	if (err == EPERM)
		hint("only root may do that: sudo whydrop losses -N %u", netns);
	return EXIT_SOURCE;
}
