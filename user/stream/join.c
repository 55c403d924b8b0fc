// SPDX-License-Identifier: GPL-2.0-only
/* Joins the streams of several hosts into one: in which order, and as whose. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "../module/version.h"
#include "stream/join.h"
#include "stream/joined.h"

#ifndef READ_ROOM	/* a fuzzer's is small */
/* Of all hosts together, and of each: the largest record has to fit in. */
#define BUFFERS (64u << 20)
#define BUFFER_MIN (2u << 20)
#define BUFFER_MAX (8u << 20)
#else
#define BUFFERS (64u << 10)
#define BUFFER_MIN (64u << 10)
#define BUFFER_MAX (64u << 10)
#endif
#define READ_LEAST (64u << 10)
#define STACKS_OF_ALL (4 * STACKS_BYTES_MAX)

/* An event may come so late that those of others are held back for it. */
#define HOLD_NS INT64_C(1000000000)
#define QUIET_MS 200
/* And so long the first one, from a host that was not heard of yet. */
#define CONNECT_MS 10000
/* Clocks are wrong that differ by more. */
#define SKEW_NS INT64_C(1000000000)

static const char *const settings[] = { "enabled", "reasons", "devs", "netns", "packet_filter" };

void join_init(struct join *j, const char *const *labels, size_t nr, int64_t real, int64_t ms)
{
	static const struct decoder native;
	size_t i;

	memset(j, 0, sizeof(*j));
	j->host = need(calloc(nr, sizeof(*j->host)));
	j->nr = nr;
	j->started_real = real;
	j->last_real = INT64_MIN;
	j->build.dec = &native;
	for (i = 0; i < nr; i++) {
		struct join_host *h = &j->host[i];

		h->label = labels[i];
		h->started_ms = ms;
		h->last_real = INT64_MIN;
		h->room = MAX(BUFFER_MIN, MIN(BUFFER_MAX, BUFFERS / nr));
		h->buf = need(malloc(h->room));
		decoder_init(&h->dec);
		h->dec.stacks.bytes_max = MIN(STACKS_BYTES_MAX, STACKS_OF_ALL / nr);
	}
}

void join_free(struct join *j)
{
	size_t i;

	for (i = 0; i < j->nr; i++) {
		decoder_free(&j->host[i].dec);
		free(j->host[i].buf);
	}
	for (i = 0; i < ARRAY_SIZE(j->setting); i++)
		free(j->setting[i]);
	joined_free(j);
	free(j->build.p);
	free(j->host);
	memset(j, 0, sizeof(*j));
}

/* ---- the beginning ---- */

static void begin(struct join *j, int64_t real)
{
	const struct whydrop_file_header header = {
		.magic = WHYDROP_MAGIC,
		.byte_order = WHYDROP_BYTE_ORDER,
		.abi_major = WHYDROP_ABI_MAJOR,
		.abi_minor = WHYDROP_ABI_MINOR,
		.header_size = sizeof(header),
	};
	uint8_t id[16] = { 0 };
	struct build *b = &j->build;
	char text[128];
	size_t i, n;

	j->begun = true;
	j->put(j->arg, &header, sizeof(header), false);
	if (getrandom(id, sizeof(id), 0) < 0)
		memcpy(id, &real, sizeof(real));
	n = snprintf(text, sizeof(text), "load_id=");
	for (i = 0; i < sizeof(id); i++)
		n += snprintf(text + n, sizeof(text) - n, "%s%02x",
			      i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", id[i]);
	build_begin(b, WHYDROP_REC_META);
	build_text(b, "version=" WHYDROP_VERSION);
	build_text(b, text);
	snprintf(text, sizeof(text), "node=%zu hosts", j->nr);
	build_text(b, text);
	joined_put(j, 0, false);
	/* The clock that all events are told by. */
	build_begin(b, WHYDROP_REC_CLOCK);
	build_64(b, real);
	build_64(b, real);
	joined_put(j, 0, false);
}

/* ---- a host's records ---- */

static void __attribute__((format(printf, 2, 3))) spoil(struct join_host *h, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(h->dec.error, sizeof(h->dec.error), fmt, ap);
	va_end(ap);
	h->bad = true;
}

/* What it says of the time of day: it was so after the command was started, and before now. */
static void see_clock(struct join *j, struct join_host *h, int64_t real)
{
	int64_t offset = h->dec.real_minus_mono, says;

	if (!h->has_clock) {
		says = (int64_t)(h->dec.first_ns + (uint64_t)offset);
		h->skew = (int64_t)((uint64_t)says - (uint64_t)real);
		h->skew_max = (int64_t)((uint64_t)says - (uint64_t)j->started_real);
	} else {
		/* It was set; ours, presumably, was not. */
		h->skew = (int64_t)((uint64_t)h->skew + (uint64_t)offset - (uint64_t)h->offset);
		h->skew_max = (int64_t)((uint64_t)h->skew_max + (uint64_t)offset - (uint64_t)h->offset);
	}
	h->has_clock = true;
	h->offset = offset;
	h->skewed = h->skew > SKEW_NS || h->skew_max < -SKEW_NS;
}

static void see_event(struct join *j, struct join_host *h, int64_t real, int64_t ms)
{
	const struct event *e = &h->dec.event;
	int64_t skew;

	/* None that whydrop writes is without: it counts as dropped when it came. */
	if (!h->has_clock) {
		h->has_clock = true;
		h->offset = (int64_t)((uint64_t)real - e->ev.mono_ns);
	}
	skew = h->skewed ? h->skew : 0;
	h->real = (int64_t)(e->ev.mono_ns + (uint64_t)h->offset);
	h->key = (int64_t)((uint64_t)h->real - (uint64_t)skew);
	/* Nothing was dropped later than now: what says so is not to wait for that. */
	h->key = MIN(h->key, real);
	if (j->align)
		h->real = (int64_t)((uint64_t)h->real - (uint64_t)skew);
	h->heard_ms = ms;
}

/* A parameter of the module: of all hosts that have another value than the usual one. */
static void put_setting(struct join *j, size_t nth, int64_t real)
{
	char text[4000] = "";
	bool all_off = true;
	struct build *b = &j->build;
	size_t i, n = 0;

	for (i = 0; i < j->nr; i++) {
		const char *value = decoder_setting(&j->host[i].dec, settings[nth]);

		all_off &= !value || !strcmp(value, "0");
		if (nth && value && *value && n < sizeof(text))
			n += snprintf(text + n, sizeof(text) - n, "%s%s: %s", n ? "; " : "",
				      j->host[i].label, value);
	}
	if (!nth)
		strcpy(text, all_off ? "0" : "1");
	if (j->setting[nth] && !strcmp(j->setting[nth], text))
		return;
	free(j->setting[nth]);
	j->setting[nth] = text_copy(text, strlen(text));
	build_begin(b, WHYDROP_REC_SETTING);
	build_64(b, real);
	build_append(b, settings[nth], strlen(settings[nth]));
	build_append(b, "=", 1);
	build_text(b, text);
	joined_put(j, 0, false);
}

static void see_setting(struct join *j, const struct join_host *h, int64_t real)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++)
		if (decoder_setting(&h->dec, settings[i]))
			put_setting(j, i, real);
}

static void see_header(struct join_host *h)
{
	if (h->begun)
		spoil(h, "a second recording begins: one at a time");
	else if (h->dec.abi_minor < 2)
		spoil(h, "written with ABI 1.%u: its module is too old to be gathered",
		      h->dec.abi_minor);
	h->begun = true;
}

static void see_item(struct join *j, struct join_host *h, const struct item *it, int64_t real,
		     int64_t ms)
{
	unsigned int cause;

	switch (it->type) {
	case ITEM_HEADER:
		see_header(h);
		h->heard_ms = ms;
		break;
	case ITEM_CLOCK:
		see_clock(j, h, real);
		break;
	case ITEM_SETTING:
		see_setting(j, h, real);
		break;
	case ITEM_LOST:
		cause = it->lost.cause < ARRAY_SIZE(h->lost) ? it->lost.cause : 0;
		h->lost[cause] += it->lost.count;
		if (!joined_lost(j, h, it))
			spoil(h, "more CPUs than can be told apart");
		break;
	case ITEM_HOST:
		spoil(h, "it is of several hosts already");
		break;
	default:
		break;
	}
}

/* Decode up to its next event. */
static void find_head(struct join *j, struct join_host *h, int64_t real, int64_t ms)
{
	struct item it;
	long n = 0;

	while (!h->bad && !h->head && h->end > h->start) {
		n = decoder_step(&h->dec, h->buf + h->start, h->end - h->start, &it);
		if (n <= 0)
			break;
		if (!j->begun)
			begin(j, real);
		if (it.type == ITEM_EVENT) {
			h->head = n;
			see_event(j, h, real, ms);
			return;
		}
		see_item(j, h, &it, real, ms);
		h->start += n;
	}
	if (n < 0)
		h->bad = true;
	if (!h->bad && !h->head && h->ended && decoder_end(&h->dec, h->end - h->start))
		h->bad = true;
	if (h->bad)
		h->start = h->end = 0;
}

void *join_room(struct join_host *h, size_t *room)
{
	size_t by = h->start;

	if (by && h->room - h->end < READ_LEAST) {
		memmove(h->buf, h->buf + by, h->end - by);
		h->start = 0;
		h->end -= by;
		if (h->head)
			h->dec.event.data -= by;
	}
	*room = h->bad || h->ended ? 0 : h->room - h->end;
	return h->buf + h->end;
}

void join_add(struct join *j, struct join_host *h, size_t len, int64_t real, int64_t ms)
{
	h->end += len;
	find_head(j, h, real, ms);
}

void join_end(struct join *j, struct join_host *h, int64_t real, int64_t ms)
{
	h->ended = true;
	find_head(j, h, real, ms);
}

/* ---- in which order ---- */

/* May an event of this host come that is earlier than @key? */
static bool is_awaited(const struct join_host *h, int64_t key, int64_t real, int64_t ms)
{
	if (h->head || h->ended || h->bad)
		return false;
	if (!h->begun)
		return ms - h->started_ms < CONNECT_MS;
	return key > real - HOLD_NS || ms - h->heard_ms < QUIET_MS;
}

static struct join_host *earliest(const struct join *j)
{
	struct join_host *best = NULL;
	size_t i;

	for (i = 0; i < j->nr; i++)
		if (j->host[i].head && (!best || j->host[i].key < best->key))
			best = &j->host[i];
	return best;
}

static bool is_due(const struct join *j, const struct join_host *h, int64_t real, int64_t ms)
{
	size_t i;

	for (i = 0; i < j->nr; i++)
		if (is_awaited(&j->host[i], h->key, real, ms))
			return false;
	return true;
}

void join_write(struct join *j, int64_t real, int64_t ms, bool all)
{
	struct join_host *h;

	while ((h = earliest(j)) && (all || is_due(j, h, real, ms))) {
		if (joined_event(j, h)) {
			h->events++;
			h->last_real = h->real;
			/* In a time that is known to be wrong there is no order. */
			if (!h->skewed || j->align) {
				h->late += h->real < j->last_real;
				j->last_real = MAX(j->last_real, h->real);
			}
		} else {
			spoil(h, "more CPUs than can be told apart");
		}
		h->start += h->head;
		h->head = 0;
		find_head(j, h, real, ms);
	}
}

bool join_waits(const struct join *j)
{
	return earliest(j);
}
