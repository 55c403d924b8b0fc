// SPDX-License-Identifier: GPL-2.0-only
/* Decides which events are shown. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/util.h"
#include "known/drop.h"
#include "select/select.h"

static int prepare_reason(struct pattern *p)
{
	uint64_t val;

	if (parse_u64(p->text, UINT32_MAX, &val)) {
		p->number = true;
		p->val = val;
	}
	return 0;
}

static int prepare_netns(struct pattern *p)
{
	char path[4096];
	struct stat st;
	uint64_t val;
	int n;

	p->number = true;
	if (parse_u64(p->text, UINT32_MAX, &val)) {
		p->val = val;
		return 0;
	}
	if (!strncmp(p->text, "pid:", 4)) {
		bool self = !strcmp(p->text + 4, "self");

		if (!self && !parse_u64(p->text + 4, INT32_MAX, &val)) {
			complain("--netns: `%s' is not pid: followed by a number", p->text);
			return EXIT_USAGE;
		}
		n = snprintf(path, sizeof(path), "/proc/%s/ns/net", p->text + 4);
	} else if (strchr(p->text, '/')) {
		n = snprintf(path, sizeof(path), "%s", p->text);
	} else {
		n = snprintf(path, sizeof(path), "/var/run/netns/%s", p->text);
	}
	p->named = strncmp(p->text, "pid:", 4) && *p->text != '/';
	if ((size_t)n < sizeof(path) && !stat(path, &st))
		p->val = st.st_ino;
	if (p->val || p->named)
		return 0;
	complain("--netns: no namespace `%s': %s: %s", p->text, path, strerror(errno));
	hint("use a name that `ip netns' lists, an inode (`lsns -t net'), or pid:N");
	return EXIT_USAGE;
}

int select_find_netns(struct selection *s, struct names *names, struct names *recorded)
{
	struct nearest near = { 0 };
	const char *name;
	size_t i, j;

	s->recorded = recorded;
	for (i = 0; i < s->netns.nr && !recorded; i++) {
		struct pattern *p = &s->netns.item[i];

		if (!p->named || p->val)
			continue;
		names_look(names, NAMES_NETNS);
		p->val = names_find(names, p->text);
		if (p->val)
			continue;
		complain("--netns: no namespace `%s': neither of `ip netns' nor of a container", p->text);
		near.typed = p->text;
		for (j = 0; (name = names_next(names, &j));)
			nearest_add(&near, name);
		if (near.nr)
			nearest_report(&near);
		else
			hint("use a name, an inode (`lsns -t net'), or pid:N");
		return EXIT_USAGE;
	}
	return 0;
}

/* tcpdump's word for all of them, which would select nothing here. */
static int prepare_dev(struct pattern *p)
{
	if (strcmp(p->text, "any") || if_nametoindex("any"))
		return 0;
	complain("--dev: there is no device `any'");
	hint("without -i, also drops without a device are shown; -i '!-' skips those");
	return EXIT_USAGE;
}

int select_reason(struct selection *s, const char *list)
{
	return patterns_add(&s->reason, "reason", list, prepare_reason);
}

int select_dev(struct selection *s, const char *list)
{
	return patterns_add(&s->dev, "dev", list, prepare_dev);
}

int select_netns(struct selection *s, const char *list)
{
	return patterns_add(&s->netns, "namespaces", list, prepare_netns);
}

int select_comm(struct selection *s, const char *list)
{
	return patterns_add(&s->comm, "tasks", list, NULL);
}

int select_at(struct selection *s, const char *list)
{
	return patterns_add(&s->at, "places", list, NULL);
}

/* Drops that usually harm nobody, whatever their class. */
#define WORD_BENIGN "benign"

/* The name of a class, or as much of it as goes up to a slash. */
static bool match_class_name(const char *pattern, const char *name)
{
	const char *slash = name;
	char part[64];

	if (match_glob(pattern, name, true))
		return true;
	while ((slash = strchr(slash, '/'))) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash++ - name), name);
		if (match_glob(pattern, part, true))
			return true;
	}
	return false;
}

static bool match_intent(const char *pattern, enum intent intent)
{
	return match_glob(pattern, intent_word(intent), true);
}

/* Other than reasons, they are the same for each kernel: what is none is a mistake. */
static int prepare_class(struct pattern *p)
{
	struct nearest near = { .typed = p->text };
	enum intent intent;
	const char *name;
	size_t i;

	nearest_add(&near, WORD_BENIGN);
	if (match_glob(p->text, WORD_BENIGN, true))
		return 0;
	for (intent = 0; intent < INTENT_MIXED; intent++) {
		nearest_add(&near, intent_word(intent));
		if (match_intent(p->text, intent))
			return 0;
	}
	for (i = 0; (name = drop_class_next(&i));) {
		nearest_add(&near, name);
		if (match_class_name(p->text, name))
			return 0;
	}
	complain("--class: no drop is of the class or intent `%s'", p->text);
	if (near.nr)
		nearest_report(&near);
	else
		hint("usual, suspicious, bad, benign, or a class such as policy/*: man whydrop");
	return EXIT_USAGE;
}

int select_class(struct selection *s, const char *list)
{
	return patterns_add(&s->class, "class", list, prepare_class);
}

int select_expr(struct selection *s, char *const *word, int nr)
{
	size_t len = 1;
	char *text;
	int i, err;

	for (i = 0; i < nr; i++)
		len += strlen(word[i]) + 1;
	text = need(calloc(1, len));
	for (i = 0; i < nr; i++) {
		strcat(text, i ? " " : "");
		strcat(text, word[i]);
	}
	err = expr_compile(&s->expr, text);
	free(s->words);
	s->words = text;
	return err;
}

static void add_text(char **text, const char *word)
{
	size_t len = *text ? strlen(*text) : 0;

	*text = need(realloc(*text, len + strlen(word) + 1));
	strcpy(*text + len, word);
}

static void add_list(char **text, const char *option, const struct patterns *list)
{
	char number[16];
	size_t i;

	for (i = 0; i < list->nr; i++) {
		const struct pattern *p = &list->item[i];

		add_text(text, i ? "," : *text ? " " : "");
		add_text(text, i ? "" : option);
		add_text(text, p->exclude ? "!" : "");
		/* A namespace by its name would be another one elsewhere. */
		snprintf(number, sizeof(number), "%u", p->val);
		add_text(text, p->number && (p->val || !p->named) ? number : p->text);
	}
}

char *select_text(const struct selection *s)
{
	char *text = NULL;

	add_list(&text, "-r ", &s->reason);
	add_list(&text, "-i ", &s->dev);
	add_list(&text, "-N ", &s->netns);
	add_list(&text, "--comm ", &s->comm);
	add_list(&text, "--at ", &s->at);
	add_list(&text, "-k ", &s->class);
	if (s->hide_benign)
		add_text(&text, text ? " --benign hide" : "--benign hide");
	if (s->words) {
		add_text(&text, text ? " " : "");
		add_text(&text, s->words);
	}
	return text;
}

void select_free(struct selection *s)
{
	patterns_free(&s->reason);
	patterns_free(&s->dev);
	patterns_free(&s->netns);
	patterns_free(&s->comm);
	patterns_free(&s->at);
	patterns_free(&s->class);
	expr_free(&s->expr);
	free(s->words);
	memset(s, 0, sizeof(*s));
}

static bool match_reason(const struct pattern *p, const void *what)
{
	const struct reason *r = what;

	if (p->number)
		return p->val == r->id;
	return match_glob(p->text, strchr(p->text, '/') ? r->label : r->name, true) ||
	       (strchr(p->text, '/') && !strncasecmp(p->text, "core/", 5) && r->label == r->name &&
		match_glob(p->text + 5, r->name, true));
}

struct space {
	uint32_t	ino;
	const char	*name;		/* in the recording; NULL: it has none */
};

/* What has a name in the recording is not what has the same name here. */
static bool match_space(const struct pattern *p, const void *what)
{
	const struct space *space = what;

	if (p->named && space->name)
		return names_match(p->text, space->name);
	return p->val && p->val == space->ino;
}

static bool select_in_netns(struct selection *s, const struct event *e)
{
	struct space space = { .ino = e->ev.netns };

	if (s->recorded && space.ino)
		space.name = names_netns(s->recorded, space.ino, e->ev.mono_ns)->name;
	return patterns_select(&s->netns, match_space, &space);
}

static bool match_text(const struct pattern *p, const void *what)
{
	return match_glob(p->text, what, false);
}

static bool match_place(const struct pattern *p, const void *what)
{
	return match_place_text(p->text, what);
}

bool select_reason_match(struct selection *s, struct reason *r)
{
	if (!s->reason.nr)
		return true;
	if (!r->match)
		r->match = patterns_select(&s->reason, match_reason, r) ? 1 : -1;
	return r->match > 0;
}

bool select_at_match(struct selection *s, struct name *place)
{
	if (!s->at.nr)
		return true;
	if (!place)
		return patterns_select(&s->at, match_place, "");
	if (!place->match)
		place->match = patterns_select(&s->at, match_place, place->text) ? 1 : -1;
	return place->match > 0;
}

/*
 * By the EtherType, as the module does it (whydrop_packet_ip()): the bytes of other
 * protocols may look like an IP header. Where it was not captured, there is one.
 */
static bool has_ip_header(const struct packet *p, size_t have)
{
	unsigned int version = have ? p->l3[0] >> 4 : 0;

	switch (p->ethertype) {
	case ETH_IPV4: return !have || version == 4;
	case ETH_IPV6: return !have || version == 6;
	/* The kernel had not set it yet. */
	case 0: return version == 4 || version == 6;
	default: return false;
	}
}

/*
 * As the module's packet_filter: from the IP header on, with the length of
 * the whole packet. One that cannot be judged is not selected, but counted.
 */
static bool match_expr(struct selection *s, const struct event *e)
{
	const struct packet *p = &e->pkt;
	size_t have = p->l3 ? e->data + e->ev.caplen - p->l3 : 0;
	enum verdict v = EXPR_NEEDS_MORE;

	if (p->l3 ? !has_ip_header(p, have) : !p->cut) {
		s->no_header++;
		return false;
	}
	if (p->l3)
		v = expr_run(&s->expr, p->l3, have, p->len);
	s->too_short += v == EXPR_NEEDS_MORE;
	return v == EXPR_ACCEPTS;
}

struct kind {
	const struct drop_class *class;
	const struct reason *reason;
	const struct stack *stack;
	const struct event *event;
};

static bool is_benign(const struct kind *k)
{
	return drop_is_harmless(k->reason, k->stack, k->event);
}

static bool match_class(const struct pattern *p, const void *what)
{
	const struct kind *k = what;

	return match_intent(p->text, k->class->intent) ||
	       match_class_name(p->text, k->class->name) ||
	       (match_glob(p->text, WORD_BENIGN, true) && is_benign(k));
}

bool select_class_match(struct selection *s, struct reason *r, struct stack *st,
			const struct event *e, uint64_t count)
{
	struct kind k = { &class_unknown, r, st, e };

	if (s->class.nr) {
		k.class = drop_class(r, st);
		if (!patterns_select(&s->class, match_class, &k))
			return false;
	}
	if (!s->hide_benign || !is_benign(&k))
		return true;
	s->hidden += count;
	return false;
}

bool select_event(struct selection *s, const struct event *e)
{
	char text[WHYDROP_DEV_LEN + 1];

	if (!select_reason_match(s, e->reason))
		return false;
	if (s->netns.nr && !select_in_netns(s, e))
		return false;
	if (s->dev.nr) {
		snprintf(text, sizeof(text), "%.*s", WHYDROP_DEV_LEN, *e->ev.dev ? e->ev.dev : "-");
		if (!patterns_select(&s->dev, match_text, text))
			return false;
	}
	if (s->comm.nr) {
		snprintf(text, sizeof(text), "%.*s", WHYDROP_COMM_LEN, e->ev.comm);
		if (!patterns_select(&s->comm, match_text, text))
			return false;
	}
	if (!select_at_match(s, e->stack ? e->stack->place : NULL))
		return false;
	if (s->expr.nr && !match_expr(s, e))
		return false;
	return (!s->class.nr && !s->hide_benign) ||
	       select_class_match(s, e->reason, e->stack, e, 1);
}

void select_mark_reason(struct selection *s, const struct reason *r)
{
	size_t i;

	for (i = 0; i < s->reason.nr; i++)
		if (!s->reason.item[i].known)
			s->reason.item[i].known = match_reason(&s->reason.item[i], r);
}

const char *select_missing_reason(const struct selection *s)
{
	size_t i;

	for (i = 0; i < s->reason.nr; i++)
		if (!s->reason.item[i].known && strcasecmp(s->reason.item[i].text, REASON_NONE))
			return s->reason.item[i].text;
	return NULL;
}

bool reasons_are_named(struct reason *const *all, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (strcmp(all[i]->label, REASON_NONE))
			return true;
	return false;
}

int select_check_reasons(struct selection *s, const char *again, struct reason *const *all,
			 size_t nr)
{
	const char *whose = !again ? "any kernel" : *again ? "the recording" : "this kernel";
	bool has = reasons_are_named(all, nr);
	size_t i, j;

	for (i = 0; i < s->reason.nr; i++) {
		const struct pattern *p = &s->reason.item[i];
		struct nearest near = { .typed = p->text };

		if (p->known || !strcasecmp(p->text, REASON_NONE))
			continue;
		if (has)
			complain("no drop reason of %s matches `%s'", whose, p->text);
		else
			complain("%s gives no reasons, so none matches `%s'", whose, p->text);
		for (j = 0; has && j < nr; j++) {
			nearest_add(&near, all[j]->label);
			if (all[j]->label != all[j]->name)
				nearest_add(&near, all[j]->name);
		}
		if (near.nr)
			nearest_report(&near);
		else if (has && again)
			hint("`whydrop reasons%s' lists them", again);
		else if (again)
			hint("select by place instead: --at, see `whydrop count%s --by at'", again);
		return EXIT_USAGE;
	}
	return 0;
}
