// SPDX-License-Identifier: GPL-2.0
/*
 * tinyinit - process 1 of a guest that has no root file system but us
 *
 * Mounts what there is to mount, does what each line of /script says, sends all files of
 * /out out of the second serial line, and halts. A line is
 *
 *  load FILE [PARAMETER]...	a module
 *  unload NAME
 *  up DEV			a network device
 *  write FILE TEXT
 *  take FILE TO		copy what FILE has to be read without waiting
 *  link FILE TO		write where that link leads
 *  locations TRACE TO		write what ftrace's events kfree_skb say there of their place
 *  run TO PROGRAM [ARG]...	its output into TO
 *  both TO PROGRAM [ARG]...	its output and its errors, likewise
 *
 * with single spaces between words, and all of it in /out. A line that fails is told in
 * "failed", by its number, and the next one is done. Each file goes out as a line
 * "NAME SIZE", its bytes and a newline; then the line "end 0".
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define WORDS 64

static FILE *failed;
static int line_nr;

static void fails(const char *what)
{
	fprintf(failed, "line %d: %s: %s\n", line_nr, what, strerror(errno));
	fflush(failed);
	fprintf(stderr, "tinyinit: line %d: %s: %s\n", line_nr, what, strerror(errno));
}

static int create(const char *name)
{
	return open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static void load(char **word)
{
	char parameters[512] = "";
	int fd = open(word[1], O_RDONLY | O_CLOEXEC), i;

	for (i = 2; word[i]; i++) {
		strncat(parameters, word[i], sizeof(parameters) - strlen(parameters) - 1);
		strncat(parameters, " ", sizeof(parameters) - strlen(parameters) - 1);
	}
	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0))
		fails(word[1]);
	close(fd);
}

static void unload(const char *name)
{
	if (syscall(SYS_delete_module, name, O_NONBLOCK))
		fails(name);
}

static void up(const char *dev)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { .ifr_flags = IFF_UP };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &ifr))
		fails(dev);
	close(fd);
}

static void write_to(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		fails(file);
	close(fd);
}

static void take(const char *file, const char *name)
{
	static char buf[1 << 16];
	int from = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC), to = create(name);
	ssize_t n = -1;

	while (from >= 0 && (n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, n) != n)
			break;
	if (n > 0 || (n < 0 && errno != EAGAIN))
		fails(file);
	close(from);
	close(to);
}

static void link_of(const char *file, const char *name)
{
	char buf[256];
	int to = create(name);
	ssize_t n = readlink(file, buf, sizeof(buf));

	if (n < 0 || write(to, buf, n) != n)
		fails(file);
	close(to);
}

static void locations(const char *file, const char *name)
{
	static char line[4096];
	FILE *from = fopen(file, "r"), *to = fopen(name, "w");
	char *at;

	if (!from || !to) {
		fails(file);
		return;
	}
	while (fgets(line, sizeof(line), from)) {
		at = strstr(line, ": kfree_skb: ") ? strstr(line, " location=") : NULL;
		if (at)
			fprintf(to, "%.*s\n", (int)strcspn(at + 10, " \n"), at + 10);
	}
	fclose(from);
	fclose(to);
}

static void run(char **word, bool both)
{
	int out = create(word[1]), status;
	pid_t pid = fork();

	if (!pid) {
		dup2(out, 1);
		dup2(both ? out : open("/dev/null", O_WRONLY), 2);
		execv(word[2], word + 2);
		_exit(127);
	}
	close(out);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status) {
		fprintf(failed, "line %d: %s: status %x\n", line_nr, word[2], status);
		fflush(failed);
	}
}

static void one_line(char *line)
{
	char *word[WORDS + 1] = { 0 };
	int n;

	for (n = 0; n < WORDS && (word[n] = strsep(&line, " ")); n++)
		;
	if (!strcmp(word[0], "load") && n >= 2)
		load(word);
	else if (!strcmp(word[0], "unload") && n == 2)
		unload(word[1]);
	else if (!strcmp(word[0], "up") && n == 2)
		up(word[1]);
	else if (!strcmp(word[0], "write") && n == 3)
		write_to(word[1], word[2]);
	else if (!strcmp(word[0], "take") && n == 3)
		take(word[1], word[2]);
	else if (!strcmp(word[0], "link") && n == 3)
		link_of(word[1], word[2]);
	else if (!strcmp(word[0], "locations") && n == 3)
		locations(word[1], word[2]);
	else if ((!strcmp(word[0], "run") || !strcmp(word[0], "both")) && n >= 3)
		run(word, word[0][0] == 'b');
	else {
		errno = EINVAL;
		fails(word[0]);
	}
}

static void send_file(int line, const char *name)
{
	static char buf[1 << 12];
	struct stat st;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n, k;

	if (fd < 0 || fstat(fd, &st))
		return;
	dprintf(line, "%s %lld\n", name, (long long)st.st_size);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (k = 0; k < n; k += write(line, buf + k, n - k))
			;
	dprintf(line, "\n");
	close(fd);
}

static void send_all(void)
{
	int line = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	struct termios t;
	struct dirent *d;
	DIR *dir = opendir(".");

	if (line < 0 || tcgetattr(line, &t)) {
		perror("tinyinit: /dev/ttyS1");
		return;
	}
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	tcsetattr(line, TCSANOW, &t);
	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			send_file(line, d->d_name);
	dprintf(line, "end 0\n");
	tcdrain(line);
}

int main(void)
{
	static char line[4096];
	FILE *script;

	/* What could not be mounted is told by the line that needs it. */
	mount("dev", "/dev", "devtmpfs", 0, "");
	mount("proc", "/proc", "proc", 0, "");
	mount("sys", "/sys", "sysfs", 0, "");
	mount("debug", "/sys/kernel/debug", "debugfs", 0, "");
	mount("tracing", "/sys/kernel/tracing", "tracefs", 0, "");
	setenv("TZ", "UTC", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	script = fopen("/script", "r");
	failed = script && !chdir("/out") ? fopen("failed", "w") : NULL;
	if (!failed) {
		perror("tinyinit");
		reboot(RB_HALT_SYSTEM);
		return 1;
	}
	while (fgets(line, sizeof(line), script)) {
		line_nr++;
		line[strcspn(line, "\n")] = '\0';
		one_line(line);
	}
	fclose(failed);
	send_all();
	reboot(RB_HALT_SYSTEM);
	return 1;
}
