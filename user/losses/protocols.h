/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of what is known of the counters of protocols. */
#ifndef WHYDROP_PROTOCOLS_H
#define WHYDROP_PROTOCOLS_H

#include "losses/counter.h"

extern const struct counter protocol_counters[];
extern const size_t nr_protocol_counters;

#endif
