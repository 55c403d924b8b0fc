/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before each source of the reader: what that asks the machine for is
 * answered by machine.c, so that no input reaches a file outside of the fuzzer's
 * folder, nobody waits, and the same input takes the same way each time.
 */
#ifndef FUZZ_REDIRECT_H
#define FUZZ_REDIRECT_H

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

int whydrop_main(int argc, char **argv);

#define main whydrop_main
#define access(path, mode) access(fuzz_path(path), mode)
#define glob(pattern, flags, error, found) glob(fuzz_path(pattern), flags, error, found)
#define lstat(path, st) lstat(fuzz_path(path), st)
#define mkostemp(path, flags) mkostemp(fuzz_path(path), flags)
#define open(path, ...) open(fuzz_path(path), __VA_ARGS__)
#define opendir(path) opendir(fuzz_path(path))
#define readlink(path, buf, len) readlink(fuzz_path(path), buf, len)
#define rename(from, to) rename(fuzz_path(from), fuzz_path(to))
#define scandir(path, list, filter, order) scandir(fuzz_path(path), list, filter, order)
#define stat(path, st) stat(fuzz_path(path), st)
#define statfs(path, fs) statfs(fuzz_path(path), fs)
#define unlink(path) unlink(fuzz_path(path))

/* Of a stream, to be told when somebody looks behind what is there. */
#define read(fd, buf, len) fuzz_read(fd, buf, len, !!strstr(__FILE__, "stream/source.c"))
#define write(fd, buf, len) fuzz_write(fd, buf, len)
#define close(fd) fuzz_close(fd)
#define fcntl(fd, what) fuzz_fcntl(fd, what)
#define isatty(fd) fuzz_isatty(fd)
#define ioctl(fd, request, arg) fuzz_ioctl(fd, request, arg)
#define poll(fds, nr, ms) fuzz_poll(fds, nr, (ms) < 0 ? INT64_MAX : (ms) * INT64_C(1000000))
#define ppoll(fds, nr, ts, set) fuzz_ppoll(fds, nr, ts, set)
#define clock_gettime(which, ts) fuzz_clock(which, ts)
#define getrandom(buf, len, flags) fuzz_random(buf, len)
#undef stderr
#define stderr fuzz_stderr

#endif
