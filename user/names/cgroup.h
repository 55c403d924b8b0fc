/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what the path of a cgroup tells: container and unit. */
#ifndef WHYDROP_CGROUP_H
#define WHYDROP_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

#define CONTAINER_ID 72

/* The container that a cgroup belongs to. The path may have been chosen by anybody. */
struct container {
	const char	*kind;		/* docker, podman, cri, lxc, nspawn */
	char		id[CONTAINER_ID]; /* its id or, of lxc and nspawn, its name */
	bool		is_name;
	bool		of_user;	/* below a user's own manager, which may name it anything */
};

/* Return: false if the path is that of no container. */
bool cgroup_container(const char *path, struct container *c);
/* The innermost service or scope of a path. Return: its length; 0: none. */
size_t cgroup_unit(const char *path, const char **unit);
/* The path in the text of /proc/PID/cgroup: of version 2, else of systemd; in place. */
const char *cgroup_path(char *text);

#endif
