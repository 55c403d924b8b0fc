// SPDX-License-Identifier: GPL-2.0
/*
 * Sets the module's parameters, the only way to change anything: in a task, which may
 * sleep. The kernel calls the setters one at a time: those given at load before
 * whydrop_init(), the others later.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time64.h>
#include "capture/config.h"
#include "capture/cpu.h"
#include "capture/filter.h"
#include "capture/probe.h"
#include "capture/stack_free.h"
#include "capture/walk_audit.h"
#include "param.h"

#define RING_KB		256
#define RING_KB_MIN	4
#define RING_KB_MAX	(64 * 1024)
#define STACKS		4096
#define STACKS_MIN	16
#define STACKS_MAX	65536
#define TEXT_MAX	4096	/* bytes of a filter's text, with the newline that ends it */

static bool started;		/* setters take effect at once */
static bool enabled = true;
static unsigned int stack_rate = WHYDROP_STACK_RATE;
static unsigned int ring_kb = RING_KB;
static unsigned int max_stacks = STACKS;

/* Parse and check @val. Return: 0, or -EINVAL with a line in the log. */
static int parse_number(const char *name, const char *val, unsigned int min, unsigned int max,
			unsigned int *result)
{
	unsigned int n;

	if (!val || kstrtouint(val, 0, &n) || n < min || n > max) {
		pr_err("%s: must be a number from %u to %u, not \"%s\"\n", name, min, max,
		       val ? strim((char *)val) : "");
		return -EINVAL;
	}
	*result = n;
	return 0;
}

static int set_enabled(const char *val, const struct kernel_param *kp)
{
	bool on;
	int ret;

	if (!val || kstrtobool(val, &on)) {
		pr_err("enabled: must be 0 or 1, not \"%s\"\n", val ? strim((char *)val) : "");
		return -EINVAL;
	}
	if (started) {
		ret = on ? whydrop_probe_register() : whydrop_probe_unregister();
		if (ret) {
			pr_err("enabled: cannot %s the probe, error %d\n",
			       on ? "register" : "unregister", ret);
			return ret;
		}
	}
	enabled = on;
	return 0;
}

static int get_enabled(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%d\n", enabled);
}

bool whydrop_enabled(void)
{
	return enabled;
}

/* Return the part of the filter that a parameter sets. */
static enum whydrop_filter_part filter_part(const struct kernel_param *kp)
{
	return (enum whydrop_filter_part)(unsigned long)kp->arg;
}

/*
 * sysfs passes longer texts in parts of a page, each of which may be a valid list, although
 * not the one that was meant. The first part is recognized by its size; what the same task
 * writes within a tenth of a second is taken for the rest, since a setter does not know the
 * file. A rest that comes later than that takes effect. Setters are called one at a time.
 */
static int check_text(const char *val, const struct kernel_param *kp)
{
	static const struct kernel_param *cut;
	static unsigned long cut_until;
	static pid_t cut_by;

	if (strnlen(val, TEXT_MAX) == TEXT_MAX) {
		pr_err("%s: the text is too long, at most %d characters are possible; nothing has changed\n",
		       kp->name, TEXT_MAX - 1);
		cut = kp;
		cut_by = current->pid;
	} else if (cut == kp && cut_by == current->pid && !time_after(jiffies, cut_until)) {
		pr_err("%s: taken for the rest of the text before it, which was too long; nothing has changed, write it again if it is not\n",
		       kp->name);
	} else {
		return 0;
	}
	cut_until = jiffies + HZ / 10;
	return -EINVAL;
}

static int set_filter(const char *val, const struct kernel_param *kp)
{
	int ret = val ? check_text(val, kp) : 0;

	return ret ?: whydrop_filter_set(filter_part(kp), val ?: "");
}

static int get_filter(char *buf, const struct kernel_param *kp)
{
	size_t len = whydrop_filter_print(filter_part(kp), buf, PAGE_SIZE - 1);

	return len + scnprintf(buf + len, PAGE_SIZE - len, "\n");
}

/* The kernel calls this for what setters allocated, even if it does not get to init. */
static void free_filter(void *arg)
{
	whydrop_filter_exit();
}

static int set_stack_depth(const char *val, const struct kernel_param *kp)
{
	unsigned int n;
	int ret = parse_number("stack_depth", val, 0, WHYDROP_FRAMES_MAX, &n);

#ifndef HAVE_STACKTRACE
	if (!ret && n) {
		pr_err("stack_depth: must be 0, because this kernel is configured without CONFIG_STACKTRACE\n");
		ret = -EINVAL;
	}
#endif
	if (!ret)
		WRITE_ONCE(whydrop_config.stack_depth, n);
	return ret;
}

static int set_stack_rate(const char *val, const struct kernel_param *kp)
{
	unsigned int n;
	int ret = parse_number("stack_rate", val, 0, 10 * 1000 * 1000, &n);

	if (ret)
		return ret;
	/* Rounded up: no more is spent than allowed. */
	WRITE_ONCE(whydrop_config.stack_unit,
		   n ? DIV_ROUND_UP(NSEC_PER_SEC, n * WHYDROP_COST_UNWIND) : 0);
	stack_rate = n;
	return 0;
}

/* Return which of two words @val is, 0 or 1; or -EINVAL with a line in the log. */
static int parse_word(const char *name, const char *val, const char *zero, const char *one)
{
	if (val && sysfs_streq(val, zero))
		return 0;
	if (val && sysfs_streq(val, one))
		return 1;
	pr_err("%s: must be %s or %s, not \"%s\"\n", name, zero, one,
	       val ? strim((char *)val) : "");
	return -EINVAL;
}

static int set_stack_walk(const char *val, const struct kernel_param *kp)
{
	int ret = parse_word("stack_walk", val, "unwind", "auto");

	if (ret < 0)
		return ret;
	ret = whydrop_walk_allow(ret);
	if (ret)
		pr_err("stack_walk: stays \"unwind\" until the module is reloaded, because a walk was wrong, see above\n");
	return ret;
}

static int get_stack_walk(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%s\n", whydrop_walk_allowed() ? "auto" : "unwind");
}

static int set_stack_scope(const char *val, const struct kernel_param *kp)
{
	int ret = parse_word("stack_scope", val, "context", "full");

	if (ret < 0)
		return ret;
	WRITE_ONCE(whydrop_config.stack_full, ret);
	return 0;
}

static int get_stack_scope(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%s\n", whydrop_config.stack_full ? "full" : "context");
}

static int set_stack_audit(const char *val, const struct kernel_param *kp)
{
	unsigned int n;
	int ret = parse_number("stack_audit", val, 0, 1000 * 1000 * 1000, &n);

	if (!ret)
		WRITE_ONCE(whydrop_config.stack_audit, n ?: UINT_MAX);
	return ret;
}

static int get_stack_audit(char *buf, const struct kernel_param *kp)
{
	unsigned int n = whydrop_config.stack_audit;

	return scnprintf(buf, PAGE_SIZE, "%u\n", n == UINT_MAX ? 0 : n);
}

static int set_snaplen(const char *val, const struct kernel_param *kp)
{
	unsigned int n;
	int ret = parse_number("snaplen", val, 0, WHYDROP_SNAPLEN_MAX, &n);

	if (!ret)
		WRITE_ONCE(whydrop_config.snaplen, n);
	return ret;
}

static int set_ring_kb(const char *val, const struct kernel_param *kp)
{
	unsigned int n;
	int ret = parse_number("ring_kb", val, 0, RING_KB_MAX, &n);

	if (ret)
		return ret;
	if (n && n < RING_KB_MIN) {
		pr_err("ring_kb: must be 0 or at least %u, not %u\n", RING_KB_MIN, n);
		return -EINVAL;
	}
	ring_kb = n;
	return 0;
}

static int set_max_stacks(const char *val, const struct kernel_param *kp)
{
	return parse_number("max_stacks", val, STACKS_MIN, STACKS_MAX, &max_stacks);
}

static int set_reset(const char *val, const struct kernel_param *kp)
{
	unsigned int n;
	int ret = parse_number("reset", val, 1, 1, &n);

	if (ret || !started)
		return ret;
	whydrop_cpus_reset();
	whydrop_stacks_retire_unused();
	whydrop_stacks_free();
	return 0;
}

static const struct kernel_param_ops enabled_ops = {
	.set = set_enabled, .get = get_enabled,
};

static const struct kernel_param_ops filter_ops = {
	.set = set_filter, .get = get_filter, .free = free_filter,
};

static const struct kernel_param_ops stack_depth_ops = {
	.set = set_stack_depth, .get = param_get_uint,
};

static const struct kernel_param_ops stack_rate_ops = {
	.set = set_stack_rate, .get = param_get_uint,
};

static const struct kernel_param_ops stack_walk_ops = {
	.set = set_stack_walk, .get = get_stack_walk,
};

static const struct kernel_param_ops stack_scope_ops = {
	.set = set_stack_scope, .get = get_stack_scope,
};

static const struct kernel_param_ops stack_audit_ops = {
	.set = set_stack_audit, .get = get_stack_audit,
};

static const struct kernel_param_ops snaplen_ops = {
	.set = set_snaplen, .get = param_get_uint,
};

static const struct kernel_param_ops ring_kb_ops = {
	.set = set_ring_kb, .get = param_get_uint,
};

static const struct kernel_param_ops max_stacks_ops = {
	.set = set_max_stacks, .get = param_get_uint,
};

static const struct kernel_param_ops reset_ops = {
	.set = set_reset,
};

module_param_cb(enabled, &enabled_ops, NULL, 0644);
MODULE_PARM_DESC(enabled, "0 unregisters the probe, so that drops cost nothing (default 1)");
module_param_cb(reasons, &filter_ops, (void *)WHYDROP_FILTER_REASONS, 0644);
MODULE_PARM_DESC(reasons, "reasons to record: names, patterns, numbers, separated by commas; !NAME excludes (default: all)");
module_param_cb(devs, &filter_ops, (void *)WHYDROP_FILTER_DEVS, 0644);
MODULE_PARM_DESC(devs, "devices to record: names or patterns, separated by commas; !NAME excludes (default: all)");
module_param_cb(netns, &filter_ops, (void *)WHYDROP_FILTER_NETNS, 0644);
MODULE_PARM_DESC(netns, "network namespaces to record: inodes, separated by commas; !INODE excludes (default: all)");
module_param_cb(packet_filter, &filter_ops, (void *)WHYDROP_FILTER_PACKET, 0644);
MODULE_PARM_DESC(packet_filter, "packets to record: what tcpdump -y RAW -ddd EXPR | tr '\\n' ',' prints (default: all)");
module_param_cb(stack_depth, &stack_depth_ops, &whydrop_config.stack_depth, 0644);
MODULE_PARM_DESC(stack_depth, "frames to keep of each stack, 0 to 64 (default 24)");
module_param_cb(stack_rate, &stack_rate_ops, &stack_rate, 0644);
MODULE_PARM_DESC(stack_rate, "unwinds that stacks may cost per second and CPU, a known stack 1/8; 0 is no limit (default 8000)");
module_param_cb(stack_walk, &stack_walk_ops, NULL, 0644);
MODULE_PARM_DESC(stack_walk, "auto: walk known stacks, at a fraction of the cost; unwind: unwind every stack (default auto)");
module_param_cb(stack_scope, &stack_scope_ops, NULL, 0644);
MODULE_PARM_DESC(stack_scope, "context: a stack ends where an interrupt began; full: it continues into what was interrupted (default context)");
module_param_cb(stack_audit, &stack_audit_ops, NULL, 0644);
MODULE_PARM_DESC(stack_audit, "compare one of this many walked stacks with an unwound one; 0 compares none (default 1024)");
module_param_cb(snaplen, &snaplen_ops, &whydrop_config.snaplen, 0644);
MODULE_PARM_DESC(snaplen, "bytes to keep of each packet, 0 to 256 (default 96)");
module_param_cb(ring_kb, &ring_kb_ops, &ring_kb, 0444);
MODULE_PARM_DESC(ring_kb, "KiB of ring per CPU, rounded up to a power of two, at most 65536; 0 only counts drops (default 256)");
module_param_cb(max_stacks, &max_stacks_ops, &max_stacks, 0444);
MODULE_PARM_DESC(max_stacks, "different stacks to keep, 16 to 65536; drops with others are counted by place (default 4096)");
module_param_cb(reset, &reset_ops, NULL, 0200);
MODULE_PARM_DESC(reset, "write 1 to start all counts from zero; new readers see only later drops");

size_t whydrop_ring_bytes(void)
{
	return ring_kb ? roundup_pow_of_two(ring_kb) * 1024ul : 0;
}

unsigned int whydrop_max_stacks(void)
{
	return max_stacks;
}

int whydrop_params_start(void)
{
	int ret = 0;

	kernel_param_lock(THIS_MODULE);
	if (enabled)
		ret = whydrop_probe_register();
	started = !ret;
	kernel_param_unlock(THIS_MODULE);
	return ret;
}

void whydrop_params_stop(void)
{
	kernel_param_lock(THIS_MODULE);
	started = false;
	/* Old kernels need memory to unregister, and this cannot go on without. */
	while (whydrop_probe_unregister())
		cond_resched();
	kernel_param_unlock(THIS_MODULE);
}
