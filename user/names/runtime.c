// SPDX-License-Identifier: GPL-2.0-only
/* Finds the name of a container in the files of its runtime. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "names/runtime.h"

/* ---- as much of JSON as finds a string: all else is skipped ---- */

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

/* Behind the string that begins at @p; NULL: it does not end. */
static const char *skip_string(const char *p)
{
	for (p++; *p != '"'; p++) {
		p += *p == '\\';
		if (!*p)
			return NULL;
	}
	return p + 1;
}

/* Behind a value, however deep. */
static const char *skip_value(const char *p)
{
	size_t depth = 0;

	do {
		p = skip_blanks(p);
		if (*p == '"') {
			p = skip_string(p);
			if (!p)
				return NULL;
		} else if (*p == '{' || *p == '[') {
			depth++;
			p++;
		} else if (depth && (*p == '}' || *p == ']')) {
			depth--;
			p++;
		} else if (depth && (*p == ',' || *p == ':')) {
			p++;
		} else {
			size_t n = strcspn(p, " \t\r\n,:]}[{\"");

			if (!n)
				return NULL;
			p += n;
		}
	} while (depth);
	return skip_blanks(p);
}

/* The value of a key of the object that begins at @p, or NULL. */
static const char *find_key(const char *p, const char *key)
{
	size_t len = strlen(key);
	const char *name;

	p = p ? skip_blanks(p) : "";
	while (*p == '{' || *p == ',') {
		name = skip_blanks(p + 1);
		p = *name == '"' ? skip_string(name) : NULL;
		if (!p)
			return NULL;
		p = skip_blanks(p);
		if (*p != ':')
			return NULL;
		p = skip_blanks(p + 1);
		if (!strncmp(name + 1, key, len) && name[len + 1] == '"')
			return p;
		p = skip_value(p);
		if (!p)
			return NULL;
	}
	return NULL;
}

/*
 * Copy a string, if all of it is what a name of a container or a pod may have: their runtimes
 * allow nothing that would need an escape.
 */
static bool copy_string(const char *p, char *buf, size_t room)
{
	size_t n;

	if (!p || *p != '"')
		return false;
	p += p[1] == '/' ? 2 : 1;
	n = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+@:");
	if (!n || p[n] != '"' || n >= room)
		return false;
	memcpy(buf, p, n);
	buf[n] = '\0';
	return true;
}

/* ---- where the runtimes keep it ---- */

static char *read_state(const char *root, const char *before, const char *id, const char *behind)
{
	char file[256];

	snprintf(file, sizeof(file), "%s%s%s", before, id, behind);
	return read_text(*root ? root : "/", file, NULL);
}

static bool find_docker(const char *root, const char *id, char *name, size_t room)
{
	char *text = read_state(root, "var/lib/docker/containers/", id, "/config.v2.json");
	bool found = copy_string(find_key(text, "Name"), name, room);

	free(text);
	return found;
}

static bool find_podman(const char *root, const char *id, char *name, size_t room)
{
	static const char *const files[] = {
		"var/lib/containers/storage/overlay-containers/containers.json",
		"var/lib/containers/storage/overlay-containers/volatile-containers.json",
		"var/lib/containers/storage/vfs-containers/containers.json",
		"var/lib/containers/storage/vfs-containers/volatile-containers.json",
	};
	bool found = false;
	const char *p, *names;
	char has[CONTAINER_ID], *text;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files) && !found; i++) {
		text = read_state(root, files[i], "", "");
		p = text ? skip_blanks(text) : "";
		while (p && (*p == '[' || *p == ',') && !found) {
			p = skip_blanks(p + 1);
			names = find_key(p, "names");
			found = copy_string(find_key(p, "id"), has, sizeof(has)) &&
				!strcmp(has, id) && names && *names == '[' &&
				copy_string(skip_blanks(names + 1), name, room);
			p = skip_value(p);
		}
		free(text);
	}
	return found;
}

/* NAMESPACE/POD of Kubernetes, or the name that nerdctl gave. */
static bool find_cri(const char *root, const char *id, char *name, size_t room)
{
	static const struct {
		const char *before, *behind, *space, *pod;
	} states[] = {
		{ "run/containerd/io.containerd.runtime.v2.task/k8s.io/", "/config.json",
		  "io.kubernetes.cri.sandbox-namespace", "io.kubernetes.cri.sandbox-name" },
		{ "run/containerd/io.containerd.runtime.v2.task/default/", "/config.json",
		  NULL, "nerdctl/name" },
		{ "run/containers/storage/overlay-containers/", "/userdata/config.json",
		  "io.kubernetes.pod.namespace", "io.kubernetes.pod.name" },
	};
	bool found = false;
	const char *notes;
	size_t i, len;
	char *text;

	for (i = 0; i < ARRAY_SIZE(states) && !found; i++) {
		text = read_state(root, states[i].before, id, states[i].behind);
		notes = find_key(text, "annotations");
		len = 0;
		if (states[i].space &&
		    copy_string(find_key(notes, states[i].space), name, room - 1)) {
			len = strlen(name);
			name[len++] = '/';
		}
		found = copy_string(find_key(notes, states[i].pod), name + len, room - len);
		free(text);
	}
	return found;
}

void runtime_name(const char *root, const struct container *c, char name[CONTAINER_NAME])
{
	char *p = name + snprintf(name, CONTAINER_NAME, "%s:", c->kind);
	size_t room = CONTAINER_NAME - (p - name);
	bool found = false;

	/* A user may name a cgroup after a container that is somebody else's. */
	if (!c->is_name && !c->of_user)
		found = *c->kind == 'd' ? find_docker(root, c->id, p, room) :
			*c->kind == 'p' ? find_podman(root, c->id, p, room) :
					  find_cri(root, c->id, p, room);
	if (!found)
		snprintf(p, room, "%.*s", c->is_name ? CONTAINER_ID : 12, c->id);
}
