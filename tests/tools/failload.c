// SPDX-License-Identifier: GPL-2.0
/*
 * failload - load a module while one allocation of it fails
 *
 * usage: failload FILE.ko N [PARAMETERS]
 *
 * The N-th allocation that the kernel makes for finit_module(2) fails, if its
 * faults (CONFIG_FAULT_INJECTION) are set up to do so. Prints "loaded" or the
 * error, and "all N - 1 succeeded" if there were fewer. Exit status: 0 loaded,
 * 1 not loaded, 2 cannot run, 3 there are fewer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(2);
}

int main(int argc, char **argv)
{
	int ko, nth, err;
	char left[16] = "";
	long ret;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: failload FILE.ko N [PARAMETERS]\n");
		return 2;
	}
	ko = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (ko < 0)
		die(argv[1]);
	nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth < 0)
		die("fail-nth");
	if (write(nth, argv[2], strlen(argv[2])) < 0)
		die("fail-nth");
	ret = syscall(SYS_finit_module, ko, argc > 3 ? argv[3] : "", 0);
	err = errno;
	/* 0: it has failed; else how many there are still to go */
	if (pread(nth, left, sizeof(left) - 1, 0) < 0)
		die("fail-nth");
	if (pwrite(nth, "0", 1, 0) < 0)
		die("fail-nth");
	printf("%s\n", ret ? strerror(err) : "loaded");
	if (atoi(left)) {
		printf("all %d succeeded\n", atoi(argv[2]) - 1);
		return 3;
	}
	return ret ? 1 : 0;
}
