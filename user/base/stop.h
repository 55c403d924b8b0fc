/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals and deadlines that end a command. */
#ifndef WHYDROP_STOP_H
#define WHYDROP_STOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* CLOCK_MONOTONIC */
int64_t now_ms(void);

/* Let SIGINT and SIGTERM ask for an orderly end. */
void stop_on_signals(void);
/*
 * Let each signal that a user or a lost terminal ends or stops a program with ask for that,
 * and block them: nothing ends it then but SIGKILL. @old is for ppoll().
 */
void stop_on_all_signals(sigset_t *old);
int stop_signal(void);		/* the signal; 0: none yet */
/* Block the signals that end a wait. @old is for ppoll() or sigsuspend(). */
void block_stop_signals(sigset_t *old);
/* Treat the end of a child as a deadline. */
void stop_with_child(void);
bool child_ended(void);
/* Wait until the child has ended, or stop_signal() differs from @known. */
void wait_child(int known);

#endif
