// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "format/pcapng.h"
#include "walk.h"

static char *slurp(int fd, size_t *size)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = malloc(len + 1);

	if (size)
		*size = len;
	if (pread(fd, text, len, 0) != len)
		abort();
	text[len] = '\0';
	close(fd);
	return text;
}

static struct out *new_out(void)
{
	struct out *o = malloc(sizeof(*o));

	out_init(o, memfd_create("out", 0), COLOR_NEVER);
	return o;
}

struct walked walk_bytes(const void *bytes, size_t len, size_t chunk,
			 bool render)
{
	struct fmt text, json;
	struct pcapng pcapng;
	struct decoder dec;
	struct walked w = { 0 };
	struct item it;
	size_t at = 0, have = 0;
	uint8_t *copy;
	long n = 0;

	decoder_init(&dec);
	if (render) {
		fmt_init(&text, new_out());
		text.stack = true;
		text.verbose = true;
		text.hex = true;
		fmt_init(&json, new_out());
		json.hex = true;
		text_header(&text);
		pcapng_init(&pcapng, new_out(), NULL);
		pcapng_section(&pcapng, &dec);
	}
	while (have < len || n > 0) {
		if (n <= 0)
			have = chunk && have + chunk < len ? have + chunk : len;
		copy = malloc(have - at);
		memcpy(copy, (const uint8_t *)bytes + at, have - at);
		n = decoder_step(&dec, copy, have - at, &it);
		if (n > (long)(have - at))
			abort();
		if (n > 0) {
			at += n;
			w.headers += it.type == ITEM_HEADER;
			w.metas += it.type == ITEM_META;
			w.reasons += it.type == ITEM_REASON;
			w.stacks += it.type == ITEM_STACK;
			w.events += it.type == ITEM_EVENT;
			w.lost += it.type == ITEM_LOST;
			w.unknown += it.type == ITEM_UNKNOWN;
			if (it.type == ITEM_LOST)
				w.lost_count += it.lost.count;
			if (render && it.type == ITEM_EVENT) {
				text_event(&text, it.event);
				json_event(&json, it.event);
				pcapng_event(&pcapng, it.event);
			} else if (render && it.type == ITEM_LOST) {
				json_lost(&json, &it);
				pcapng_lost(&pcapng, &it);
			} else if (render && it.type == ITEM_META) {
				json_meta(&json, &dec);
			}
		}
		free(copy);
		if (n < 0)
			break;
		if (!n && have == len)
			break;
	}
	w.err = n < 0 ? n : 0;
	w.end = n < 0 ? 0 : decoder_end(&dec, len - at);
	strcpy(w.error, dec.error);
	if (render) {
		out_flush(text.out);
		out_flush(json.out);
		pcapng_statistics(&pcapng, true);
		out_flush(pcapng.out);
		w.text = slurp(text.out->fd, NULL);
		w.json = slurp(json.out->fd, NULL);
		w.pcapng = slurp(pcapng.out->fd, &w.pcapng_len);
		free(text.out);
		free(json.out);
		free(pcapng.out);
		pcapng_free(&pcapng);
	}
	decoder_free(&dec);
	return w;
}

void walked_free(struct walked *w)
{
	free(w->text);
	free(w->json);
	free(w->pcapng);
	memset(w, 0, sizeof(*w));
}

/* A JSON parser of its own, after RFC 8259; stricter on control characters. */
static const char *value(const char *p);

static const char *blank(const char *p)
{
	return p + strspn(p, " ");
}

static const char *string(const char *p)
{
	int i;

	if (*p++ != '"')
		return NULL;
	for (; *p != '"'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return NULL;
		if (*p != '\\')
			continue;
		p++;
		if (*p == 'u') {
			for (i = 1; i <= 4; i++)
				if (!isxdigit((unsigned char)p[i]))
					return NULL;
			p += 4;
		} else if (!*p || !strchr("\"\\/bfnrt", *p)) {
			return NULL;
		}
	}
	return p + 1;
}

static const char *number(const char *p)
{
	if (*p == '-')
		p++;
	if (!isdigit((unsigned char)*p) ||
	    (*p == '0' && isdigit((unsigned char)p[1])))
		return NULL;
	while (isdigit((unsigned char)*p))
		p++;
	if (*p != '.')
		return p;
	if (!isdigit((unsigned char)*++p))
		return NULL;
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

static const char *members(const char *p, char end, bool keys)
{
	p = blank(p + 1);
	if (*p == end)
		return p + 1;
	for (;;) {
		if (keys) {
			p = string(blank(p));
			if (!p || *(p = blank(p)) != ':')
				return NULL;
			p++;
		}
		p = value(blank(p));
		if (!p)
			return NULL;
		p = blank(p);
		if (*p == end)
			return p + 1;
		if (*p++ != ',')
			return NULL;
	}
}

static const char *value(const char *p)
{
	if (*p == '{')
		return members(p, '}', true);
	if (*p == '[')
		return members(p, ']', false);
	if (*p == '"')
		return string(p);
	if (!strncmp(p, "null", 4) || !strncmp(p, "true", 4))
		return p + 4;
	if (!strncmp(p, "false", 5))
		return p + 5;
	return number(p);
}

const char *json_wrong(const char *text)
{
	const char *p;

	while (*text) {
		p = *text == '{' ? value(text) : NULL;
		if (!p || *p != '\n')
			return text;
		text = p + 1;
	}
	return NULL;
}

const char *text_wrong(const char *text)
{
	const unsigned char *p;

	for (p = (const unsigned char *)text; *p; p++) {
		if ((*p < 0x20 && *p != '\n') || *p == 0x7f)
			return (const char *)p;
		/* C1 as a character, or as a byte that is part of none. */
		if (*p == 0xc2 && p[1] < 0xa0)
			return (const char *)p;
	}
	return NULL;
}

/* A reader of pcapng, after its draft; strict on what may be in text. */
#define IFACES 8192

struct block {
	const uint8_t *pos, *end;	/* its options */
	uint32_t type, len;
};

static uint32_t u32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static size_t round4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/* The next option: its code; 0 at the end; -1 if it is none. */
static int next_option(struct block *b, const uint8_t **val, size_t *len)
{
	uint16_t head[2];

	if (b->pos == b->end)
		return 0;
	if (b->end - b->pos < 4)
		return -1;
	memcpy(head, b->pos, sizeof(head));
	*val = b->pos + 4;
	*len = head[1];
	b->pos += 4;
	if ((size_t)(b->end - b->pos) < round4(*len))
		return -1;
	b->pos += round4(*len);
	if (!head[0])
		return b->pos == b->end && !*len ? 0 : -1;
	return head[0];
}

static bool harmful(const uint8_t *val, size_t len)
{
	char *text = malloc(len + 1);
	bool bad;

	memcpy(text, val, len);
	text[len] = '\0';
	bad = strlen(text) != len || text_wrong(text);
	free(text);
	return bad;
}

static void end_section(struct pcapng_seen *seen, const uint64_t *received, const uint64_t *dropped,
			unsigned int nr)
{
	unsigned int i;

	seen->interfaces += nr;
	for (i = 0; i < nr; i++) {
		seen->received += received[i];
		seen->dropped += dropped[i];
	}
}

const char *pcapng_wrong(const void *bytes, size_t len, struct pcapng_seen *seen)
{
	static uint64_t received[IFACES], dropped[IFACES];
	static char names[IFACES][80];
	static uint16_t links[IFACES];
	const uint8_t *p = bytes, *end = p + len, *body, *val;
	struct pcapng_seen mine;
	unsigned int i, nr = 0;
	struct block b;
	size_t n;
	int code;

	if (!seen)
		seen = &mine;
	memset(seen, 0, sizeof(*seen));
	for (; p < end; p += b.len) {
		size_t fixed;

		if (end - p < 12)
			return "half a block";
		b.type = u32(p);
		b.len = u32(p + 4);
		if (b.len < 12 || b.len % 4 || b.len > (size_t)(end - p) || u32(p + b.len - 4) != b.len)
			return "lengths of a block";
		body = p + 8;
		b.end = p + b.len - 4;
		fixed = b.type == 0x0a0d0d0a ? 16 : b.type == 1 ? 8 : b.type == 5 ? 12 : b.type == 6 ? 20 : 0;
		if (!fixed || (size_t)(b.end - body) < fixed)
			return "a block of another type, or too short";
		if (b.type == 6) {
			if (u32(body + 12) > u32(body + 16))
				return "captured more than there was";
			fixed += round4(u32(body + 12));
			if ((size_t)(b.end - body) < fixed)
				return "a packet longer than its block";
		}
		b.pos = body + fixed;
		if (b.type == 0x0a0d0d0a) {
			if (u32(body) != 0x1a2b3c4d)
				return "the section header";
			/* Its interfaces are its own. */
			seen->sections++;
			end_section(seen, received, dropped, nr);
			nr = 0;
		} else if (!seen->sections) {
			return "no section header first";
		} else if (b.type == 1) {
			if (nr == IFACES)
				return "too many interfaces";
			memcpy(&links[nr], body, 2);
			names[nr][0] = '\0';
			received[nr] = dropped[nr] = 0;
			nr++;
		} else if (u32(body) >= nr) {
			return "an interface that was not described";
		}
		if (b.type == 6 && seen->packets < 16) {
			i = u32(body);
			seen->packet[seen->packets].iface = i;
			seen->packet[seen->packets].link = links[i];
			strcpy(seen->packet[seen->packets].name, names[i]);
			seen->packet[seen->packets].ns = (uint64_t)u32(body + 4) << 32 | u32(body + 8);
			seen->packet[seen->packets].caplen = u32(body + 12);
			seen->packet[seen->packets].len = u32(body + 16);
			seen->packet[seen->packets].data = body + 20;
		}
		seen->statistics += b.type == 5;
		while ((code = next_option(&b, &val, &n)) > 0) {
			if ((code == 1 || b.type == 0x0a0d0d0a || (b.type == 1 && code < 4)) && harmful(val, n))
				return "text that steers a terminal";
			if (b.type == 1 && code == 2) {
				if (n >= sizeof(names[0]))
					return "a long name";
				memcpy(names[nr - 1], val, n);
				names[nr - 1][n] = '\0';
			} else if (b.type == 6 && code == 1 && seen->packets < 16) {
				seen->packet[seen->packets].comment = (const char *)val;
				seen->packet[seen->packets].comment_len = n;
			} else if (b.type == 5 && code == 4 && n == 8) {
				memcpy(&received[u32(body)], val, 8);
			} else if (b.type == 5 && code == 5 && n == 8) {
				memcpy(&dropped[u32(body)], val, 8);
			}
		}
		if (code)
			return "an option that is none";
		seen->packets += b.type == 6;
	}
	end_section(seen, received, dropped, nr);
	return NULL;
}
