// SPDX-License-Identifier: GPL-2.0
/*
 * dropgen - cause an exact number of packet drops
 *
 * usage: dropgen STEP [-- STEP]...
 *
 * A step is [-n NETNS] VERB ARGUMENTS KEY=VALUE... Steps run one after the
 * other in one process: what a step opens stays open for the steps behind it.
 * A step prints what it did as KEY=VALUE on one line. What it could not do as
 * asked makes the exit status 1.
 *
 *  frame DEV KEY=VALUE...	send crafted Ethernet frames out of DEV
 *	dmac= smac= eth=NUM src= dst= proto=udp|tcp|icmp|icmp6|NUM sport= dport=
 *	len=BYTES of payload, ttl= id= tos=, count=N, nh=NUM ext=HEX (an IPv6
 *	extension header), frag=OFFSET and mf=1, flags=SAFRPU seq= ack= win=
 *	opt=HEX (TCP), type= code= (ICMP), seqstep= idstep= sportstep= dportstep= (added
 *	for each frame), cut=BYTES (shorten the frame), df=1
 *	bad=l4csum,ipcsum,version,ihl,totlen,udplen,doff
 *  udp SRC:PORT DST:PORT	send datagrams: len= count= full=1 (until the
 *				socket opened last has dropped count of them);
 *				cpus=0,1: from these in turn
 *  tcp SRC:PORT DST:PORT	connect count= times, from PORT onwards
 *  open udp|udp6|raw|raw6|tcp|packet ADDR:PORT
 *				a receiver: filter=drop rcvbuf=BYTES; for raw
 *				PORT is the protocol, for packet ADDR the device
 *  open est LOCAL:PORT REMOTE:PORT
 *				an established TCP connection without a peer
 *				(TCP_REPAIR): seq= (sent next) ack= (expected
 *				next) rcvbuf= win=
 *  drain count=N		read N datagrams or bytes from the socket opened
 *				last
 *  write len=BYTES		write to it (est: to each of them)
 *  silent			close it (est: each of them, without a FIN)
 *  sh COMMAND		run a shell command meanwhile
 *  unix count=N		close unix sockets with N unread messages
 *  netlink count=N		send N messages nobody can receive
 *  storm DEV dmac= count=N cpus=0,1
 *				frames as fast as it goes, count on each CPU
 *  mix DEV dmac= rounds=N	a bit of everything, on every CPU
 *  crowd procs=N sockets=N	processes that have so many sockets each and wait for our end
 *  marker ADDR:PORT cpus=0,1	one datagram from each CPU, as "wd-marker"
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif
#define DEADLINE_MS 20000

static void die(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

static void die(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	fputs("dropgen: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", err ? strerror(err) : "-");
	exit(1);
}

/* ---- KEY=VALUE arguments ---- */

static char **step_argv;
static int step_argc;

static const char *arg(const char *key, const char *fallback)
{
	size_t n = strlen(key);
	int i;

	for (i = 0; i < step_argc; i++)
		if (!strncmp(step_argv[i], key, n) && step_argv[i][n] == '=')
			return step_argv[i] + n + 1;
	return fallback;
}

static uint32_t num(const char *key, uint32_t fallback)
{
	const char *s = arg(key, NULL);
	unsigned long v;
	char *end;

	if (!s)
		return fallback;
	errno = 0;
	v = strtoul(s, &end, 0);
	if (errno || !*s || *end || v > UINT32_MAX) {
		errno = EINVAL;
		die("%s=%s", key, s);
	}
	return v;
}

static bool has(const char *key, const char *word)
{
	const char *s = arg(key, "");
	size_t n = strlen(word);

	while (s && *s) {
		if (!strncmp(s, word, n) && (s[n] == ',' || !s[n]))
			return true;
		s = strchr(s, ',');
		if (s)
			s++;
	}
	return false;
}

static const char *pos(int i)
{
	if (i >= step_argc || strchr(step_argv[i], '=')) {
		errno = EINVAL;
		die("%s: argument missing", step_argc ? step_argv[0] : "step");
	}
	return step_argv[i];
}

static int unhex(const char *s, uint8_t *out, int max)
{
	int n = 0;
	unsigned int v;

	for (; *s && n < max; s += 2, n++) {
		if (sscanf(s, "%2x", &v) != 1)
			die("hex %s", s);
		out[n] = v;
	}
	return n;
}

static void mac(const char *s, uint8_t *out)
{
	unsigned int v[6];
	int i;

	if (sscanf(s, "%x:%x:%x:%x:%x:%x", v, v + 1, v + 2, v + 3, v + 4, v + 5) != 6)
		die("MAC address %s", s);
	for (i = 0; i < 6; i++)
		out[i] = v[i];
}

/* ADDRESS:PORT or [ADDRESS]:PORT */
static socklen_t addr(const char *s, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 *a6 = (void *)ss;
	struct sockaddr_in *a4 = (void *)ss;
	char host[64];
	const char *p;

	memset(ss, 0, sizeof(*ss));
	p = strrchr(s, ':');
	if (!p || p - s >= (int)sizeof(host))
		die("address %s", s);
	if (*s == '[') {
		snprintf(host, sizeof(host), "%.*s", (int)(p - s - 2), s + 1);
		a6->sin6_family = AF_INET6;
		a6->sin6_port = htons(atoi(p + 1));
		if (inet_pton(AF_INET6, host, &a6->sin6_addr) != 1)
			die("address %s", s);
		return sizeof(*a6);
	}
	snprintf(host, sizeof(host), "%.*s", (int)(p - s), s);
	a4->sin_family = AF_INET;
	a4->sin_port = htons(atoi(p + 1));
	if (inet_pton(AF_INET, host, &a4->sin_addr) != 1)
		die("address %s", s);
	return sizeof(*a4);
}

static void add_port(struct sockaddr_storage *ss, int n)
{
	struct sockaddr_in *a4 = (void *)ss;	/* sin6_port stands at the same place */

	a4->sin_port = htons(ntohs(a4->sin_port) + n);
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("cannot run on CPU %d", cpu);
}

static void enter(const char *ns)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("netns %s", ns);
	close(fd);
}

static int cpu_list(int *cpus, int max)
{
	const char *s = arg("cpus", "0");
	int n = 0;

	while (n < max) {
		cpus[n++] = atoi(s);
		s = strchr(s, ',');
		if (!s)
			break;
		s++;
	}
	return n;
}

/* ---- frames ---- */

static uint32_t sum(const void *p, int len, uint32_t s)
{
	const uint8_t *b = p;

	for (; len > 1; len -= 2, b += 2)
		s += b[0] << 8 | b[1];
	if (len)
		s += b[0] << 8;
	return s;
}

static uint16_t fold(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return ~s;
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static int dev_index(const char *dev)
{
	int i = if_nametoindex(dev);

	if (!i)
		die("device %s", dev);
	return i;
}

static void dev_mac(const char *dev, uint8_t *out)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { 0 };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("MAC address of %s", dev);
	memcpy(out, ifr.ifr_hwaddr.sa_data, 6);
	close(fd);
}

static int protocol(const char *s)
{
	if (!strcmp(s, "udp"))
		return IPPROTO_UDP;
	if (!strcmp(s, "tcp"))
		return IPPROTO_TCP;
	if (!strcmp(s, "icmp"))
		return IPPROTO_ICMP;
	if (!strcmp(s, "icmp6"))
		return IPPROTO_ICMPV6;
	return atoi(s);
}

/* the header of the fourth layer, and its payload, for the i-th frame */
static int build_l4(uint8_t *p, int proto, uint32_t i)
{
	int len = num("len", 18), n, k, opt = 0;
	uint16_t sport = num("sport", 40000) + i * num("sportstep", 0);
	const char *f;

	memset(p, 0, 80);
	switch (proto) {
	case IPPROTO_UDP:
		put16(p, sport);
		put16(p + 2, num("dport", 9));
		n = 8;
		put16(p + 4, n + len + (has("bad", "udplen") ? 100 : 0));
		break;
	case IPPROTO_TCP:
		put16(p, sport);
		put16(p + 2, num("dport", 9) + i * num("dportstep", 0));
		put32(p + 4, num("seq", 1) + i * num("seqstep", 0));
		put32(p + 8, num("ack", 0));
		opt = unhex(arg("opt", ""), p + 20, 40);
		n = 20 + opt;
		p[12] = (has("bad", "doff") ? 4 : n / 4) << 4;
		for (f = arg("flags", "A"); *f; f++)
			p[13] |= *f == 'F' ? 1 : *f == 'S' ? 2 : *f == 'R' ? 4 :
				 *f == 'P' ? 8 : *f == 'A' ? 16 : *f == 'U' ? 32 : 0;
		put16(p + 14, num("win", 1000));
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		p[0] = num("type", proto == IPPROTO_ICMP ? 8 : 128);
		p[1] = num("code", 0);
		put16(p + 4, num("id", 1));
		put16(p + 6, i);
		n = 8;
		break;
	default:
		n = 0;
	}
	for (k = 0; k < len; k++)
		p[n + k] = 'a' + k % 26;
	return n + len;
}

static void l4_csum(uint8_t *l4, int len, int proto, uint32_t pseudo)
{
	uint16_t c;
	int at;

	switch (proto) {
	case IPPROTO_UDP:
		at = 6;
		break;
	case IPPROTO_TCP:
		at = 16;
		break;
	case IPPROTO_ICMP:
		pseudo = 0;
		at = 2;
		break;
	case IPPROTO_ICMPV6:
		at = 2;
		break;
	default:
		return;
	}
	put16(l4 + at, 0);
	c = fold(sum(l4, len, pseudo));
	if (has("bad", "l4csum"))
		c ^= 0x5555;
	put16(l4 + at, c ? c : 0xffff);
}

static int build_ip4(uint8_t *p, uint32_t i)
{
	int proto = protocol(arg("proto", "udp")), n = 20, len, frag;

	memset(p, 0, n);
	if (inet_pton(AF_INET, arg("src", ""), p + 12) != 1 ||
	    inet_pton(AF_INET, arg("dst", ""), p + 16) != 1)
		die("src and dst");
	len = build_l4(p + n, proto, i);
	frag = num("frag", 0);
	if (!frag)
		l4_csum(p + n, len, proto, sum(p + 12, 8, proto + len));
	p[0] = 0x45;
	p[1] = num("tos", 0);
	put16(p + 2, n + len + (has("bad", "totlen") ? 100 : 0));
	put16(p + 4, num("id", 0) + i * num("idstep", 0));
	put16(p + 6, frag / 8 | (num("mf", 0) ? 0x2000 : 0) | (num("df", 0) ? 0x4000 : 0)| (num("mf", 0) ? 0x2000 : 0));
	p[8] = num("ttl", 64);
	p[9] = proto;
	if (has("bad", "version"))
		p[0] = 0x55;
	if (has("bad", "ihl"))
		p[0] = 0x44;
	put16(p + 10, fold(sum(p, n, 0)));
	if (has("bad", "ipcsum"))
		p[10] ^= 0x55;
	return n + len;
}

static int build_ip6(uint8_t *p, uint32_t i)
{
	int proto = protocol(arg("proto", "udp")), n = 40, len, ext;

	memset(p, 0, n);
	if (inet_pton(AF_INET6, arg("src", ""), p + 8) != 1 ||
	    inet_pton(AF_INET6, arg("dst", ""), p + 24) != 1)
		die("src and dst");
	p[0] = has("bad", "version") ? 0x50 : 0x60;
	p[7] = num("ttl", 64);
	ext = unhex(arg("ext", ""), p + n, 64);
	p[6] = ext ? num("nh", 0) : (uint32_t)proto;
	if (arg("frag", NULL)) {	/* a fragment header instead */
		ext = 8;
		p[6] = 44;
		memset(p + n, 0, 8);
		p[n] = proto;
		put16(p + n + 2, num("frag", 0) | (num("mf", 0) ? 1 : 0));
		put32(p + n + 4, num("id", 0) + i * num("idstep", 0));
	}
	n += ext;
	len = build_l4(p + n, proto, i);
	l4_csum(p + n, len, proto, sum(p + 8, 32, proto + len));
	put16(p + 4, ext + len + (has("bad", "totlen") ? 100 : 0));
	return n + len;
}

static int build(uint8_t *p, const uint8_t *smac, const uint8_t *dmac, uint32_t i)
{
	int n, cut;

	memcpy(p, dmac, 6);
	memcpy(p + 6, smac, 6);
	if (strchr(arg("src", ""), ':')) {
		put16(p + 12, num("eth", ETHERTYPE_IPV6));
		n = build_ip6(p + 14, i);
	} else if (*arg("src", "")) {
		put16(p + 12, num("eth", ETHERTYPE_IP));
		n = build_ip4(p + 14, i);
	} else {
		put16(p + 12, num("eth", 0x88b5));
		n = num("len", 46);
		memset(p + 14, 0x5a, n);
	}
	n += 14;
	cut = num("cut", 0);
	return cut && cut < n ? cut : n;
}

static int packet_socket(const char *dev)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET, .sll_ifindex = dev_index(dev) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	/* protocol 0: it sends but receives nothing */
	if (fd < 0 || bind(fd, (void *)&sll, sizeof(sll)))
		die("packet socket on %s", dev);
	return fd;
}

/*
 * ENOBUFS and EPERM say that the packet was taken and dropped on the way out;
 * ECONNREFUSED is about an earlier one, this one was not sent.
 */
struct tally {
	uint32_t sent, refused, retried;
};

static void send_one(int fd, const void *p, size_t len, struct tally *t)
{
	for (;;) {
		ssize_t r = send(fd, p, len, 0);

		if (r == (ssize_t)len) {
			t->sent++;
			return;
		}
		if (r >= 0)
			die("short send");
		if (errno == ENOBUFS || errno == EPERM) {
			t->refused++;
			return;
		}
		if (errno != ECONNREFUSED && errno != EINTR)
			die("send");
		if (t->retried++ > 100000)
			die("send, again and again");
	}
}

static void print_tally(const char *verb, const struct tally *t)
{
	printf("%s sent=%u refused=%u\n", verb, t->sent, t->refused);
}

static void do_frame(void)
{
	const char *dev = pos(1);
	uint32_t i, count = num("count", 1);
	uint8_t smac[6], dmac[6], p[4096];
	struct tally t = { 0 };
	int fd = packet_socket(dev);

	dev_mac(dev, smac);
	if (arg("smac", NULL))
		mac(arg("smac", ""), smac);
	mac(arg("dmac", "ff:ff:ff:ff:ff:ff"), dmac);
	for (i = 0; i < count; i++)
		send_one(fd, p, build(p, smac, dmac, i), &t);
	close(fd);
	print_tally("frame", &t);
}

/* ---- sockets ---- */

static int last_fd = -1;	/* the receiver opened last */
static int last_type;
/* and all that were opened together with it (open est count=N) */
static int group[1024], ngroup;

/* what a receiver has dropped; with *@queued, the bytes that wait in it */
static uint32_t dropped_by(int fd, uint32_t *queued)
{
	uint32_t mem[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof(mem);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, mem, &len))
		die("SO_MEMINFO");
	if (queued)
		*queued = mem[SK_MEMINFO_RMEM_ALLOC];
	return mem[SK_MEMINFO_DROPS];
}

static void do_udp(void)
{
	int cpus[64], ncpus = arg("cpus", NULL) ? cpu_list(cpus, 64) : 0;
	struct sockaddr_storage src, dst;
	socklen_t len = addr(pos(1), &src);
	uint32_t i, count = num("count", 1);
	uint32_t bytes = num("len", 18);
	bool full = num("full", 0);
	struct tally t = { 0 };
	static char buf[65536];
	long end = now_ms() + DEADLINE_MS;
	int fd, on = 1;

	fd = socket(src.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	if (num("mark", 0)) {
		int mark = num("mark", 0);

		if (setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)))
			die("SO_MARK");
	}
	if (bind(fd, (void *)&src, len))
		die("bind %s", pos(1));
	addr(pos(2), &dst);
	if (connect(fd, (void *)&dst, len))
		die("connect %s", pos(2));
	memset(buf, 'u', sizeof(buf));
	if (!full) {
		for (i = 0; i < count; i++) {
			if (ncpus)
				pin(cpus[i % ncpus]);
			send_one(fd, buf, bytes, &t);
		}
	} else {
		uint32_t drops = 0, d, before, after;

		while (drops < count) {
			dropped_by(last_fd, &before);
			send_one(fd, buf, bytes, &t);
			/* one at a time: a softirq may deal with it elsewhere */
			for (;;) {
				d = dropped_by(last_fd, &after);
				if (d != drops || after != before)
					break;
				if (now_ms() > end)
					die("the receiver takes nothing");
				sched_yield();
			}
			drops = d;
		}
	}
	close(fd);
	print_tally("udp", &t);
}

static void do_tcp(void)
{
	struct sockaddr_storage src, dst;
	uint32_t i, count = num("count", 1), ok = 0, refused = 0, other = 0;
	struct linger abrt = { 1, 0 };
	socklen_t len;
	int fd, on = 1;

	for (i = 0; i < count; i++) {
		len = addr(pos(1), &src);
		addr(pos(2), &dst);
		add_port(&src, i);
		fd = socket(src.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (fd < 0 || bind(fd, (void *)&src, len))
			die("bind %s + %u", pos(1), i);
		if (!connect(fd, (void *)&dst, len))
			ok++;
		else if (errno == ECONNREFUSED)
			refused++;
		else
			other++;
		if (num("abort", 0))
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &abrt, sizeof(abrt));
		close(fd);
	}
	printf("tcp connected=%u refused=%u other=%u\n", ok, refused, other);
	if (other)
		exit(1);
}

static void open_established(int i)
{
	enum { RECV = 1, SEND = 2 };
	struct tcp_repair_window win = { 0 };
	struct sockaddr_storage a, b;
	socklen_t len = addr(pos(2), &a);
	int fd, v, on = 1;

	addr(pos(3), &b);
	add_port(&a, i);
	fd = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)))
		die("TCP_REPAIR");
	if (num("rcvbuf", 0)) {
		v = num("rcvbuf", 0);
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &v, sizeof(v));
	}
	v = SEND;
	setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, &v, sizeof(v));
	v = num("seq", 1000000);
	if (setsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, &v, sizeof(v)))
		die("TCP_QUEUE_SEQ");
	v = RECV;
	setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, &v, sizeof(v));
	v = num("ack", 2000000);
	if (setsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, &v, sizeof(v)))
		die("TCP_QUEUE_SEQ");
	if (bind(fd, (void *)&a, len))
		die("bind %s", pos(2));
	if (connect(fd, (void *)&b, len))
		die("connect %s", pos(3));
	win.snd_wl1 = num("ack", 2000000);
	win.snd_wnd = 30000;
	win.max_window = 30000;
	win.rcv_wnd = num("win", 30000);
	win.rcv_wup = num("ack", 2000000);
	if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &win, sizeof(win)))
		die("TCP_REPAIR_WINDOW");
	v = -1;			/* off, and no window probe */
	if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &v, sizeof(v)))
		die("TCP_REPAIR off");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	group[ngroup++] = last_fd = fd;
	last_type = SOCK_STREAM;
}

static void drop_all(int fd)
{
	struct sock_filter f[] = { { BPF_RET | BPF_K, 0, 0, 0 } };
	struct sock_fprog prog = { 1, f };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)))
		die("SO_ATTACH_FILTER");
}

static void do_open(void)
{
	const char *kind = pos(1);
	struct sockaddr_storage ss = { 0 };
	socklen_t len = 0;
	int fd, v, on = 1;

	ngroup = 0;
	if (!strcmp(kind, "est")) {
		for (v = 0; v < (int)num("count", 1) && v < 1024; v++)
			open_established(v);
		return;
	}
	if (!strcmp(kind, "packet")) {
		struct sockaddr_ll *sll = (void *)&ss;

		sll->sll_family = AF_PACKET;
		sll->sll_ifindex = dev_index(pos(2));
		sll->sll_protocol = htons(ETH_P_ALL);
		len = sizeof(*sll);
		last_type = SOCK_RAW;
		fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	} else if (!strncmp(kind, "raw", 3)) {
		char any[128];
		const char *p = strrchr(pos(2), ':');

		if (!p)
			die("address %s", pos(2));
		snprintf(any, sizeof(any), "%.*s:0", (int)(p - pos(2)), pos(2));
		len = addr(any, &ss);
		last_type = SOCK_RAW;
		fd = socket(ss.ss_family, SOCK_RAW | SOCK_CLOEXEC, protocol(p + 1));
	} else {
		len = addr(pos(2), &ss);
		last_type = strncmp(kind, "tcp", 3) ? SOCK_DGRAM : SOCK_STREAM;
		fd = socket(ss.ss_family, last_type | SOCK_CLOEXEC, 0);
	}
	if (fd < 0)
		die("open %s", kind);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (ss.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (!strcmp(arg("filter", ""), "drop"))
		drop_all(fd);
	if (arg("rcvbuf", NULL)) {
		v = num("rcvbuf", 0);
		if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &v, sizeof(v)))
			die("SO_RCVBUFFORCE");
	}
	if (bind(fd, (void *)&ss, len))
		die("bind %s %s", kind, pos(2));
	if (last_type == SOCK_STREAM && listen(fd, num("backlog", 128)))
		die("listen");
	group[ngroup++] = last_fd = fd;
}

static void do_drain(void)
{
	uint32_t got = 0, want = num("count", 1);
	long end = now_ms() + DEADLINE_MS;
	static char buf[65536];

	while (got < want && now_ms() < end) {
		struct pollfd p = { .fd = last_fd, .events = POLLIN };
		ssize_t r;

		poll(&p, 1, 100);
		r = recv(last_fd, buf, last_type == SOCK_STREAM ? want - got : sizeof(buf),
			 MSG_DONTWAIT);
		if (r > 0)
			got += last_type == SOCK_STREAM ? r : 1;
	}
	printf("drain received=%u\n", got);
	if (got != want)
		exit(1);
}

static void do_write(void)
{
	static char buf[65536];
	size_t len = num("len", 1);
	int i;

	memset(buf, 'w', sizeof(buf));
	for (i = 0; i < ngroup; i++)
		if (write(group[i], buf, len) != (ssize_t)len)
			die("write");
	printf("write sockets=%d bytes=%zu\n", ngroup, len);
}

static void do_silent(void)
{
	int on = 1, i;

	for (i = 0; i < ngroup; i++) {
		if (last_type == SOCK_STREAM)
			setsockopt(group[i], IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on));
		close(group[i]);
	}
	printf("silent closed=%d\n", ngroup);
	ngroup = 0;
	last_fd = -1;
}

static void do_sh(void)
{
	int status;

	fflush(stdout);
	status = system(pos(1));
	if (status)
		die("%s: status %d", pos(1), status);
}

static void do_unix(void)
{
	uint32_t i, count = num("count", 1);
	int p[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, p))
		die("socketpair");
	for (i = 0; i < count; i++) {
		if (write(p[0], "unread", 6) == 6)
			continue;
		if (errno != EAGAIN && errno != ENOBUFS)
			die("write");
	}
	close(p[1]);
	close(p[0]);
	printf("unix sent=%u\n", count);
}

static void do_netlink(void)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = 0x7ffffff0 };
	uint32_t i, count = num("count", 1), refused = 0;
	struct nlmsghdr h = { .nlmsg_len = sizeof(h), .nlmsg_type = NLMSG_NOOP };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK);

	if (fd < 0)
		die("netlink");
	for (i = 0; i < count; i++)
		if (sendto(fd, &h, sizeof(h), 0, (void *)&to, sizeof(to)) < 0 &&
		    errno == ECONNREFUSED)
			refused++;
	close(fd);
	printf("netlink refused=%u\n", refused);
	if (refused != count)
		exit(1);
}

/* ---- many ---- */

static int reap(int children)
{
	int status, bad = 0;

	while (children-- > 0) {
		if (wait(&status) < 0)
			die("wait");
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			bad++;
	}
	return bad;
}

#define BATCH 256

static void storm_child(const char *dev, int cpu, uint32_t count)
{
	uint8_t smac[6], dmac[6], p[4096];
	struct mmsghdr m[BATCH] = { 0 };
	struct iovec iov = { p, 0 };
	int fd, i, on = 1, r, bytes = 64 << 20;
	uint32_t left = count;

	pin(cpu);
	fd = packet_socket(dev);
	if (num("bypass", 1))
		setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes));
	dev_mac(dev, smac);
	mac(arg("dmac", "02:de:ad:be:ef:00"), dmac);
	iov.iov_len = build(p, smac, dmac, 0);
	for (i = 0; i < BATCH; i++) {
		m[i].msg_hdr.msg_iov = &iov;
		m[i].msg_hdr.msg_iovlen = 1;
	}
	while (left) {
		r = sendmmsg(fd, m, left < BATCH ? left : BATCH, 0);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			die("sendmmsg");
		left -= r;
	}
	printf("storm cpu=%d sent=%u\n", cpu, count);
	fflush(stdout);
}

static void do_storm(void)
{
	int cpus[64], n = cpu_list(cpus, 64), i;

	fflush(stdout);
	for (i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			storm_child(pos(1), cpus[i], num("count", 1));
			_exit(0);
		}
	}
	if (reap(n))
		exit(1);
}

/* Others are to look through them. */
static void do_crowd(void)
{
	uint32_t procs = num("procs", 1), sockets = num("sockets", 1), i, k;
	int ready[2];
	char c;

	fflush(stdout);
	if (pipe(ready))
		die("pipe");
	for (i = 0; i < procs; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (k = 0; k < sockets; k++)
			if (socket(AF_INET, SOCK_DGRAM, 0) < 0)
				die("socket");
		close(ready[0]);
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	/* until the last of them has closed it */
	if (read(ready[0], &c, 1))
		die("a child");
	close(ready[0]);
	printf("crowd procs=%u sockets=%u\n", procs, procs * sockets);
	fflush(stdout);
}

/*
 * One datagram to a closed port of this namespace from each CPU, so that a
 * stream of events can be cut at known places.
 */
static void do_marker(void)
{
	int cpus[64], n = cpu_list(cpus, 64), i;
	struct sockaddr_storage a;
	socklen_t len = addr(pos(1), &a);

	prctl(PR_SET_NAME, "wd-marker");
	for (i = 0; i < n; i++) {
		int fd = socket(a.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		pin(cpus[i]);
		if (fd < 0 || sendto(fd, "marker", 6, 0, (void *)&a, len) != 6)
			die("marker");
		close(fd);
	}
	printf("marker cpus=%d\n", n);
}

static volatile unsigned long sink;

/* something to be interrupted in */
static void busy(int k)
{
	static char buf[65536];
	int fd, i;

	switch (k % 4) {
	case 0:
		for (i = 0; i < 30; i++)
			if (access("/proc/self/status", R_OK))
				sink++;
		break;
	case 1:
		fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
		for (i = 0; i < 5; i++)
			if (read(fd, buf, sizeof(buf)) < 0)
				sink++;
		close(fd);
		break;
	case 2:
		if (!fork())
			_exit(0);
		wait(NULL);
		break;
	case 3:
		for (i = 0; i < 20000; i++)
			sink += i;
		break;
	}
}

static void to(const char *where, int n, int style)
{
	struct sockaddr_storage a;
	socklen_t len = addr(where, &a);
	int fd = socket(a.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), i;
	char b[256] = "x";
	struct iovec v = { b, 64 };
	struct mmsghdr m[8] = { 0 };

	for (i = 0; i < 8; i++) {
		m[i].msg_hdr.msg_name = &a;
		m[i].msg_hdr.msg_namelen = len;
		m[i].msg_hdr.msg_iov = &v;
		m[i].msg_hdr.msg_iovlen = 1;
	}
	for (i = 0; i < n; i++)
		switch (style % 3) {
		case 0:
			sendto(fd, b, 1 + i % 200, 0, (void *)&a, len);
			break;
		case 1:
			sendmsg(fd, &m[0].msg_hdr, 0);
			break;
		case 2:
			sendmmsg(fd, m, 8, 0);
			i += 7;
			break;
		}
	close(fd);
}

static void mix_tcp(int n)
{
	struct timeval patience = { .tv_sec = 3 };
	struct sockaddr_storage a;
	socklen_t len;
	char b[3000] = "y";
	int s, c, k, i, fd;

	len = addr("127.0.0.1:21", &a);
	for (i = 0; i < n; i++) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (i & 1 ? SOCK_NONBLOCK : 0), 0);
		if (!connect(fd, (void *)&a, len))
			sink++;
		close(fd);
	}
	/* data left unread at close, and data sent after it */
	len = addr("127.0.0.1:0", &a);
	s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(s, (void *)&a, len) || listen(s, 1) ||
	    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    getsockname(s, (void *)&a, &len) || connect(c, (void *)&a, len))
		die("mix tcp");
	/* Never, if the last ACK is lost: who connected has nothing to send again. */
	k = accept(s, NULL, NULL);
	if (write(c, b, sizeof(b)) < 0)
		sink++;
	if (k >= 0)
		close(k);
	if (send(c, b, 10, MSG_NOSIGNAL) < 0)
		sink++;
	close(c);
	close(s);
}

/* Until the socket has dropped @n: on one processor, another thread may take in what was sent. */
static void await_drops(int fd, uint32_t n)
{
	int left = 3000;

	while (dropped_by(fd, NULL) < n && left--)
		usleep(1000);
}

static void mix_receiver(int kind, int n)
{
	struct sockaddr_storage a;
	socklen_t len = addr("127.0.0.1:0", &a);
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int c = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int v = 2048, i;
	char b[500] = "z";

	if (bind(s, (void *)&a, len) || getsockname(s, (void *)&a, &len))
		die("mix receiver");
	if (kind == 0)
		drop_all(s);
	else
		setsockopt(s, SOL_SOCKET, SO_RCVBUF, &v, sizeof(v));
	for (i = 0; i < n; i++)
		sendto(c, b, sizeof(b), 0, (void *)&a, len);
	await_drops(s, kind == 0 ? n : 1);
	close(s);
	close(c);
}

/* first fragments only: what waits for the rest is thrown away by a timer */
static void mix_frag(int n, uint16_t id)
{
	uint8_t b[60] = { 0x45, 0, 0, 60, 0, 0, 0x20, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1 };
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), i;
	struct sockaddr_storage a;
	socklen_t len = addr("127.0.0.1:0", &a);

	for (i = 0; i < n; i++) {
		put16(b + 4, id + i);
		sendto(fd, b, 60, 0, (void *)&a, len);
	}
	close(fd);
}

static void mix_frames(const char *dev, int style)
{
	uint8_t p[64] = { 0x02, 0xde, 0xad, 0xbe, 0xef, 0x01, 0x02, 0, 0, 0, 0, 2, 8, 0,
			  0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1 };
	struct mmsghdr m[16] = { 0 };
	struct iovec v = { p, 60 };
	int fd = packet_socket(dev), i;

	if (style & 1)		/* a protocol that nobody speaks */
		put16(p + 12, 0x1234);
	if (style & 2)		/* broadcast; its IP checksum is wrong */
		memset(p, 0xff, 6);
	for (i = 0; i < 16; i++) {
		m[i].msg_hdr.msg_iov = &v;
		m[i].msg_hdr.msg_iovlen = 1;
	}
	if (style & 4)
		sendmmsg(fd, m, 16, 0);
	else
		for (i = 0; i < 16; i++)
			if (send(fd, p, 60, 0) < 0)
				sink++;
	close(fd);
}

static void mix_unix(int n)
{
	int p[2], i, k;

	for (i = 0; i < n; i++) {
		if (socketpair(AF_UNIX, i & 1 ? SOCK_DGRAM : SOCK_STREAM, 0, p))
			die("socketpair");
		for (k = 0; k < 4; k++)
			if (write(p[0], "unread", 6) < 0)
				sink++;
		close(p[1]);
		close(p[0]);
	}
}

static void mix_netlink(int n)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_pid = 0x7ffffff0 };
	struct nlmsghdr h = { .nlmsg_len = sizeof(h), .nlmsg_type = NLMSG_NOOP };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK), i;

	for (i = 0; i < n; i++)
		if (sendto(fd, &h, sizeof(h), 0, (void *)&a, sizeof(a)) < 0)
			sink++;
	close(fd);
}

static void mix_child(const char *dev, int me, int rounds)
{
	char where[64];
	int i, k;

	if (me < 2 && me < sysconf(_SC_NPROCESSORS_CONF))
		pin(me);
	for (i = 0; i < rounds; i++) {
		k = i + 3 * me;
		switch (k % 10) {
		case 0:
		case 1:
			snprintf(where, sizeof(where), "127.0.0.1:%d", 9 + i % 5);
			to(where, 40, k / 10);
			break;
		case 2:
			to("[::1]:9", 24, k / 10);
			break;
		case 3:
			mix_tcp(6);
			break;
		case 4:
			mix_receiver(i & 1, 30);
			break;
		case 5:
			mix_frames(dev, i / 2);
			break;
		case 6:
			mix_unix(4);
			mix_netlink(5);
			break;
		case 7:
			/* nobody there to answer: queued, then given up */
			snprintf(where, sizeof(where), "%s.%d:9", arg("nobody", "10.9.9"),
				 2 + (i * 7 + me) % 250);
			to(where, 3, 0);
			break;
		case 8:
			mix_frag(5, i * 16 + me * 4096);
			break;
		case 9:
			mix_frames("lo", i / 2);
			break;
		}
		busy(k / 3);
	}
}

static void do_mix(void)
{
	int i, n = num("children", 5);

	fflush(stdout);
	for (i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			mix_child(pos(1), i, num("rounds", 10));
			_exit(0);
		}
	}
	if (reap(n))
		exit(1);
	printf("mix rounds=%u\n", num("rounds", 10));
}

/* ---- steps ---- */

static const struct {
	const char *verb;
	void (*run)(void);
} verbs[] = {
	{ "frame", do_frame },
	{ "udp", do_udp },
	{ "tcp", do_tcp },
	{ "open", do_open },
	{ "drain", do_drain },
	{ "write", do_write },
	{ "silent", do_silent },
	{ "sh", do_sh },
	{ "unix", do_unix },
	{ "netlink", do_netlink },
	{ "storm", do_storm },
	{ "mix", do_mix },
	{ "crowd", do_crowd },
	{ "marker", do_marker },
};

int main(int argc, char **argv)
{
	int i = 1, k;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2) {
		fputs("usage: dropgen [-n NETNS] VERB ARGUMENTS... [-- ...]\n", stderr);
		return 2;
	}
	while (i < argc) {
		if (!strcmp(argv[i], "--")) {
			i++;
			continue;
		}
		if (!strcmp(argv[i], "-n") && i + 1 < argc) {
			enter(argv[i + 1]);
			i += 2;
		}
		step_argv = argv + i;
		for (step_argc = 0; i < argc && strcmp(argv[i], "--"); i++)
			step_argc++;
		for (k = 0; k < (int)(sizeof(verbs) / sizeof(*verbs)); k++)
			if (step_argc && !strcmp(step_argv[0], verbs[k].verb))
				break;
		if (k == (int)(sizeof(verbs) / sizeof(*verbs))) {
			errno = EINVAL;
			die("%s", step_argc ? step_argv[0] : "no verb");
		}
		errno = 0;
		verbs[k].run();
	}
	return 0;
}
