// SPDX-License-Identifier: GPL-2.0-only
/* Records of an input, and many of the same kind out of a few. */
#include <string.h>

#include "base/util.h"
#include "records.h"

bool is_header(const uint8_t *p, size_t left)
{
	return left >= sizeof(struct whydrop_file_header) &&
	       !memcmp(p, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN);
}

static uint32_t get32(const uint8_t *p, bool swap)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap32(v) : v;
}

static void add32(uint8_t *p, uint32_t by, bool swap)
{
	uint32_t v = get32(p, swap) + by;

	v = swap ? __builtin_bswap32(v) : v;
	memcpy(p, &v, sizeof(v));
}

static void add64(uint8_t *p, uint64_t by, bool swap)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	v = swap ? __builtin_bswap64(__builtin_bswap64(v) + by) : v + by;
	memcpy(p, &v, sizeof(v));
}

uint16_t record_type(const uint8_t *p, bool swap)
{
	uint16_t v;

	memcpy(&v, p + offsetof(struct whydrop_rec, type), sizeof(v));
	return swap ? __builtin_bswap16(v) : v;
}

size_t record_size(const uint8_t *p, size_t left, bool *swap)
{
	size_t size;

	if (is_header(p, left)) {
		*swap = get32(p + offsetof(struct whydrop_file_header, byte_order), false) ==
			__builtin_bswap32(WHYDROP_BYTE_ORDER);
		size = get32(p + offsetof(struct whydrop_file_header, header_size), *swap);
	} else if (left >= sizeof(struct whydrop_rec)) {
		size = get32(p, *swap);
	} else {
		return 0;
	}
	return size >= sizeof(struct whydrop_rec) && size <= left ? size : 0;
}

/* Eight digits in the place of a part of the text that begins there. */
static void number_text(uint8_t *p, size_t at, size_t size, uint32_t nr)
{
	static const char digits[] = "0123456789abcdef";
	size_t len = strnlen((char *)p + at, size - at), i;

	if (len < 2)
		return;
	at += len > 12 ? len / 3 : 0;
	for (i = 0; i < 8 && p[at + i] && at + i < size; i++, nr >>= 4)
		if (p[at + i] != '=')
			p[at + i] = digits[nr & 15];
}

static void number_event(uint8_t *p, size_t size, const struct head *h, uint32_t nr, bool swap)
{
	struct whydrop_event ev;
	size_t at;

	if (size < sizeof(ev))
		return;
	if (h->vary & VARY_STACKS)
		add32(p + offsetof(struct whydrop_event, stack_id), nr, swap);
	if (h->vary & VARY_REASONS)
		add32(p + offsetof(struct whydrop_event, reason), nr, swap);
	if (h->vary & VARY_SEQ) {
		add64(p + offsetof(struct whydrop_event, seq), nr, swap);
		add64(p + offsetof(struct whydrop_event, mono_ns), nr, swap);
	}
	if (!(h->vary & VARY_FLOWS))
		return;
	add32(p + offsetof(struct whydrop_event, netns), nr, swap);
	number_text(p, offsetof(struct whydrop_event, comm),
		    offsetof(struct whydrop_event, dev), nr);
	number_text(p, offsetof(struct whydrop_event, dev), offsetof(struct whydrop_event, iif), nr);
	memcpy(&ev, p, sizeof(ev));
	at = sizeof(ev) + (swap ? __builtin_bswap16(ev.l3_off) : ev.l3_off) + 12;
	if (at + sizeof(nr) <= size)
		add32(p + at, nr, true);
}

static void number(uint8_t *p, size_t size, const struct head *h, uint32_t nr, bool swap)
{
	unsigned int type = record_type(p, swap);
	size_t text = 0;

	if (h->vary & VARY_CPUS) {
		uint16_t cpu;

		memcpy(&cpu, p + offsetof(struct whydrop_rec, cpu), sizeof(cpu));
		cpu += nr;
		memcpy(p + offsetof(struct whydrop_rec, cpu), &cpu, sizeof(cpu));
	}
	switch (type) {
	case WHYDROP_REC_META:
		text = offsetof(struct whydrop_meta, text);
		break;
	case WHYDROP_REC_SETTING:
		text = offsetof(struct whydrop_setting, text);
		break;
	case WHYDROP_REC_NAME:
		text = offsetof(struct whydrop_name, text);
		if (size >= text)
			add32(p + offsetof(struct whydrop_name, id), nr, swap);
		break;
	case WHYDROP_REC_REASON:
		text = offsetof(struct whydrop_reason_rec, text);
		if (h->vary & VARY_REASONS && size >= text)
			add32(p + offsetof(struct whydrop_reason_rec, reason), nr, swap);
		/* The name, behind that of the subsystem. */
		if (size > text)
			text += strnlen((char *)p + text, size - text) + 1;
		break;
	case WHYDROP_REC_STACK:
		text = offsetof(struct whydrop_stack_rec, text);
		if (size < text)
			return;
		if (h->vary & VARY_STACKS)
			add32(p + offsetof(struct whydrop_stack_rec, id), nr, swap);
		if (h->vary & VARY_REASONS)
			add32(p + offsetof(struct whydrop_stack_rec, reason), nr, swap);
		break;
	case WHYDROP_REC_CLOCK:
		if (h->vary & VARY_SEQ && size >= sizeof(struct whydrop_clock))
			add64(p + offsetof(struct whydrop_clock, real_ns), nr, swap);
		break;
	case WHYDROP_REC_EVENT:
		number_event(p, size, h, nr, swap);
		break;
	}
	if (h->vary & VARY_TEXTS && text && text < size)
		number_text(p, text, size, nr);
}

size_t records_repeat(uint8_t *to, size_t max, const uint8_t *p, size_t len, const struct head *h,
		      size_t records_max)
{
	size_t at = 0, first, n, done, nr, size;
	unsigned int i, times = times_of(h->times);
	bool swap = false, swap_first;

	for (n = 0; n <= h->from && (size = record_size(p + at, len - at, &swap)); n++)
		at += size;
	if (times == 1 || at == len) {
		memcpy(to, p, MIN(len, max));
		return MIN(len, max);
	}
	memcpy(to, p, at);
	first = done = at;
	nr = 0;
	swap_first = swap;
	for (i = 0; i < times && nr < records_max && done + (len - first) <= max; i++) {
		uint32_t by = h->vary & VARY_BACK ? i & 1 : i;

		if (h->vary & VARY_RANDOM)
			by *= 2654435761u;
		swap = swap_first;
		for (at = first; at < len; at += size, nr++) {
			bool head = is_header(p + at, len - at);

			/* Of another boot, maybe: that takes as long as some records. */
			nr += head ? 15 : 0;

			size = record_size(p + at, len - at, &swap);
			/* What is no record is the end. */
			if (!size)
				size = len - at;
			memcpy(to + done, p + at, size);
			if (!head && i && size >= sizeof(struct whydrop_rec))
				number(to + done, size, h, by, swap);
			done += size;
		}
	}
	return done;
}
