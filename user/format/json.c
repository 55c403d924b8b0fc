// SPDX-License-Identifier: GPL-2.0-only
/* Events as JSON Lines: one object a line, its keys always there. */
#include <string.h>

#include "format/fields.h"

#define JSON_SCHEMA 1

const char *lost_cause(unsigned int cause)
{
	switch (cause) {
	case WHYDROP_LOST_OVERWRITTEN:
		return "overwritten";
	case WHYDROP_LOST_HISTORY:
		return "history";
	case WHYDROP_LOST_NMI:
		return "nmi";
	case WHYDROP_LOST_NOBUF:
		return "nobuf";
	case WHYDROP_LOST_UNRECORDED:
		return "unrecorded";
	default:
		return "unknown";
	}
}

void json_meta(struct fmt *f, const struct decoder *d)
{
	static const char *const keys[] = {
		"version", "kernel", "boot_id", "machine", "node", "load_id",
	};
	struct out *o = f->out;
	size_t i;

	out_str(o, "{\"type\":\"meta\"");
	out_json_u64(o, "schema", JSON_SCHEMA);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		out_json_str(o, keys[i], decoder_meta(d, keys[i]));
	out_str(o, "}\n");
}

static void json_str(struct out *o, const char *s, size_t len, bool clean)
{
	if (!clean) {
		out_json(o, s, len);
		return;
	}
	out_chr(o, '"');
	out_mem(o, s, len);
	out_chr(o, '"');
}

void json_frames(struct out *o, struct name *const *frame, size_t nr)
{
	size_t i;

	out_chr(o, '[');
	for (i = 0; i < nr; i++) {
		if (i)
			out_chr(o, ',');
		json_str(o, frame[i]->text, frame[i]->len, frame[i]->clean);
	}
	out_chr(o, ']');
}

void json_lines(struct out *o, struct name *const *frame, size_t nr)
{
	size_t i;

	out_chr(o, '[');
	for (i = 0; i < nr; i++) {
		if (i)
			out_chr(o, ',');
		if (frame[i]->line)
			out_json(o, frame[i]->line, strlen(frame[i]->line));
		else
			out_str(o, "null");
	}
	out_chr(o, ']');
}

static void json_value(struct out *o, const struct value *v)
{
	switch (v->kind) {
	case KIND_NULL:
		out_str(o, "null");
		break;
	case KIND_NUMBER:
		out_u64(o, v->number);
		break;
	case KIND_STRING:
		json_str(o, v->str, v->len, v->clean);
		break;
	case KIND_BOOL:
		out_str(o, v->number ? "true" : "false");
		break;
	case KIND_LIST:
		json_frames(o, v->list, v->nr);
		break;
	case KIND_LINES:
		json_lines(o, v->list, v->nr);
		break;
	}
}

void json_event(struct fmt *f, const struct event *e)
{
	bool was_sock = false, has_sock = e->ev.flags & WHYDROP_EV_SK;
	struct out *o = f->out;
	struct value v;
	size_t i;

	out_str(o, "{\"type\":\"drop\"");
	for (i = 0; i < nr_fields; i++) {
		const struct field *fl = &fields[i];

		if (f->chosen ? !(f->picked >> i & 1) : fl->text_only)
			continue;
		if (was_sock && !fl->sock && has_sock)
			out_chr(o, '}');
		if (fl->sock && !was_sock)
			out_str(o, has_sock ? ",\"sock\":{" : ",\"sock\":null");
		if (!fl->sock || has_sock) {
			/* The first of an object has no comma. */
			bool first = fl->sock && !was_sock;

			out_mem(o, fl->json + first, fl->json_len - first);
			field_value(fl, f, e, false, &v);
			json_value(o, &v);
		}
		was_sock = fl->sock;
	}
	out_str(o, was_sock && has_sock ? "}}\n" : "}\n");
}

void json_lost(struct fmt *f, const struct item *it)
{
	struct out *o = f->out;

	out_str(o, "{\"type\":\"lost\"");
	out_json_u64(o, "cpu", it->lost.cpu);
	out_json_u64(o, "count", it->lost.count);
	out_json_str(o, "cause", lost_cause(it->lost.cause));
	out_str(o, "}\n");
}
