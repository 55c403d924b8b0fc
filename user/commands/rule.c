// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop rule': which rule of nftables drops these packets. */
#include "commands/command.h"

#ifdef HAVE_LIBNFTABLES
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/stop.h"
#include "losses/netns.h"
#include "rule/flow.h"
#include "rule/follow.h"
#include "rule/nft.h"

#define TABLE		"whydrop_rule"
#define FLOWS		8	/* unless -c says otherwise */
#define FLOWS_LIMIT	64
#define SECONDS		30	/* unless --duration does */
#define SECONDS_LIMIT	3600
/* The rings are read for so long before the flows are chosen. */
#define HISTORY_MS	3000

struct rule_run {
	struct options	*opt;
	struct stream	s;
	struct rule_flows flows;
	struct nft	nft;
	struct follow	follow;
	uint64_t	netns;
	uint64_t	since_ns;	/* CLOCK_MONOTONIC of the table; 0: it is not there yet */
	int64_t		duration_ms;
	char		*tables;	/* what is to be added */
};

static int take_item(struct stream *s, const struct item *it)
{
	struct rule_run *r = s->arg;

	if (it->type != ITEM_EVENT)
		return 0;
	if (!r->since_ns)
		rule_flows_add(&r->flows, it->event, r->netns);
	else if (it->event->ev.mono_ns >= r->since_ns)
		rule_flows_count(&r->flows, it->event, r->netns);
	return 0;
}

/* One at a time, since all have the same table: by a lock that only root can have. */
static int lock(const struct options *opt)
{
	char path[600];
	int fd;

	snprintf(path, sizeof(path), "%s/stats", opt->rq.debugfs);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB)) {
		if (fd >= 0 && errno == EWOULDBLOCK)
			complain("another `whydrop rule' is running: only one can at a time");
		else
			complain("cannot lock %s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static int enter(const struct patterns *netns)
{
	if (!netns->nr)
		return 0;
	if (netns->nr > 1 || netns->item[0].exclude) {
		complain("--netns: rules are of one network namespace at a time");
		return EXIT_USAGE;
	}
	return losses_enter(netns->item[0].val);
}

static size_t put_delete(char *text, size_t len, size_t room, const char *family)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "delete table %s " TABLE "\n", family);

	/* Once for each. */
	if (len + n >= room || strstr(text, line))
		return len;
	strcpy(text + len, line);
	return len + n;
}

/* Remove our tables: those that are there or, where that cannot be read, those that we added. */
static int remove_tables(struct rule_run *r)
{
	const struct ruleset *now = &r->nft.now;
	char text[512] = "";
	size_t i, len = 0;

	if (nft_look(&r->nft)) {
		for (i = 0; i < r->flows.nr; i++)
			len = put_delete(text, len, sizeof(text), r->flows.flow[i].family);
	} else {
		for (i = 0; i < now->nr_chains; i++)
			if (!strcmp(now->chain[i].table, TABLE))
				len = put_delete(text, len, sizeof(text), now->chain[i].family);
	}
	if (!len || !nft_run(&r->nft, text))
		return 0;
	hint("remove what is left: nft delete table FAMILY " TABLE);
	return EXIT_FAILED;
}

/* What a run left that was killed, on a kernel that does not remove it by itself. */
static int remove_left(struct rule_run *r)
{
	size_t i;
	int err;

	for (i = 0; i < r->nft.now.nr_chains; i++)
		if (!strcmp(r->nft.now.chain[i].table, TABLE))
			break;
	if (i == r->nft.now.nr_chains)
		return 0;
	err = remove_tables(r);
	if (!err)
		note("removed the table " TABLE ", which a run had left that was killed");
	return err;
}

static int choose_flows(struct rule_run *r)
{
	const struct rule_flows *f = &r->flows;
	size_t left;

	left = rule_flows_keep(&r->flows, MIN(r->opt->rq.limit, (uint64_t)FLOWS_LIMIT));
	if (left)
		note("the %zu flows that were dropped last; %zu more are left out: -c, or a filter",
		     f->nr, left);
	if (f->unusable)
		note("left out: %llu drops of packets without addresses or device, or of ARP",
		     (unsigned long long)f->unusable);
	if (f->elsewhere)
		note("left out: %llu drops in other network namespaces: -N",
		     (unsigned long long)f->elsewhere);
	if (f->nr)
		return 0;
	if (!f->others && !f->dropped)
		complain("no such drop in the rings: nothing to look for");
	else if (!f->dropped)
		complain("no rule of nftables: none of these %llu drops is netfilter's",
			 (unsigned long long)f->others);
	else
		complain("none of these drops can be followed");
	hint("whydrop list -r NETFILTER_DROP shows what rules dropped");
	return EXIT_FAILED;
}

/* Say what is to be done, and ask. */
static int ask(struct rule_run *r)
{
	struct options *opt = r->opt;
	char answer[16] = "", *pos, *copy, *line;
	int tabs;

	r->tables = rule_flows_tables(&r->flows, TABLE, true);
	if (!nft_takes(&r->nft, r->tables)) {
		free(r->tables);
		r->tables = rule_flows_tables(&r->flows, TABLE, false);
	}
	note("to add, for %g s at most (--duration) and %zu flows (-c), then to remove:",
	     r->duration_ms / 1e3, r->flows.nr);
	copy = pos = text_copy(r->tables, strlen(r->tables));
	while ((line = next_line(&pos))) {
		tabs = strspn(line, "\t");
		note("  %*s%s", 4 * tabs, "", line + tabs);
	}
	free(copy);
	if (opt->yes)
		return 0;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		complain("nothing was added: there is no terminal to ask at");
		hint("to add it unasked: whydrop rule --yes");
		return EXIT_USAGE;
	}
	fprintf(stderr, "Add it? [y/N] ");
	if (fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y'))
		return 0;
	note("nothing was added");
	return EXIT_FAILED;
}

static void put_hit(struct rule_run *r, const struct rule_hit *h, bool counted)
{
	struct out *o = r->opt->out;

	if (counted)
		out_fmt(o, "%10llu ", (unsigned long long)h->count);
	out_text(o, h->what.family, strlen(h->what.family));
	out_str(o, " ");
	out_text(o, h->what.table, strlen(h->what.table));
	out_str(o, " ");
	out_text(o, h->what.chain, strlen(h->what.chain));
	out_fmt(o, ", hook %s", *h->hook ? h->hook : "?");
	if (h->what.handle)
		out_fmt(o, ", handle %llu", (unsigned long long)h->what.handle);
	out_str(o, ": ");
	out_color(o, COLOR_BAD);
	out_text(o, h->text, strlen(h->text));
	out_color(o, COLOR_OFF);
	if (h->what.kind == TRACE_RULE_QUEUES)
		out_str(o, "  # a program decides");
	out_chr(o, '\n');
}

static void put_flow(struct rule_run *r, size_t flow)
{
	out_color(r->opt->out, COLOR_NAME);
	out_str(r->opt->out, r->flows.flow[flow].match);
	out_color(r->opt->out, COLOR_OFF);
	out_chr(r->opt->out, '\n');
}

static int take_traces(struct rule_run *r)
{
	struct rule_hit *h;
	bool changed;
	size_t i;
	int err;

	err = nft_receive(&r->nft, &changed);
	if (err)
		return err;
	if (changed)
		follow_changed(&r->follow, &r->nft.before, &r->nft.now);
	for (i = 0; i < r->nft.nr_traces; i++) {
		h = follow_packet(&r->follow, &r->nft.trace[i], &r->nft.before, &r->nft.now);
		if (!h)
			continue;
		put_flow(r, h->flow);
		out_str(r->opt->out, "    ");
		put_hit(r, h, false);
	}
	nft_forget(&r->nft);
	out_flush(r->opt->out);
	return 0;
}

/* Nobody is there any more who reads it, as when a terminal is lost. */
static bool is_lost(const struct pollfd *p)
{
	return p->revents & (POLLERR | POLLHUP);
}

static int follow_until(struct rule_run *r, int64_t end, const sigset_t *old)
{
	struct pollfd fds[] = { { .fd = nft_fd(&r->nft), .events = POLLIN },
				{ .fd = STDOUT_FILENO }, { .fd = STDERR_FILENO } };
	struct timespec ts;
	int64_t left;
	int err = 0;

	while (!err && !stop_signal() && !r->opt->out->err && (left = end - now_ms()) > 0) {
		left = MIN(left, 200);
		ts = (struct timespec){ left / 1000, left % 1000 * 1000000 };
		if (ppoll(fds, ARRAY_SIZE(fds), &ts, old) > 0 &&
		    (is_lost(&fds[1]) || is_lost(&fds[2])))
			break;
		err = take_traces(r);
		if (!err)
			err = stream_pump(&r->s, 100);
	}
	/* What is under way. */
	return err ? err : take_traces(r);
}

/* The table is there from here on until it is removed, whatever happens between. */
static int add_and_follow(struct rule_run *r, const sigset_t *old)
{
	struct options *opt = r->opt;
	int err, gone;

	err = nft_trace(&r->nft);
	if (err)
		return err;
	err = nft_run(&r->nft, r->tables);
	if (err)
		return err;
	r->since_ns = (now_ms() + 1) * 1000000;
	err = nft_look(&r->nft);
	nft_forget(&r->nft);
	if (!err && !follow_init(&r->follow, TABLE, &r->flows, &r->nft.now)) {
		complain("the table " TABLE " is not as it was added");
		err = EXIT_FAILED;
	}
	if (!err) {
		note("following for %g s, or until Ctrl-C", r->duration_ms / 1e3);
		if (opt->rq.ready_fd >= 0 && write(opt->rq.ready_fd, "\n", 1) != 1)
			note("cannot write to --ready-fd: nobody reads it");
		err = follow_until(r, now_ms() + r->duration_ms, old);
	}
	gone = remove_tables(r);
	return err ? err : gone;
}

/* The option of iptables for a word of nft's; "": that word has none. */
static const char *legacy_option(const char *word)
{
	static const char *const words[][2] = {
		{ "ip", "" }, { "ip6", "" }, { "meta", "" }, { "saddr", "-s" }, { "daddr", "-d" },
		{ "l4proto", "-p" }, { "sport", "--sport" }, { "dport", "--dport" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i][0], word))
			return words[i][1];
	return NULL;
}

/* Only where iptables-legacy has tables: no more than the line to use. */
static void hint_legacy(const struct rule_flow *f)
{
	bool six = !strncmp(f->match, "ip6", 3);
	char text[FLOW_KEY_TEXT], *pos = text, *word, line[512];
	const char *option;
	int n;

	if (strcmp(f->family, "inet") || !nft_legacy(six ? "ip6_tables_names" : "ip_tables_names"))
		return;
	snprintf(text, sizeof(text), "%s", f->match);
	n = snprintf(line, sizeof(line), "ip%stables-legacy -t raw -I %s", six ? "6" : "",
		     f->hook && !strcmp(f->hook, "output") ? "OUTPUT" : "PREROUTING");
	while ((word = next_word(&pos))) {
		option = legacy_option(word);
		if (option && !*option)
			continue;
		if (option)
			word = next_word(&pos);
		/* The name of a protocol, before its ports. */
		n += snprintf(line + n, sizeof(line) - n, " %s %s", option ? option : "-p",
			      word ? word : "");
	}
	hint("iptables-legacy: %s -j TRACE; then dmesg; then -D instead of -I", line);
}

static void report_flow(struct rule_run *r, size_t i)
{
	const struct rule_flow *f = &r->flows.flow[i];
	unsigned long long packets = r->follow.packets[i], drops = f->drops;
	struct out *o = r->opt->out;
	bool found = false;
	size_t h;

	put_flow(r, i);
	for (h = 0; h < r->follow.nr_hits; h++) {
		if (r->follow.hit[h].flow != i)
			continue;
		put_hit(r, &r->follow.hit[h], true);
		found = true;
	}
	if (found)
		return;
	if (!packets && !drops)
		out_str(o, "         0 no packet of this flow came\n");
	else if (!drops)
		out_fmt(o, "         0 %llu packets followed, and none was dropped\n", packets);
	else if (packets < drops || r->nft.lost)
		out_fmt(o, "         ? %llu packets dropped at %s; of %llu followed, nftables dropped none\n",
			drops, f->place, packets);
	else
		out_fmt(o, "         0 no rule of nftables: %llu packets dropped at %s, %llu followed\n",
			drops, f->place, packets);
	out_flush(o);
	if (drops)
		hint_legacy(f);
}

static void report(struct rule_run *r)
{
	size_t i;

	for (i = 0; i < r->flows.nr; i++)
		report_flow(r, i);
	out_flush(r->opt->out);
	if (r->nft.lost)
		note("traces were lost %llu times: packets are missing", (unsigned long long)r->nft.lost);
	if (r->follow.uncounted)
		note("more than %d rules drop: %llu packets are not counted", HITS_MAX,
		     (unsigned long long)r->follow.uncounted);
}

static int run(struct rule_run *r)
{
	sigset_t old;
	int err;

	err = enter(&r->opt->rq.sel.netns);
	if (err)
		return err;
	r->netns = losses_netns();
	err = nft_open(&r->nft);
	if (!err)
		err = remove_left(r);
	if (!err)
		err = stream_pump(&r->s, HISTORY_MS);
	if (!err)
		err = choose_flows(r);
	if (!err)
		err = ask(r);
	if (err)
		return err;
	stop_on_all_signals(&old);
	err = add_and_follow(r, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (r->follow.nr_flows)
		report(r);
	return err;
}

int cmd_rule(struct options *opt)
{
	struct rule_run r = {
		.opt = opt,
		.duration_ms = opt->rq.duration_ms < 0 ? SECONDS * 1000 : opt->rq.duration_ms,
		.s = { .rq = &opt->rq, .item = take_item, .follow = true, .history = true,
		       .no_limit = true, .quiet = true },
	};
	int err, locked;

	if (r.duration_ms > SECONDS_LIMIT * 1000) {
		complain("--duration: a table is not left for more than %d seconds", SECONDS_LIMIT);
		return EXIT_USAGE;
	}
	if (opt->rq.limit == UINT64_MAX)
		opt->rq.limit = FLOWS;
	opt->rq.duration_ms = -1;
	r.s.arg = &r;
	err = stream_open(&r.s);
	locked = err ? -1 : lock(opt);
	if (locked < 0) {
		stream_free(&r.s);
		return err ? err : EXIT_FAILED;
	}
	err = run(&r);
	nft_close(&r.nft);
	follow_free(&r.follow);
	free(r.flows.flow);
	free(r.tables);
	stream_free(&r.s);
	close(locked);
	return err;
}
#else
int cmd_rule(struct options *opt)
{
	(void)opt;
	complain("built without libnftables, which finds rules");
	hint("install it (Debian: libnftables-dev libmnl-dev), build again");
	return EXIT_FAILED;
}
#endif
