// SPDX-License-Identifier: GPL-2.0-only
/* libFuzzer: the whole program, see program.c. */
#include <stdlib.h>
#include <string.h>

#include "records.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *x, size_t x_len, const uint8_t *y, size_t y_len,
				 uint8_t *to, size_t max, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
const char *__asan_default_options(void);

/* Counters of how often each edge was taken, of all of the program. */
extern char __start___sancov_cntrs[] __attribute__((weak));
extern char __stop___sancov_cntrs[] __attribute__((weak));

/* Most of the time would go into memory that is new and into letting go of it. */
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=8:allocator_release_to_os_interval_ms=-1";
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	program_init();
	atexit(program_report);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	program_run(data, size);
	/* One that takes so long is not to be kept: what it has found is time and memory. */
	if (program_was_large() && __start___sancov_cntrs)
		memset(__start___sancov_cntrs, 0, __stop___sancov_cntrs - __start___sancov_cntrs);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	return mutate(data, size, max, seed, LLVMFuzzerMutate);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *x, size_t x_len, const uint8_t *y, size_t y_len,
				 uint8_t *to, size_t max, unsigned int seed)
{
	return cross(x, x_len, y, y_len, to, max, seed);
}
