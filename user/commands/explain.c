// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop explain': what a reason means, what to look at, what was seen of it here. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command.h"
#include "explain/seen.h"
#include "select/whole.h"
#include "known/drop.h"
#include "commands/advice.h"
#include "commands/counter.h"

/* What starts a command in the namespace; "": it is our own, or not found. */
static void enter_netns(char *text, size_t room, uint32_t netns)
{
	static const char *const dirs[] = { "/var/run/netns", "/proc" };
	char path[300];
	struct dirent *d;
	struct stat st;
	size_t i;
	DIR *dir;

	*text = '\0';
	if (!netns || (!stat("/proc/self/ns/net", &st) && st.st_ino == netns))
		return;
	for (i = 0; i < ARRAY_SIZE(dirs) && !*text; i++) {
		dir = opendir(dirs[i]);
		while (dir && !*text && (d = readdir(dir))) {
			snprintf(path, sizeof(path), i ? "%s/%s/ns/net" : "%s/%s", dirs[i], d->d_name);
			if (stat(path, &st) || st.st_ino != netns || !explain_is_word(d->d_name))
				continue;
			snprintf(text, room, i ? "nsenter -t %s -n" : "ip netns exec %s", d->d_name);
		}
		if (dir)
			closedir(dir);
	}
}

static const char *most_frequent_dev(const struct topic *topic)
{
	size_t i;

	for (i = 0; i < topic->devs.nr; i++)
		if (*topic->devs.row[i].text)
			return topic->devs.row[i].text;
	return NULL;
}

static const struct explain_words no_words;

static struct explain_words fill_words(const struct topics *t, const struct topic *topic)
{
	return (struct explain_words){ topic->reason->label, most_frequent_dev(topic),
				       t->rq->again };
}

static uint32_t most_frequent_netns(const struct topics *t, const struct topic *topic)
{
	return t->live && topic->devs.nr ? topic->devs.row[0].netns : 0;
}

static void print_hook_command(char *text, size_t room, const struct topic *topic)
{
	const struct seen *s = topic->places.row;

	*text = '\0';
	if (topic->places.nr && s->hook.hook)
		snprintf(text, room, "nft list ruleset | grep -A 30 'hook %s'", s->hook.hook);
}

static void show_look(struct out *o, const struct topics *t, const struct topic *topic)
{
	const struct explain_words words = fill_words(t, topic);
	const struct explain *x = topic->explain;
	const char *pos = x->look;
	char line[512], *why;

	advice_title(o, "Look at");
	counters_show(o, topic->reason->label);
	if (x->counters) {
		snprintf(line, sizeof(line), "nstat -asz %s", x->counters);
		advice_words(o, "  ", "    ", line);
	}
	print_hook_command(line, sizeof(line), topic);
	if (*line)
		advice_command(o, line, "the chains at that hook");
	while (explain_line(&pos, &words, line, sizeof(line), &why))
		advice_command(o, line, why);
	enter_netns(line, sizeof(line), most_frequent_netns(t, topic));
	if (*line)
		advice_command(o, strcat(line, " COMMAND"),
			       "in their namespace, all but whydrop's and those marked (host):");
}

/* A packet has the socket of its sender or of its receiver. */
static bool has_socket_end(const struct seen_sock *sock, unsigned int end)
{
	return sock->flags & WHYDROP_EV_SK_FULL && sock->flags & end;
}

static void show_sock(struct out *o, const struct seen_sock *sock, struct names *names)
{
	bool to = has_socket_end(sock, WHYDROP_EV_RX_SK);
	const struct proc *p = names ? names_proc(names, sock->ino) : NULL;
	char text[PROC_TEXT];

	if (!to && !has_socket_end(sock, WHYDROP_EV_TX_SK))
		return;
	out_fmt(o, "; %ssocket of uid %u", to ? "" : "sent by ", sock->uid);
	if (sock->ino)
		out_fmt(o, ", inode %u", sock->ino);
	if (p) {
		out_str(o, ", of ");
		out_text(o, text, names_proc_text(text, p));
	}
	if (to)
		out_fmt(o, ": %u of %u bytes of its receive buffer used", sock->rmem,
			sock->rcvbuf);
}

/* What no reason tells, its place may; where it does, all have the same. */
static void show_place_class(struct out *o, const struct seen *s, bool by_place)
{
	if (by_place && s->class.name && s->class.intent != INTENT_UNKNOWN)
		out_fmt(o, ": %s, mostly %s", s->class.name, intent_word(s->class.intent));
	else if (by_place)
		out_str(o, ": of no class that is known");
}

static void show_list(struct options *opt, const struct list *l, const char *word, bool by_place)
{
	size_t i, limit = MIN(opt->rq.limit, (uint64_t)SEEN_MAX);
	char netns[VIEW_KEY_ROOM];
	struct out *o = opt->out;

	if (opt->rq.limit == UINT64_MAX)
		limit = 3;
	for (i = 0; i < l->nr && i < limit; i++) {
		const struct seen *s = &l->row[i];

		out_fmt(o, "%10llu %s ", (unsigned long long)s->count, word);
		out_text(o, *s->text ? s->text : "-", *s->text ? strlen(s->text) : 1);
		if (s->decided) {
			out_str(o, ", for ");
			out_text(o, s->decided, strlen(s->decided));
		}
		if (*word == 'b' && (s->netns || s->host)) {
			view_netns_of(netns, s->netns, names_of_inode(opt->rq.names, s->netns), s->host ?: "");
			out_str(o, ", netns ");
			out_text(o, netns, strlen(netns));
		}
		if (s->hook.hook)
			out_fmt(o, ", hook %s %s%s%s", s->hook.family, s->hook.hook,
				s->hook.by ? ", by " : "", s->hook.by ? s->hook.by : "");
		show_sock(o, &s->sock, opt->rq.names);
		show_place_class(o, s, by_place);
		out_chr(o, '\n');
	}
	if (i < l->nr)
		out_fmt(o, "           ... and %zu more\n", l->nr - i);
}

/* What its drops here were; if there were none, what such a drop is. */
static const struct drop_class *class_seen(const struct topic *topic)
{
	return topic->class.name ? &topic->class : class_of(topic->reason->label);
}

enum which { FIRST, LAST };

static bool time_of(struct options *opt, const struct topic *topic, enum which which,
		    struct value *v)
{
	struct event e = {
		.ev.mono_ns = which == LAST ? topic->last_mono : topic->first_mono,
		.has_real = which == LAST ? topic->last_has_real : topic->first_has_real,
		.real_ns = which == LAST ? topic->last_real : topic->first_real,
	};

	if (topic->events)
		field_value(field_find("time"), &opt->fmt, &e, false, v);
	return topic->events && v->kind == KIND_STRING;
}

/* Is the oldest event that is there the first drop for sure? The counts were read before. */
static bool is_first(const struct topics *t, const struct topic *topic)
{
	return (t->live && topic->events >= topic->reason->count) || stream_is_whole(&t->stream);
}

static void show_seen(struct options *opt, const struct topics *t, const struct topic *topic)
{
	const struct reason *r = topic->reason;
	struct out *o = opt->out;
	struct value v;

	/* Without the module nothing is known of this host. */
	if (t->live && !t->table.nr)
		return;
	advice_title(o, t->live ? "Seen here" : "Seen in the recording");
	if (!r->count) {
		out_str(o, topic->known ? "  none\n" : "  none; a reason of other kernels\n");
		return;
	}
	out_fmt(o, "%10llu, %.1f%% of all drops", (unsigned long long)r->count,
		100.0 * r->count / MAX(t->total, 1));
	out_chr(o, '\n');
	if (time_of(opt, topic, FIRST, &v))
		out_fmt(o, "           first %.*s%s\n", (int)v.len, v.str,
			is_first(t, topic) ? "" : " or earlier");
	if (time_of(opt, topic, LAST, &v))
		out_fmt(o, "           last  %.*s\n", (int)v.len, v.str);
	show_list(opt, &topic->places, "@", class_of(r->label)->intent == INTENT_UNKNOWN);
	if (t->live && topic->events != r->count && topic->events)
		out_fmt(o, "  of the %llu that the rings still hold:\n",
			(unsigned long long)topic->events);
	show_list(opt, &topic->devs, "by", false);
	show_list(opt, &topic->to, "to", false);
}

/* In brackets it only says that there is none. */
static const char *real_description(const struct reason *r)
{
	return r->description && *r->description && *r->description != '(' ? r->description : NULL;
}

static void show_text(struct options *opt, const struct topics *t, struct topic *topic)
{
	const struct explain_words words = fill_words(t, topic);
	const struct explain *x = topic->explain;
	const struct reason *r = topic->reason;
	struct out *o = opt->out;
	char line[512], *why;
	const char *pos;

	out_color(o, COLOR_BAD);
	out_text(o, r->label, strlen(r->label));
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
	if (real_description(r))
		advice_words(o, "  The kernel says: ", "  ", real_description(r));
	advice_class(o, class_of(r->label));
	if (x) {
		advice_words(o, "  ", "  ", x->meaning);
		advice_words(o, "  First: ", "  ", advice_first(topic, &words, line, sizeof(line)));
		advice_rule(o, t, topic);
		advice_title(o, "Usual causes");
		for (pos = x->causes; explain_line(&pos, &no_words, line, sizeof(line), &why);)
			advice_words(o, "  - ", "    ", line);
		advice_places(o, topic, &words, opt->rq.limit == UINT64_MAX ? 3 : opt->rq.limit);
		show_look(o, t, topic);
	} else {
		advice_title(o, "Look at");
		pos = "whydrop stacks -r REASON -c 3 # its place and callers say more";
		explain_line(&pos, &words, line, sizeof(line), &why);
		advice_command(o, line, why);
	}
	show_seen(opt, t, topic);
}

static void json_look(const struct topics *t, const struct topic *topic)
{
	const struct explain_words words = fill_words(t, topic);
	const char *pos = topic->explain ? topic->explain->look : "";
	struct out *o = t->rq->out;
	char line[512], *why;
	bool first = true;

	out_str(o, ",\"look\":[");
	print_hook_command(line, sizeof(line), topic);
	if (*line)
		advice_json_command(o, &first, line, "the chains at that hook");
	while (explain_line(&pos, &words, line, sizeof(line), &why))
		advice_json_command(o, &first, line, why);
	out_chr(o, ']');
}

static void json_seen(struct out *o, const char *list, const struct list *l, char kind,
		      const struct explain_words *words, struct names *names)
{
	size_t i;

	out_json_key(o, list);
	out_chr(o, '[');
	for (i = 0; i < l->nr; i++) {
		const struct seen *s = &l->row[i];
		bool to = has_socket_end(&s->sock, WHYDROP_EV_RX_SK);
		bool from = has_socket_end(&s->sock, WHYDROP_EV_TX_SK);

		out_fmt(o, "%s{\"count\":%llu", i ? "," : "", (unsigned long long)s->count);
		out_json_str(o, kind == '@' ? "at" : kind == 'b' ? "dev" : "to", *s->text ? s->text : NULL);
		if (kind == '@') {
			out_json_str(o, "family", s->hook.family);
			out_json_str(o, "hook", s->hook.hook);
			out_json_str(o, "by", s->hook.by);
			out_json_str(o, "for", s->decided);
			out_json_str(o, "class", s->class.name);
			out_json_str(o, "intent", intent_word(s->class.intent));
			advice_json_seen(o, s, words);
		} else {
			out_json_known(o, "netns", s->netns, s->netns);
			out_json_str(o, "netns_name", names_of_inode(names, s->netns));
			if (s->host)
				out_json_str(o, "host", s->host);
		}
		if (kind == 't') {
			out_json_known(o, "uid", s->sock.uid, to);
			out_json_known(o, "ino", s->sock.ino, to && s->sock.ino);
			out_json_known(o, "rmem", s->sock.rmem, to);
			out_json_known(o, "rcvbuf", s->sock.rcvbuf, to);
			out_json_known(o, "sender_uid", s->sock.uid, from);
			out_json_known(o, "sender_ino", s->sock.ino, from && s->sock.ino);
			out_json_key(o, "proc");
			json_proc(o, names && (to || from) ? names_proc(names, s->sock.ino) : NULL);
		}
		out_chr(o, '}');
	}
	out_chr(o, ']');
}

static void json_time(struct out *o, const char *key, bool known, const struct value *v)
{
	out_json_key(o, key);
	if (known)
		out_json(o, v->str, v->len);
	else
		out_str(o, "null");
}

static void show_json(struct options *opt, const struct topics *t, struct topic *topic)
{
	const struct explain_words words = fill_words(t, topic);
	const struct explain *x = topic->explain;
	const struct reason *r = topic->reason;
	const struct drop_class *c = class_seen(topic);
	struct out *o = opt->out;
	char line[512];
	struct value v;

	out_str(o, "{\"type\":\"explain\"");
	out_json_str(o, "reason", r->name);
	out_json_str(o, "subsys", reason_subsys(r));
	out_json_known(o, "reason_id", r->id, topic->known && r->id != WHYDROP_NO_REASON);
	out_json_str(o, "description", real_description(r));
	out_json_str(o, "class", c->name);
	out_json_str(o, "intent", intent_word(c->intent));
	out_json_str(o, "advice", advice_first(topic, &words, line, sizeof(line)));
	out_json_str(o, "meaning", x ? x->meaning : NULL);
	advice_json_texts(o, "causes", x ? x->causes : NULL);
	out_json_str(o, "counters", x ? x->counters : NULL);
	counters_json(o, r->label);
	json_look(t, topic);
	advice_json_rule(o, t, topic);
	enter_netns(line, sizeof(line), most_frequent_netns(t, topic));
	out_json_str(o, "enter", *line ? line : NULL);
	out_json_known(o, "count", r->count, !t->live || t->table.nr);
	out_json_known(o, "total", t->total, !t->live || t->table.nr);
	out_json_u64(o, "events", topic->events);
	json_time(o, "first", time_of(opt, topic, FIRST, &v) && is_first(t, topic), &v);
	json_time(o, "oldest", time_of(opt, topic, FIRST, &v), &v);
	json_time(o, "last", time_of(opt, topic, LAST, &v), &v);
	json_seen(o, "places", &topic->places, '@', &words, NULL);
	json_seen(o, "devices", &topic->devs, 'b', &words, t->rq->names);
	json_seen(o, "destinations", &topic->to, 't', &words, t->rq->names);
	out_str(o, "}\n");
}

/* Of all that was seen, a line of advice each. */
static void show_line(struct options *opt, const struct topics *t, const struct topic *topic)
{
	const struct explain_words words = fill_words(t, topic);
	const struct drop_class *c = class_seen(topic);
	const struct reason *r = topic->reason;
	struct out *o = opt->out;
	char line[512];
	const char *text;

	out_fmt(o, "%10llu %5.1f%% ", (unsigned long long)r->count,
		100.0 * r->count / MAX(t->total, 1));
	out_color(o, COLOR_BAD);
	out_text(o, r->label, strlen(r->label));
	out_color(o, COLOR_OFF);
	if (c->intent != INTENT_UNKNOWN && c->intent != INTENT_MIXED)
		out_fmt(o, ", mostly %s", intent_word(c->intent));
	text = advice_first(topic, &words, line, sizeof(line));
	out_chr(o, '\n');
	advice_words(o, "    ", "    ", text);
}

static void show_topics(struct options *opt, struct topics *t)
{
	size_t i, shown = 0, known = 0;

	for (i = 0; i < t->nr; i++) {
		struct topic *topic = &t->topic[i];

		if (opt->nr_arg ? !select_reason_match(t->want, topic->reason) :
				  !topic->reason->count || shown >= opt->rq.limit)
			continue;
		/* What it means is the same for each recording, of which there may be thousands. */
		if (opt->nr_sections > 1 && !topic->reason->count) {
			known++;
			continue;
		}
		if (opt->json) {
			show_json(opt, t, topic);
		} else if (opt->nr_arg) {
			out_str(opt->out, shown ? "\n" : "");
			show_text(opt, t, topic);
		} else {
			show_line(opt, t, topic);
		}
		shown++;
	}
	if (known && !opt->json)
		out_fmt(opt->out, "%s%zu reason%s without drops here\n", shown ? "\n" : "",
			known, known > 1 ? "s" : "");
	out_flush(opt->out);
	if (!opt->nr_arg && !shown)
		note("no drops so far; `whydrop explain%s NAME' explains any reason", opt->rq.again);
	else if (!opt->nr_arg && !opt->json && isatty(STDERR_FILENO))
		note("`whydrop explain%s NAME' shows causes and commands",
		     opt->rq.again);
}

/* What is known of places depends on no drop; but JSON ends as all JSON does. */
static int show_end_of_places(struct options *opt)
{
	struct topics t;
	struct loss l;
	int err;

	if (!opt->json)
		return 0;
	if (!opt->rq.file) {
		loss_of_module(&l, &opt->rq, true);
		section_end(opt, &l, true);
		return 0;
	}
	err = topics_gather(&t, &opt->rq, &opt->asked, false);
	if (!err || (err == EXIT_FAILED && t.total)) {
		section_begin(opt, &t.stream.dec);
		loss_of_stream(&l, &t.stream);
		section_end(opt, &l, true);
	}
	topics_free(&t);
	return err;
}

int cmd_explain(struct options *opt)
{
	int err = 0, i, nr = 0, all = opt->nr_arg;
	unsigned int counters = 0;
	bool places = false, again;
	struct topics t;
	struct loss l;

	/* "@FUNCTION" is a place, the rest are counters and reasons. */
	for (i = 0; !err && i < all; i++) {
		if (*opt->arg[i] == '@') {
			err = advice_on_place(opt, opt->arg[i] + 1);
			places = true;
		} else if (!explain_counter(opt, opt->arg[i], &counters)) {
			opt->arg[nr++] = opt->arg[i];
		}
	}
	opt->nr_arg = nr;
	if (err || (all && !nr))
		return err || !places ? err : show_end_of_places(opt);
	/* Only once, whatever the number of boots. */
	for (i = 0, again = opt->asked.reason.nr; !err && !again && i < nr; i++)
		err = select_reason(&opt->asked, opt->arg[i]);
	if (err)
		return err;
	err = topics_gather(&t, &opt->rq, &opt->asked,
			    !opt->nr_arg && !opt->json && !opt->rq.sel.class.nr);
	if (!err || (err == EXIT_FAILED && t.total)) {
		section_begin(opt, &t.stream.dec);
		show_topics(opt, &t);
		if (t.live)
			loss_of_module(&l, &opt->rq, true);
		else
			loss_of_stream(&l, &t.stream);
		section_end(opt, &l, true);
		topics_note_unread(&t);
	}
	topics_free(&t);
	return advice_hint(opt, err);
}

void explain_hint(const struct options *opt, const char *label)
{
	if (!opt->json && isatty(STDERR_FILENO) && explain_is_word(label))
		note("`whydrop explain%s %s' says what it means", opt->rq.again, label);
}
