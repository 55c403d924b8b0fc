// SPDX-License-Identifier: GPL-2.0-only
/* Parses lists of patterns, and finds out what they select. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "select/pattern.h"

int patterns_add(struct patterns *list, const char *option, const char *text,
		 pattern_prepare prepare)
{
	const char *end;
	int err;

	for (;; text = end + 1) {
		struct pattern p = { 0 };

		end = text + strcspn(text, ",");
		p.exclude = *text == '!';
		if (p.exclude)
			text++;
		if (end == text) {
			complain("--%s: an item of the list is empty", option);
			return EXIT_USAGE;
		}
		p.text = text_copy(text, end - text);
		err = prepare ? prepare(&p) : 0;
		if (err) {
			free(p.text);
			return err;
		}
		list->item = grow(list->item, list->nr, &list->room, sizeof(p));
		list->item[list->nr++] = p;
		if (!*end)
			return 0;
	}
}

void patterns_free(struct patterns *list)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		free(list->item[i].text);
	for (i = 0; i < list->nr_seen; i++)
		free(list->seen[i]);
	free(list->item);
	free(list->seen);
}

bool patterns_select(const struct patterns *list, pattern_match match, const void *what)
{
	bool wanted = true, found = false;
	size_t i;

	for (i = 0; i < list->nr; i++) {
		const struct pattern *p = &list->item[i];

		if (p->exclude) {
			if (match(p, what))
				return false;
		} else {
			wanted = false;
			found = found || match(p, what);
		}
	}
	return wanted || found;
}

bool match_place_text(const char *pattern, const char *place)
{
	char symbol[512];

	if (match_glob(pattern, place, false))
		return true;
	snprintf(symbol, sizeof(symbol), "%.*s", (int)strcspn(place, "+ "), place);
	return match_glob(pattern, symbol, false);
}
