/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints counters of lost packets for Prometheus. */
#ifndef WHYDROP_LOSSES_METRICS_H
#define WHYDROP_LOSSES_METRICS_H

#include "base/out.h"

/* All counters but those of sockets, which come and go. */
void metrics_losses(struct out *o, bool into_file);

#endif
