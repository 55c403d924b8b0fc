/* SPDX-License-Identifier: GPL-2.0-only */
/* Wireshark's interface to programs that capture. */
#ifndef WHYDROP_EXTCAP_H
#define WHYDROP_EXTCAP_H

#include "commands/command.h"

/* Is this first word of a command line one of Wireshark's? */
bool is_extcap(const char *word);
/* Answer it. Return: an exit code. */
int extcap(struct options *opt, int argc, char **argv);

#endif
