/* SPDX-License-Identifier: GPL-2.0-only */
/* Packet expressions, pcap-filter(7). */
#ifndef WHYDROP_EXPR_H
#define WHYDROP_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Packet expressions, pcap-filter(7): classic BPF for packets that start with
 * their IP header (DLT_RAW), the same for the reader and for the module's
 * packet_filter. What needs a link-layer header is an error.
 */
struct sock_filter;

struct expr {
	struct sock_filter *insn;
	unsigned int	nr;		/* 0: there is none */
};

/* Compile @text. 0, or EXIT_USAGE and said why; also if built without libpcap. */
int expr_compile(struct expr *x, const char *text);
void expr_free(struct expr *x);

/* Is @text already a program as tcpdump -ddd prints it? */
bool expr_is_program(const char *text);
/* A program as text, for packet_filter; to be freed. */
char *expr_text(const struct expr *x);
/*
 * One instruction of such a text as an assembler has it, at *@pos, which is
 * moved on. Return: it; NULL at the end, on nonsense, or without libpcap.
 */
const char *expr_explain(const char **pos, unsigned int nr);

enum verdict { EXPR_REJECTS, EXPR_ACCEPTS, EXPR_NEEDS_MORE };

/*
 * Judge a packet of @len bytes, of which @have are there. What depends on a
 * byte that was not captured needs more, whatever that byte may be.
 */
enum verdict expr_run(const struct expr *x, const uint8_t *p, uint32_t have, uint32_t len);

#endif
