// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine that the program runs on when it is fuzzed: a folder, a terminal, a
 * clock that goes on when somebody looks at it, and faults. In the place of screen.c,
 * child.c, remote.c, tell.c and extcap.c, too.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "alarm/tell.h"
#include "base/child.h"
#include "base/remote.h"
#include "base/screen.h"
#include "base/util.h"
#include "cli/extcap.h"
#include "calls.h"
#include "machine.h"
#include "walk.h"

/* So much is kept of what is said; a disk that has more is full. */
#define SAID_MAX (48u << 20)
#define WRITTEN_MAX (96u << 20)
#define ERRORS_MAX (1u << 20)
#define SHORT_READS_MAX 100000
#define READY_FD 777		/* that --ready-fd may name */

void __asan_poison_memory_region(const volatile void *p, size_t len) __attribute__((weak));
void __asan_unpoison_memory_region(const volatile void *p, size_t len) __attribute__((weak));

struct machine machine;
struct said said_out, said_err;
FILE *fuzz_stderr;

static int always, report;	/* can be read at any time; where findings are told */
static int64_t now_ns;
static size_t written;
static unsigned int reads, writes, naps;
static char folder[64];

void finding(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdprintf(report, fmt, ap);
	va_end(ap);
	dprintf(report, "\nstderr: %.2000s\n", said_err.text);
	abort();
}

double machine_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* ---- files ---- */

char *fuzz_path(const char *path)
{
	static char there[2][5000];
	static unsigned int turn;
	char *in = there[turn++ % 2];

	if (strstr(path, ".."))
		return strcpy(in, "nowhere/at/all");
	if (*path != '/' || !strcmp(path, "/dev/null") || !strcmp(path, "/dev/full"))
		return (char *)path;
	snprintf(in, sizeof(there[0]), "root%s", path);
	return in;
}

void machine_file(const char *name, const void *bytes, size_t len)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		finding("cannot write %s: %s", name, strerror(errno));
	close(fd);
}

char *machine_written(const char *name, size_t max, size_t *len)
{
	int fd = open(name, O_RDONLY);
	char *text;
	ssize_t n;

	if (fd < 0)
		return NULL;
	text = malloc(max + 1);
	n = read(fd, text, max);
	*len = n < 0 ? 0 : n;
	text[*len] = '\0';
	close(fd);
	return text;
}

void machine_stdin(const char *name, bool pipe_wanted)
{
	int fd = open(name, O_RDONLY), ends[2];
	char buf[4096];
	ssize_t n;

	if (pipe_wanted && !pipe(ends)) {
		fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
		fcntl(ends[1], F_SETFL, O_NONBLOCK);
		while ((n = read(fd, buf, sizeof(buf))) > 0)
			if (write(ends[1], buf, n) != n)
				break;
		close(ends[1]);
		close(fd);
		fd = ends[0];
	}
	dup2(fd, STDIN_FILENO);
	close(fd);
}

static int forget(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st, (void)flag;
	return at->level ? remove(path) : 0;
}

/* What the program made, and what was made for it. */
static void clean(const char *dir)
{
	nftw(dir, forget, 8, FTW_DEPTH | FTW_PHYS);
}

static void leave(void)
{
	clean(".");
	if (!chdir("/"))
		rmdir(folder);
}

/* ---- bytes in and out ---- */

/* What stands behind what was read is not to be looked at, though there is room for it. */
static ssize_t read_exactly(int fd, void *buf, size_t len)
{
	ssize_t n;

	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(buf, len);
	n = read(fd, buf, len);
	if (n >= 0 && __asan_poison_memory_region)
		__asan_poison_memory_region((char *)buf + n, len - n);
	return n;
}

ssize_t fuzz_read(int fd, void *buf, size_t len, bool exactly)
{
	reads++;
	/* After so many, it would be the kernel's time that is measured. */
	if (machine.fault == FAULT_SHORT_READS && reads < SHORT_READS_MAX) {
		if (reads % 7 == 3) {
			errno = EINTR;
			return -1;
		}
		len = MIN(len, 1 + machine.keys % 97);
	}
	if (machine.fault == FAULT_READ_ERROR && reads > machine.keys % 16) {
		errno = EIO;
		return -1;
	}
	return exactly ? read_exactly(fd, buf, len) : read(fd, buf, len);
}

/* Who waits for room gets none. */
static int no_room(void)
{
	errno = naps > 9 ? EIO : ENOSPC;
	return -1;
}

static ssize_t keep(struct said *s, const void *buf, size_t len, size_t max)
{
	if (len > max - s->len) {
		s->cut = true;
		return no_room();
	}
	memcpy(s->text + s->len, buf, len);
	s->len += len;
	return len;
}

ssize_t fuzz_write(int fd, const void *buf, size_t len)
{
	writes++;
	if (machine.fault == FAULT_SHORT_WRITES) {
		if (writes % 5 == 2) {
			errno = EINTR;
			return -1;
		}
		len = MIN(len, 1 + machine.keys * 31);
	}
	if (machine.fault == FAULT_DISK_FULL && writes > machine.keys % 4)
		return no_room();
	if (machine.fault == FAULT_CLOSED_PIPE && writes > machine.keys % 4) {
		errno = EPIPE;
		return -1;
	}
	if (fd == READY_FD)
		return len;
	if (fd == STDOUT_FILENO)
		return keep(&said_out, buf, len, SAID_MAX);
	if (fd == STDERR_FILENO)
		return keep(&said_err, buf, len, ERRORS_MAX);
	if (written + len > WRITTEN_MAX) {
		said_out.cut = true;
		errno = ENOSPC;
		return -1;
	}
	written += len;
	return write(fd, buf, len);
}

/* A million lines on stderr would be read by nobody, but are no fault of an input's. */
static ssize_t put_stderr(void *cookie, const char *buf, size_t len)
{
	(void)cookie;
	if (len > ERRORS_MAX - said_err.len)
		said_err.cut = true;
	else
		keep(&said_err, buf, len, ERRORS_MAX);
	return len;
}

int fuzz_close(int fd)
{
	return fd <= STDERR_FILENO || fd == READY_FD ? 0 : close(fd);
}

int fuzz_fcntl(int fd, int what)
{
	(void)what;
	if (fd >= 0 && (fd <= STDERR_FILENO || fd == READY_FD))
		return 0;
	errno = EBADF;
	return -1;
}

/* ---- the terminal ---- */

int fuzz_isatty(int fd)
{
	return (fd == STDOUT_FILENO || fd == STDERR_FILENO) && machine.columns;
}

int fuzz_ioctl(int fd, unsigned long request, void *arg)
{
	if (!fuzz_isatty(fd) || request != TIOCGWINSZ)
		return -1;
	*(struct winsize *)arg = (struct winsize){ .ws_row = 24, .ws_col = machine.columns };
	return 0;
}

bool screen_usable(const char **why)
{
	*why = "not wanted";
	return machine.has_screen;
}

bool screen_open(struct screen *s, bool color)
{
	*s = (struct screen){ .fd = always, .height = 24, .width = 80, .color = color };
	return true;
}

void screen_close(struct screen *s)
{
	(void)s;
}

void screen_begin(struct screen *s)
{
	(void)s;
}

void screen_line(struct screen *s, int row, const char *text, size_t len, enum style style)
{
	char *copy = malloc(len + 1);

	(void)s, (void)row, (void)style;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (strlen(copy) != len || text_wrong(copy))
		finding("harmful, on the screen: %.200s", copy);
	free(copy);
}

void screen_end(struct screen *s)
{
	(void)s;
}

int screen_key(struct screen *s)
{
	static const int all[] = {
		KEY_IS_UP, KEY_IS_DOWN, KEY_IS_DOWN, KEY_IS_PAGE_UP, KEY_IS_PAGE_DOWN, KEY_IS_HOME,
		KEY_IS_END, KEY_IS_ENTER, KEY_IS_ENTER, KEY_IS_ESCAPE, KEY_IS_RESIZE, KEY_IS_NONE,
		KEY_IS_NONE, 'r', 'd', 'n', 'a', 'c', 'f', 'g', 'G', 's', 'p', '?', 'x',
	};
	int key;

	if (!machine.nr_keys)
		return 'q';
	machine.nr_keys--;
	machine.keys = machine.keys * 1664525 + 1013904223;
	key = all[(machine.keys >> 16) % ARRAY_SIZE(all)];
	if (key == KEY_IS_RESIZE) {
		s->height = 1 + machine.keys % 61;
		s->width = 1 + (machine.keys >> 8) % 211;
	}
	return key;
}

/* ---- the clock, and who waits ---- */

int fuzz_clock(clockid_t which, struct timespec *ts)
{
	int64_t ns;

	now_ns += 20000;
	ns = now_ns + (which == CLOCK_REALTIME ? INT64_C(1795376527000000000) : 0);
	*ts = (struct timespec){ ns / 1000000000, ns % 1000000000 };
	return 0;
}

int fuzz_poll(struct pollfd *fds, nfds_t nr, int64_t ns)
{
	int ready = poll(fds, nr, 0);

	if (ready)
		return ready;
	if (ns == INT64_MAX)
		finding("it waits for what never comes");
	now_ns += ns;
	naps += !nr;
	return 0;
}

int fuzz_ppoll(struct pollfd *fds, nfds_t nr, const struct timespec *ts, const sigset_t *set)
{
	(void)set;
	return fuzz_poll(fds, nr, ts ? ts->tv_sec * INT64_C(1000000000) + ts->tv_nsec : INT64_MAX);
}

ssize_t fuzz_random(void *buf, size_t len)
{
	memset(buf, 0x5a, len);
	return len;
}

/* ---- other programs ---- */

pid_t child_start(const char *command, bool keep_stdout)
{
	(void)command, (void)keep_stdout;
	return 0;
}

int child_wait(pid_t pid)
{
	(void)pid;
	return 0;
}

void tell(struct tell *t, bool begins, const char *text, const char *json, size_t len,
	  const struct tell_word *words)
{
	(void)t, (void)begins, (void)text, (void)json, (void)len, (void)words;
}

void tell_reap(struct tell *t)
{
	(void)t;
}

bool remote_is_host(const char *word)
{
	return word && *word && *word != '-';
}

bool remote_start(struct remote *r, bool own_err)
{
	(void)own_err;
	r->out = r->err = r->pid = -1;
	return false;
}

void remote_close(struct remote *r)
{
	(void)r;
}

void remote_end(struct remote *r, bool ours, char *text, size_t room)
{
	(void)r, (void)ours, (void)room;
	*text = '\0';
}

bool is_extcap(const char *word)
{
	(void)word;
	return false;
}

int extcap(struct options *opt, int argc, char **argv)
{
	(void)opt, (void)argc, (void)argv;
	return EXIT_USAGE;
}

/* libpcap would ask a name server. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **res)
{
	(void)node, (void)service, (void)hints;
	*res = NULL;
	return EAI_NONAME;
}

/* Not of the heap that is measured. */
static char *room(size_t len)
{
	char *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

void machine_init(void)
{
	cookie_io_functions_t io = { .write = put_stderr };

	report = dup(STDERR_FILENO);
	said_out.text = room(SAID_MAX + 1);
	said_err.text = room(ERRORS_MAX + 1);
	fuzz_stderr = fopencookie(NULL, "w", io);
	setvbuf(fuzz_stderr, NULL, _IONBF, 0);
	always = open("/dev/null", O_RDONLY);
	setenv("WHYDROP_DEBUGFS", "live", 1);
	setenv("WHYDROP_PARAMETERS", "parameters", 1);
	setenv("TERM", "xterm", 1);
	setenv("TZ", "UTC", 1);
	unsetenv("COLUMNS");
	snprintf(folder, sizeof(folder), "%s/program.XXXXXX", getenv("FUZZ_FOLDER") ?: "/tmp");
	if (!mkdtemp(folder) || chdir(folder) || mkdir("d", 0700) || mkdir("live", 0700) ||
	    mkdir("parameters", 0700) || mkdir("root", 0700) || mkdir("w", 0700))
		finding("cannot make %s: %s", folder, strerror(errno));
	atexit(leave);
}

void machine_reset(void)
{
	static const char *const ours[] = { ".", "..", "d", "live", "parameters", "root", "w" };
	DIR *dir = opendir(".");
	struct dirent *e;
	size_t i;

	while ((e = readdir(dir))) {
		for (i = 0; i < ARRAY_SIZE(ours); i++)
			if (!strcmp(e->d_name, ours[i]))
				break;
		if (i == ARRAY_SIZE(ours))
			unlink(e->d_name);
		else if (i > 1)
			clean(e->d_name);
	}
	closedir(dir);
	said_out.len = said_err.len = written = reads = writes = naps = 0;
	said_out.cut = said_err.cut = false;
	now_ns = INT64_C(100000000000);
}
