/* SPDX-License-Identifier: GPL-2.0-only */
/* Records, and parts of them, from nothing but a random number. */
#ifndef FUZZ_MAKE_H
#define FUZZ_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOST (1u << 17)		/* bytes of an input */

void make_seed(uint32_t seed);
/* Below @n; 0 is all 32 bits. */
uint32_t roll(uint32_t n);
/* One that is likely to be a limit of something. */
uint64_t make_number(void);
/* Text that means something to somebody, without a NUL. */
size_t make_text(char *to, size_t max);
/* An Ethernet frame, of 256 bytes at most; all of them are written. */
size_t make_packet(uint8_t *p);
/* A record, where there is room for MOST bytes. */
size_t make_record(uint8_t *p, bool swap);
size_t make_header(uint8_t *p, bool swap);
void put_number(uint8_t *p, uint64_t v, unsigned int size, bool swap);

#endif
