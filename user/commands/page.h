/* SPDX-License-Identifier: GPL-2.0-only */
/* The page that a report is made of, from user/report/. */
#ifndef WHYDROP_PAGE_H
#define WHYDROP_PAGE_H

#include <stddef.h>

/* What stands before the data, and behind it. A program built with PAGE=0 has no page. */
struct page {
	const char	*head, *tail;
	size_t		head_len, tail_len;
};

void page_get(struct page *p);

#endif
