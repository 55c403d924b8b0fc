/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes streams as the module does, in either byte order. */
#ifndef TESTS_BUILDER_H
#define TESTS_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <whydrop.h>

struct builder {
	uint8_t	*buf;
	size_t	len, room;
	bool	swap;		/* in the other byte order */
	size_t	last;		/* where the last record starts */
};

void build_init(struct builder *b, bool swap);
void build_free(struct builder *b);
void build_header(struct builder *b);
/* "KEY=VALUE", ..., NULL */
void build_meta(struct builder *b, ...) __attribute__((sentinel));
void build_clock(struct builder *b, uint64_t mono_ns, uint64_t real_ns);
void build_reason(struct builder *b, uint32_t reason, const char *subsys,
		  const char *name, const char *description);
/* Place and frames: NULL-terminated. */
void build_stack(struct builder *b, uint32_t id, uint32_t reason,
		 unsigned int flags, const char *const *text);
/* @ev in this machine's byte order; its data are @caplen bytes of @data. */
void build_event(struct builder *b, unsigned int cpu,
		 const struct whydrop_event *ev, const uint8_t *data);
/* "NAME=VALUE" */
void build_setting(struct builder *b, uint64_t mono_ns, const char *text);
/* Whose CPUs from @first on these are, there from @there on: @len bytes, likewise. */
void build_host(struct builder *b, unsigned int first, uint32_t there, const char *text, size_t len);
/* The name of a namespace or the process of a socket: @len bytes of "KEY=VALUE", NUL, ... */
void build_name(struct builder *b, unsigned int kind, uint32_t id, const char *text, size_t len);
void build_lost(struct builder *b, unsigned int cpu, unsigned int cause,
		uint64_t count);
void build_record(struct builder *b, unsigned int type, const void *text,
		  size_t len);
uint32_t build_u32(const struct builder *b, uint32_t v);
uint16_t build_u16(const struct builder *b, uint16_t v);

/*
 * Packets. @l3 is appended behind an Ethernet header if there is a @mac.
 * Each returns the length.
 */
size_t pkt_eth(uint8_t *p, unsigned int type);
size_t pkt_ipv4(uint8_t *p, unsigned int proto, size_t payload);
size_t pkt_ipv6(uint8_t *p, unsigned int next, size_t payload);
size_t pkt_ports(uint8_t *p, unsigned int sport, unsigned int dport, size_t len);

/* A little of everything: what the command line tests read. */
void build_sample(struct builder *b);

#endif
