/* SPDX-License-Identifier: GPL-2.0-only */
/* What machine.c answers instead of the system, see redirect.h. */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>

/* @path if it is in the fuzzer's folder, else one in there that stands for it. */
char *fuzz_path(const char *path);
ssize_t fuzz_read(int fd, void *buf, size_t len, bool exactly);
ssize_t fuzz_write(int fd, const void *buf, size_t len);
int fuzz_close(int fd);
int fuzz_fcntl(int fd, int what);
int fuzz_isatty(int fd);
int fuzz_ioctl(int fd, unsigned long request, void *arg);
int fuzz_poll(struct pollfd *fds, nfds_t nr, int64_t ns);
int fuzz_ppoll(struct pollfd *fds, nfds_t nr, const struct timespec *ts, const sigset_t *set);
int fuzz_clock(clockid_t which, struct timespec *ts);
ssize_t fuzz_random(void *buf, size_t len);
extern FILE *fuzz_stderr;

#endif
