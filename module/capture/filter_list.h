/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lists that filters are made of: parsed in a task, and applied at a drop, in any context
 * but NMI.
 */
#ifndef WHYDROP_FILTER_LIST_H
#define WHYDROP_FILTER_LIST_H

#include <linux/types.h>
#include "uapi/whydrop.h"

/* Names or numbers that one filter can have. */
#define WHYDROP_FILTER_LIST	32

/**
 * struct whydrop_filter_list - a choice of devices or of namespaces
 * @nr: entries
 * @others: whether what is in no entry passes
 * @pass: whether what is in the entry passes
 * @patterns: among the names are some with '*' or '?'
 * @dev: name, padded with NUL, to be compared as two words, or a pattern
 * @netns: inode
 */
struct whydrop_filter_list {
	unsigned int nr;
	bool others;
	bool patterns;
	bool pass[WHYDROP_FILTER_LIST];
	union {
		u64 dev[WHYDROP_FILTER_LIST][WHYDROP_DEV_LEN / sizeof(u64)];
		u32 netns[WHYDROP_FILTER_LIST];
	};
};

/**
 * whydrop_glob() - does a name fit a pattern?
 * @pattern: '*' is any characters, '?' is one
 * @name: the name
 * @any_case: letters of either case are the same
 *
 * No recursion. Context: any.
 */
bool whydrop_glob(const char *pattern, const char *name, bool any_case);

#endif /* WHYDROP_FILTER_LIST_H */
