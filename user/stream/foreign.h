/* SPDX-License-Identifier: GPL-2.0-only */
/* What may be taken for a recording. */
#ifndef WHYDROP_FOREIGN_H
#define WHYDROP_FOREIGN_H

#include <stddef.h>

/* Return what begins with these bytes, and how to read that; NULL: it is not known. */
const char *foreign_format(const char *buf, size_t len);

#endif
