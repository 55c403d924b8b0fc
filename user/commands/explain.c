// SPDX-License-Identifier: GPL-2.0-only
/* explain: what a reason means, what to look at, what was seen of it here. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command.h"
#include "explain/seen.h"

/*
 * What starts a command in the namespace: "ip netns exec NAME", "nsenter -t
 * PID -n", or empty: it is our own, or not found.
 */
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

/* A paragraph: @first, then words kept whole, further lines with @indent. */
static void show_words(struct out *o, const char *first, const char *indent, const char *words)
{
	int width = o->columns >= 40 && o->columns < 80 ? o->columns : 80;
	int used = strlen(first);
	bool start = true;
	size_t len;

	out_str(o, first);
	for (; *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		if (!start && used + 1 + (int)len > width) {
			out_fmt(o, "\n%s", indent);
			used = strlen(indent);
		} else if (!start) {
			out_chr(o, ' ');
			used++;
		}
		out_text(o, words, len);
		used += len;
		start = false;
	}
	out_chr(o, '\n');
}

static void show_title(struct out *o, const char *title)
{
	out_color(o, COLOR_FAINT);
	out_fmt(o, "# %s", title);
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
}

/* A command to paste; its comment in front of it if both do not fit. */
static void show_command(struct out *o, const char *command, const char *why)
{
	if (why && strlen(command) + strlen(why) > 72)
		out_fmt(o, "  # %s\n", why);
	out_str(o, "  ");
	out_text(o, command, strlen(command));
	if (why && strlen(command) + strlen(why) <= 72) {
		out_color(o, COLOR_FAINT);
		out_fmt(o, "  # %s", why);
		out_color(o, COLOR_OFF);
	}
	out_chr(o, '\n');
}

static const char *top_dev(const struct topic *topic)
{
	size_t i;

	for (i = 0; i < topic->devs.nr; i++)
		if (*topic->devs.row[i].text)
			return topic->devs.row[i].text;
	return NULL;
}

static const struct explain_words no_words;

static struct explain_words words_of(const struct topics *t, const struct topic *topic)
{
	return (struct explain_words){ topic->reason->label, top_dev(topic), t->rq->again };
}

static uint32_t top_netns(const struct topics *t, const struct topic *topic)
{
	return t->live && topic->devs.nr ? topic->devs.row[0].netns : 0;
}

static void hook_command(char *text, size_t room, const struct topic *topic)
{
	const struct seen *s = topic->places.row;

	*text = '\0';
	if (topic->places.nr && s->hook.hook)
		snprintf(text, room, "nft list ruleset | grep -A 30 'hook %s'", s->hook.hook);
}

static void show_look(struct out *o, const struct topics *t, const struct topic *topic)
{
	const struct explain_words words = words_of(t, topic);
	const struct explain *x = topic->explain;
	const char *pos = x->look;
	char line[512], *why;

	show_title(o, "Look at");
	if (x->counters) {
		snprintf(line, sizeof(line), "nstat -asz %s", x->counters);
		show_words(o, "  ", "    ", line);
	}
	hook_command(line, sizeof(line), topic);
	if (*line)
		show_command(o, line, "the chains at that hook");
	while (explain_line(&pos, &words, line, sizeof(line), &why))
		show_command(o, line, why);
	enter_netns(line, sizeof(line), top_netns(t, topic));
	if (*line)
		out_fmt(o, "  %s COMMAND  # all but whydrop: in the namespace of these drops\n", line);
}

/* A packet has the socket of its sender or of its receiver. */
static bool is_from(const struct whydrop_event *ev, unsigned int end)
{
	return ev->flags & WHYDROP_EV_SK_FULL && ev->flags & end;
}

static void show_sock(struct out *o, const struct whydrop_event *ev)
{
	bool to = is_from(ev, WHYDROP_EV_RX_SK);

	if (!to && !is_from(ev, WHYDROP_EV_TX_SK))
		return;
	out_fmt(o, "; %ssocket of uid %u", to ? "" : "sent by ", ev->sock_uid);
	if (ev->sock_ino)
		out_fmt(o, ", inode %u", ev->sock_ino);
	if (to)
		out_fmt(o, ": %u of %u bytes of its receive buffer used", ev->sock_rmem,
			ev->sock_rcvbuf);
}

static void show_list(struct options *opt, const struct list *l, const char *word)
{
	size_t i, limit = MIN(opt->rq.limit, (uint64_t)SEEN_MAX);
	struct out *o = opt->out;

	if (opt->rq.limit == UINT64_MAX)
		limit = 3;
	for (i = 0; i < l->nr && i < limit; i++) {
		const struct seen *s = &l->row[i];

		out_fmt(o, "%10llu %s ", (unsigned long long)s->count, word);
		out_text(o, *s->text ? s->text : "-", *s->text ? strlen(s->text) : 1);
		if (*word == 'b' && s->netns)
			out_fmt(o, ", netns %u", s->netns);
		if (s->hook.hook)
			out_fmt(o, ", hook %s %s%s%s", s->hook.family, s->hook.hook,
				s->hook.by ? ", by " : "", s->hook.by ? s->hook.by : "");
		show_sock(o, &s->sock);
		out_chr(o, '\n');
	}
	if (i < l->nr)
		out_fmt(o, "           ... and %zu more\n", l->nr - i);
}

static bool last_time(struct options *opt, const struct topic *topic, struct value *v)
{
	if (topic->events)
		field_value(field_find("time"), &opt->fmt, &topic->last, false, v);
	return topic->events && v->kind == KIND_STRING;
}

static void show_seen(struct options *opt, const struct topics *t, const struct topic *topic)
{
	const struct reason *r = topic->reason;
	struct out *o = opt->out;
	struct value v;

	/* Without the module nothing is known of this host. */
	if (t->live && !t->table.nr)
		return;
	show_title(o, t->live ? "Seen here" : "Seen in the recording");
	if (!r->count) {
		out_str(o, topic->known ? "  none\n" : "  none; a reason of other kernels\n");
		return;
	}
	out_fmt(o, "%10llu, %.1f%% of all drops", (unsigned long long)r->count,
		100.0 * r->count / MAX(t->total, 1));
	if (last_time(opt, topic, &v))
		out_fmt(o, ", last %.*s", (int)v.len, v.str);
	out_chr(o, '\n');
	show_list(opt, &topic->places, "@");
	if (t->live && topic->events != r->count && topic->events)
		out_fmt(o, "  of the %llu that the rings still hold:\n",
			(unsigned long long)topic->events);
	show_list(opt, &topic->devs, "by");
	show_list(opt, &topic->to, "to");
}

/* In brackets it only says that there is none. */
static const char *description(const struct reason *r)
{
	return r->description && *r->description && *r->description != '(' ? r->description : NULL;
}

static void show_text(struct options *opt, const struct topics *t, struct topic *topic)
{
	const struct explain_words words = words_of(t, topic);
	const struct explain *x = topic->explain;
	const struct reason *r = topic->reason;
	struct out *o = opt->out;
	char line[512], *why;
	const char *pos;

	out_color(o, COLOR_BAD);
	out_text(o, r->label, strlen(r->label));
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
	if (description(r))
		show_words(o, "  The kernel says: ", "  ", description(r));
	if (x) {
		show_words(o, "  ", "  ", x->meaning);
		pos = x->advice;
		explain_line(&pos, &words, line, sizeof(line), &why);
		show_words(o, "  First: ", "  ", line);
		show_title(o, "Usual causes");
		for (pos = x->causes; explain_line(&pos, &no_words, line, sizeof(line), &why);)
			show_words(o, "  - ", "    ", line);
		show_look(o, t, topic);
	} else {
		show_title(o, "Look at");
		pos = "whydrop stacks -r REASON -c 3 # its place and callers say more";
		explain_line(&pos, &words, line, sizeof(line), &why);
		show_command(o, line, why);
	}
	show_seen(opt, t, topic);
}

static void json_texts(struct out *o, const char *key, const char *lines)
{
	char line[512], *why;
	bool first = true;

	out_json_key(o, key);
	out_chr(o, '[');
	for (; lines && explain_line(&lines, &no_words, line, sizeof(line), &why); first = false) {
		out_str(o, first ? "" : ",");
		out_json(o, line, strlen(line));
	}
	out_chr(o, ']');
}

static void json_command(struct out *o, bool *first, const char *command, const char *why)
{
	out_str(o, *first ? "{\"command\":" : ",{\"command\":");
	out_json(o, command, strlen(command));
	out_json_str(o, "why", why);
	out_chr(o, '}');
	*first = false;
}

static void json_look(const struct topics *t, const struct topic *topic)
{
	const struct explain_words words = words_of(t, topic);
	const char *pos = topic->explain ? topic->explain->look : "";
	struct out *o = t->rq->out;
	char line[512], *why;
	bool first = true;

	out_str(o, ",\"look\":[");
	hook_command(line, sizeof(line), topic);
	if (*line)
		json_command(o, &first, line, "the chains at that hook");
	while (explain_line(&pos, &words, line, sizeof(line), &why))
		json_command(o, &first, line, why);
	out_chr(o, ']');
}

static void json_seen(struct out *o, const char *list, const struct list *l, char kind)
{
	size_t i;

	out_json_key(o, list);
	out_chr(o, '[');
	for (i = 0; i < l->nr; i++) {
		const struct seen *s = &l->row[i];
		bool to = is_from(&s->sock, WHYDROP_EV_RX_SK);
		bool from = is_from(&s->sock, WHYDROP_EV_TX_SK);

		out_fmt(o, "%s{\"count\":%llu", i ? "," : "", (unsigned long long)s->count);
		out_json_str(o, kind == '@' ? "at" : kind == 'b' ? "dev" : "to", *s->text ? s->text : NULL);
		if (kind == '@') {
			out_json_str(o, "family", s->hook.family);
			out_json_str(o, "hook", s->hook.hook);
			out_json_str(o, "by", s->hook.by);
		} else {
			out_json_known(o, "netns", s->netns, s->netns);
		}
		if (kind == 't') {
			out_json_known(o, "uid", s->sock.sock_uid, to);
			out_json_known(o, "ino", s->sock.sock_ino, to && s->sock.sock_ino);
			out_json_known(o, "rmem", s->sock.sock_rmem, to);
			out_json_known(o, "rcvbuf", s->sock.sock_rcvbuf, to);
			out_json_known(o, "sender_uid", s->sock.sock_uid, from);
			out_json_known(o, "sender_ino", s->sock.sock_ino, from && s->sock.sock_ino);
		}
		out_chr(o, '}');
	}
	out_chr(o, ']');
}

static void show_json(struct options *opt, const struct topics *t, struct topic *topic)
{
	const struct explain_words words = words_of(t, topic);
	const struct explain *x = topic->explain;
	const struct reason *r = topic->reason;
	struct out *o = opt->out;
	char line[512], *why;
	const char *pos;
	struct value v;

	out_str(o, "{\"type\":\"explain\"");
	out_json_str(o, "reason", r->name);
	out_json_str(o, "subsys", reason_subsys(r));
	out_json_known(o, "reason_id", r->id, topic->known && r->id != WHYDROP_NO_REASON);
	out_json_str(o, "description", description(r));
	pos = x ? x->advice : "";
	out_json_str(o, "advice", explain_line(&pos, &words, line, sizeof(line), &why));
	out_json_str(o, "meaning", x ? x->meaning : NULL);
	json_texts(o, "causes", x ? x->causes : NULL);
	out_json_str(o, "counters", x ? x->counters : NULL);
	json_look(t, topic);
	enter_netns(line, sizeof(line), top_netns(t, topic));
	out_json_str(o, "enter", *line ? line : NULL);
	out_json_known(o, "count", r->count, !t->live || t->table.nr);
	out_json_known(o, "total", t->total, !t->live || t->table.nr);
	out_json_u64(o, "events", topic->events);
	out_json_key(o, "last");
	if (last_time(opt, topic, &v))
		out_json(o, v.str, v.len);
	else
		out_str(o, "null");
	json_seen(o, "places", &topic->places, '@');
	json_seen(o, "devices", &topic->devs, 'b');
	json_seen(o, "destinations", &topic->to, 't');
	out_str(o, "}\n");
}

/* Of all that was seen, a line of advice each. */
static void show_line(struct options *opt, const struct topics *t, const struct topic *topic)
{
	const struct explain_words words = words_of(t, topic);
	const struct reason *r = topic->reason;
	struct out *o = opt->out;
	char line[512], *why;
	const char *pos;

	out_fmt(o, "%10llu %5.1f%% ", (unsigned long long)r->count,
		100.0 * r->count / MAX(t->total, 1));
	out_color(o, COLOR_BAD);
	out_text(o, r->label, strlen(r->label));
	out_color(o, COLOR_OFF);
	pos = topic->explain ? topic->explain->advice : "see its place: whydrop stacks -r REASON";
	explain_line(&pos, &words, line, sizeof(line), &why);
	out_str(o, "\n    ");
	out_text(o, line, strlen(line));
	out_chr(o, '\n');
}

static void show(struct options *opt, struct topics *t)
{
	size_t i, shown = 0;

	for (i = 0; i < t->nr; i++) {
		struct topic *topic = &t->topic[i];

		if (opt->nr_arg ? !select_reason_match(&t->want, topic->reason) :
				  !topic->reason->count || shown >= opt->rq.limit)
			continue;
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
	out_flush(opt->out);
	if (!opt->nr_arg && !shown)
		note("no drops so far; `whydrop explain%s NAME' explains any reason", opt->rq.again);
	else if (!opt->nr_arg && !opt->json && isatty(STDERR_FILENO))
		note("`whydrop explain%s NAME' shows causes, commands, and what was seen",
		     opt->rq.again);
}

int cmd_explain(struct options *opt)
{
	struct topics t;
	int err = topics_gather(&t, &opt->rq, opt->arg, opt->nr_arg, !opt->nr_arg && !opt->json);

	if (!err || (err == EXIT_FAILED && t.total)) {
		section_show(opt, &t.stream.dec);
		show(opt, &t);
	}
	topics_free(&t);
	return err;
}

void explain_hint(const struct options *opt, const char *label)
{
	if (!opt->json && isatty(STDERR_FILENO) && explain_is_word(label))
		note("`whydrop explain%s %s' says what it means", opt->rq.again, label);
}
