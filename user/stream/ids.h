/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the ids of the boot and of the kernel. */
#ifndef WHYDROP_IDS_H
#define WHYDROP_IDS_H

#include <stdbool.h>
#include <stddef.h>

#define BOOT_ID_LEN 37
/* Read the UUID of this boot of this machine. */
bool read_boot_id(char text[BOOT_ID_LEN]);

#define BUILD_ID_TEXT 65
/* Find the build id in ELF notes, and write it in hex. Return: false if there is none. */
bool build_id_text(char text[BUILD_ID_TEXT], const void *notes, size_t len);
/* The same for the notes in a file. */
bool read_build_id_of(char text[BUILD_ID_TEXT], const char *dir, const char *name);
/* The same for the running kernel. */
bool read_build_id(char text[BUILD_ID_TEXT]);

struct decoder;
/* Set both as META keys of a stream of this host. */
void decoder_set_ids(struct decoder *d);

#endif
