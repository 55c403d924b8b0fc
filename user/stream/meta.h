/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of keys with values, as META and SETTING records have them. */
#ifndef WHYDROP_META_H
#define WHYDROP_META_H

#include <stdbool.h>
#include <stddef.h>

struct meta {
	char		*key;
	const char	*value;
};

struct meta_list {
	struct meta	*item;
	size_t		nr, room;
};

/* Return the value of a key, or NULL. */
const char *meta_get(const struct meta_list *list, const char *key);
/*
 * Set a key. It is ignored if it is too long, or if there are @max keys already. Return: the
 * item if its value has changed; NULL if not, or if the key is new.
 */
const struct meta *meta_set(struct meta_list *list, size_t max, const char *key,
			    const char *value);
/* Set those of strings KEY=VALUE, up to @end. Return: false if one has no end. */
bool meta_add(struct meta_list *list, size_t max, const char *pos, const char *end);
/* Remove all keys; the memory is kept for others. */
void meta_clear(struct meta_list *list);
void meta_free(struct meta_list *list);

#endif
