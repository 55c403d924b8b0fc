/* SPDX-License-Identifier: GPL-2.0-only */
/* Ids of the boot and of the kernel. */
#ifndef WHYDROP_IDS_H
#define WHYDROP_IDS_H

#include <stdbool.h>
#include <stddef.h>

#define BOOT_ID_LEN 37
/* The UUID of this boot of this machine. */
bool read_boot_id(char text[BOOT_ID_LEN]);

#define BUILD_ID_TEXT 65
/* The build id in ELF notes, in hex; false if there is none. */
bool build_id_text(char text[BUILD_ID_TEXT], const void *notes, size_t len);
/* That in the notes of a file. */
bool read_build_id_of(char text[BUILD_ID_TEXT], const char *dir, const char *name);
/* That of the running kernel. */
bool read_build_id(char text[BUILD_ID_TEXT]);

#endif
