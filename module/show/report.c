// SPDX-License-Identifier: GPL-2.0
/* Reports counts by reason and by stack, and the state of the module, to a task that reads. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/utsname.h>
#include "compat.h"
#include "capture/cpu.h"
#include "capture/netdev.h"
#include "capture/reason.h"
#include "capture/stack_free.h"
#include "capture/walk_audit.h"
#include "show/file.h"
#include "show/offset.h"
#include "show/report.h"
#include "show/symbol.h"
#include "param.h"
#include "version.h"

int whydrop_show_readme(struct seq_file *m, void *unused)
{
	seq_puts(m,
		 "# whydrop README v1\n"
		 "Which packets this kernel drops, why, where and how often. All files are read-\n"
		 "only. Reading consumes nothing: every reader gets everything.\n"
		 "\n"
		 "events       the latest drops, oldest first, with their stacks\n"
		 "events_pipe  the same, then later drops as they happen: cat events_pipe\n"
		 "raw          the same in binary; record it with: cat raw > FILE\n"
		 "             and show it on any host with: whydrop list -f FILE\n"
		 "reasons      all reasons of this kernel: name, number, count, description\n"
		 "stacks       stacks of all drops with their counts, most frequent first\n"
		 "format       the fields of a binary event\n"
		 "stats        key: value; drops seen, recorded, filtered, lost; memory used\n"
		 "\n"
		 "CTX of an event: T, the CURRENT task dropped the packet; S or H, a softirq or\n"
		 "hardirq did, which only interrupted that task.\n"
		 "\n"
		 "Settings are in /sys/module/whydrop/parameters, see modinfo whydrop:\n"
		 "  echo '!lo,!veth*' > /sys/module/whydrop/parameters/devs   # all devices but these\n"
		 "  echo > /sys/module/whydrop/parameters/devs                # all devices again\n"
		 "  echo 1 > /sys/module/whydrop/parameters/reset             # counts from zero\n"
		 "If a value is rejected, the kernel's log says why.\n");
	return 0;
}

static void show_reason(struct seq_file *m, const struct whydrop_reason *r, u32 reason, u64 count)
{
	char number[16];

	snprintf(number, sizeof(number), reason >> 16 ? "0x%x" : "%u", reason);
	seq_printf(m, "%-30s %7s %10llu  %s\n", r->full, number, count,
		   *r->description ? r->description : "(no description in the kernel's headers)");
}

int whydrop_show_reasons(struct seq_file *m, void *unused)
{
	struct whydrop_totals totals;
	struct whydrop_reason r;
	unsigned int slot;
	u64 *slots;

	slots = kvcalloc(WHYDROP_SLOTS, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return -ENOMEM;
	whydrop_cpus_totals(&totals, slots);
	seq_printf(m, "# whydrop reasons v1 kernel %s\n", init_utsname()->release);
	seq_printf(m, "# %-28s %7s %10s  %s\n", "NAME", "NUMBER", "COUNT", "DESCRIPTION");
	for (slot = 0; slot < WHYDROP_SLOTS; slot++) {
		u32 reason = whydrop_slot_reason(slot);

		whydrop_reason_get(reason, &r);
		if (slots[slot] || r.known)
			show_reason(m, &r, reason, slots[slot]);
	}
	kvfree(slots);
	return 0;
}

static void show_totals(struct seq_file *m, const char *prefix, const struct whydrop_totals *t)
{
	seq_printf(m, "%sseen: %llu\n", prefix, t->seen);
	seq_printf(m, "%sfiltered: %llu\n", prefix, t->filtered);
	seq_printf(m, "%slost_nobuf: %llu\n", prefix, t->lost_nobuf);
	seq_printf(m, "%slost_nmi: %llu\n", prefix, t->lost_nmi);
	seq_printf(m, "%srecorded: %llu\n", prefix, t->recorded);
	seq_printf(m, "%sstack_by_id: %llu\n", prefix, t->stack[WHYDROP_STACK_BY_ID]);
	seq_printf(m, "%sstack_inline: %llu\n", prefix, t->stack[WHYDROP_STACK_INLINE]);
	seq_printf(m, "%sstack_suppressed: %llu\n", prefix, t->stack[WHYDROP_STACK_SUPPRESSED]);
	seq_printf(m, "%sstack_off: %llu\n", prefix, t->stack[WHYDROP_STACK_OFF]);
}

static void show_walks(struct seq_file *m)
{
	static const char * const names[WHYDROP_WALK_COUNTS] = {
		[WHYDROP_WALK_DONE] = "walked",
		[WHYDROP_WALK_UNKNOWN] = "unwound_unknown",
		[WHYDROP_WALK_DYNAMIC] = "unwound_dynamic",
		[WHYDROP_WALK_STACK] = "unwound_stack",
		[WHYDROP_WALK_PLACE] = "unwound_place",
		[WHYDROP_WALK_CHANGED] = "unwound_changed",
		[WHYDROP_WALK_SCOPE] = "unwound_scope",
		[WHYDROP_WALK_OFF] = "unwound_off",
		[WHYDROP_WALK_LEARNED] = "walk_learned",
		[WHYDROP_WALK_REFUSED] = "walk_refused",
		[WHYDROP_WALK_AUDITS] = "walk_audits",
		[WHYDROP_WALK_MISMATCHES] = "walk_mismatches",
		[WHYDROP_WALK_RECALLED] = "walk_recalled",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		seq_printf(m, "%s: %llu\n", names[i], whydrop_walk_count(i));
}

int whydrop_show_stats(struct seq_file *m, void *unused)
{
	struct whydrop_stack_usage usage;
	struct whydrop_totals totals;
	struct whydrop_cpu *c;
	char prefix[16];
	u64 unjudged = 0;
	u32 share = 0;
	int cpu = -1;

	whydrop_cpus_lock();
	while ((c = whydrop_next_cpu(&cpu))) {
		unjudged += local64_read(&whydrop_counts_of(cpu)->unjudged);
		share = max(share, whydrop_budget_share(&c->budget, ktime_get_mono_fast_ns()));
	}
	whydrop_cpus_unlock();
	whydrop_cpus_totals(&totals, NULL);
	whydrop_stacks_usage(&usage);
	seq_puts(m, "# whydrop stats v1\n");
	seq_printf(m, "version: %s\n", WHYDROP_VERSION);
	seq_printf(m, "abi: %u.%u\n", WHYDROP_ABI_MAJOR, WHYDROP_ABI_MINOR);
	seq_printf(m, "kernel: %s\n", init_utsname()->release);
	seq_printf(m, "enabled: %d\n", whydrop_enabled());
#ifndef HAVE_STACKTRACE
	seq_puts(m, "no_stacks: 1\n");
#endif
	if (!WHYDROP_HAS_SYMBOLS)
		seq_puts(m, "no_symbols: 1\n");
	show_totals(m, "", &totals);
	seq_printf(m, "filtered_reason: %llu\n", totals.filtered_by[WHYDROP_FILTERED_REASON]);
	seq_printf(m, "filtered_devs: %llu\n", totals.filtered_by[WHYDROP_FILTERED_DEV]);
	seq_printf(m, "filtered_netns: %llu\n", totals.filtered_by[WHYDROP_FILTERED_NETNS]);
	seq_printf(m, "filtered_packet: %llu\n", totals.filtered_by[WHYDROP_FILTERED_PACKET]);
	seq_printf(m, "filter_unjudged: %llu\n", unjudged);
	seq_printf(m, "stacks_stored: %u\n", usage.stacks);
	seq_printf(m, "stacks_room: %u\n", usage.max_stacks);
	seq_printf(m, "places_stored: %u\n", usage.places);
	seq_printf(m, "places_room: %u\n", usage.max_places);
	seq_printf(m, "frames_stored: %lu\n", usage.frames);
	seq_printf(m, "frames_room: %lu\n", usage.max_frames);
	show_walks(m);
	seq_printf(m, "stack_budget_percent: %u\n", share);
	seq_printf(m, "devices: %u\n", whydrop_netdev_count());
	seq_printf(m, "ring_bytes: %zu\n", whydrop_ring_bytes());
	seq_printf(m, "memory_bytes: %zu\n", whydrop_cpus_bytes() + usage.bytes);

	cpu = -1;
	whydrop_cpus_lock();
	while ((c = whydrop_next_cpu(&cpu))) {
		memset(&totals, 0, sizeof(totals));
		whydrop_count_add(&totals, NULL, whydrop_counts_of(cpu));
		snprintf(prefix, sizeof(prefix), "cpu%d.", cpu);
		show_totals(m, prefix, &totals);
	}
	whydrop_cpus_unlock();
	return 0;
}

static const struct {
	const char *type;
	const char *name;
	size_t offset;
	size_t size;
	const char *unit;
	const char *meaning;
} fields[] = {
#define FIELD(type, name, unit, meaning) \
	{ #type, #name, offsetof(struct whydrop_event, name), \
	  sizeof_field(struct whydrop_event, name), unit, meaning },
	WHYDROP_EVENT_FIELDS(FIELD)
};

int whydrop_show_format(struct seq_file *m, void *unused)
{
	unsigned int i;

	seq_puts(m, "# whydrop format v1: struct whydrop_event, integers in host byte order\n");
	seq_puts(m, "#TYPE NAME          OFFSET   SIZE  UNIT  MEANING\n");
	seq_puts(m, "u32   size               0      4  bytes of the whole record\n");
	seq_puts(m, "u16   type               4      2        5: an event\n");
	seq_puts(m, "u16   cpu                6      2        where it was dropped\n");
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		seq_printf(m, "%-5s %-13s %6zu %6zu  %-5s %s\n", fields[i].type, fields[i].name,
			   fields[i].offset, fields[i].size, fields[i].unit, fields[i].meaning);
	seq_printf(m, "u8    data          %6zu caplen        first bytes of the packet\n",
		   offsetof(struct whydrop_event, data));
	return 0;
}

static int report_open(struct inode *inode, struct file *file)
{
	whydrop_show_fn show = (whydrop_show_fn)inode->i_private;
	int ret = whydrop_file_may_open();

	return ret ?: single_open(file, show, NULL);
}

const struct file_operations whydrop_report_fops = {
	.owner = THIS_MODULE,
	.open = report_open,
	.release = single_release,
	.read = seq_read,
	.llseek = seq_lseek,
};

/* Stacks and places by count, at the time of opening. Other places have no @id. */
struct stack_count {
	u32 id;
	u32 counter;
	u32 reason;
	u64 count;
};

struct stack_list {
	u64 recorded;
	u64 without;	/* of these: by place, because their stacks did not fit */
	unsigned int nr;
	char symbols[WHYDROP_SYMBOLS_MAX];
	struct stack_count stacks[];
};

static int by_count(const void *a, const void *b)
{
	const struct stack_count *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->counter < y->counter ? -1 : 1;
}

static void *stacks_start(struct seq_file *m, loff_t *pos)
{
	struct stack_list *list = m->private;

	if (*pos == 0)
		return SEQ_START_TOKEN;
	return *pos <= list->nr ? &list->stacks[*pos - 1] : NULL;
}

static void *stacks_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return stacks_start(m, pos);
}

static void stacks_stop(struct seq_file *m, void *v)
{
}

static void show_stack_flags(struct seq_file *m, u16 flags)
{
	static const struct {
		u16 flag;
		const char *text;
	} texts[] = {
		{ WHYDROP_STACK_PLACE_ONLY, "place only" },
		{ WHYDROP_STACK_CUT, "cut" },
		{ WHYDROP_STACK_INTERRUPTED, "interrupted" },
		{ WHYDROP_STACK_NOT_TRIMMED, "not trimmed" },
		{ WHYDROP_STACK_UNLOADED, "module unloaded" },
		{ WHYDROP_STACK_DEFERRED, "freed later" },
		{ WHYDROP_STACK_HIDDEN, "hidden by a tracer" },
		{ WHYDROP_STACK_DOUBTED, "in doubt" },
	};
	const char *sep = " ; ";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!(flags & texts[i].flag))
			continue;
		seq_printf(m, "%s%s", sep, texts[i].text);
		sep = ", ";
	}
	seq_putc(m, '\n');
}

static int stacks_show(struct seq_file *m, void *v)
{
	struct stack_list *list = m->private;
	struct stack_count *sc = v;
	struct whydrop_reason r;
	const char *p = list->symbols;
	unsigned int i, nr;
	u16 flags;

	if (v == SEQ_START_TOKEN) {
		seq_printf(m, "# whydrop stacks v1 kernel %s\n", init_utsname()->release);
		if (list->without)
			seq_printf(m, "# %llu of %llu drops are counted by place only: the table had no room for their stacks, raise max_stacks\n",
				   list->without, list->recorded);
		if (!WHYDROP_HAS_SYMBOLS) {
			whydrop_anchors_print(list->symbols, sizeof(list->symbols));
			seq_printf(m, "# %s\n", p);
		}
		seq_puts(m, "# COUNT REASON @ PLACE\n");
		return 0;
	}
	whydrop_reason_get(sc->reason, &r);
	whydrop_symbols_stack(sc->id, list->symbols, sizeof(list->symbols), &nr, &flags);
	seq_printf(m, "%7llu %s @ %s", sc->count, r.full, p);
	show_stack_flags(m, flags);
	for (i = 0; i < nr; i++) {
		p += strlen(p) + 1;
		seq_printf(m, "        %s\n", p);
	}
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations stacks_seq_ops = {
	.start = stacks_start,
	.next = stacks_next,
	.stop = stacks_stop,
	.show = stacks_show,
};

/* Add a counter to the list, unless it is 0. */
static void add_if_counted(struct stack_list *list, u32 counter, u32 id, u32 reason)
{
	struct stack_count *sc = &list->stacks[list->nr];

	*sc = (struct stack_count){ id, counter, reason, whydrop_stack_count(counter) };
	if (sc->count)
		list->nr++;
}

static int stacks_open(struct inode *inode, struct file *file)
{
	unsigned int i, slot, max = whydrop_stacks_max();
	struct whydrop_totals totals;
	struct stack_list *list;
	int ret = whydrop_file_may_open();

	if (ret)
		return ret;
	list = kvmalloc(struct_size(list, stacks, whydrop_stack_counters()), GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	list->nr = 0;
	whydrop_cpus_totals(&totals, NULL);
	list->recorded = totals.recorded;
	list->without = totals.stack[WHYDROP_STACK_INLINE];
	whydrop_stacks_lock();
	whydrop_cpus_lock();
	for (i = 0; i < max; i++) {
		const struct whydrop_stack *e = whydrop_stack_by_index(i);

		if (e)
			add_if_counted(list, e->counter, e->id, e->reason);
	}
	for (slot = 0; slot < WHYDROP_SLOTS; slot++)
		add_if_counted(list, whydrop_stack_other_counter(slot), 0,
			       whydrop_slot_reason(slot));
	whydrop_cpus_unlock();
	whydrop_stacks_unlock();
	sort(list->stacks, list->nr, sizeof(*list->stacks), by_count, NULL);
	ret = seq_open(file, &stacks_seq_ops);
	if (ret) {
		kvfree(list);
		return ret;
	}
	((struct seq_file *)file->private_data)->private = list;
	return 0;
}

static int stacks_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kvfree(m->private);
	return seq_release(inode, file);
}

const struct file_operations whydrop_stacks_fops = {
	.owner = THIS_MODULE,
	.open = stacks_open,
	.release = stacks_release,
	.read = seq_read,
	.llseek = seq_lseek,
};
