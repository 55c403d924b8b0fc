/* SPDX-License-Identifier: GPL-2.0-only */
/* Compiles and runs packet expressions, pcap-filter(7). */
#ifndef WHYDROP_EXPR_H
#define WHYDROP_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * An expression is compiled to classic BPF for packets that start with their IP header
 * (DLT_RAW), as in the module's packet_filter. Expressions that need a link-layer header are
 * an error.
 */
struct sock_filter;

struct expr {
	struct sock_filter *insn;
	unsigned int	nr;		/* 0: there is none */
};

/* Compile @text. Return: 0, or EXIT_USAGE, with the error reported; also without libpcap. */
int expr_compile(struct expr *x, const char *text);
void expr_free(struct expr *x);

/* Is @text already a program as tcpdump -ddd prints it? */
bool expr_is_program(const char *text);
/* Return the program as text for packet_filter, to be freed. */
char *expr_text(const struct expr *x);
/*
 * Disassemble the next instruction of such a text at *@pos. Return: the instruction; NULL at
 * the end, on a syntax error, or without libpcap.
 */
const char *expr_explain(const char **pos, unsigned int nr);

enum verdict { EXPR_REJECTS, EXPR_ACCEPTS, EXPR_NEEDS_MORE };

/*
 * Run the program on a packet of @len bytes, of which @have were captured. If it reads a byte
 * that was not captured, the verdict is EXPR_NEEDS_MORE, whatever that byte may be.
 */
enum verdict expr_run(const struct expr *x, const uint8_t *p, uint32_t have, uint32_t len);

#endif
