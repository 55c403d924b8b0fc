// SPDX-License-Identifier: GPL-2.0-only
/*
 * `whydrop extcap': Wireshark's interface to programs that capture (extcap(4)). Linked into
 * its folder of these, whydrop is two interfaces there: drops of this host, and of another
 * one, which needs the module and no more.
 */
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/remote.h"
#include "base/stop.h"
#include "../module/version.h"
#include "cli/extcap.h"

#define LOCAL	"whydrop"
#define REMOTE	"whydrop-ssh"
#define RAW_THERE "sudo -n cat /sys/kernel/debug/whydrop/raw"

enum word {
	INTERFACES, DLTS, CONFIG, CAPTURE,
	VERSION, INTERFACE, FILTER, FIFO, HOST, VIA, COMMAND, REASON, DEV, NETNS, FRAMES, HISTORY,
	NR_WORDS,
};

/*
 * The command line; and as Wireshark's dialog shows it, if @type is there: without its
 * number and "call". What is not @here is about another host.
 */
static const struct {
	const char	*name;
	int		has_arg;
	bool		here;
	const char	*type;
} words[NR_WORDS] = {
	[INTERFACES] = { .name = "extcap-interfaces", .has_arg = no_argument },
	[DLTS] = { .name = "extcap-dlts", .has_arg = no_argument },
	[CONFIG] = { .name = "extcap-config", .has_arg = no_argument },
	[CAPTURE] = { .name = "capture", .has_arg = no_argument },
	[VERSION] = { .name = "extcap-version", .has_arg = optional_argument },
	[INTERFACE] = { .name = "extcap-interface", .has_arg = required_argument },
	[FILTER] = { .name = "extcap-capture-filter", .has_arg = required_argument },
	[FIFO] = { .name = "fifo", .has_arg = required_argument },
	[HOST] = { .name = "remote-host", .has_arg = required_argument, .type =
		"{display=Host}{type=string}{required=true}"
		"{tooltip=a name or USER@NAME, as ssh takes it; without a password, by a key or an agent}" },
	[VIA] = { .name = "via", .has_arg = required_argument, .type =
		"{display=Program}{type=string}{default=ssh}"
		"{tooltip=what runs the command there: ssh with its options, or another program that takes HOST COMMAND}" },
	[COMMAND] = { .name = "remote-command", .has_arg = required_argument, .type =
		"{display=Command}{type=string}{default=" RAW_THERE "}"
		"{tooltip=prints the recording there; for root, cat alone}" },
	[REASON] = { .name = "reason", .has_arg = required_argument, .here = true, .type =
		"{display=Reasons}{type=string}"
		"{tooltip=only these reasons: names, patterns, numbers, with commas between; !NAME excludes}" },
	[DEV] = { .name = "dev", .has_arg = required_argument, .here = true, .type =
		"{display=Devices}{type=string}{tooltip=only these devices, in the same way}" },
	[NETNS] = { .name = "netns", .has_arg = required_argument, .here = true, .type =
		"{display=Namespaces}{type=string}"
		"{tooltip=only these network namespaces: NAME, INODE, pid:N; of another host, by INODE}" },
	[FRAMES] = { .name = "frames", .has_arg = required_argument, .here = true, .type =
		"{display=Frames}{type=integer}{range=0,64}{default=64}"
		"{tooltip=so many frames of the kernel's stack in the comment of a packet}" },
	[HISTORY] = { .name = "history", .has_arg = no_argument, .here = true, .type =
		"{display=Older drops}{type=boolflag}{default=true}"
		"{tooltip=begin with the drops that are still in the rings}" },
};

static int usage(void)
{
	complain("extcap is for Wireshark, which finds whydrop in its folder extcap");
	hint("`make install' links it there; `tshark -D' tells if it is found");
	return EXIT_USAGE;
}

static int interfaces(struct out *o)
{
	out_fmt(o, "extcap {version=%s}{display=whydrop}\n"
		"interface {value=" LOCAL "}{display=Packets dropped by this host}\n"
		"interface {value=" REMOTE "}{display=Packets dropped by another host, over ssh}\n",
		WHYDROP_VERSION);
	return 0;
}

static int dialog(struct out *o, bool remote)
{
	unsigned int i, nr = 0;

	for (i = 0; i < NR_WORDS; i++)
		if (words[i].type && (remote || words[i].here))
			out_fmt(o, "arg {number=%u}{call=--%s}%s\n", nr++, words[i].name, words[i].type);
	return 0;
}

/* A field of the dialog may be empty: without a program, the host would be run as one. */
static const char *or_default(const char *value, const char *usual)
{
	return value && *value ? value : usual;
}

/* Its stdout becomes stdin. Return: false, with the error reported. */
static bool start_remote(struct remote *r, const char *const *value)
{
	r->host = value[HOST];
	r->via = or_default(value[VIA], "ssh");
	r->command = or_default(value[COMMAND], RAW_THERE);
	if (!remote_is_host(r->host)) {
		complain("--remote-host: `%s' is not a host", r->host ?: "");
		hint("Wireshark's gear, or tshark -o extcap.whydrop_ssh.remotehost:HOST");
		return false;
	}
	if (!remote_start(r, false))
		return false;
	dup2(r->out, STDIN_FILENO);
	remote_close(r);
	return true;
}

/* Return: an error if it has failed by itself, with that reported. */
static int end_remote(struct remote *r)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	bool ours = stop_signal() || poll(&in, 1, 0) != 1 || !(in.revents & POLLHUP) ||
		    in.revents & POLLIN;
	char how[32];

	remote_end(r, ours, how, sizeof(how));
	if (!*how)
		return 0;
	complain("%s: `%s' ended with %s", r->host, r->via, how);
	return EXIT_FAILED;
}

/*
 * Wireshark shows all that is on stderr as an error, also what a capture has to say at its
 * end. So that is kept, ssh's words too. Return: the stderr of before, -1 if it is the same.
 */
static int keep_stderr(void)
{
	int kept = memfd_create("stderr", MFD_CLOEXEC), was = -1;

	if (kept >= 0) {
		was = dup(STDERR_FILENO);
		if (was >= 0)
			dup2(kept, STDERR_FILENO);
		close(kept);
	}
	return was;
}

/* If @show, write out what was kept. */
static void restore_stderr(int was, bool show)
{
	char buf[4096];
	ssize_t n;

	if (was < 0)
		return;
	lseek(STDERR_FILENO, 0, SEEK_SET);
	while (show && (n = read(STDERR_FILENO, buf, sizeof(buf))) > 0)
		if (write(was, buf, n) != n)
			break;
	dup2(was, STDERR_FILENO);
	close(was);
}

static int capture(struct options *opt, const char *const *value, bool remote)
{
	int err, hold = -1, was = keep_stderr();
	struct remote r = { 0 };
	bool started = true;

	for (opt->cmd = commands; opt->cmd->run != cmd_pcap; opt->cmd++)
		;
	opt->write = value[FIFO];
	opt->only_new = !value[HISTORY];
	if (remote) {
		stop_on_signals();
		started = start_remote(&r, value);
		opt->rq.file = "-";
		inputs_add(&opt->rq.in, opt->rq.file);
	}
	/* Wireshark stops us when its pipe is closed: not before all is said. */
	if (started)
		hold = open(opt->write, O_WRONLY | O_CLOEXEC);
	err = started ? inputs_open(&opt->rq.in) ?: sections_run(opt) : EXIT_FAILED;
	if (r.pid > 0)
		err = end_remote(&r) ?: err;
	restore_stderr(was, err);
	if (hold >= 0)
		close(hold);
	return err;
}

static int set_filters(struct options *opt, const char *const *value)
{
	char *expr = (char *)value[FILTER];
	uint64_t frames = 64;
	int err = 0;

	if (value[FRAMES] && !parse_u64(value[FRAMES], 64, &frames)) {
		complain("--frames: `%s' is not a number from 0 to 64", value[FRAMES]);
		return EXIT_USAGE;
	}
	opt->max_frames = frames;
	/* Wireshark gives empty ones, too. */
	if (value[REASON] && *value[REASON])
		err = select_reason(&opt->rq.sel, value[REASON]);
	if (!err && value[DEV] && *value[DEV])
		err = select_dev(&opt->rq.sel, value[DEV]);
	if (!err && value[NETNS] && *value[NETNS])
		err = select_netns(&opt->rq.sel, value[NETNS]);
	if (!err && expr && *expr)
		err = select_expr(&opt->rq.sel, &expr, 1);
	return err;
}

bool is_extcap(const char *word)
{
	return word && (!strcmp(word, "extcap") || !strncmp(word, "--extcap-", 9) ||
			!strcmp(word, "--capture"));
}

int extcap(struct options *opt, int argc, char **argv)
{
	struct option table[NR_WORDS + 1] = {};
	const char *value[NR_WORDS] = {};
	bool remote;
	int i, c;

	for (i = 0; i < NR_WORDS; i++)
		table[i] = (struct option){ words[i].name, words[i].has_arg, NULL, 256 + i };
	optind = 1 + !strcmp(argv[1], "extcap");
	while ((c = getopt_long(argc, argv, "", table, NULL)) >= 256)
		value[c - 256] = optarg ?: "";
	if (c != -1 || optind < argc)
		return usage();
	out_init(opt->out, STDOUT_FILENO, COLOR_NEVER);
	if (value[INTERFACES])
		return interfaces(opt->out);
	remote = value[INTERFACE] && !strcmp(value[INTERFACE], REMOTE);
	if (!value[INTERFACE] || (!remote && strcmp(value[INTERFACE], LOCAL)))
		return usage();
	if (value[DLTS]) {
		out_str(opt->out, "dlt {number=1}{name=EN10MB}{display=Ethernet, or what the device has}\n");
		return 0;
	}
	if (value[CONFIG])
		return dialog(opt->out, remote);
	/* What is wrong with a filter, Wireshark wants on stdout. */
	if (value[FILTER] && !value[CAPTURE])
		dup2(STDOUT_FILENO, STDERR_FILENO);
	i = set_filters(opt, value);
	if (i || !value[CAPTURE])
		return i;
	if (!value[FIFO])
		return usage();
	return capture(opt, value, remote);
}
