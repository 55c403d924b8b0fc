// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another input out of one, that knows what a recording is made of: so what comes out
 * is mostly one, and wrong in one place. Sizes that do not fit come, too, but seldom.
 */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "make.h"
#include "records.h"

#define RECORDS 4096

/* An input taken apart. */
struct parts {
	struct head h;
	uint8_t words[4096], text[8192];
	uint8_t *rec;			/* the recording */
	size_t len;
	struct {
		uint32_t at, size;
	} record[RECORDS];
	size_t nr;
	bool swap;
};

static size_t (*mutate_bytes)(uint8_t *p, size_t len, size_t max);

static void split(struct parts *x)
{
	size_t at = 0, size;
	bool swap = false;

	x->nr = 0;
	while (x->nr < RECORDS && (size = record_size(x->rec + at, x->len - at, &swap))) {
		x->record[x->nr].at = at;
		x->record[x->nr++].size = size;
		at += size;
	}
	x->swap = swap;
}

/* ---- changes ---- */

/* @old bytes at @at become @len others. */
static bool replace(struct parts *x, size_t at, size_t old, const uint8_t *p, size_t len, size_t max)
{
	if (x->len - old + len > max || at + old > x->len)
		return false;
	memmove(x->rec + at + len, x->rec + at + old, x->len - at - old);
	if (len)
		memcpy(x->rec + at, p, len);
	x->len += len - old;
	return true;
}

static size_t start_of(const struct parts *x, size_t i)
{
	return i < x->nr ? x->record[i].at : x->nr ? x->record[x->nr - 1].at + x->record[x->nr - 1].size :
						     0;
}

static void change_record(struct parts *x, size_t max)
{
	uint8_t *p;
	size_t i = roll(x->nr), n, at, size = x->record[i].size;
	static uint8_t buf[MOST];
	unsigned int width;

	p = x->rec + x->record[i].at;
	switch (roll(6)) {
	case 0:
	case 1:
		/* A number in it, most likely a field. */
		width = 1 << roll(4);
		at = roll(MIN(size, roll(4) ? sizeof(struct whydrop_event) : size)) / width * width;
		if (at + width <= size && (at >= 8 || !roll(20)))
			put_number(p + at, make_number(), width, x->swap);
		break;
	case 2:
		/* Text in it; what has more or less of it is as long. */
		at = roll(size);
		if (at < 16)
			break;
		n = make_text((char *)buf, 4200);
		at = MIN(at, size);
		width = MIN(size - at, strnlen((char *)p + at, size - at) + (roll(4) == 0));
		if (!replace(x, x->record[i].at + at, width, buf, n, max))
			break;
		size += n - width;
		memset(buf, 0, 8);
		if (size % 8 && replace(x, x->record[i].at + size, 0, buf, 8 - size % 8, max))
			size += 8 - size % 8;
		put_number(x->rec + x->record[i].at, size, 4, x->swap);
		if (record_type(x->rec + x->record[i].at, x->swap) == WHYDROP_REC_STACK && size > 24)
			put_number(x->rec + x->record[i].at + 20, size - 24, 4, x->swap);
		break;
	case 3:
		/* A length, at the edge of what there is. */
		at = roll(3) - 1;
		if (record_type(p, x->swap) == WHYDROP_REC_EVENT && size >= sizeof(struct whydrop_event))
			put_number(p + offsetof(struct whydrop_event, caplen),
				   size - sizeof(struct whydrop_event) + at, 2, x->swap);
		else if (record_type(p, x->swap) == WHYDROP_REC_STACK && size >= 24)
			put_number(p + offsetof(struct whydrop_stack_rec, text_len),
				   size - sizeof(struct whydrop_stack_rec) + at, 4, x->swap);
		break;
	case 4:
		/* A packet. */
		if (record_type(p, x->swap) != WHYDROP_REC_EVENT || size < sizeof(struct whydrop_event))
			break;
		make_packet(buf);
		memcpy(p + sizeof(struct whydrop_event), buf,
		       MIN(size - sizeof(struct whydrop_event), 256));
		break;
	default:
		if (size > 8 && size < 8192)
			mutate_bytes(p + 8, size - 8, size - 8);
		break;
	}
}

static void change_records(struct parts *x, size_t max)
{
	size_t i = roll(x->nr + 1), j, at = start_of(x, i), n, times;
	static uint8_t buf[MOST];

	switch (roll(12)) {
	case 0: case 1: case 2:
		n = make_record(buf, x->swap);
		replace(x, at, 0, buf, n, max);
		break;
	case 3: case 4:
		if (i == x->nr)
			break;
		n = x->record[i].size;
		memcpy(buf, x->rec + at, n);
		j = start_of(x, roll(x->nr + 1));
		for (times = roll(3) ? 1 : 1 + roll(20); times; times--)
			if (!replace(x, j, 0, buf, n, max))
				break;
		break;
	case 5:
		j = start_of(x, MIN(x->nr, i + (roll(4) ? 1 : roll(8))));
		replace(x, at, j - at, NULL, 0, max);
		break;
	case 6:
		n = make_header(buf, x->swap);
		if (roll(2))
			n += make_record(buf + n, x->swap);
		replace(x, at, 0, buf, n, max);
		break;
	case 7:
		/* All that there is, once more. */
		if (x->len > sizeof(buf))
			break;
		memcpy(buf, x->rec, x->len);
		replace(x, roll(2) ? x->len : at, 0, buf, roll(2) ? x->len : at, max);
		break;
	case 8:
		if (roll(6))
			break;
		x->len = roll(x->len + 1);
		break;
	default:
		if (x->nr)
			change_record(x, max);
		break;
	}
}

static const char *const words[] = {
	"-j", "-s", "-v", "-x", "-o", "all", "reason,dev", "flow,stack,data", "time,packet,sock", "-H", "-r",
	"*", "!OTHERHOST", "NO_SOCKET", "3", "0x7ffff", "UNKNOWN(0x7ffff)", "openvswitch/*", "-i", "e*", "-",
	"eth0,!lo", "any", "-N", "4026531840", "pid:1", "blue", "--comm", "swapper*", "--at", "tcp_*",
	"ip_rcv+0x1d9", "--benign", "hide", "show", "--time", "abs", "utc", "rel", "mono", "none", "--color",
	"always", "never", "-c", "1", "100", "18446744073709551614", "--duration", "0", "0.5", "--exit-code",
	"--ready-fd", "777", "2", "-f", "in", "d", "d/*", "d/00", "live/raw", "nowhere", "@", "--history", "-w",
	"w/x", "w", "/dev/null", "/dev/full", "--by", "reason", "dev", "netns", "at", "comm", "flow",
	"class", "intent", "-k", "usual", "!benign", "policy/*",
	"--interval", "--folded", "-C", "1k", "-W", "--cmd", "-h", "--version", "--", "tcp", "udp", "or", "and",
	"not", "host", "10.0.42.2", "net", "10.0.0.0/8", "port", "9999", "portrange", "1-100", "ip", "ip6",
	"icmp", "proto", "112", "ip[8]", "ip6[6]", "tcp[13]", "&", "!=", "0", "=", "<", ">", "(", ")", "src",
	"dst", "less", "greater", "len", "2001:db8::1", "vlan", "ether", "list", "count", "stacks", "explain",
	"top", "watch", "pcap", "record", "status", "metrics", "reasons", "set", "enable", "--complete", "help",
	"version", "@ip_error", "SOCKET_*", "stack_depth=3", "packet_filter=tcp", "reasons=x", "x=y",
	"-S", "map", "--time=", "--reason=", "-jsv", "--bogus", "packet_filter=1,6 0 0 1", "-l",
};

static void change_words(struct parts *x)
{
	size_t at = 0, len = x->h.words_len, n;
	const char *word = words[roll(ARRAY_SIZE(words))];

	/* At one that begins. */
	if (len) {
		at = roll(len);
		while (at < len && x->words[at++])
			;
	}
	switch (roll(6)) {
	case 0:
		x->h.words_len = at;
		break;
	case 1:
		if (len)
			x->h.words_len = mutate_bytes(x->words, len, MIN(len + 16, 1024));
		break;
	case 2:
		n = strnlen((char *)x->words + at, len - at) + 1;
		n = MIN(n, len - at);
		memmove(x->words + at, x->words + at + n, len - at - n);
		x->h.words_len -= n;
		break;
	default:
		n = strlen(word) + 1;
		if (len + n > 1024)
			break;
		memmove(x->words + at + n, x->words + at, len - at);
		memcpy(x->words + at, word, n);
		x->h.words_len += n;
		break;
	}
}

static void change_head(struct parts *x)
{
	switch (roll(8)) {
	case 0: x->h.keys = roll(256); break;
	case 1: x->h.columns = roll(256); break;
	case 2: x->h.how = roll(2) ? HOW_FILE : roll(HOW_NR); break;
	case 3: x->h.fault = roll(3) ? 255 : roll(7); break;
	case 4: x->h.vary = roll(256); break;
	case 5: x->h.from = roll(3) ? roll(x->nr + 1) : roll(256); break;
	default: x->h.view = roll(nr_views); break;
	}
}

static void change_text(struct parts *x)
{
	static const char *const lines[] = {
		"NO_SOCKET 3 1842 x\n", "  1842 NO_SOCKET @ f+0x9/0xd ; cut\n", "\tip_rcv+0x3/0x1c0\n",
		"lost_nmi: 18446744073709551615\n", "# 5 of 9 drops are counted by place\n", "\n", "x\n",
		"whydrop_load_info{load_id=\"1\"} 1\n", "whydrop_ring_position{cpu=\"65535\"} 7\n",
		"whydrop_device_drops_total{dev=\"e\\\"\"} 5\n",
		"whydrop_lost_events_total{cause=\"overwritten\"} 3\n", "9,40 0 0 12,6 0 0 0\n",
	};
	const char *line = lines[roll(ARRAY_SIZE(lines))];
	size_t len = x->h.text_len, n = strlen(line);

	if (!roll(8))
		x->h.text_len = 0;
	else if (len && roll(2))
		x->h.text_len = mutate_bytes(x->text, len, MIN(len + 64, 4096));
	else if (len + n < 4096) {
		memcpy(x->text + len, line, n);
		x->h.text_len += n;
	}
}

/* Take apart; what does not fit is left out. */
static void parse(struct parts *x, const uint8_t *p, size_t len, uint8_t *rec)
{
	memset(&x->h, 0, sizeof(x->h));
	memcpy(&x->h, p, MIN(len, sizeof(x->h)));
	p += MIN(len, sizeof(x->h));
	len -= MIN(len, sizeof(x->h));
	x->h.words_len = MIN(MIN(x->h.words_len, len), 1024);
	x->h.text_len = MIN(MIN(x->h.text_len, len - x->h.words_len), 4096);
	memcpy(x->words, p, x->h.words_len);
	memcpy(x->text, p + x->h.words_len, x->h.text_len);
	p += x->h.words_len + x->h.text_len;
	len -= x->h.words_len + x->h.text_len;
	x->rec = rec;
	x->len = MIN(len, MOST);
	memcpy(rec, p, x->len);
	split(x);
}

static size_t join(const struct parts *x, uint8_t *to, size_t max)
{
	size_t n = sizeof(x->h);

	memcpy(to, &x->h, n);
	memcpy(to + n, x->words, x->h.words_len);
	n += x->h.words_len;
	memcpy(to + n, x->text, x->h.text_len);
	n += x->h.text_len;
	memcpy(to + n, x->rec, MIN(x->len, max - n));
	return n + MIN(x->len, max - n);
}

/* Room for the head, the words and the text. */
#define BEFORE (sizeof(struct head) + 1024 + 4096)

size_t mutate(uint8_t *p, size_t len, size_t max, uint32_t seed,
	      size_t (*bytes)(uint8_t *p, size_t len, size_t max))
{
	static struct parts x;
	static uint8_t rec[2 * MOST];
	unsigned int i;

	if (max < 2 * BEFORE)
		return len;
	make_seed(seed);
	mutate_bytes = bytes;
	parse(&x, p, len, rec);
	for (i = 1 + roll(4); i; i--) {
		switch (roll(8)) {
		case 0: change_head(&x); break;
		case 1: change_words(&x); break;
		case 2:
			if (x.h.how % HOW_NR == HOW_LIVE)
				change_text(&x);
			else
				change_head(&x);
			break;
		default:
			change_records(&x, MIN(max - BEFORE, MOST));
			split(&x);
			break;
		}
	}
	/* Seldom, as it takes long; and not for ever. */
	x.h.times = roll(64) ? roll(2) * 192 + roll(12) : 0;
	if (!roll(200))
		x.h.times = 192 + 3 * (8 + roll(11));
	return join(&x, p, max);
}

size_t cross(const uint8_t *p, size_t len, const uint8_t *q, size_t q_len, uint8_t *to, size_t max,
	     uint32_t seed)
{
	static uint8_t rec[2 * MOST], other[2 * MOST];
	static struct parts x, y;
	size_t at, from, size;

	if (max < 2 * BEFORE)
		return 0;
	make_seed(seed);
	parse(&x, p, len, rec);
	parse(&y, q, q_len, other);
	from = start_of(&y, roll(y.nr + 1));
	size = (roll(2) ? start_of(&y, roll(y.nr + 1)) : y.len);
	size = size > from ? size - from : 0;
	at = start_of(&x, roll(x.nr + 1));
	if (roll(2))
		x.len = at;
	replace(&x, at, 0, other + from, size, MIN(max - BEFORE, MOST));
	return join(&x, to, max);
}
