// SPDX-License-Identifier: GPL-2.0-only
/* Reads what the path of a cgroup tells: container and unit. */
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "names/cgroup.h"

#define ID_DIGITS 64

/* What stands before the id, or the name, in a part of the path. */
static const struct {
	const char	*prefix, *suffix, *kind;
	bool		is_name;
} marks[] = {
	{ "docker-", ".scope", "docker", false },
	{ "libpod-", ".scope", "podman", false },
	{ "libpod-", "", "podman", false },	/* without systemd */
	{ "cri-containerd-", ".scope", "cri", false },
	{ "crio-", ".scope", "cri", false },
	{ "nerdctl-", ".scope", "cri", false },
	{ "lxc.payload.", "", "lxc", true },
	{ "machine-", ".scope", "nspawn", true },
	{ "systemd-nspawn@", ".service", "nspawn", true },
};

/* A part of the path whose children are containers, where no systemd has made them. */
static const struct {
	const char	*parent, *kind;
	bool		is_name;
} parents[] = {
	{ "docker", "docker", false },
	{ "lxc", "lxc", true },
	{ "kubepods", "cri", false },
};

static bool is_id(const char *s, size_t len)
{
	return len == ID_DIGITS && strspn(s, "0123456789abcdef") >= len;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A name without systemd's escapes, if all of it is what a name of a container may have. */
static bool set_name(struct container *c, const char *s, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len && n + 1 < sizeof(c->id); i++) {
		char byte = s[i];

		if (byte == '\\' && i + 3 < len && s[i + 1] == 'x' && hex_digit(s[i + 2]) >= 0 &&
		    hex_digit(s[i + 3]) >= 0) {
			byte = hex_digit(s[i + 2]) * 16 + hex_digit(s[i + 3]);
			i += 3;
		}
		if (byte <= ' ' || byte > '~' || strchr("\\/\"'", byte))
			return false;
		c->id[n++] = byte;
	}
	c->id[n] = '\0';
	return n && i == len;
}

static bool set(struct container *c, const char *kind, bool is_name, const char *s, size_t len)
{
	if (!is_name && !is_id(s, len))
		return false;
	c->kind = kind;
	c->is_name = is_name;
	return set_name(c, s, len);
}

static bool is_part(const char *part, size_t len, const char *text)
{
	return strlen(text) == len && !memcmp(part, text, len);
}

bool cgroup_container(const char *path, struct container *c)
{
	const char *part, *parent = "";
	size_t len, i, parent_len = 0;
	bool found = false;

	c->of_user = false;
	/* The outermost: what runs within it, with containers of its own, is seen as it. */
	for (part = path; *part && !found; part += len) {
		part += *part == '/';
		len = strcspn(part, "/");
		c->of_user |= len > 5 && !strncmp(part, "user@", 5);
		for (i = 0; i < ARRAY_SIZE(marks) && !found; i++) {
			size_t before = strlen(marks[i].prefix), behind = strlen(marks[i].suffix);

			if (len > before + behind && !strncmp(part, marks[i].prefix, before) &&
			    !strncmp(part + len - behind, marks[i].suffix, behind))
				found = set(c, marks[i].kind, marks[i].is_name, part + before,
					    len - before - behind);
		}
		for (i = 0; i < ARRAY_SIZE(parents) && !found && len; i++)
			if (is_part(parent, parent_len, parents[i].parent) &&
			    (parents[i].is_name || is_id(part, len)))
				found = set(c, parents[i].kind, parents[i].is_name, part, len);
		/* Of Kubernetes there are levels between: kubepods/besteffort/podUID/ID. */
		if (!is_part(parent, parent_len, "kubepods")) {
			parent = part;
			parent_len = len;
		}
	}
	return found;
}

size_t cgroup_unit(const char *path, const char **unit)
{
	size_t len, found = 0;
	const char *part;

	for (part = path; *part; part += len) {
		part += *part == '/';
		len = strcspn(part, "/");
		if ((len > 8 && !strncmp(part + len - 8, ".service", 8)) ||
		    (len > 6 && !strncmp(part + len - 6, ".scope", 6))) {
			*unit = part;
			found = len;
		}
	}
	return found;
}

const char *cgroup_path(char *text)
{
	const char *best = "";
	char *pos = text, *line;

	while ((line = next_line(&pos))) {
		if (!strncmp(line, "0::", 3) && line[3] && (!*best || strcmp(line + 3, "/")))
			best = line + 3;
		/* With both versions, systemd keeps its own hierarchy. */
		else if ((line = strstr(line, ":name=systemd:")) && line[14])
			best = line + 14;
	}
	return best;
}
