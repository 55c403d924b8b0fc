/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes values of labels for Prometheus. */
#ifndef WHYDROP_OPENMETRICS_H
#define WHYDROP_OPENMETRICS_H

#include "base/out.h"

/* Write a value; what steers a terminal or is no UTF-8 becomes \xNN. */
void openmetrics_value(struct out *o, const char *s, size_t len);

#endif
