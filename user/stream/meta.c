// SPDX-License-Identifier: GPL-2.0-only
/* What a stream says of its host and of the module's settings: keys with values. */
#include <stdlib.h>
#include <string.h>

#include "stream/decode.h"

void meta_clear(struct meta *list, size_t *nr)
{
	while (*nr)
		free(list[--*nr].key);
}

static const char *meta_get(const struct meta *list, size_t nr, const char *key)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(list[i].key, key))
			return list[i].value;
	return NULL;
}

const char *decoder_meta(const struct decoder *d, const char *key)
{
	return meta_get(d->meta, d->nr_meta, key);
}

const char *decoder_setting(const struct decoder *d, const char *name)
{
	return meta_get(d->setting, d->nr_settings, name);
}

bool meta_set(struct meta **list, size_t *nr, size_t *room, size_t max, const char *key,
	      const char *value)
{
	bool changed = false;
	struct meta *m;
	size_t i;

	if (strlen(key) > 64 || strlen(value) > 4096)
		return false;
	for (i = 0; i < *nr; i++)
		if (!strcmp((*list)[i].key, key))
			break;
	if (i == max)
		return false;
	*list = grow(*list, i, room, sizeof(*m));
	m = &(*list)[i];
	if (i < *nr) {
		changed = strcmp(m->value, value);
		free(m->key);
	} else {
		(*nr)++;
	}
	m->key = need(malloc(strlen(key) + strlen(value) + 2));
	strcpy(m->key, key);
	m->value = strcpy(m->key + strlen(key) + 1, value);
	return changed;
}

void decoder_set_meta(struct decoder *d, const char *key, const char *value)
{
	meta_set(&d->meta, &d->nr_meta, &d->meta_room, META_MAX, key, value);
}
