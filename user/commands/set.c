// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop enable', `disable', `reset' and `set': change the module's parameters. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/command.h"

/* What the module said of it is in the kernel's log, for who may read that. */
static bool print_log(int kmsg)
{
	char rec[8192], *text;
	bool said = false;
	ssize_t n;

	if (kmsg < 0)
		return false;
	for (;;) {
		n = read(kmsg, rec, sizeof(rec) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			break;
		rec[n] = '\0';
		text = strchr(rec, ';');
		if (!text || strncmp(text + 1, "whydrop: ", 9))
			continue;
		text[1 + strcspn(text + 1, "\n")] = '\0';
		hint("the kernel's log says: %s", text + 1);
		said = true;
	}
	return said;
}

static int report_no_parameter(const struct options *opt, const char *name)
{
	struct nearest near = { .typed = name };
	DIR *dir = opendir(opt->rq.parameters);
	struct dirent *d;
	char path[4096];

	if (!dir) {
		snprintf(path, sizeof(path), "%s/%s", opt->rq.parameters, name);
		return source_diagnose(opt->rq.debugfs, path, errno);
	}
	complain("the module has no parameter `%s'", name);
	while ((d = readdir(dir)))
		if (d->d_name[0] != '.')
			nearest_add(&near, d->d_name);
	if (near.nr)
		nearest_report(&near);
	else
		hint("`whydrop status' lists them");
	closedir(dir);
	return EXIT_USAGE;
}

static int write_parameter(struct options *opt, const char *name, const char *value)
{
	int kmsg, fd, err = 0;
	char path[4096];
	ssize_t n;

	if (!*name || strchr(name, '/') || *name == '.')
		return report_no_parameter(opt, name);
	snprintf(path, sizeof(path), "%s/%s", opt->rq.parameters, name);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return report_no_parameter(opt, name);
	if (fd < 0 && errno == EACCES && geteuid()) {
		complain("cannot set %s: %s", path, strerror(errno));
		hint("only root can change settings: use sudo");
		return EXIT_SOURCE;
	}
	if (fd < 0) {
		complain("cannot set %s: %s", path, strerror(errno));
		hint("some parameters can be set at load only: modprobe whydrop %s=%s", name, value);
		return EXIT_FAILED;
	}
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg >= 0 && lseek(kmsg, 0, SEEK_END) < 0) {
		close(kmsg);
		kmsg = -1;
	}
	/* An empty value is one newline: a write of nothing does nothing. */
	n = dprintf(fd, "%s\n", value);
	if (n < 0) {
		err = errno;
		complain("the module rejects %s=%s: %s", name, value, strerror(err));
		if (!print_log(kmsg) && err == EINVAL)
			hint("the old value stays in force; `modinfo -p whydrop' tells what is valid");
	}
	if (kmsg >= 0)
		close(kmsg);
	close(fd);
	if (err)
		return EXIT_FAILED;
	if (opt->json) {
		out_str(opt->out, "{\"type\":\"set\"");
		out_json_str(opt->out, "parameter", name);
		out_json_str(opt->out, "value", value);
		out_str(opt->out, "}\n");
	}
	return 0;
}

/* A parameter's text goes in and out by the page, what is longer in pieces. */
static int check_size(const char *name, const char *value)
{
	if (strlen(value) < 4095)
		return 0;
	complain("%s: the value has %zu characters, and the kernel takes at most 4094", name,
		 strlen(value));
	return EXIT_USAGE;
}

/* packet_filter in words: the module takes a program. */
static int set_packet_filter(struct options *opt, const char *name, const char *value)
{
	struct expr x;
	char *program;
	int err;

	if (!value[strspn(value, " \t\n")] || expr_is_program(value))
		return write_parameter(opt, name, value);
	err = expr_compile(&x, value);
	if (err)
		return err;
	program = expr_text(&x);
	err = check_size(name, program);
	if (!err)
		err = write_parameter(opt, name, program);
	free(program);
	expr_free(&x);
	return err;
}

int cmd_enable(struct options *opt)
{
	return write_parameter(opt, "enabled", "1");
}

int cmd_disable(struct options *opt)
{
	return write_parameter(opt, "enabled", "0");
}

int cmd_reset(struct options *opt)
{
	return write_parameter(opt, "reset", "1");
}

int cmd_set(struct options *opt)
{
	int i, err = 0;

	if (!opt->nr_arg) {
		complain("no NAME=VALUE to set");
		hint("whydrop set stack_depth=32; `whydrop status' lists all parameters");
		return EXIT_USAGE;
	}
	for (i = 0; i < opt->nr_arg && !err; i++) {
		char *name = text_copy(opt->arg[i], strlen(opt->arg[i]));
		char *eq = strchr(name, '=');

		if (!eq) {
			complain("`%s' is not NAME=VALUE", name);
			err = EXIT_USAGE;
		} else {
			*eq = '\0';
			err = check_size(name, eq + 1);
			if (!err)
				err = strcmp(name, "packet_filter") ?
					      write_parameter(opt, name, eq + 1) :
					      set_packet_filter(opt, name, eq + 1);
		}
		free(name);
	}
	return err;
}
