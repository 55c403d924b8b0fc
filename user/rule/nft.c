// SPDX-License-Identifier: GPL-2.0-only
/* Adds and removes tables of nftables, and receives its traces: libnftables and libmnl. */
#ifdef HAVE_LIBNFTABLES
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <nftables/libnftables.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/util.h"
#include "losses/nl.h"
#include "rule/nft.h"

/* As many as a batch may have. */
#define TRACES_MAX 4096
/* Messages wait there while the rules are read. */
#define RECEIVE_BUFFER (8 << 20)

static struct nft_ctx *context(unsigned int flags)
{
	struct nft_ctx *ctx = need(nft_ctx_new(NFT_CTX_DEFAULT));

	nft_ctx_output_set_flags(ctx, flags);
	nft_ctx_buffer_output(ctx);
	nft_ctx_buffer_error(ctx);
	return ctx;
}

static struct nft_ctx *list_context(void)
{
	return context(NFT_CTX_OUTPUT_HANDLE | NFT_CTX_OUTPUT_TERSE | NFT_CTX_OUTPUT_STATELESS);
}

int nft_open(struct nft *n)
{
	*n = (struct nft){ 0 };
	n->own = context(0);
	/* Of its own: it may close its socket and open another one, which would own nothing. */
	n->list = list_context();
	return nft_look(n);
}

void nft_close(struct nft *n)
{
	if (n->traces)
		mnl_socket_close(n->traces);
	if (n->own)
		nft_ctx_free(n->own);
	if (n->list)
		nft_ctx_free(n->list);
	if (n->before.text != n->now.text)
		ruleset_free(&n->before);
	ruleset_free(&n->now);
	free(n->trace);
	*n = (struct nft){ 0 };
}

/* Which number the ruleset has, which each change counts up. */
static bool ask_generation(uint32_t *generation)
{
	struct mnl_socket *s = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	char buf[1 << 13] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	struct nfgenmsg *body;
	const uint32_t *id;
	bool found = false;
	int n;

	if (!s)
		return false;
	h = mnl_nlmsg_put_header(buf);
	h->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN;
	h->nlmsg_flags = NLM_F_REQUEST;
	body = mnl_nlmsg_put_extra_header(h, sizeof(*body));
	body->nfgen_family = AF_UNSPEC;
	body->version = NFNETLINK_V0;
	if (!mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) &&
	    mnl_socket_sendto(s, h, h->nlmsg_len) > 0) {
		n = mnl_socket_recvfrom(s, buf, sizeof(buf));
		h = (struct nlmsghdr *)buf;
		id = n > 0 && mnl_nlmsg_ok(h, n) &&
		     h->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWGEN) ?
		     nl_attr(h, sizeof(struct nfgenmsg), NFTA_GEN_ID, sizeof(*id)) : NULL;
		if (id)
			memcpy(generation, id, sizeof(*id));
		found = id;
	}
	mnl_socket_close(s);
	return found;
}

static void report(struct nft_ctx *ctx, const char *what)
{
	const char *error = nft_ctx_get_error_buffer(ctx);

	complain("nftables: cannot %s: %.*s", what, error ? (int)MIN(strcspn(error, "\n"), 200) : 1,
		 error && *error ? error : "?");
}

enum look { LOOKED, LOOK_REFUSED, LOOK_UNKNOWN, LOOK_CHANGING };

static enum look look(struct nft *n)
{
	uint32_t before, after = 0;
	int tries;

	for (tries = 0; tries < 8; tries++) {
		if (!ask_generation(&before))
			return LOOK_UNKNOWN;
		if (nft_run_cmd_from_buffer(n->list, "list ruleset"))
			return LOOK_REFUSED;
		if (!ask_generation(&after))
			return LOOK_UNKNOWN;
		if (before != after) {
			nft_ctx_get_output_buffer(n->list);
			continue;
		}
		if (n->before.text != n->now.text)
			ruleset_free(&n->now);
		ruleset_parse(&n->now, nft_ctx_get_output_buffer(n->list) ?: "");
		n->generation = after;
		return LOOKED;
	}
	return LOOK_CHANGING;
}

int nft_look(struct nft *n)
{
	switch (look(n)) {
	case LOOKED:
		return 0;
	case LOOK_REFUSED:
		report(n->list, "list the rules");
		break;
	case LOOK_UNKNOWN:
		complain("nftables: this kernel does not tell about its rules");
		break;
	case LOOK_CHANGING:
		complain("nftables: the rules change faster than they can be read");
		break;
	}
	return EXIT_FAILED;
}

bool nft_read(struct ruleset *r)
{
	struct nft n = { .list = list_context() };
	bool read = look(&n) == LOOKED;

	*r = n.now;
	nft_ctx_free(n.list);
	return read;
}

bool nft_legacy(const char *names)
{
	char *text = read_text("/proc/thread-self/net", names, &(size_t){ 0 });
	bool has = text && *text;

	free(text);
	return has;
}

bool nft_takes(struct nft *n, const char *commands)
{
	int err;

	nft_ctx_set_dry_run(n->own, true);
	err = nft_run_cmd_from_buffer(n->own, commands);
	nft_ctx_set_dry_run(n->own, false);
	/* What it says is dropped with the next command. */
	if (err)
		nft_ctx_get_error_buffer(n->own);
	return !err;
}

int nft_run(struct nft *n, const char *commands)
{
	if (!nft_run_cmd_from_buffer(n->own, commands))
		return 0;
	report(n->own, "change the rules");
	return EXIT_FAILED;
}

int nft_trace(struct nft *n)
{
	int group = NFNLGRP_NFTRACE, size = RECEIVE_BUFFER, fd;

	n->traces = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!n->traces || mnl_socket_bind(n->traces, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_setsockopt(n->traces, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0) {
		complain("nftables: cannot receive traces: %s", strerror(errno));
		return EXIT_FAILED;
	}
	fd = mnl_socket_get_fd(n->traces);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return 0;
}

int nft_fd(const struct nft *n)
{
	return mnl_socket_get_fd(n->traces);
}

static void take(struct nft *n, char *buf, int len)
{
	struct nlmsghdr *h = (struct nlmsghdr *)buf;

	for (; mnl_nlmsg_ok(h, len); h = mnl_nlmsg_next(h, &len)) {
		n->trace = grow(n->trace, n->nr_traces, &n->trace_room, sizeof(*n->trace));
		n->nr_traces += trace_decode(h, &n->trace[n->nr_traces]);
	}
}

int nft_receive(struct nft *n, bool *changed)
{
	char buf[1 << 15] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct sockaddr_nl from;
	socklen_t room;
	uint32_t now;
	ssize_t len;

	n->nr_traces = 0;
	*changed = false;
	while (n->nr_traces < TRACES_MAX) {
		room = sizeof(from);
		len = recvfrom(nft_fd(n), buf, sizeof(buf), 0, (struct sockaddr *)&from, &room);
		if (len < 0 && errno == ENOBUFS) {
			n->lost++;
			continue;
		}
		if (len <= 0)
			break;
		/* Of the kernel, and of nobody else. */
		if (room == sizeof(from) && !from.nl_pid)
			take(n, buf, len);
	}
	if (!n->nr_traces)
		return 0;
	if (ask_generation(&now) && now == n->generation)
		return 0;
	*changed = true;
	/* While the rules were being read, more may have come: they are received next time. */
	n->keep = 2;
	return nft_look(n);
}

void nft_forget(struct nft *n)
{
	if (n->keep && n->nr_traces < TRACES_MAX)
		n->keep--;
	if (n->keep)
		return;
	if (n->before.text != n->now.text)
		ruleset_free(&n->before);
	n->before = n->now;
}
#endif
