// SPDX-License-Identifier: GPL-2.0-only
/* Keeps what a stream says of its host and of the module's settings: keys with values. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "stream/meta.h"

void meta_clear(struct meta_list *list)
{
	while (list->nr)
		free(list->item[--list->nr].key);
}

void meta_free(struct meta_list *list)
{
	meta_clear(list);
	free(list->item);
}

static struct meta *find(const struct meta_list *list, const char *key)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->item[i].key, key))
			return &list->item[i];
	return NULL;
}

const char *meta_get(const struct meta_list *list, const char *key)
{
	const struct meta *m = find(list, key);

	return m ? m->value : NULL;
}

const struct meta *meta_set(struct meta_list *list, size_t max, const char *key,
			    const char *value)
{
	struct meta *m = find(list, key);
	bool changed = false;

	if (strlen(key) > 64 || strlen(value) > 4096 || (!m && list->nr == max))
		return NULL;
	if (m) {
		changed = strcmp(m->value, value);
		free(m->key);
	} else {
		list->item = grow(list->item, list->nr, &list->room, sizeof(*m));
		m = &list->item[list->nr++];
	}
	m->key = need(malloc(strlen(key) + strlen(value) + 2));
	strcpy(m->key, key);
	m->value = strcpy(m->key + strlen(key) + 1, value);
	return changed ? m : NULL;
}

bool meta_add(struct meta_list *list, size_t max, const char *pos, const char *end)
{
	const char *text, *eq;
	char key[65];

	for (; pos < end; pos = text + strlen(text) + 1) {
		text = pos;
		if (!memchr(text, '\0', end - text))
			return false;
		eq = strchr(text, '=');
		if (!eq || (size_t)(eq - text) >= sizeof(key))
			continue;
		memcpy(key, text, eq - text);
		key[eq - text] = '\0';
		meta_set(list, max, key, eq + 1);
	}
	return true;
}
