// SPDX-License-Identifier: GPL-2.0-only
/* Reads which boot of which kernel this is, which the module cannot tell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "stream/decode.h"
#include "stream/ids.h"

bool read_boot_id(char text[BOOT_ID_LEN])
{
	char *id = read_text("/proc/sys/kernel/random", "boot_id", NULL);
	bool ok = id && strlen(id) >= BOOT_ID_LEN - 1;

	if (ok) {
		memcpy(text, id, BOOT_ID_LEN - 1);
		text[BOOT_ID_LEN - 1] = '\0';
	}
	free(id);
	return ok;
}

bool build_id_text(char text[BUILD_ID_TEXT], const void *notes, size_t len)
{
	const unsigned char *p = notes, *end = p + len;
	uint32_t head[3];
	size_t i;

	for (; (size_t)(end - p) >= sizeof(head); p += head[1]) {
		memcpy(head, p, sizeof(head));
		p += sizeof(head);
		head[0] = (head[0] + 3) & ~3u;
		head[1] = (head[1] + 3) & ~3u;
		if (head[0] > (size_t)(end - p) || head[1] > (size_t)(end - p) - head[0])
			return false;
		p += head[0];
		if (head[2] != 3 || head[0] != 4 || memcmp(p - 4, "GNU", 4) || head[1] < 8 ||
		    head[1] * 2 >= BUILD_ID_TEXT)
			continue;
		for (i = 0; i < head[1]; i++)
			sprintf(text + 2 * i, "%02x", p[i]);
		return true;
	}
	return false;
}

bool read_build_id_of(char text[BUILD_ID_TEXT], const char *dir, const char *name)
{
	size_t len;
	char *notes = read_text(dir, name, &len);
	bool ok = notes && build_id_text(text, notes, len);

	free(notes);
	return ok;
}

bool read_build_id(char text[BUILD_ID_TEXT])
{
	return read_build_id_of(text, "/sys/kernel", "notes");
}

void decoder_set_ids(struct decoder *d)
{
	char boot[BOOT_ID_LEN], build[BUILD_ID_TEXT];

	if (read_boot_id(boot))
		decoder_set_meta(d, "boot_id", boot);
	if (read_build_id(build))
		decoder_set_meta(d, "build_id", build);
}
