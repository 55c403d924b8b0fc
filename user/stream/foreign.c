// SPDX-License-Identifier: GPL-2.0-only
/* Knows files that may be taken for a recording, by their first bytes. */
#include <string.h>

#include "base/util.h"
#include "stream/foreign.h"

const char *foreign_format(const char *buf, size_t len)
{
	static const struct {
		const char *magic, *name;
	} known[] = {
		{ "\x1f\x8b", "gzip: zcat FILE | whydrop COMMAND -f -" },
		{ "\xfd" "7zXZ", "xz: xzcat FILE | whydrop COMMAND -f -" },
		{ "\x28\xb5\x2f\xfd", "zstd: zstdcat FILE | whydrop COMMAND -f -" },
		{ "\n\r\r\n", "pcapng: read it with Wireshark" },
	};
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		n = strlen(known[i].magic);
		if (len >= n && !memcmp(buf, known[i].magic, n))
			return known[i].name;
	}
	return NULL;
}
