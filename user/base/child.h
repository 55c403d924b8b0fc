/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a command beside the reader. */
#ifndef WHYDROP_CHILD_H
#define WHYDROP_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Start @command in a shell. When it ends, source_more() returns as at a deadline. With
 * @keep_stdout, its output goes to stderr. Return: its pid, or -1 with the error reported.
 */
pid_t child_start(const char *command, bool keep_stdout);
/* Wait for it, and forward SIGTERM to it. Return: its exit status, as a shell shows it. */
int child_wait(pid_t pid);

#endif
