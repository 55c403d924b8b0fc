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

/* The value of a key, or NULL. */
const char *meta_get(const struct meta_list *list, const char *key);
/*
 * Set a key; what would be more than @max keys, or too long, is ignored. Return: the
 * item, if its value was another one before; NULL if not, or if it is new.
 */
const struct meta *meta_set(struct meta_list *list, size_t max, const char *key,
			    const char *value);
/* Forget all; the memory stays for what comes next. */
void meta_clear(struct meta_list *list);
void meta_free(struct meta_list *list);

#endif
