// SPDX-License-Identifier: GPL-2.0-only
/* Gathers what was seen of each reason, for `whydrop explain'. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "known/drop.h"
#include "stream/place.h"
#include "explain/seen.h"
#include "explain/table.h"
#include "tally/table.h"

/* As much of a name is shown, and of what somebody made as long as it gets. */
#define TEXT_MAX 199
#define DECIDED_MAX 63

struct label {
	const struct topics *t;
	const char *text;
};

/* The table has numbers, from 1 on, for the topics move while they grow. */
static bool same_label(const void *val, const void *key)
{
	const struct label *l = key;

	return !strcmp(l->t->topic[(uintptr_t)val - 1].reason->label, l->text);
}

static struct topic *find_topic(struct topics *t, const char *text)
{
	struct label key = { t, text };
	void *val = hash_get(&t->by_label, hash_bytes(text, strlen(text)), same_label, &key);

	return val ? &t->topic[(uintptr_t)val - 1] : NULL;
}

static void add_topic(struct topics *t, struct reason *r, bool known,
		      const struct explain *explain)
{
	struct topic *topic;

	t->topic = grow(t->topic, t->nr, &t->room, sizeof(*topic));
	topic = memset(&t->topic[t->nr++], 0, sizeof(*topic));
	topic->reason = r;
	hash_add(&t->by_label, hash_bytes(r->label, strlen(r->label)), (void *)(uintptr_t)t->nr);
	topic->known = known;
	topic->explain = explain;
}

/* A reason that no list has: of another kernel, or a number without a name. */
static void name_reason(struct reason *r, const char *label, uint32_t id)
{
	const char *slash = strchr(label, '/');

	memset(r, 0, sizeof(*r));
	r->id = id;
	r->label = label;
	r->name = slash ? slash + 1 : label;
	snprintf(r->subsys_text, sizeof(r->subsys_text), "%.*s", slash ? (int)(slash - label) : 4,
		 slash ? label : "core");
	r->subsys = r->subsys_text;
}

static struct reason *make_reason(struct topics *t, const char *label, uint32_t id)
{
	struct reason *r = need(malloc(sizeof(*r)));

	t->own = grow(t->own, t->nr_own, &t->own_room, sizeof(*t->own));
	t->own[t->nr_own++] = r;
	name_reason(r, text_copy(label, strlen(label)), id);
	return r;
}

/* Of most reasons there are few rows, so the lists begin with one. */
static bool has_room(struct topics *t, struct list *l)
{
	unsigned int room = l->room ? 2 * l->room : 1;
	size_t more = (room - l->room) * sizeof(*l->row);

	if (l->nr < l->room)
		return true;
	if (l->nr == SEEN_MAX || t->bytes + more > SEEN_BYTES)
		return false;
	l->row = need(reallocarray(l->row, room, sizeof(*l->row)));
	l->room = room;
	t->bytes += more;
	return true;
}

static bool same_host(const struct seen *s, const struct host *h)
{
	return h ? s->host && !strncmp(s->host, h->label, TEXT_MAX) : !s->host;
}

static struct seen *count_row(struct topics *t, struct list *l, const char *text, uint32_t netns,
			      const struct host *host, uint64_t count)
{
	size_t i, len = strnlen(text, TEXT_MAX);
	struct seen *s;

	for (i = 0; i < l->nr; i++)
		if (l->row[i].netns == netns && !strncmp(l->row[i].text, text, len) &&
		    !l->row[i].text[len] && same_host(&l->row[i], host))
			break;
	if (i == l->nr) {
		if (!has_room(t, l))
			return NULL;
		s = memset(&l->row[l->nr++], 0, sizeof(*s));
		s->text = text_copy(text, len);
		s->netns = netns;
		s->host = host ? text_copy(host->label, strnlen(host->label, TEXT_MAX)) : NULL;
		t->bytes += len + 1 + (s->host ? strlen(s->host) + 1 : 0);
	}
	l->row[i].count += count;
	return &l->row[i];
}

/* "udp 10.0.42.2:9999"; empty if the packet does not have it */
static void print_destination(char *text, size_t room, const struct event *e)
{
	const struct packet *p = &e->pkt;
	char addr[ADDR_TEXT], number[24];
	const char *proto = p->has_proto ? proto_name(p->proto) : ethertype_name(p->ethertype);

	*text = '\0';
	if (!p->dst)
		return;
	addr_text(addr, p->dst, p->addr_len);
	snprintf(number, sizeof(number), "%s%u", p->has_proto ? "protocol " : "ethertype ",
		 p->has_proto ? p->proto : p->ethertype);
	if (p->has_ports)
		snprintf(text, room, p->addr_len == 16 ? "%s [%s]:%u" : "%s %s:%u",
			 proto ? proto : number, addr, p->dport);
	else
		snprintf(text, room, "%s %s", proto ? proto : number, addr);
}

static void print_unknown_vlan(char *text, size_t room, const struct event *e)
{
	size_t len = strlen(text);

	if (!event_unknown_vlan(e))
		return;
	if (e->pkt.has_vlan)
		snprintf(text + len, room - len, " in VLAN %u, which is not configured here", e->pkt.vlan);
	else
		snprintf(text + len, room - len, " in a VLAN that is not configured here");
}

static uint32_t text_key(const char *text)
{
	return text ? hash_bytes(text, strlen(text)) : 0;
}

static void count_place(struct topics *t, struct topic *topic, struct stack *st,
			uint64_t count)
{
	const char *label = topic->reason->label, *decided = place_decided_by(st);
	struct explain_hook hook = { 0 };
	const struct drop_class *class = drop_class(topic->reason, st);
	struct seen *s;

	class_add(&topic->class, class);

	/* Kernels without reasons say no more than the place. */
	if (!strcmp(label, "NETFILTER_DROP") ||
	    place_matches("nf_hook_slow nft_do_chain nf_queue", st->place->text))
		hook = explain_hook(st);
	if (decided == st->place->text)
		decided = NULL;
	/* One function may be called from several hooks, or by several that drop. */
	s = count_row(t, &topic->places, st->place->text, text_key(hook.hook) ^ text_key(decided),
		      NULL, count);
	if (s)
		class_add(&s->class, class);
	if (!s || s->count > count)
		return;
	s->hook = hook;
	s->about = place_find(label, decided ? decided : st->place->text);
	if (decided)
		s->decided = text_copy(decided, MIN(strcspn(decided, "+ "), DECIDED_MAX));
}

/* Of an event whose reason no record has named; the decoder uses its struct again. */
static struct topic *unnamed_topic(struct topics *t, const struct event *e)
{
	const char *label = e->reason->label;
	struct topic *topic;

	if (t->nr_own >= UNNAMED_MAX) {
		label = UNNAMED_REST;
		topic = find_topic(t, label);
		if (topic)
			return topic;
	}
	add_topic(t, make_reason(t, label, label == e->reason->label ? e->ev.reason :
				WHYDROP_NO_REASON), true, explain_find(label));
	return &t->topic[t->nr - 1];
}

/* Commands at a place are for the device of its drops, not for that of most others. */
static void place_dev(struct list *l, const struct event *e)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		if (!*l->row[i].dev && !strcmp(l->row[i].text, e->stack->place->text))
			snprintf(l->row[i].dev, sizeof(l->row[i].dev), "%.*s", WHYDROP_DEV_LEN, e->ev.dev);
}

static int add_event(struct stream *stream, const struct item *it)
{
	struct topics *t = stream->arg;
	const struct event *e = it->event;
	struct topic *topic;
	struct seen *s;
	char text[200];

	if (it->type == ITEM_REASON && !t->live && !find_topic(t, it->reason->label))
		add_topic(t, it->reason, true, explain_find(it->reason->label));
	if (it->type != ITEM_EVENT)
		return 0;
	topic = find_topic(t, e->reason->label);
	if (!topic)
		topic = unnamed_topic(t, e);
	if (!t->live) {
		t->total++;
		topic->reason->count++;
		if (e->stack)
			count_place(t, topic, e->stack, 1);
		else
			class_add(&topic->class, drop_class(topic->reason, NULL));
	}
	if (e->stack)
		place_dev(&topic->places, e);
	if (!topic->events++ || e->ev.mono_ns < topic->first_mono) {
		topic->first_mono = e->ev.mono_ns;
		topic->first_real = e->real_ns;
		topic->first_has_real = e->has_real;
	}
	topic->last_mono = e->ev.mono_ns;
	topic->last_real = e->real_ns;
	topic->last_has_real = e->has_real;
	snprintf(text, sizeof(text), "%.*s", WHYDROP_DEV_LEN, e->ev.dev);
	count_row(t, &topic->devs, text, e->ev.netns, e->host, 1);
	/* Known by then, or known to be another one. */
	if (t->rq->names && e->ev.netns)
		names_netns(t->rq->names, e->ev.netns, e->ev.mono_ns);
	print_destination(text, sizeof(text), e);
	if (*text)
		print_unknown_vlan(text, sizeof(text), e);
	s = *text ? count_row(t, &topic->to, text, e->ev.netns, e->host, 1) : NULL;
	if (s && e->ev.flags & WHYDROP_EV_SK_FULL)
		s->sock = (struct seen_sock){ e->ev.flags, e->ev.sock_uid, e->ev.sock_ino,
					      e->ev.sock_rmem, e->ev.sock_rcvbuf };
	return 0;
}

static int read_stream(struct topics *t)
{
	t->stream = (struct stream){
		.rq = t->rq,
		.item = add_event,
		.arg = t,
		.history = true,
		.no_limit = true,
		.quiet = true,
	};
	return stream_run(&t->stream);
}

static int read_stacks(struct topics *t)
{
	struct stack_table table;
	struct topic *topic;
	size_t i;
	int err;

	err = table_read(t->rq, &table);
	if (!err && table.nameless)
		module_report_nameless(t->rq);
	for (i = 0; !err && i < table.nr; i++) {
		topic = find_topic(t, table.row[i].reason.label);
		if (!topic || !select_class_match(&t->rq->sel, topic->reason, table.row[i].stack, NULL, 0))
			continue;
		/* Not all of the reason is of the kind that was asked for. */
		if (t->rq->sel.class.nr) {
			topic->reason->count += table.row[i].count;
			t->total += table.row[i].count;
		}
		count_place(t, topic, table.row[i].stack, table.row[i].count);
	}
	if (!err)
		table_free(&table);
	return err;
}

/*
 * Names that other kernels have can be asked for, too. The rest of them is of use where
 * nothing has the name that is asked for, for what was meant. A recording may be of many
 * boots, each of which comes here.
 */
static void add_other_kernels_reasons(struct topics *t, bool all)
{
	struct reason r;
	char label[64];
	const char *p;
	size_t i, len;

	for (i = 0; i < nr_explain; i++) {
		for (p = explain_table[i].names; *p; p += len + strspn(p + len, " ")) {
			len = strcspn(p, " ");
			snprintf(label, sizeof(label), "%.*s", (int)len, p);
			if (strpbrk(label, "*?["))
				continue;
			name_reason(&r, label, WHYDROP_NO_REASON);
			if ((all || select_reason_match(t->want, &r)) && !find_topic(t, label))
				add_topic(t, make_reason(t, label, WHYDROP_NO_REASON), false,
					  &explain_table[i]);
		}
	}
}

static int check_words(struct topics *t)
{
	struct reason **all;
	size_t i;
	int err;

	for (i = 0; i < t->nr; i++)
		select_mark_reason(t->want, t->topic[i].reason);
	/* Of several boots it is enough if one has them. */
	if (t->rq->in.several || !select_missing_reason(t->want))
		return 0;
	add_other_kernels_reasons(t, true);
	all = need(calloc(t->nr + 1, sizeof(*all)));
	for (i = 0; i < t->nr; i++)
		all[i] = t->topic[i].reason;
	err = select_check_reasons(t->want, t->live && !t->table.nr ? NULL : t->rq->again,
				   all, t->nr);
	free(all);
	return err;
}

static bool is_readable(struct topics *t)
{
	char *text = read_text(t->rq->debugfs, "reasons", NULL);

	t->unread = text ? 0 : errno;
	free(text);
	return text;
}

void topics_note_unread(const struct topics *t)
{
	char path[4096];

	if (!t->unread)
		return;
	snprintf(path, sizeof(path), "%s/reasons", t->rq->debugfs);
	source_note_absent(t->rq->debugfs, path, t->unread);
}

static int gather_all(struct topics *t)
{
	struct request *rq = t->rq;
	size_t i;
	int err;

	if (rq->file)
		return read_stream(t);
	if (t->want->reason.nr && !is_readable(t))
		return 0;
	err = module_reasons(rq, &t->table);
	for (i = 0; !err && i < t->table.nr; i++) {
		add_topic(t, &t->table.reason[i], true,
			  explain_find(t->table.reason[i].label));
		if (rq->sel.class.nr)
			t->table.reason[i].count = 0;
		t->total += t->table.reason[i].count;
	}
	if (err)
		return t->want->reason.nr ? 0 : err;
	if (t->only_counts)
		return 0;
	err = read_stacks(t);
	return err ? err : read_stream(t);
}

static int by_seen(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->text, y->text);
}

static int by_count(const void *a, const void *b)
{
	const struct topic *x = a, *y = b;

	if (x->reason->count != y->reason->count)
		return x->reason->count < y->reason->count ? 1 : -1;
	return strcmp(x->reason->label, y->reason->label);
}

static void sort_topics(struct topics *t)
{
	size_t i, j;

	for (i = 0; i < t->nr; i++) {
		struct list *lists[] = { &t->topic[i].places, &t->topic[i].devs, &t->topic[i].to };

		for (j = 0; j < ARRAY_SIZE(lists); j++)
			if (lists[j]->nr)
				qsort(lists[j]->row, lists[j]->nr, sizeof(struct seen), by_seen);
	}
	if (t->nr)
		qsort(t->topic, t->nr, sizeof(*t->topic), by_count);
}

int topics_gather(struct topics *t, struct request *rq, struct selection *want,
		  bool only_counts)
{
	int err;

	memset(t, 0, sizeof(*t));
	t->rq = rq;
	t->live = !rq->file;
	t->stream.src.fd = -1;
	t->want = want;
	t->only_counts = only_counts;
	err = gather_all(t);
	if (!err && want->reason.nr) {
		add_other_kernels_reasons(t, false);
		err = check_words(t);
	}
	sort_topics(t);
	return err;
}

static void list_free(struct list *l)
{
	unsigned int i;

	for (i = 0; i < l->nr; i++) {
		free(l->row[i].text);
		free(l->row[i].decided);
		free(l->row[i].host);
	}
	free(l->row);
}

void topics_free(struct topics *t)
{
	size_t i;

	for (i = 0; i < t->nr; i++) {
		list_free(&t->topic[i].places);
		list_free(&t->topic[i].devs);
		list_free(&t->topic[i].to);
	}
	for (i = 0; i < t->nr_own; i++) {
		free((char *)t->own[i]->label);
		free(t->own[i]);
	}
	hash_free(&t->by_label);
	free(t->topic);
	free(t->own);
	module_reasons_free(&t->table);
	stream_free(&t->stream);
}
