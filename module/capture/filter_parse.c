// SPDX-License-Identifier: GPL-2.0
/* Parses the texts of filters, in a task. */
#include <linux/ctype.h>
#include <linux/filter.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "compat.h"
#include "capture/count.h"
#include "capture/filter_parse.h"
#include "capture/reason.h"

/**
 * struct word_list - a list that is being parsed
 * @param: name of the parameter
 * @copy: copy of its text, which is split in place
 * @rest: the rest of @copy
 * @word: the current word, trimmed and without its '!'
 * @pass: it had no '!'
 * @nr: number of words so far
 */
struct word_list {
	const char *param;
	char *copy;
	char *rest;
	char *word;
	bool pass;
	unsigned int nr;
};

static int start_words(struct word_list *w, const char *param, const char *text)
{
	memset(w, 0, sizeof(*w));
	w->param = param;
	w->copy = kstrdup(text, GFP_KERNEL);
	w->rest = w->copy;
	return w->copy ? 0 : -ENOMEM;
}

static int reject_word(const struct word_list *w, const char *why)
{
	pr_err("%s: \"%s\" at character %td: %s\n", w->param, w->word, w->word - w->copy + 1, why);
	return -EINVAL;
}

/* Get the next word. Return: 1; 0 at the end; or -EINVAL. */
static int next_word(struct word_list *w)
{
	w->word = strsep(&w->rest, ",");
	if (!w->word)
		return 0;
	w->word = strim(w->word);
	w->pass = *w->word != '!';
	if (!w->pass)
		w->word = skip_spaces(w->word + 1);
	if (!*w->word)
		return reject_word(w, "a name is missing");
	w->nr++;
	return 1;
}

/* Let the reasons that the word matches pass, or not. Return: how many it matches. */
static unsigned int assign_reason(bool *slots, const struct word_list *w)
{
	struct whydrop_reason r;
	unsigned int slot, hits = 0;
	u32 number;

	if (!kstrtou32(w->word, 0, &number)) {
		slot = whydrop_slot(number);
		if (slot == WHYDROP_SLOT_OTHER)
			return 0;
		slots[slot] = w->pass;
		return 1;
	}
	for (slot = 0; slot < WHYDROP_SLOTS; slot++) {
		whydrop_reason_get(whydrop_slot_reason(slot), &r);
		if (!strcmp(w->word, "*") ||
		    (r.known && (whydrop_glob(w->word, r.name, true) ||
				 whydrop_glob(w->word, r.full, true)))) {
			slots[slot] = w->pass;
			hits++;
		}
	}
	return hits;
}

int whydrop_parse_reasons(const char *text, bool strict, bool *slots)
{
	struct word_list w;
	int ret = start_words(&w, "reasons", text);

	if (ret)
		return ret;
	memset(slots, false, WHYDROP_SLOTS);
	while ((ret = next_word(&w)) > 0) {
		if (w.nr == 1 && !w.pass)
			memset(slots, true, WHYDROP_SLOTS);
		if (!assign_reason(slots, &w) && strict) {
			ret = reject_word(&w, "no such reason, see debugfs whydrop/reasons");
			break;
		}
	}
	kfree(w.copy);
	return ret;
}

static int parse_list(const char *param, const char *text, struct whydrop_filter_list *list,
		      int (*parse)(const struct word_list *w, struct whydrop_filter_list *list))
{
	struct word_list w;
	int ret = start_words(&w, param, text);

	if (ret)
		return ret;
	while ((ret = next_word(&w)) > 0) {
		if (w.nr == 1)
			list->others = !w.pass;
		if (list->nr == WHYDROP_FILTER_LIST)
			ret = reject_word(&w, "too many entries, at most 32");
		else
			ret = parse(&w, list);
		if (ret)
			break;
		list->pass[list->nr++] = w.pass;
	}
	kfree(w.copy);
	return ret;
}

static int parse_dev(const struct word_list *w, struct whydrop_filter_list *list)
{
	if (strlen(w->word) >= WHYDROP_DEV_LEN)
		return reject_word(w, "longer than a device name can be");
	/* A device that does not exist is no error: it may come later. */
	strscpy((char *)list->dev[list->nr], w->word, WHYDROP_DEV_LEN);
	list->patterns |= !!strpbrk(w->word, "*?");
	return 0;
}

int whydrop_parse_devs(const char *text, struct whydrop_filter_list *list)
{
	return parse_list("devs", text, list, parse_dev);
}

static int parse_inode(const struct word_list *w, struct whydrop_filter_list *list)
{
	if (kstrtou32(w->word, 10, &list->netns[list->nr]))
		return reject_word(w, "not an inode as in ls -l /proc/PID/ns/net");
	return 0;
}

int whydrop_parse_netns(const char *text, struct whydrop_filter_list *list)
{
	return parse_list("netns", text, list, parse_inode);
}

/* Parse a number from 0 to @max at *@p, and advance *@p behind it. */
static int parse_number(const char **p, u32 max, u32 *result)
{
	const char *digits = skip_spaces(*p);
	u64 n = 0;

	for (*p = digits; isdigit(**p); ++*p) {
		n = n * 10 + **p - '0';
		if (n > max)
			return -EINVAL;
	}
	*result = n;
	return *p == digits ? -EINVAL : 0;
}

/*
 * Reject programs that follow skb->dev, which may be anything in a dropped packet. The
 * kernel's own check comes after this one.
 */
static const char *find_forbidden_load(const struct sock_filter *insn)
{
	if (BPF_CLASS(insn->code) != BPF_LD && BPF_CLASS(insn->code) != BPF_LDX)
		return NULL;
	if (BPF_MODE(insn->code) != BPF_ABS || insn->k < (u32)SKF_LL_OFF)
		return NULL;
	switch (insn->k) {
	case SKF_AD_OFF + SKF_AD_PROTOCOL:
	case SKF_AD_OFF + SKF_AD_PKTTYPE:
	case SKF_AD_OFF + SKF_AD_MARK:
	case SKF_AD_OFF + SKF_AD_QUEUE:
	case SKF_AD_OFF + SKF_AD_RXHASH:
	case SKF_AD_OFF + SKF_AD_CPU:
	case SKF_AD_OFF + SKF_AD_ALU_XOR_X:
	case SKF_AD_OFF + SKF_AD_VLAN_TAG:
	case SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT:
	case SKF_AD_OFF + SKF_AD_VLAN_TPID:
	case SKF_AD_OFF + SKF_AD_RANDOM:
		return NULL;
	}
	return "loads what a dropped packet may have no more";
}

static int reject_program(unsigned int insn, const char *why)
{
	pr_err("packet_filter: at instruction %u: %s (see tcpdump -y RAW -ddd)\n", insn, why);
	return -EINVAL;
}

static int parse_insn(const char **p, struct sock_filter *insn)
{
	u32 code, jt, jf;

	if (parse_number(p, U16_MAX, &code) || parse_number(p, U8_MAX, &jt) ||
	    parse_number(p, U8_MAX, &jf) || parse_number(p, U32_MAX, &insn->k))
		return -EINVAL;
	insn->code = code;
	insn->jt = jt;
	insn->jf = jf;
	return 0;
}

static int parse_insns(const char *p, u32 nr, struct sock_filter *insns)
{
	const char *why;
	u32 i;

	for (i = 0; i < nr; i++) {
		if (*p != ',')
			return reject_program(i, "a comma is missing");
		p++;
		if (parse_insn(&p, &insns[i]))
			return reject_program(i, "not four numbers CODE JT JF K");
		why = find_forbidden_load(&insns[i]);
		if (why)
			return reject_program(i, why);
		p = skip_spaces(p);
	}
	if (*p == ',')
		p = skip_spaces(p + 1);
	if (*p)
		return reject_program(nr, "more of them than it says at its start");
	return 0;
}

int whydrop_parse_packet(const char *text, struct bpf_prog **prog)
{
	struct sock_fprog_kern fprog;
	struct sock_filter *insns;
	const char *p = text;
	u32 nr;
	int ret;

	if (parse_number(&p, BPF_MAXINSNS, &nr) || !nr)
		return reject_program(0, "it starts with how many there are, 1 to 4096");
	insns = kvcalloc(nr, sizeof(*insns), GFP_KERNEL);
	if (!insns)
		return -ENOMEM;
	ret = parse_insns(skip_spaces(p), nr, insns);
	if (ret)
		goto out;
	fprog.len = nr;
	fprog.filter = insns;
	ret = bpf_prog_create(prog, &fprog);
	if (ret && ret != -ENOMEM)
		ret = reject_program(nr, "the kernel does not take this program");
out:
	kvfree(insns);
	return ret;
}
