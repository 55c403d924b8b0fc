// SPDX-License-Identifier: GPL-2.0
/* Which drops are recorded; the others are only counted. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "filter.h"
#include "reason.h"

struct whydrop_filter __rcu *whydrop_filter;

/* What it was made of. */
static char *reasons_text;
static DEFINE_MUTEX(lock);

/* '*' and '?' in @pat, letters of any case; no recursion. */
static bool glob(const char *pat, const char *str)
{
	const char *back_pat = NULL, *back_str = NULL;

	while (*str) {
		if (*pat == '*') {
			back_pat = ++pat;
			back_str = str;
		} else if (*pat == '?' || toupper(*pat) == toupper(*str)) {
			pat++;
			str++;
		} else if (back_pat) {
			pat = back_pat;
			str = ++back_str;
		} else {
			return false;
		}
	}
	while (*pat == '*')
		pat++;
	return !*pat;
}

static void assign(struct whydrop_filter *f, unsigned int slot, bool pass)
{
	if (pass)
		set_bit(slot, f->reasons);
	else
		clear_bit(slot, f->reasons);
}

/* Let the reasons that @word means pass, or not. Return: how many it means. */
static unsigned int apply(struct whydrop_filter *f, const char *word, bool pass)
{
	struct whydrop_reason r;
	unsigned int slot, hits = 0;
	u32 number;

	if (!kstrtou32(word, 0, &number)) {
		slot = whydrop_slot(number);
		if (slot == WHYDROP_SLOT_OTHER)
			return 0;
		assign(f, slot, pass);
		return 1;
	}
	for (slot = 0; slot < WHYDROP_SLOTS; slot++) {
		whydrop_reason_get(whydrop_slot_reason(slot), &r);
		if (!strcmp(word, "*") || (r.known && (glob(word, r.name) || glob(word, r.full)))) {
			assign(f, slot, pass);
			hits++;
		}
	}
	return hits;
}

/* Words that mean nothing are an error only when @strict. */
static struct whydrop_filter *build(const char *text, bool strict)
{
	struct whydrop_filter *f;
	char *copy, *rest, *word;
	bool first = true;

	copy = kstrdup(text, GFP_KERNEL);
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!copy || !f)
		goto err_nomem;
	rest = copy;
	while ((word = strsep(&rest, ","))) {
		bool pass = true;

		word = strim(word);
		if (*word == '!') {
			pass = false;
			word = skip_spaces(word + 1);
		}
		if (!*word) {
			pr_err("reasons: an empty name at character %td\n", word - copy + 1);
			goto err_inval;
		}
		if (first && !pass)
			bitmap_fill(f->reasons, WHYDROP_SLOTS);
		first = false;
		if (!apply(f, word, pass) && strict) {
			pr_err("reasons: no reason of this kernel is called \"%s\" (character %td), see debugfs whydrop/reasons\n",
			       word, word - copy + 1);
			goto err_inval;
		}
	}
	kfree(copy);
	return f;

err_inval:
	kfree(copy);
	kfree(f);
	return ERR_PTR(-EINVAL);
err_nomem:
	kfree(copy);
	kfree(f);
	return ERR_PTR(-ENOMEM);
}

static void publish(struct whydrop_filter *f)
{
	struct whydrop_filter *old;

	old = rcu_replace_pointer(whydrop_filter, f, lockdep_is_held(&lock));
	if (old)
		kfree_rcu(old, rcu);
}

int whydrop_filter_set_reasons(const char *text)
{
	struct whydrop_filter *f = NULL;
	char *kept = NULL;

	text = skip_spaces(text);
	if (*text) {
		kept = kstrdup(text, GFP_KERNEL);
		if (!kept)
			return -ENOMEM;
		strim(kept);
		f = build(kept, true);
		if (IS_ERR(f)) {
			kfree(kept);
			return PTR_ERR(f);
		}
	}
	mutex_lock(&lock);
	kfree(reasons_text);
	reasons_text = kept;
	publish(f);
	mutex_unlock(&lock);
	return 0;
}

size_t whydrop_filter_print_reasons(char *buf, size_t size)
{
	size_t len;

	mutex_lock(&lock);
	len = scnprintf(buf, size, "%s", reasons_text ?: "");
	mutex_unlock(&lock);
	return len;
}

void whydrop_filter_refresh(void)
{
	struct whydrop_filter *f;

	mutex_lock(&lock);
	if (reasons_text) {
		f = build(reasons_text, false);
		if (!IS_ERR(f))
			publish(f);
	}
	mutex_unlock(&lock);
}

void whydrop_filter_exit(void)
{
	mutex_lock(&lock);
	publish(NULL);
	kfree(reasons_text);
	reasons_text = NULL;
	mutex_unlock(&lock);
}
