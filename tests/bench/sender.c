// SPDX-License-Identifier: GPL-2.0
/*
 * sender - send frames that nobody wants, and tell how long it took
 *
 * usage: sender DEV WARM COUNT|SECONDSs [CPU]
 *
 * The frames go to a foreign MAC address, so the other end of a veth pair
 * drops each exactly once, in ip_rcv_core(), before the send call returns.
 * First WARM of them, then COUNT, or as many as it can for SECONDS. Of the latter
 * it prints
 *
 *	how many, cycles of the time stamp counter (arm64: nanoseconds of the system
 *	counter), the process's CPU time in nanoseconds, the elapsed nanoseconds
 *
 * With QEMU's -icount that is the number of executed instructions: exact on x86, to the
 * next 16 on arm64, whose counter has 62.5 MHz there.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

#define BATCH	32
#define PAYLOAD	100

struct frame {
	struct ether_header eth;
	struct iphdr ip;
	struct udphdr udp;
	char payload[PAYLOAD];
} __attribute__((packed));

static struct frame frame;
static struct iovec iov = { &frame, sizeof(frame) };
static struct mmsghdr messages[BATCH];

static void die(const char *what)
{
	fprintf(stderr, "sender: ");
	perror(what);
	exit(1);
}

static uint16_t checksum(const void *p, size_t len)
{
	const uint16_t *word = p;
	uint32_t sum = 0;

	for (; len; len -= 2)
		sum += *word++;
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

static void make_frame(void)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.tot_len = htons(sizeof(frame) - sizeof(frame.eth)),
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.saddr = inet_addr("192.0.2.1"),
		.daddr = inet_addr("192.0.2.2"),
	};

	memcpy(frame.eth.ether_dhost, "\x02\xde\xad\xbe\xef\x00", ETH_ALEN);
	memcpy(frame.eth.ether_shost, "\x02\x00\x00\x00\x00\x01", ETH_ALEN);
	frame.eth.ether_type = htons(ETHERTYPE_IP);
	ip.check = checksum(&ip, sizeof(ip));
	frame.ip = ip;
	frame.udp.source = htons(40000);
	frame.udp.dest = htons(9);
	frame.udp.len = htons(sizeof(frame.udp) + PAYLOAD);
	memset(frame.payload, 'w', PAYLOAD);
}

static void send_frames(int fd, unsigned long count)
{
	while (count) {
		int n = sendmmsg(fd, messages, count < BATCH ? count : BATCH, 0);

		if (n <= 0)
			die("sendmmsg");
		count -= n;
	}
}

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static uint64_t cycles_now(void)
{
#ifdef __x86_64__
	return __rdtsc();
#elif defined(__aarch64__)
	uint64_t frequency, ticks;

	asm volatile("mrs %0, cntfrq_el0" : "=r" (frequency));
	asm volatile("isb; mrs %0, cntvct_el0" : "=r" (ticks) : : "memory");
	return ticks * (1000000000 / frequency);
#else
#error "which counter?"
#endif
}

static unsigned long send_for(int fd, unsigned long seconds)
{
	uint64_t end = nanoseconds(CLOCK_MONOTONIC) + seconds * 1000000000ull;
	unsigned long count = 0;

	for (; nanoseconds(CLOCK_MONOTONIC) < end; count += BATCH)
		send_frames(fd, BATCH);
	return count;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	uint64_t cycles, cpu, elapsed;
	unsigned long count;
	char *unit;
	int fd, i;

	if (argc < 4) {
		fprintf(stderr, "usage: sender DEV WARM COUNT|SECONDSs [CPU]\n");
		return 2;
	}
	if (argc > 4)
		pin(atoi(argv[4]));
	to.sll_ifindex = if_nametoindex(argv[1]);
	if (!to.sll_ifindex)
		die(argv[1]);
	/* Protocol 0: sends only. */
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)))
		die("packet socket");
	make_frame();
	for (i = 0; i < BATCH; i++) {
		messages[i].msg_hdr.msg_iov = &iov;
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		die("mlockall");

	count = strtoul(argv[3], &unit, 0);
	send_frames(fd, strtoul(argv[2], NULL, 0));
	elapsed = nanoseconds(CLOCK_MONOTONIC);
	cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
	cycles = cycles_now();
	if (*unit == 's')
		count = send_for(fd, count);
	else
		send_frames(fd, count);
	cycles = cycles_now() - cycles;
	cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	elapsed = nanoseconds(CLOCK_MONOTONIC) - elapsed;
	printf("%lu %llu %llu %llu\n", count, (unsigned long long)cycles, (unsigned long long)cpu,
	       (unsigned long long)elapsed);
	return 0;
}
