// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the program where there is no libFuzzer. usage: engine SECONDS DIRECTORY |
 * engine FILE...: runs these inputs. What gcc traces says which input has taken a new
 * way; those are kept in memory and changed on. An input with a finding is saved as
 * ./crash-PID (in the directory that the engine was started in).
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/util.h"
#include "records.h"

#define LEN_MAX 32768
#define KEPT_MAX 20000

void __sanitizer_cov_trace_pc(void);
void __sanitizer_set_death_callback(void (*f)(void)) __attribute__((weak));
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "quarantine_size_mb=8:allocator_release_to_os_interval_ms=-1:handle_abort=1";
}

/* How often, about, each edge was taken: by this input, and by any of them. */
static uint8_t taken[1 << 16], ever[1 << 16];
static _Thread_local uintptr_t before;

void __sanitizer_cov_trace_pc(void)
{
	uintptr_t pc = (uintptr_t)__builtin_return_address(0);
	size_t i = (pc ^ pc >> 16 ^ before) & (sizeof(taken) - 1);

	taken[i] += taken[i] != 255;
	before = pc >> 1;
}

static struct kept {
	uint8_t *p;
	size_t len;
} kept[KEPT_MAX];
static size_t nr_kept;
static const uint8_t *current;
static size_t current_len;
static char crash[4096];

static void save(void)
{
	int fd = open(crash, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd >= 0 && write(fd, current, current_len) == (ssize_t)current_len)
		fprintf(stderr, "input saved as %s\n", crash);
}

static void run(const uint8_t *p, size_t len)
{
	current = p;
	current_len = len;
	memset(taken, 0, sizeof(taken));
	before = 0;
	program_run(p, len);
}

/* In eight steps; return whether there was something new. */
static bool is_new(void)
{
	bool found = false;
	size_t i;

	for (i = 0; i < sizeof(taken); i++) {
		uint8_t step = !taken[i] ? 0 : 1 << (7 - MIN(__builtin_clz(taken[i]) - 24, 7));

		if (step & ~ever[i]) {
			ever[i] |= step;
			found = true;
		}
	}
	return found;
}

static void keep(const uint8_t *p, size_t len)
{
	if (nr_kept == KEPT_MAX)
		return;
	kept[nr_kept].p = memcpy(malloc(len + 1), p, len);
	kept[nr_kept++].len = len;
}

static uint32_t state = 1;

static uint32_t roll(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return ((uint64_t)state * n) >> 32;
}

/* Where no more is known of them than that they are bytes. */
static size_t change_bytes(uint8_t *p, size_t len, size_t max)
{
	unsigned int i;

	if (len < max && !roll(4))
		p[len++] = roll(256);
	for (i = 1 + roll(4); i && len; i--)
		p[roll(len)] = roll(2) ? roll(256) : 1u << roll(8);
	return len;
}

static size_t load(uint8_t *p, const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, p, LEN_MAX);

	if (fd >= 0)
		close(fd);
	return n < 0 ? 0 : n;
}

static void load_all(const char *path, uint8_t *p)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	char file[4096];
	size_t len;

	while (dir && (e = readdir(dir))) {
		snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		len = *e->d_name == '.' ? 0 : load(p, file);
		if (len)
			keep(p, len);
	}
	if (dir)
		closedir(dir);
}

int main(int argc, char **argv)
{
	static uint8_t buf[LEN_MAX], other[LEN_MAX];
	unsigned long seconds = argc == 3 ? strtoul(argv[1], NULL, 10) : 0, n = 0;
	size_t i, len, seeds;
	time_t end = time(NULL) + seconds;
	char here[4000];

	snprintf(crash, sizeof(crash), "%s/crash-%d", getcwd(here, sizeof(here)), getpid());
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(save);
	if (seconds)
		load_all(argv[2], buf);
	else
		for (i = 1; i < (size_t)argc; i++) {
			len = load(buf, argv[i]);
			keep(buf, len);
		}
	program_init();
	seeds = nr_kept;
	for (i = 0; i < seeds; i++) {
		run(kept[i].p, kept[i].len);
		is_new();
	}
	while (seconds && time(NULL) < end && nr_kept) {
		/* The newest are the most promising. */
		i = roll(2) ? roll(nr_kept) : nr_kept - 1 - roll(MIN(nr_kept, 200));
		len = kept[i].len;
		memcpy(buf, kept[i].p, len);
		if (!roll(8)) {
			i = roll(nr_kept);
			len = cross(buf, len, kept[i].p, kept[i].len, other, LEN_MAX, state);
			memcpy(buf, other, len);
		}
		len = mutate(buf, len, LEN_MAX, state ^ n, change_bytes);
		run(buf, len);
		if (!program_was_large() && is_new())
			keep(buf, len);
		if (++n % 256 == 0 && __lsan_do_recoverable_leak_check &&
		    __lsan_do_recoverable_leak_check())
			abort();
	}
	for (i = 0; i < nr_kept; i++)
		free(kept[i].p);
	fprintf(stderr, "inputs: %lu, kept: %zu\n", seeds + n, nr_kept);
	program_report();
	return 0;
}
