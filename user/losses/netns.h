/* SPDX-License-Identifier: GPL-2.0-only */
/* Goes to another network namespace. */
#ifndef WHYDROP_NETNS_H
#define WHYDROP_NETNS_H

#include <stdint.h>

/* A file of the network namespace with that inode; -1: there is none to be found. */
int losses_netns_open(uint32_t netns);
/* Go to the network namespace with that inode. 0, or an exit code and said why not. */
int losses_enter(uint32_t netns);
/* The inode of the one that the process is in; 0: not known. */
uint64_t losses_netns(void);

#endif
