/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a command beside the reader. */
#ifndef WHYDROP_CHILD_H
#define WHYDROP_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Start @command by the shell; source_more() ends as at a deadline when it
 * has ended. With @keep_stdout its output goes to stderr. -1: said why not.
 */
pid_t child_start(const char *command, bool keep_stdout);
/* Wait for it, SIGTERM is handed on: what the shell has as its status. */
int child_wait(pid_t pid);

#endif
