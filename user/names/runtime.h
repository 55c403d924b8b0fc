/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the name of a container in the files of its runtime. */
#ifndef WHYDROP_RUNTIME_H
#define WHYDROP_RUNTIME_H

#include "names/cgroup.h"

#define CONTAINER_NAME 256
/* Write KIND:NAME or, where no file below @root tells a name, KIND:ID with 12 digits. */
void runtime_name(const char *root, const struct container *c, char name[CONTAINER_NAME]);

#endif
