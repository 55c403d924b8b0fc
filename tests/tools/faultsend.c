// SPDX-License-Identifier: GPL-2.0
/*
 * faultsend - send from memory that is not there
 *
 * usage: faultsend SENDER [COUNT]
 *
 * Each send fails when the kernel has built a packet and cannot copy what is to be in
 * it, or is given up before its headers are written. Before each, memory is poisoned by
 * the module wdpoison, if it is loaded: with 0x45 or 0x66, of which IPv4 and IPv6 headers could be made.
 * The buffer ends in a page that is not mapped; what is mapped of it is 0xa5.
 * Prints "SENDER: N failed". Exit status: 0, 1 a send did not fail, 2 usage, 4 this
 * kernel has no such socket or device.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/virtio_net.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <linux/capability.h>
#include <unistd.h>

#define POISON	"/sys/module/wdpoison/parameters/byte"
#define MAPPED	(64 * 1024)
#define FAR4	"192.0.2.1"	/* over a device with an MTU of 1500 */
#define FAR6	"2001:db8:2::1"

static char *hole;	/* what is not mapped begins here; MAPPED bytes before it are */
static bool v6;		/* of the sender in work */

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* Without such sockets or devices there is nothing to be seen. */
static int have(int fd, const char *what)
{
	if (fd < 0) {
		perror(what);
		exit(4);
	}
	return fd;
}

static void poison(void)
{
	int fd = open(POISON, O_WRONLY | O_CLOEXEC);

	/* Not where the kernel itself tells of what nobody wrote. */
	if (fd < 0 && errno == ENOENT)
		return;
	if (fd < 0 || write(fd, v6 ? "0x66" : "0x45", 4) != 4)
		die(POISON);
	close(fd);
}

static void prepare_memory(void)
{
	char *p = mmap(NULL, MAPPED + 4096 + MAPPED, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	memset(p, 0xa5, MAPPED);
	hole = p + MAPPED;
	if (munmap(hole, 4096 + MAPPED))
		die("munmap");
}

/* What wdpoison poisons is of the CPU that it runs on. */
static void stay_here(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_ll ll;
	struct sockaddr_vm vm;
};

static socklen_t address(union address *a, const char *text, int port)
{
	memset(a, 0, sizeof(*a));
	if (v6) {
		a->in6.sin6_family = AF_INET6;
		a->in6.sin6_port = htons(port);
		inet_pton(AF_INET6, text ?: "::1", &a->in6.sin6_addr);
		return sizeof(a->in6);
	}
	a->in.sin_family = AF_INET;
	a->in.sin_port = htons(port);
	inet_pton(AF_INET, text ?: "127.0.0.1", &a->in.sin_addr);
	return sizeof(a->in);
}

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		have(-1, "setsockopt");
}

/* Send @len bytes of which @mapped are there. Return: whether that failed as it should. */
static bool send_to(int fd, unsigned int mapped, unsigned int len, const union address *a,
		    socklen_t alen)
{
	poison();
	return sendto(fd, hole - mapped, len, MSG_DONTWAIT, alen ? &a->any : NULL, alen) < 0 &&
	       errno == EFAULT;
}

static bool by_ip(int type, int proto, const char *to, unsigned int mapped, unsigned int len)
{
	int fd = have(socket(v6 ? AF_INET6 : AF_INET, type, proto), "socket");
	union address a;
	socklen_t alen = address(&a, to, type == SOCK_RAW ? 0 : 4999);
	bool failed = send_to(fd, mapped, len, &a, alen);

	close(fd);
	return failed;
}

static const char *far(void)
{
	return v6 ? FAR6 : FAR4;
}

static bool udp(void) { return by_ip(SOCK_DGRAM, 0, NULL, 0, 300); }
static bool udp_half(void) { return by_ip(SOCK_DGRAM, 0, NULL, 200, 700); }
static bool udp_long(void) { return by_ip(SOCK_DGRAM, 0, NULL, 1000, 30000); }
static bool udp_fragments(void) { return by_ip(SOCK_DGRAM, 0, far(), 4000, 9000); }
static bool raw(void) { return by_ip(SOCK_RAW, 253, NULL, 0, 300); }
static bool raw_half(void) { return by_ip(SOCK_RAW, 253, NULL, 100, 700); }
static bool raw_header(void) { return by_ip(SOCK_RAW, IPPROTO_RAW, NULL, 0, 300); }
static bool raw_header_half(void) { return by_ip(SOCK_RAW, IPPROTO_RAW, NULL, 10, 300); }
static bool raw_header_far(void) { return by_ip(SOCK_RAW, IPPROTO_RAW, far(), 0, 1400); }

static bool raw6_header(void)
{
	int fd = have(socket(AF_INET6, SOCK_RAW, IPPROTO_RAW), "socket");
	union address a;
	socklen_t alen = address(&a, far(), 0);
	bool failed;

	set(fd, IPPROTO_IPV6, IPV6_HDRINCL, 1);
	failed = send_to(fd, 0, 300, &a, alen);
	close(fd);
	return failed;
}

static bool ping(void)
{
	int proto = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	int fd = have(socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, proto), "ping socket");
	union address a;
	socklen_t alen = address(&a, NULL, 0);
	bool failed;

	memset(hole - 32, 0, 8);
	hole[-32] = v6 ? 128 : 8;
	failed = send_to(fd, 32, 300, &a, alen);
	memset(hole - 32, 0xa5, 8);
	close(fd);
	return failed;
}

/* All that the program has to send is there, but the headers are not when it goes. */
static bool corked(void)
{
	int fd = have(socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0), "socket");
	union address a;
	socklen_t alen = address(&a, far(), 4999);
	bool sent;

	poison();
	sent = sendto(fd, hole - 4000, 4000, MSG_MORE, &a.any, alen) == 4000;
	close(fd);
	return sent;
}

/* An error that nobody reads: a packet with little more in it than an address. */
static bool unread_error(void)
{
	int fd = have(socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0), "socket");
	union address a;
	socklen_t alen = address(&a, far(), 4999);
	bool failed;

	set(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, 1);
	set(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER,
	    IP_PMTUDISC_DO);
	poison();
	failed = sendto(fd, hole - 4000, 4000, 0, &a.any, alen) < 0 && errno == EMSGSIZE;
	close(fd);
	return failed;
}

static int packet_socket(int type, union address *a)
{
	*a = (union address){ .ll = { .sll_family = AF_PACKET, .sll_halen = 6,
		.sll_protocol = htons(v6 ? ETH_P_IPV6 : ETH_P_IP),
		.sll_ifindex = if_nametoindex("h0") } };
	return have(socket(AF_PACKET, type, 0), "packet socket");
}

static bool by_packet(int type, unsigned int mapped, unsigned int len)
{
	union address a;
	int fd = packet_socket(type, &a);
	bool failed = send_to(fd, mapped, len, &a, sizeof(a.ll));

	close(fd);
	return failed;
}

static bool packet(void) { return by_packet(SOCK_RAW, 0, 300); }
static bool packet_half(void) { return by_packet(SOCK_RAW, 30, 1400); }
static bool packet_dgram(void) { return by_packet(SOCK_DGRAM, 0, 300); }

static bool packet_old(void)
{
	struct sockaddr_pkt a = { .spkt_family = AF_PACKET, .spkt_device = "h0",
				  .spkt_protocol = htons(ETH_P_IP) };
	int fd = have(socket(AF_INET, SOCK_PACKET, htons(ETH_P_IP)), "old packet socket");
	bool failed = send_to(fd, 0, 300, (const union address *)&a, sizeof(a));

	close(fd);
	return failed;
}

/* Most of it in pages. */
static bool packet_paged(void)
{
	struct virtio_net_hdr h = { .hdr_len = 54, .gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
				    .gso_size = 1000, .csum_start = 34, .csum_offset = 16,
				    .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM };
	struct iovec iov[2] = { { &h, sizeof(h) }, { hole - 20, 20000 } };
	union address a;
	int fd = packet_socket(SOCK_RAW, &a);
	struct msghdr msg = { .msg_name = &a, .msg_namelen = sizeof(a.ll),
			      .msg_iov = iov, .msg_iovlen = 2 };
	bool failed;

	set(fd, SOL_PACKET, PACKET_VNET_HDR, 1);
	poison();
	failed = sendmsg(fd, &msg, 0) < 0 && errno == EFAULT;
	close(fd);
	return failed;
}

static void without_rawio(void)
{
	struct __user_cap_header_struct h = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2];

	if (syscall(SYS_capget, &h, d))
		die("capget");
	d[0].effective &= ~(1u << CAP_SYS_RAWIO);
	if (syscall(SYS_capset, &h, d))
		die("capset");
}

/* A frame in a ring that is shorter than the header of its device. */
static bool packet_ring(void)
{
	struct tpacket_req req = { .tp_block_size = 4096, .tp_block_nr = 1,
				   .tp_frame_size = 2048, .tp_frame_nr = 2 };
	struct tpacket2_hdr *f;
	union address a;
	int fd = packet_socket(SOCK_RAW, &a);
	bool failed;

	without_rawio();
	set(fd, SOL_PACKET, PACKET_VERSION, TPACKET_V2);
	if (setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)))
		have(-1, "PACKET_TX_RING");
	f = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (f == MAP_FAILED)
		die("mmap");
	memset((char *)f + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll), 0xa5, 64);
	f->tp_len = 4;
	f->tp_status = TP_STATUS_SEND_REQUEST;
	poison();
	failed = sendto(fd, NULL, 0, 0, &a.any, sizeof(a.ll)) < 0;
	munmap(f, 4096);
	close(fd);
	return failed;
}

static int tun_open(const char *name, int flags)
{
	struct ifreq r = { .ifr_flags = flags };
	int s, fd = have(open("/dev/net/tun", O_RDWR | O_CLOEXEC), "/dev/net/tun");

	strcpy(r.ifr_name, name);
	if (ioctl(fd, TUNSETIFF, &r))
		have(-1, "TUNSETIFF");
	s = have(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	r.ifr_flags = IFF_UP;
	if (ioctl(s, SIOCSIFFLAGS, &r))
		die("SIOCSIFFLAGS");
	close(s);
	return fd;
}

static bool tun_write(int fd, const struct iovec *iov, int nr)
{
	bool failed;

	poison();
	failed = writev(fd, iov, nr) < 0 && errno == EFAULT;
	close(fd);
	return failed;
}

static bool tun(void)
{
	struct iovec iov = { hole, 8000 };

	return tun_write(tun_open("fault0", IFF_TUN | IFF_NO_PI), &iov, 1);
}

static bool tun_half(void)
{
	struct iovec iov = { hole - 100, 8000 };

	return tun_write(tun_open("fault0", IFF_TUN | IFF_NO_PI), &iov, 1);
}

static bool tap_paged(void)
{
	struct virtio_net_hdr h = { .hdr_len = 54 };
	struct iovec iov[2] = { { &h, sizeof(h) }, { hole - 60, 9000 } };

	return tun_write(tun_open("fault0", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR), iov, 2);
}

/* The packet before it is taken over by GRO, and what is left of it used again. */
static bool tap_frags(void)
{
	int fd = tun_open("fault0", IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_NAPI_FRAGS);
	struct iovec iov[2] = { { hole - 200, 200 }, { hole, 2000 } };

	return tun_write(fd, iov, 2);
}

static bool by_unix(int type, unsigned int mapped, unsigned int len)
{
	int fds[2];
	bool failed;

	have(socketpair(AF_UNIX, type, 0, fds), "socketpair");
	failed = send_to(fds[0], mapped, len, NULL, 0);
	close(fds[0]);
	close(fds[1]);
	return failed;
}

static bool unix_dgram(void) { return by_unix(SOCK_DGRAM, 0, 300); }
static bool unix_long(void) { return by_unix(SOCK_DGRAM, 100, 50000); }
static bool unix_stream(void) { return by_unix(SOCK_STREAM, 0, 300); }
static bool unix_seqpacket(void) { return by_unix(SOCK_SEQPACKET, 100, 300); }

static bool netlink(void)
{
	int fd = have(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), "netlink");
	bool failed = send_to(fd, 0, 300, NULL, 0);

	close(fd);
	return failed;
}

static bool vsock(void)
{
	int l = have(socket(AF_VSOCK, SOCK_STREAM, 0), "vsock");
	int fd = have(socket(AF_VSOCK, SOCK_STREAM, 0), "vsock");
	union address a = { .vm = { .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_LOCAL,
				    .svm_port = 4999 } };
	bool failed;

	have(bind(l, &a.any, sizeof(a.vm)), "bind");
	have(listen(l, 1), "listen");
	have(connect(fd, &a.any, sizeof(a.vm)), "connect");
	poison();
	failed = send(fd, hole, 300, 0) < 0;
	close(fd);
	close(l);
	return failed;
}

/* Data in a SYN. That it is not there is no error: it goes without. */
static bool tcp_syn(void)
{
	int fd = have(socket(AF_INET, SOCK_STREAM, 0), "socket");
	union address a;
	socklen_t alen = address(&a, NULL, 4999);

	poison();
	sendto(fd, hole, 300, MSG_FASTOPEN | MSG_DONTWAIT, &a.any, alen);
	close(fd);
	return true;
}

static bool tcp(void)
{
	int l = have(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int fd = have(socket(AF_INET, SOCK_STREAM, 0), "socket");
	union address a;
	socklen_t alen = address(&a, NULL, 4998);
	bool failed;

	set(l, SOL_SOCKET, SO_REUSEADDR, 1);
	have(bind(l, &a.any, alen), "bind");
	have(listen(l, 1), "listen");
	have(connect(fd, &a.any, alen), "connect");
	failed = send_to(fd, 0, 300, NULL, 0);
	close(fd);
	close(l);
	return failed;
}

static const struct sender {
	const char *name;
	bool (*one)(void);
	bool v6;
} senders[] = {
	{ "udp", udp, false }, { "udp6", udp, true },
	{ "udp_half", udp_half, false }, { "udp6_half", udp_half, true },
	{ "udp_long", udp_long, false }, { "udp6_long", udp_long, true },
	{ "udp_fragments", udp_fragments, false }, { "udp6_fragments", udp_fragments, true },
	{ "corked", corked, false }, { "corked6", corked, true },
	{ "unread_error", unread_error, false }, { "unread_error6", unread_error, true },
	{ "raw", raw, false }, { "raw6", raw, true },
	{ "raw_half", raw_half, false }, { "raw6_half", raw_half, true },
	{ "raw_header", raw_header, false }, { "raw_header_half", raw_header_half, false },
	{ "raw_header_far", raw_header_far, false }, { "raw6_header", raw6_header, true },
	{ "ping", ping, false }, { "ping6", ping, true },
	{ "packet", packet, false }, { "packet6", packet, true },
	{ "packet_half", packet_half, false }, { "packet_dgram", packet_dgram, false },
	{ "packet_old", packet_old, false }, { "packet_paged", packet_paged, false },
	{ "packet_ring", packet_ring, false },
	{ "tun", tun, false }, { "tun_half", tun_half, false },
	{ "tap_paged", tap_paged, false }, { "tap_frags", tap_frags, false },
	{ "unix_dgram", unix_dgram, false }, { "unix_long", unix_long, false },
	{ "unix_stream", unix_stream, false }, { "unix_seqpacket", unix_seqpacket, false },
	{ "netlink", netlink, false }, { "vsock", vsock, false },
	{ "tcp_syn", tcp_syn, false }, { "tcp", tcp, false },
};

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 7, failed = 0, i;
	const struct sender *s = senders, *end = senders + sizeof(senders) / sizeof(*senders);

	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (; s < end; s++)
			printf("%s\n", s->name);
		return 0;
	}
	while (argc > 1 && s < end && strcmp(s->name, argv[1]))
		s++;
	if (argc < 2 || s == end) {
		fprintf(stderr, "usage: faultsend SENDER [COUNT], faultsend list\n");
		return 2;
	}
	v6 = s->v6;
	prepare_memory();
	stay_here();
	for (i = 0; i < count; i++)
		failed += s->one();
	printf("%s: %d failed\n", s->name, failed);
	return failed == count ? 0 : 1;
}
