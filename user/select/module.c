// SPDX-License-Identifier: GPL-2.0-only
/* Reads what the module itself filters, and the reasons that it knows. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "select/module.h"
#include "stream/source.h"

char *module_table(const struct request *rq, const char *name, int *err)
{
	char *text = read_text(rq->debugfs, name, NULL);
	char path[4096];

	*err = 0;
	if (!text) {
		snprintf(path, sizeof(path), "%s/%s", rq->debugfs, name);
		*err = source_diagnose(rq->debugfs, path, errno);
	}
	return text;
}

int module_report_malformed(const struct request *rq, const char *name, const char *line)
{
	complain("%s/%s: cannot parse this line: `%s'", rq->debugfs, name, line);
	hint("module and reader may have different versions: see `whydrop status'");
	return EXIT_FAILED;
}

/* Subsystem and name of SUBSYSTEM/NAME, or of a NAME of the core. */
void reason_split_label(struct reason *r, const char *label)
{
	const char *slash = strchr(label, '/');

	r->label = label;
	r->name = slash ? slash + 1 : label;
	snprintf(r->subsys_text, sizeof(r->subsys_text), "%.*s", slash ? (int)(slash - label) : 4,
		 slash ? label : "core");
	r->subsys = r->subsys_text;
}

int module_reasons(const struct request *rq, struct reason_table *t)
{
	char *pos, *line, *word;
	uint64_t id, count;
	struct reason *r;
	size_t i;
	int err;

	memset(t, 0, sizeof(*t));
	t->text = module_table(rq, "reasons", &err);
	for (pos = t->text; !err && (line = next_line(&pos));) {
		char *whole = line;

		if (*line == '#' || !*line)
			continue;
		t->reason = grow(t->reason, t->nr, &t->room, sizeof(*r));
		r = memset(&t->reason[t->nr++], 0, sizeof(*r));
		r->label = next_word(&line);
		word = next_word(&line);
		if (!word || !parse_u64(word, UINT32_MAX, &id)) {
			err = module_report_malformed(rq, "reasons", whole);
			break;
		}
		word = next_word(&line);
		if (!word || !parse_u64(word, UINT64_MAX, &count)) {
			err = module_report_malformed(rq, "reasons", whole);
			break;
		}
		r->id = id;
		r->count = count;
		r->description = line + strspn(line, " \t");
	}
	t->index = need(calloc(t->nr + 1, sizeof(*t->index)));
	for (i = 0; i < t->nr; i++) {
		t->index[i] = &t->reason[i];
		reason_split_label(&t->reason[i], t->reason[i].label);
	}
	if (err)
		module_reasons_free(t);
	return err;
}

void module_reasons_free(struct reason_table *t)
{
	free(t->index);
	free(t->reason);
	free(t->text);
	memset(t, 0, sizeof(*t));
}

int module_check_reasons(struct request *rq)
{
	struct reason_table t;
	size_t i;
	int err;

	if (!rq->sel.reason.nr)
		return 0;
	err = module_reasons(rq, &t);
	if (err)
		return err;
	for (i = 0; i < t.nr; i++)
		select_mark_reason(&rq->sel, &t.reason[i]);
	err = select_check_reasons(&rq->sel, "", t.index, t.nr);
	module_reasons_free(&t);
	return err;
}

bool module_disabled(const struct request *rq)
{
	char *val = read_text(rq->parameters, "enabled", NULL);
	bool disabled = val && (*val == '0' || *val == 'N');

	free(val);
	return disabled;
}

char *module_filter(const struct request *rq, unsigned int *nr, const char **name)
{
	static const char *const filters[] = {
		"reasons",
		"devs",
		"netns",
		"packet_filter",
	};
	char *val, *text;

	while (*nr < ARRAY_SIZE(filters)) {
		*name = filters[(*nr)++];
		val = read_text(rq->parameters, *name, NULL);
		if (!val)
			continue;
		val[strcspn(val, "\n")] = '\0';
		/* All of them, and so none is hidden. */
		if (!strcmp(val, "*") && !strcmp(*name, "reasons"))
			*val = '\0';
		if (!strcmp(*name, "packet_filter") && *val) {
			val[strspn(val, "0123456789")] = '\0';
			text = need(malloc(64));
			snprintf(text, 64, "a program of %.16s instructions", val);
			free(val);
			val = text;
		}
		if (*val)
			return val;
		free(val);
	}
	return NULL;
}

void module_report_nameless(struct request *rq)
{
	if (!rq->tell_nameless)
		return;
	rq->tell_nameless = false;
	out_flush(rq->out);
	if (!rq->map) {
		note("this kernel has no names of functions: -S System.map, of its build, has them");
		return;
	}
	complain("-S: this is the System.map of another kernel than the one that dropped");
	hint("its places are shown as offsets; take the file of the very build");
}

void module_report_filters(const struct request *rq)
{
	unsigned int nr = 0;
	const char *name;
	char *val;

	if (module_disabled(rq)) {
		note("nothing is recorded: the module is disabled");
		hint("whydrop enable");
	}
	while ((val = module_filter(rq, &nr, &name))) {
		note("the parameter %s filters drops: %s", name, val);
		free(val);
	}
}
