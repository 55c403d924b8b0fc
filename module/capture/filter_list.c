// SPDX-License-Identifier: GPL-2.0
/* Matches names with patterns, in any context. */
#include <linux/ctype.h>
#include "capture/filter_list.h"

bool whydrop_glob(const char *pattern, const char *name, bool any_case)
{
	const char *back_pattern = NULL, *back_name = NULL;

	while (*name) {
		if (*pattern == '*') {
			back_pattern = ++pattern;
			back_name = name;
		} else if (*pattern == '?' || *pattern == *name ||
			   (any_case && toupper(*pattern) == toupper(*name))) {
			pattern++;
			name++;
		} else if (back_pattern) {
			pattern = back_pattern;
			name = ++back_name;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}
