// SPDX-License-Identifier: GPL-2.0-only
/* Questions to the kernel by netlink: libmnl, if built in. */
#include <string.h>

#include "base/util.h"
#include "losses/nl.h"

static const void *find(const char *p, size_t len, uint16_t type, size_t least)
{
	struct nlattr a;

	while (len >= sizeof(a)) {
		memcpy(&a, p, sizeof(a));
		if (a.nla_len < sizeof(a) || a.nla_len > len)
			break;
		if ((a.nla_type & NLA_TYPE_MASK) == type)
			return a.nla_len - sizeof(a) >= least ? p + sizeof(a) : NULL;
		if ((size_t)NLA_ALIGN(a.nla_len) > len)
			break;
		p += NLA_ALIGN(a.nla_len);
		len -= NLA_ALIGN(a.nla_len);
	}
	return NULL;
}

const void *nl_body(const struct nlmsghdr *h, size_t least)
{
	return h->nlmsg_len >= NLMSG_HDRLEN + least ? (const char *)h + NLMSG_HDRLEN : NULL;
}

const void *nl_attr(const struct nlmsghdr *h, size_t skip, uint16_t type, size_t least)
{
	size_t from = NLMSG_HDRLEN + NLMSG_ALIGN(skip);

	if (h->nlmsg_len < from)
		return NULL;
	return find((const char *)h + from, h->nlmsg_len - from, type, least);
}

size_t nl_attr_len(const void *attr)
{
	struct nlattr a;

	memcpy(&a, (const char *)attr - sizeof(a), sizeof(a));
	return a.nla_len - sizeof(a);
}

const void *nl_attr_in(const void *attr, uint16_t type, size_t least)
{
	return find(attr, nl_attr_len(attr), type, least);
}

bool nl_number(const void *attr, uint64_t *val)
{
	size_t len = attr ? nl_attr_len(attr) : 0;
	uint32_t half;

	if (len == sizeof(*val)) {
		memcpy(val, attr, sizeof(*val));
		return true;
	}
	if (len != sizeof(half))
		return false;
	memcpy(&half, attr, sizeof(half));
	*val = half;
	return true;
}

void nl_text(const void *attr, char *to, size_t room)
{
	size_t len = attr ? strnlen(attr, MIN(nl_attr_len(attr), room - 1)) : 0;

	if (len)
		memcpy(to, attr, len);
	to[len] = '\0';
}

#ifdef HAVE_LIBMNL
#include <libmnl/libmnl.h>

struct dump {
	nl_answer	answer;
	void		*arg;
};

static int each(const struct nlmsghdr *h, void *arg)
{
	struct dump *d = arg;

	d->answer(h, d->arg);
	return MNL_CB_OK;
}

bool nl_usable(void)
{
	return true;
}

/*
 * libmnl stops at a message that says that something came or went meanwhile, and the
 * end may be behind it in @buf.
 */
static bool clear_interrupted(char *buf, int n)
{
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	bool was = false;

	for (; mnl_nlmsg_ok(h, n); h = mnl_nlmsg_next(h, &n)) {
		was |= h->nlmsg_flags & NLM_F_DUMP_INTR;
		h->nlmsg_flags &= ~NLM_F_DUMP_INTR;
	}
	return was;
}

static bool dump(int bus, uint16_t type, const void *msg, size_t len, struct dump *d,
		 bool *interrupted)
{
	struct mnl_socket *s = mnl_socket_open2(bus, SOCK_CLOEXEC);
	char buf[1 << 15] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *h;
	int n = -1;

	*interrupted = false;
	if (!s)
		return false;
	h = mnl_nlmsg_put_header(buf);
	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	h->nlmsg_seq = 1;
	memcpy(mnl_nlmsg_put_extra_header(h, len), msg, len);
	if (mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(s, h, h->nlmsg_len) < 0)
		goto out;
	do {
		n = mnl_socket_recvfrom(s, buf, sizeof(buf));
		if (n <= 0)
			break;
		*interrupted |= clear_interrupted(buf, n);
		n = mnl_cb_run(buf, n, 1, mnl_socket_get_portid(s), each, d);
	} while (n > MNL_CB_STOP);
out:
	mnl_socket_close(s);
	return n >= 0;
}

bool nl_dump(int bus, uint16_t type, const void *msg, size_t len, nl_answer answer, void *arg)
{
	struct dump d = { answer, arg };
	bool ok, interrupted;
	int tries = 0;

	/* What is told twice replaces itself. */
	do {
		ok = dump(bus, type, msg, len, &d, &interrupted);
	} while (ok && interrupted && ++tries < 4);
	return ok;
}
#else
bool nl_usable(void)
{
	return false;
}

bool nl_dump(int bus, uint16_t type, const void *msg, size_t len, nl_answer answer, void *arg)
{
	(void)bus, (void)type, (void)msg, (void)len, (void)answer, (void)arg;
	return false;
}
#endif
