// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer: any bytes as a recording, shown as text, as JSON and as pcapng.
 *
 *	tests/fuzz/run [SECONDS]
 */
#include <stdio.h>
#include <stdlib.h>

#include "walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The first byte says in which pieces the rest comes. */
	struct walked w;
	const char *wrong;

	if (!size)
		return 0;
	w = walk_bytes(data + 1, size - 1, data[0] < 128 ? 0 : data[0], true);
	wrong = json_wrong(w.json);
	if (!wrong)
		wrong = text_wrong(w.text);
	if (!wrong)
		wrong = pcapng_wrong(w.pcapng, w.pcapng_len, NULL);
	if (wrong) {
		fprintf(stderr, "harmful: %.200s\n", wrong);
		abort();
	}
	walked_free(&w);
	return 0;
}
