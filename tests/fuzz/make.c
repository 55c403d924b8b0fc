// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "make.h"
#include "records.h"

static uint32_t state;

void make_seed(uint32_t seed)
{
	state = seed * 2654435761u | 1;
}

uint32_t roll(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return n ? (uint32_t)(((uint64_t)state * n) >> 32) : 0;
}

uint64_t make_number(void)
{
	static const uint64_t special[] = {
		0, 1, 2, 7, 8, 63, 64, 65, 127, 128, 255, 256, 257, 4095, 4096, 4097, 32767, 32768,
		65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, INT64_MAX,
		(uint64_t)INT64_MAX + 1, UINT64_MAX, UINT64_MAX - 1, 1000000000,
		1795376527000000000, 4026531840,
	};
	uint64_t v = special[roll(ARRAY_SIZE(special))];

	switch (roll(4)) {
	case 0: return (uint64_t)roll(0) << 32 ^ state;
	case 1: return roll(16);
	case 2: return v + roll(5) - 2;
	default: return v;
	}
}

void put_number(uint8_t *p, uint64_t v, unsigned int size, bool swap)
{
	v = swap ? __builtin_bswap64(v) >> (64 - 8 * size) : v;
	memcpy(p, &v, size);
}

static const char *const texts[] = {
	"load_id=00000001-0000-4000-8000-000000000001", "load_id=2", "boot_id=1", "boot_id=2",
	"node=host1", "node=\033[2Jx", "kernel=6.1.0", "version=9", "selected=-r 'X'", "build_id=ab",
	"enabled=0", "enabled=1", "reasons=!OTHERHOST", "devs=eth0", "netns=1", "packet_filter=9,1 2 3 4",
	"reasons=*", "=", "x=", "core", "NO_SOCKET", "OTHERHOST", "NETFILTER_DROP", "qdisc", "openvswitch",
	"UNKNOWN(0x7ffff)", "NOT_AVAILABLE", "ip_rcv+0x1d9/0x3b0", "tcp_v4_rcv+0x1/0x2 [mod]",
	"nft_do_chain+0x1/0x2 [nf_tables]", "nf_hook_slow+0xa8/0xd0", "[unloaded module]", "[unknown]",
	"\xe2\x80\xae" "x", "\xff\xfe", "\xc2\x9b" "2J", "caf\xc3\xa9", ";a b;", "\"\\{}", "%s%n", "a\nb",
	"\t", "\xf0\x9f\x98\x80", "/../x", "UNKNOWN(", "@", "(all others)", "-", "",
};

size_t make_text(char *to, size_t max)
{
	const char *text = texts[roll(ARRAY_SIZE(texts))];
	size_t len = MIN(strlen(text), max), times, i;

	memcpy(to, text, len);
	if (roll(12) || !len)
		return len;
	/* A long one. */
	times = 1 + roll(roll(8) ? 64 : 4200) / len;
	for (i = 1; i < times && (i + 1) * len <= max; i++)
		memcpy(to + i * len, text, len);
	return i * len;
}

static size_t strings(uint8_t *p, size_t max, unsigned int nr)
{
	size_t at = 0;

	while (nr-- && at + 1 < max) {
		at += make_text((char *)p + at, max - at - 1);
		p[at++] = '\0';
	}
	return at;
}

size_t make_packet(uint8_t *p)
{
	static const uint8_t types[][2] = {
		{ 8, 0 }, { 8, 0 }, { 0x86, 0xdd }, { 0x86, 0xdd }, { 8, 6 }, { 0x81, 0 }, { 0x88, 0xa8 },
		{ 0x88, 0x47 }, { 0x88, 0xcc }, { 0, 38 }, { 0x88, 0x64 }, { 8, 9 },
	};
	static const uint8_t protocols[] = {
		6, 6, 17, 17, 1, 58, 132, 33, 136, 50, 51, 47, 4, 41, 0, 43, 44, 60, 59, 135, 139, 255, 112,
	};
	size_t n = 14, i, ip;
	uint8_t proto;

	for (i = 0; i < 256; i++)
		p[i] = roll(3) ? roll(256) : 0;
	memcpy(p + 12, types[roll(ARRAY_SIZE(types))], 2);
	if (p[12] == 0x81) {
		n = 18;
		memcpy(p + 16, types[roll(3)], 2);
	}
	ip = n;
	if (p[n - 2] == 8 && !p[n - 1]) {
		p[n] = roll(8) ? 0x45 : 0x40 | roll(16);
		p[n + 9] = proto = protocols[roll(ARRAY_SIZE(protocols))];
		if (roll(4))
			p[n + 6] = p[n + 7] = 0;
		n += (p[n] & 15) * 4;
	} else if (p[n - 2] == 0x86) {
		p[n] = 0x60;
		p[n + 6] = proto = protocols[roll(ARRAY_SIZE(protocols))];
		n += 40;
		/* Headers behind one another. */
		while ((proto == 0 || proto == 43 || proto == 44 || proto == 60 || proto == 51) && n < 200) {
			proto = p[n] = protocols[roll(ARRAY_SIZE(protocols))];
			p[n + 1] = roll(4) ? 0 : roll(256);
			n += 8;
		}
	}
	(void)ip;
	n += roll(40);
	return MIN(n, 256);
}

static size_t event(uint8_t *p, bool swap)
{
	static const struct {
		unsigned short at, size;
	} fields[] = {
#define FIELD(type, name, unit, meaning) \
		{ offsetof(struct whydrop_event, name), sizeof(((struct whydrop_event *)0)->name) },
		WHYDROP_EVENT_FIELDS(FIELD)
#undef FIELD
	};
	struct whydrop_event *ev = (void *)p;
	size_t caplen = roll(4) ? make_packet(ev->data) : 0, i;

	put_number((uint8_t *)&ev->caplen, caplen, 2, swap);
	put_number((uint8_t *)&ev->l3_off, roll(3) ? 14 : roll(20), 2, swap);
	put_number((uint8_t *)&ev->dev_type, roll(3), 2, swap);
	put_number((uint8_t *)&ev->flags, roll(512), 2, swap);
	put_number((uint8_t *)&ev->reason, roll(9), 4, swap);
	put_number((uint8_t *)&ev->stack_id, roll(9), 4, swap);
	put_number((uint8_t *)&ev->pkt_len, caplen + roll(2) * 1000, 4, swap);
	put_number((uint8_t *)&ev->mono_ns, 1000000000 + roll(100000), 8, swap);
	put_number((uint8_t *)&ev->seq, roll(100), 8, swap);
	if (caplen)
		memcpy(&ev->protocol, ev->data + 12, 2);
	for (i = roll(6); i; i--) {
		size_t f = roll(ARRAY_SIZE(fields));

		if (fields[f].size <= 8)
			put_number(p + fields[f].at, make_number(), fields[f].size, swap);
		else
			make_text((char *)p + fields[f].at, fields[f].size);
	}
	return sizeof(*ev) + caplen;
}

/* A record of @p's own, at most 16 KiB of it. */
size_t make_record(uint8_t *p, bool swap)
{
	static const uint8_t types[] = { 1, 1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5, 6, 6, 7, 7, 0, 8 };
	unsigned int type = types[roll(ARRAY_SIZE(types))], nr, i;
	const size_t max = 16384;
	size_t n = 8;

	memset(p, 0, 512);
	switch (type) {
	case WHYDROP_REC_META:
		n += strings(p + n, max - n, 1 + roll(roll(4) ? 4 : 80));
		break;
	case WHYDROP_REC_CLOCK:
		put_number(p + 8, make_number(), 8, swap);
		put_number(p + 16, make_number(), 8, swap);
		n = 24;
		break;
	case WHYDROP_REC_REASON:
		put_number(p + 8, roll(2) ? roll(9) : make_number(), 4, swap);
		n = 16;
		if (roll(2)) {
			memcpy(p + n, "core", 5);
			n += 5 + strings(p + n + 5, 8192, 2);
		} else {
			n += strings(p + n, max - n, 3);
		}
		break;
	case WHYDROP_REC_STACK:
		nr = roll(roll(4) ? 5 : 66);
		put_number(p + 8, roll(9), 4, swap);
		put_number(p + 12, roll(9), 4, swap);
		put_number(p + 16, nr, 2, swap);
		put_number(p + 18, roll(2) ? 0 : roll(600), 2, swap);
		n = 24;
		for (i = 0; i <= nr && n < max - 5000; i++)
			n += strings(p + n, 4500, 1);
		put_number(p + 20, n - 24, 4, swap);
		break;
	case WHYDROP_REC_EVENT:
		n = event(p, swap);
		break;
	case WHYDROP_REC_LOST:
		put_number(p + 8, make_number(), 8, swap);
		put_number(p + 16, roll(7), 4, swap);
		n = 24;
		break;
	case WHYDROP_REC_SETTING:
		put_number(p + 8, make_number(), 8, swap);
		n = 16 + strings(p + 16, 8192, 1);
		break;
	default:
		n += roll(64);
		break;
	}
	for (; n % 8; n++)
		p[n] = 0;
	put_number(p, n, 4, swap);
	put_number(p + 4, type, 2, swap);
	put_number(p + 6, roll(8) ? roll(3) : make_number(), 2, swap);
	return n;
}

size_t make_header(uint8_t *p, bool swap)
{
	memcpy(p, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN);
	put_number(p + 8, WHYDROP_BYTE_ORDER, 4, swap);
	put_number(p + 12, roll(16) ? WHYDROP_ABI_MAJOR : make_number(), 2, swap);
	put_number(p + 14, roll(6), 2, swap);
	put_number(p + 16, roll(16) ? 24 : roll(9) * 8, 4, swap);
	put_number(p + 20, 0, 4, false);
	return 24;
}

