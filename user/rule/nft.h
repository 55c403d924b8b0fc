/* SPDX-License-Identifier: GPL-2.0-only */
/* Adds and removes tables of nftables, and receives its traces: libnftables and libmnl. */
#ifndef WHYDROP_RULE_NFT_H
#define WHYDROP_RULE_NFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/ruleset.h"
#include "rule/trace.h"

struct nft_ctx;
struct mnl_socket;

/* Of the network namespace that the process was in when it was opened. */
struct nft {
	struct nft_ctx	*own;		/* owns our tables: to add and to remove them */
	struct nft_ctx	*list;
	struct mnl_socket *traces;
	uint32_t	generation;	/* of the rules in now */
	struct ruleset	before, now;
	unsigned int	keep;		/* so often before is needed still */
	struct trace	*trace;		/* received */
	size_t		nr_traces, trace_room;
	uint64_t	lost;		/* times that traces were lost */
};

/* Each returns 0, or an exit code, with the error reported. */
int nft_open(struct nft *n);
void nft_close(struct nft *n);
/* Read the ruleset into now. */
int nft_look(struct nft *n);
/* Read the ruleset once, to be freed. False, and nothing said: it cannot be read. */
bool nft_read(struct ruleset *r);
/* Are there tables of iptables-legacy or its like? @names: such as "ip6_tables_names" */
bool nft_legacy(const char *names);
/* Would the kernel take these commands? Nothing is reported, nothing changed. */
bool nft_takes(struct nft *n, const char *commands);
int nft_run(struct nft *n, const char *commands);

/* Receive traces from now on; nft_fd() is readable when there are some. */
int nft_trace(struct nft *n);
int nft_fd(const struct nft *n);
/*
 * Receive those that are there. If the rules have changed since, before is the ruleset from
 * before, now the one of now, and *@changed true.
 */
int nft_receive(struct nft *n, bool *changed);
/*
 * All traces received are dealt with. Those that come from now on were met in the ruleset now,
 * unless that has just been read.
 */
void nft_forget(struct nft *n);

#endif
