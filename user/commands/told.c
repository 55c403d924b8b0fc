// SPDX-License-Identifier: GPL-2.0-only
/* Keeps which names a recording has, so that it has each once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "commands/told.h"

/* Then all are told again. */
#define TOLD_MAX 65536

struct one {
	uint32_t	kind, id;
	uint64_t	what;		/* a hash of the text; 0: that it is not known */
};

static bool same(const void *val, const void *key)
{
	const struct one *x = val, *y = key;

	return x->kind == y->kind && x->id == y->id;
}

/* Is the text of @id another one than was told? "" says that it is not known. */
static bool is_news(struct told *t, uint32_t kind, uint32_t id, const char *text)
{
	size_t len = strlen(text);
	const struct one key = { kind, id, len ? hash_bytes(text, len) | UINT64_C(1) << 32 : 0 };
	struct one *one = hash_get(&t->all, hash_number(id), same, &key);

	if (one ? one->what == key.what : !len)
		return false;
	if (!one && t->all.nr >= TOLD_MAX)
		told_clear(t);
	if (!one) {
		one = need(malloc(sizeof(*one)));
		*one = key;
		hash_add(&t->all, hash_number(id), one);
	}
	one->what = key.what;
	return true;
}

static void add(struct build *b, const char *key, const char *value)
{
	build_append(b, key, strlen(key));
	build_text(b, value);
}

bool told_netns(struct told *t, struct names *names, const struct whydrop_event *ev,
		struct build *b)
{
	const char *name = names_netns(names, ev->netns, ev->mono_ns)->name;

	if (!is_news(t, WHYDROP_NAME_NETNS, ev->netns, name ?: ""))
		return false;
	build_begin(b, WHYDROP_REC_NAME);
	build_32(b, WHYDROP_NAME_NETNS);
	build_32(b, ev->netns);
	if (name)
		add(b, "name=", name);
	return true;
}

bool told_socket(struct told *t, struct names *names, const struct whydrop_event *ev,
		 struct build *b)
{
	const struct proc *p = names_proc(names, ev->sock_ino);
	char text[PROC_TEXT], pid[16];

	if (!p)
		return false;
	names_proc_text(text, p);
	if (!is_news(t, WHYDROP_NAME_SOCKET, ev->sock_ino, text))
		return false;
	snprintf(pid, sizeof(pid), "%d", p->pid);
	build_begin(b, WHYDROP_REC_NAME);
	build_32(b, WHYDROP_NAME_SOCKET);
	build_32(b, ev->sock_ino);
	add(b, "pid=", pid);
	add(b, "comm=", p->comm);
	if (p->unit)
		add(b, "unit=", p->unit);
	return true;
}

void told_clear(struct told *t)
{
	struct one *one;
	size_t i;

	for (i = 0; (one = hash_next(&t->all, &i));)
		free(one);
	hash_free(&t->all);
	memset(&t->all, 0, sizeof(t->all));
}
