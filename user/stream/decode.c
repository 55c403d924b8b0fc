// SPDX-License-Identifier: GPL-2.0-only
/* Decodes the binary stream of <debugfs>/whydrop/raw, see module/uapi/whydrop.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/decode.h"
#include "stream/foreign.h"

static const struct whydrop_event_bits {
	unsigned short at, size;
} event_bits[] = {
#define FIELD(type, name, unit, meaning) \
	{ offsetof(struct whydrop_event, name), sizeof(((struct whydrop_event *)0)->name) },
	WHYDROP_EVENT_FIELDS(FIELD)
#undef FIELD
};

static long __attribute__((format(printf, 3, 4)))
set_error(struct decoder *d, long code, const char *fmt, ...)
{
	size_t n = sizeof(d->error);
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(d->error, n, fmt, ap);
	va_end(ap);
	if (len >= 0 && (size_t)len < n)
		snprintf(d->error + len, n - len, " (byte %llu)", (unsigned long long)d->offset);
	return code;
}

static uint16_t get16(const struct decoder *d, uint16_t v)
{
	return d->swap ? __builtin_bswap16(v) : v;
}

static uint32_t get32(const struct decoder *d, uint32_t v)
{
	return d->swap ? __builtin_bswap32(v) : v;
}

static uint64_t get64(const struct decoder *d, uint64_t v)
{
	return d->swap ? __builtin_bswap64(v) : v;
}

/* The @nr-th of several strings that NULs end; false if it has no end. */
static bool text_next(const char **pos, const char *end, const char **text)
{
	const char *nul = memchr(*pos, '\0', end - *pos);

	*text = *pos;
	if (!nul)
		return false;
	*pos = nul + 1;
	return true;
}

void decoder_init(struct decoder *d)
{
	memset(d, 0, sizeof(*d));
}

void decoder_free(struct decoder *d)
{
	struct reason *r, *older;
	size_t i;

	meta_free(&d->meta);
	meta_free(&d->settings);
	for (i = 0; i < d->nr_reasons; i++) {
		for (r = d->reason[i]; r; r = older) {
			older = r->older;
			free(r);
		}
	}
	hash_free(&d->reasons);
	free(d->reason);
	stacks_free(&d->stacks);
	hosts_free(&d->hosts);
	memset(d, 0, sizeof(*d));
}

/* Nothing is known of the host any more, nor what its clocks say. */
static void forget_host(struct decoder *d)
{
	const char *load = decoder_meta(d, "load_id");

	/* One header behind another ends nothing that had begun. */
	if (!d->renewed)
		snprintf(d->load_id, sizeof(d->load_id), "%s", load ? load : "");
	meta_clear(&d->meta);
	d->renewed = true;
	d->has_clock = false;
	d->stacks.transient = NULL;
	stacks_set_anchors(&d->stacks, NULL);
}

/* Behind META, which may say that the load of the module is the same. */
static void begin_load(struct decoder *d)
{
	const char *load = decoder_meta(d, "load_id");

	d->renewed = false;
	if (load && !strcmp(load, d->load_id))
		return;
	d->load++;
	d->qdisc_reasons = 0;
	hosts_free(&d->hosts);
	meta_clear(&d->settings);
}

static long decode_header(struct decoder *d, const void *buf, size_t len, struct item *it)
{
	struct whydrop_file_header h;
	const char *other;
	uint32_t size;
	bool swap;

	if (memcmp(buf, WHYDROP_MAGIC, MIN(len, WHYDROP_MAGIC_LEN))) {
		other = foreign_format(buf, len);
		if (!other)
			return set_error(d, DECODE_BAD, "not a recording of whydrop: wrong first bytes");
		snprintf(d->error, sizeof(d->error), "not a recording of whydrop, but %s", other);
		return DECODE_BAD;
	}
	if (len < sizeof(h))
		return 0;
	memcpy(&h, buf, sizeof(h));
	swap = h.byte_order == __builtin_bswap32(WHYDROP_BYTE_ORDER);
	if (!swap && h.byte_order != WHYDROP_BYTE_ORDER)
		return set_error(d, DECODE_BAD, "corrupt: unknown byte order 0x%x", h.byte_order);
	d->swap = swap;
	d->abi_major = get16(d, h.abi_major);
	d->abi_minor = get16(d, h.abi_minor);
	d->event.tells_mac = d->abi_minor >= 2;
	if (d->abi_major != WHYDROP_ABI_MAJOR)
		return set_error(d, DECODE_ABI, "written with ABI %u.%u, this program reads %u.x",
				 d->abi_major, d->abi_minor, WHYDROP_ABI_MAJOR);
	size = get32(d, h.header_size);
	if (size < sizeof(h) || size % 8 || size > RECORD_MAX)
		return set_error(d, DECODE_BAD, "corrupt: header of %u bytes", size);
	if (len < size)
		return 0;
	if (d->started)
		forget_host(d);
	d->started = true;
	it->type = ITEM_HEADER;
	return size;
}

static long decode_meta(struct decoder *d, const char *rec, size_t size)
{
	if (!meta_add(&d->meta, META_MAX, rec + offsetof(struct whydrop_meta, text), rec + size))
		return set_error(d, DECODE_BAD, "corrupt: META without end");
	stacks_set_anchors(&d->stacks, decoder_meta(d, "anchors"));
	return 0;
}

static long decode_setting(struct decoder *d, const char *rec, size_t size, struct item *it)
{
	const char *pos = rec + offsetof(struct whydrop_setting, text), *text, *eq;
	char name[65];

	it->changed = NULL;
	if (!text_next(&pos, rec + size, &text))
		return set_error(d, DECODE_BAD, "corrupt: SETTING without end");
	eq = strchr(text, '=');
	if (!eq || (size_t)(eq - text) >= sizeof(name))
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)(eq - text), text);
	it->changed = meta_set(&d->settings, SETTINGS_MAX, name, eq + 1);
	d->setting_changes += it->changed != NULL;
	return 0;
}

static long decode_name(struct decoder *d, const char *rec, size_t size, struct item *it)
{
	struct whydrop_name head;

	memcpy(&head, rec, sizeof(head));
	it->name = (struct owner){ .kind = get32(d, head.kind), .id = get32(d, head.id) };
	return owner_decode(&it->name, rec + sizeof(head), rec + size) ? 0 :
	       set_error(d, DECODE_BAD, "corrupt: NAME without end");
}

static bool same_reason(const void *val, const void *key)
{
	return ((const struct reason *)val)->id == *(const uint32_t *)key;
}

static struct reason *get_reason(const struct decoder *d, uint32_t id)
{
	struct reason *r = hash_get(&d->reasons, hash_number(id), same_reason, &id);

	return r && r->load == d->load ? r : NULL;
}

static long decode_reason(struct decoder *d, const char *rec, size_t size, struct item *it)
{
	const char *pos = rec + offsetof(struct whydrop_reason_rec, text);
	const char *text[3];
	size_t i, len[3], bytes;
	struct whydrop_reason_rec head;
	struct reason *r, *old;
	char *mem;
	bool core;

	memcpy(&head, rec, sizeof(head));
	for (i = 0; i < 3; i++) {
		if (!text_next(&pos, rec + size, &text[i]))
			return set_error(d, DECODE_BAD, "corrupt: REASON without end");
		len[i] = pos - text[i];
		if (len[i] > 4096)
			return set_error(d, DECODE_BAD, "corrupt: REASON with a text of %zu bytes",
					 len[i]);
	}
	head.reason = get32(d, head.reason);
	old = hash_get(&d->reasons, hash_number(head.reason), same_reason, &head.reason);
	if (old && !strcmp(old->subsys, text[0]) && !strcmp(old->name, text[1]) &&
	    !strcmp(old->description, text[2])) {
		old->load = d->load;
		it->reason = old;
		return 0;
	}
	core = !strcmp(text[0], "core");
	bytes = sizeof(*r) + len[0] + len[1] + len[2] + (core ? 0 : len[0] + len[1]);
	if (d->nr_reasons + d->nr_older >= REASONS_MAX)
		return set_error(d, DECODE_BAD, "corrupt: more than %u reasons", REASONS_MAX);
	if (d->reason_bytes + bytes > REASON_BYTES_MAX)
		return set_error(d, DECODE_BAD, "corrupt: more than %u bytes of reasons",
				 REASON_BYTES_MAX);
	d->reason_bytes += bytes;
	r = need(malloc(bytes));
	memset(r, 0, sizeof(*r));
	mem = (char *)(r + 1);
	r->id = head.reason;
	r->load = d->load;
	r->subsys = memcpy(mem, text[0], len[0]);
	r->name = memcpy(mem + len[0], text[1], len[1]);
	r->description = memcpy(mem + len[0] + len[1], text[2], len[2]);
	r->label = r->name;
	if (!core) {
		mem += len[0] + len[1] + len[2];
		r->label = mem;
		memcpy(mem, text[0], len[0]);
		mem[len[0] - 1] = '/';
		memcpy(mem + len[0], text[1], len[1]);
	}
	if (!strcmp(r->subsys, "qdisc"))
		d->qdisc_reasons = r->id & 0xffff0000;
	if (old) {
		r->nth = old->nth;
		d->reason[r->nth] = r;
		r->older = old;
		d->nr_older++;
		*hash_find(&d->reasons, hash_number(r->id), same_reason, &r->id) = r;
	} else {
		hash_add(&d->reasons, hash_number(r->id), r);
		r->nth = d->nr_reasons;
		d->reason = grow(d->reason, d->nr_reasons, &d->reason_room, sizeof(*d->reason));
		d->reason[d->nr_reasons++] = r;
	}
	it->reason = r;
	return 0;
}

static long decode_stack(struct decoder *d, const char *rec, size_t size, struct item *it)
{
	struct whydrop_stack_rec head;
	const char *pos = rec + sizeof(head), *end, *text;
	unsigned int i;

	memcpy(&head, rec, sizeof(head));
	head.id = get32(d, head.id);
	head.reason = get32(d, head.reason);
	head.nr = get16(d, head.nr);
	head.flags = get16(d, head.flags);
	head.text_len = get32(d, head.text_len);
	if (head.text_len > size - sizeof(head))
		return set_error(d, DECODE_BAD, "corrupt: STACK with %u bytes of text in %zu",
				 head.text_len, size);
	end = pos + head.text_len;
	for (i = 0; i <= head.nr; i++)
		if (!text_next(&pos, end, &text))
			return set_error(d, DECODE_BAD, "corrupt: STACK of %u frames has %u",
					 head.nr, i ? i - 1 : 0);
	it->stack = stacks_add(&d->stacks, d->load, &head, rec + sizeof(head), end);
	return 0;
}

const char *reason_subsys(const struct reason *r)
{
	if (!strcmp(r->label, REASON_NONE))
		return NULL;
	/* A number of a subsystem, as decoder_reason() and the module write it. */
	if (!strncmp(r->label, "UNKNOWN(", 8) && strtoul(r->label + 8, NULL, 16) >> 16)
		return NULL;
	return r->subsys;
}

struct reason *decoder_reason(struct decoder *d, uint32_t id)
{
	struct reason *r = get_reason(d, id);

	if (r)
		return r;
	r = &d->unnamed;
	if (r->id == id && r->name)
		return r;
	if (id == WHYDROP_NO_REASON)
		strcpy(d->unnamed_label, REASON_NONE);
	else
		snprintf(d->unnamed_label, sizeof(d->unnamed_label), "UNKNOWN(0x%x)", id);
	r->id = id;
	r->match = 0;
	r->name = d->unnamed_label;
	r->label = d->unnamed_label;
	r->subsys = id >> 16 && id != WHYDROP_NO_REASON ? NULL : "core";
	r->description = "";
	return r;
}

static long decode_event(struct decoder *d, const char *rec, size_t size, struct item *it)
{
	struct event *e = &d->event;
	struct whydrop_event *ev = &e->ev;
	size_t i;

	memcpy(ev, rec, sizeof(*ev));
	ev->rec.cpu = get16(d, ev->rec.cpu);
	for (i = 0; d->swap && i < ARRAY_SIZE(event_bits); i++) {
		char *p = (char *)ev + event_bits[i].at;

		if (event_bits[i].at == offsetof(typeof(*ev), protocol))
			continue;
		if (event_bits[i].size == 2)
			*(uint16_t *)p = __builtin_bswap16(*(uint16_t *)p);
		else if (event_bits[i].size == 4)
			*(uint32_t *)p = __builtin_bswap32(*(uint32_t *)p);
		else if (event_bits[i].size == 8)
			*(uint64_t *)p = __builtin_bswap64(*(uint64_t *)p);
	}
	if (ev->caplen > size - sizeof(*ev))
		return set_error(d, DECODE_BAD, "corrupt: EVENT with %u bytes of data in %zu",
				 ev->caplen, size);
	e->data = (const uint8_t *)rec + sizeof(*ev);
	e->reason = decoder_reason(d, ev->reason);
	e->host = decoder_host(d, ev->rec.cpu);
	e->qdisc = NULL;
	if (ev->qdisc_reason && d->qdisc_reasons)
		e->qdisc = get_reason(d, d->qdisc_reasons | ev->qdisc_reason);
	e->stack = d->stacks.transient;
	if (!e->stack || e->stack->id != ev->stack_id)
		e->stack = decoder_stack(d, ev->stack_id);
	d->stacks.transient = NULL;
	e->has_real = d->has_clock;
	e->real_ns = (int64_t)(ev->mono_ns + (uint64_t)d->real_minus_mono);
	packet_parse(&e->pkt, ev, e->data);
	it->event = e;
	return 0;
}

static const struct {
	const char *name;
	size_t least;
	enum item_type item;
} record_types[] = {
	[WHYDROP_REC_PAD] = { "PAD", 8, ITEM_UNKNOWN },
	[WHYDROP_REC_META] = { "META", sizeof(struct whydrop_meta), ITEM_META },
	[WHYDROP_REC_CLOCK] = { "CLOCK", sizeof(struct whydrop_clock), ITEM_CLOCK },
	[WHYDROP_REC_REASON] = { "REASON", sizeof(struct whydrop_reason_rec), ITEM_REASON },
	[WHYDROP_REC_STACK] = { "STACK", sizeof(struct whydrop_stack_rec), ITEM_STACK },
	[WHYDROP_REC_EVENT] = { "EVENT", sizeof(struct whydrop_event), ITEM_EVENT },
	[WHYDROP_REC_LOST] = { "LOST", sizeof(struct whydrop_lost), ITEM_LOST },
	[WHYDROP_REC_SETTING] = { "SETTING", sizeof(struct whydrop_setting), ITEM_SETTING },
	[WHYDROP_REC_HOST] = { "HOST", sizeof(struct whydrop_host), ITEM_HOST },
	[WHYDROP_REC_NAME] = { "NAME", sizeof(struct whydrop_name), ITEM_NAME },
};

static long decode_record(struct decoder *d, const char *buf, size_t len, struct item *it)
{
	struct whydrop_clock clock;
	struct whydrop_lost lost;
	struct whydrop_rec rec;
	unsigned int type;
	size_t size;
	long err = 0;

	if (len < sizeof(rec))
		return 0;
	/* No record is so large that its size reads like that. */
	if (!memcmp(buf, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN))
		return decode_header(d, buf, len, it);
	memcpy(&rec, buf, sizeof(rec));
	size = get32(d, rec.size);
	type = get16(d, rec.type);
	if (size < sizeof(rec) || size % 8 || size > RECORD_MAX)
		return set_error(d, DECODE_BAD, "corrupt: a record of %zu bytes", size);
	it->type = ITEM_UNKNOWN;
	if (type < ARRAY_SIZE(record_types)) {
		it->type = record_types[type].item;
		if (size < record_types[type].least)
			return set_error(d, DECODE_BAD, "corrupt: %s record of only %zu bytes",
					 record_types[type].name, size);
	}
	if (len < size)
		return 0;
	if (d->renewed && it->type != ITEM_META)
		begin_load(d);
	switch (it->type) {
	case ITEM_META:
		err = decode_meta(d, buf, size);
		break;
	case ITEM_CLOCK:
		memcpy(&clock, buf, sizeof(clock));
		if (!d->has_clock)
			d->first_ns = get64(d, clock.mono_ns);
		d->real_minus_mono = (int64_t)(get64(d, clock.real_ns) - get64(d, clock.mono_ns));
		d->has_clock = true;
		break;
	case ITEM_REASON:
		err = decode_reason(d, buf, size, it);
		break;
	case ITEM_STACK:
		err = decode_stack(d, buf, size, it);
		break;
	case ITEM_EVENT:
		err = decode_event(d, buf, size, it);
		break;
	case ITEM_SETTING:
		err = decode_setting(d, buf, size, it);
		break;
	case ITEM_NAME:
		err = decode_name(d, buf, size, it);
		break;
	case ITEM_HOST:
		if (!hosts_add(&d->hosts, buf, size, d->swap))
			err = set_error(d, DECODE_BAD, "corrupt: HOST of no name, or CPU");
		break;
	case ITEM_LOST:
		memcpy(&lost, buf, sizeof(lost));
		it->lost.cpu = get16(d, rec.cpu);
		it->lost.host = decoder_host(d, it->lost.cpu);
		it->lost.cause = get32(d, lost.cause);
		it->lost.count = get64(d, lost.count);
		it->lost.has_seq = false;
		break;
	default:
		break;
	}
	return err ? err : (long)size;
}

long decoder_step(struct decoder *d, const void *buf, size_t len, struct item *it)
{
	long n;

	if (d->started)
		n = decode_record(d, buf, len, it);
	else
		n = decode_header(d, buf, len, it);
	if (n > 0) {
		it->bytes = buf;
		it->size = n;
		d->offset += n;
	}
	return n;
}

int decoder_end(struct decoder *d, size_t left)
{
	if (!d->started)
		return set_error(d, DECODE_BAD, left ? "not a recording of whydrop: too short" :
				 "empty: not even a header");
	return left ? set_error(d, DECODE_BAD, "cut off: %zu bytes of an incomplete record", left) : 0;
}
