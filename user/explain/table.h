/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of advice on reasons. */
#ifndef WHYDROP_EXPLAIN_TABLE_H
#define WHYDROP_EXPLAIN_TABLE_H

#include "explain/entry.h"

extern const struct explain explain_table[];
extern const size_t nr_explain;

#endif
