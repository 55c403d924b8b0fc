// SPDX-License-Identifier: GPL-2.0-only
/* Merges several recordings of one boot, in the order of time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <whydrop.h>

#include "base/util.h"
#include "stream/decode.h"
#include "stream/merge.h"
#include "stream/source.h"

/* So many that overlap in time are read at once; one more has to wait. */
#define OPEN_MAX_PIECES 32
/* An event's records are looked for in so many bytes. */
#define UNIT_MAX (64u << 10)
/* And so many are handed on at a time, unless one takes more. */
#define COPY_MAX (64u << 10)

struct piece {
	struct source	src;
	bool		begun;		/* its header was handed on */
	bool		swap;
	bool		has_clock;
	struct whydrop_clock clock;	/* the last one, as it is */
	size_t		unit;		/* the records up to the next event, with it */
	bool		is_header;	/* they begin with one */
	uint64_t	next;		/* when that event was */
	unsigned int	nth;
	bool		failed;		/* to be read, which was reported */
	char		error[64];	/* behind them */
};

struct merge {
	struct merge_input {
		const char	*name;
		uint64_t	offset, mono;
		size_t		load;
	} *input;
	size_t		nr, next;
	struct piece	*piece[OPEN_MAX_PIECES];
	unsigned int	nr_open;
	size_t		load;		/* of those that are open */
	struct piece	*last;		/* whose records are in the buffer */
};

static uint32_t get32(const struct piece *p, uint32_t v)
{
	return p->swap ? __builtin_bswap32(v) : v;
}

/* Bytes of the record or header at @buf; 0: not all of it is there; -1: it is none. */
static long record_size(struct piece *p, const char *buf, size_t len, unsigned int *type)
{
	struct whydrop_file_header h;
	struct whydrop_rec rec;
	size_t size;

	*type = WHYDROP_REC_PAD;
	if (len < sizeof(rec))
		return 0;
	if (!memcmp(buf, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN)) {
		if (len < sizeof(h))
			return 0;
		memcpy(&h, buf, sizeof(h));
		p->swap = h.byte_order == __builtin_bswap32(WHYDROP_BYTE_ORDER);
		size = get32(p, h.header_size);
		if (size < sizeof(h) || size % 8 || size > RECORD_MAX) {
			snprintf(p->error, sizeof(p->error), "corrupt: header of %zu bytes", size);
			return -1;
		}
		return len < size ? 0 : (long)size;
	}
	memcpy(&rec, buf, sizeof(rec));
	size = get32(p, rec.size);
	*type = p->swap ? __builtin_bswap16(rec.type) : rec.type;
	if (size < sizeof(rec) || size % 8 || size > RECORD_MAX) {
		snprintf(p->error, sizeof(p->error), "corrupt: a record of %zu bytes", size);
		return -1;
	}
	return len < size ? 0 : (long)size;
}

static bool is_header(const char *buf)
{
	return !memcmp(buf, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN);
}

/* Find the piece's next unit; none is left: it has no bytes. */
static void find_next_unit(struct piece *p)
{
	struct source *s = &p->src;
	size_t at = 0, left;
	struct whydrop_event ev;
	unsigned int type;
	int more;
	long n;

	p->unit = 0;
	p->is_header = false;
	for (;;) {
		const char *buf;

		left = s->end - s->start - at;
		buf = left ? s->buf + s->start + at : NULL;
		/* One of a recording that was appended begins a unit. */
		if (at && left >= WHYDROP_MAGIC_LEN && is_header(buf))
			break;
		n = record_size(p, buf, left, &type);
		if (n < 0)
			break;
		if (!n) {
			more = p->failed ? -1 : source_more(s);
			if (more > 0)
				continue;
			p->failed |= more < 0;
			left = s->end - s->start - at;
			if (left && !p->failed)
				snprintf(p->error, sizeof(p->error),
					 "cut off: %zu bytes of an incomplete record", left);
			break;
		}
		if (!at)
			p->is_header = is_header(buf);
		at += n;
		if (type == WHYDROP_REC_EVENT && n >= (long)sizeof(ev)) {
			memcpy(&ev, buf, sizeof(ev));
			p->next = p->swap ? __builtin_bswap64(ev.mono_ns) : ev.mono_ns;
			break;
		}
		if (at >= UNIT_MAX)
			break;
	}
	p->unit = at;
}

static void close_piece(struct source *s, struct piece *p)
{
	struct merge *m = s->merge;
	unsigned int i;

	if (*p->error) {
		complain("%s: %s (byte %llu)", p->src.name, p->error,
			 (unsigned long long)(p->src.offset + p->src.start));
		s->failed = true;
	}
	s->failed |= p->failed;
	for (i = 0; m->piece[i] != p; i++)
		;
	m->piece[i] = m->piece[--m->nr_open];
	if (m->last == p)
		m->last = NULL;
	source_close(&p->src);
	free(p);
}

static void open_piece(struct source *s)
{
	struct merge *m = s->merge;
	const struct merge_input *one = &m->input[m->next++];
	struct piece *p = need(calloc(1, sizeof(*p)));

	if (source_open_file_at(&p->src, one->name, one->offset)) {
		s->failed = true;
		free(p);
		return;
	}
	m->load = one->load;
	p->nth = m->next - 1;
	m->piece[m->nr_open++] = p;
	find_next_unit(p);
}

/* When the next piece begins that may be opened now; UINT64_MAX: none. */
static uint64_t next_piece_time(const struct merge *m)
{
	if (m->next == m->nr || m->nr_open == ARRAY_SIZE(m->piece) ||
	    (m->nr_open && m->input[m->next].load != m->load))
		return UINT64_MAX;
	return m->input[m->next].mono;
}

static struct piece *find_earliest(const struct merge *m, const struct piece *but)
{
	struct piece *best = NULL;
	unsigned int i;

	for (i = 0; i < m->nr_open; i++)
		if (m->piece[i] != but && (!best || m->piece[i]->next < best->next))
			best = m->piece[i];
	return best;
}

static void append(struct source *s, const void *bytes, size_t len)
{
	while (s->room - s->end < len) {
		s->room = s->room ? s->room * 2 : 2 * COPY_MAX;
		s->buf = need(realloc(s->buf, s->room));
	}
	memcpy(s->buf + s->end, bytes, len);
	s->end += len;
}

/* Clocks hold for what stands behind them in the piece. */
static void save_clock(struct piece *p)
{
	const char *pos = p->src.buf + p->src.start, *end = pos + p->unit;
	unsigned int type;
	long n;

	if (p->is_header)
		p->has_clock = false;
	for (; pos < end; pos += n) {
		n = record_size(p, pos, end - pos, &type);
		if (type != WHYDROP_REC_CLOCK || n < (long)sizeof(p->clock))
			continue;
		memcpy(&p->clock, pos, sizeof(p->clock));
		p->clock.rec.size = get32(p, sizeof(p->clock));
		p->has_clock = true;
	}
}

/* Units of @p into the buffer, up to those that another one's come before. */
static void copy_units(struct source *s, struct piece *p)
{
	struct merge *m = s->merge;
	struct piece *other = find_earliest(m, p);
	uint64_t until = MIN(next_piece_time(m), other ? other->next : UINT64_MAX);

	s->name = p->src.name;
	s->piece = p->nth;
	s->start = s->end = 0;
	s->offset = p->src.offset + p->src.start;
	s->begins_next = !p->begun;
	p->begun = true;
	if (m->last != p && p->has_clock && !p->is_header) {
		append(s, &p->clock, sizeof(p->clock));
		s->offset -= sizeof(p->clock);
	}
	m->last = p;
	do {
		/* Another recording's header is to be seen alone. */
		if (s->end && p->is_header)
			break;
		append(s, p->src.buf + p->src.start, p->unit);
		save_clock(p);
		p->src.start += p->unit;
		find_next_unit(p);
	} while (p->unit && p->next <= until && s->end < COPY_MAX);
}

static int merge_more(struct source *s)
{
	struct merge *m = s->merge;
	struct piece *p;

	for (;;) {
		if (s->ended || stop_signal())
			return 0;
		if (s->deadline >= 0 && now_ms() >= s->deadline) {
			s->expired = true;
			return 0;
		}
		p = find_earliest(m, NULL);
		if (m->next < m->nr && (!p || next_piece_time(m) < p->next)) {
			open_piece(s);
			continue;
		}
		if (!p) {
			s->ended = true;
			return 0;
		}
		if (p->unit) {
			copy_units(s, p);
			return 1;
		}
		close_piece(s, p);
	}
}

void merge_skip(struct source *s)
{
	struct piece *p = s->merge->last;

	s->start = s->end = 0;
	if (!p)
		return;
	*p->error = '\0';
	close_piece(s, p);
}

static void merge_close(struct source *s)
{
	struct merge *m = s->merge;

	if (!m)
		return;
	while (m->nr_open) {
		struct piece *p = m->piece[0];

		*p->error = '\0';
		close_piece(s, p);
	}
	free(m->input);
	free(m);
	s->merge = NULL;
}

int merge_open(struct source *s, const struct input *input, size_t nr)
{
	struct merge *m = need(calloc(1, sizeof(*m)));
	size_t i;

	source_init(s, input->name);
	s->follow = true;
	s->merge = m;
	s->more = merge_more;
	s->end_merge = merge_close;
	m->nr = nr;
	m->input = need(calloc(nr, sizeof(*m->input)));
	for (i = 0; i < nr; i++)
		m->input[i] = (struct merge_input){ input[i].name, input[i].offset, input[i].mono,
					    input[i].load };
	return 0;
}
