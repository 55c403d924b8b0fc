// SPDX-License-Identifier: GPL-2.0
/*
 * Names drop reasons, in a task: by the running kernel's names, and by descriptions,
 * which no kernel has at run time: reasondoc.awk takes them from the headers.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include "compat.h"
#include "capture/reason.h"

#ifdef HAVE_REASON
static const struct {
	u32 reason;
	const char *text;
} docs[] = {
#define REASON_DOC(reason, text)	{ reason, text },
#define SUBSYS_NAME(subsys, name)
#include "capture/reasondoc.h"
#undef REASON_DOC
#undef SUBSYS_NAME
};

static const char *description(u32 reason)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(docs); i++)
		if (docs[i].reason == reason)
			return docs[i].text;
	return "";
}
#else
static const char *description(u32 reason)
{
	return "";
}
#endif

#if defined(HAVE_REASONS_BY_SUBSYS)
static void subsys_name(u32 reason, char *buf, size_t size)
{
	static const struct {
		u32 subsys;
		const char *name;
	} names[] = {
#define REASON_DOC(reason, text)
#define SUBSYS_NAME(subsys, name)	{ subsys, name },
#include "capture/reasondoc.h"
#undef REASON_DOC
#undef SUBSYS_NAME
	};
	u32 subsys = reason >> SKB_DROP_REASON_SUBSYS_SHIFT;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].subsys == subsys) {
			strscpy(buf, names[i].name, size);
			return;
		}
	}
	snprintf(buf, size, "subsys%u", subsys);
}

/* The kernel does not register the names of this subsystem (7.1): they are in headers only. */
static const char *qdisc_name(u32 reason)
{
#ifdef HAVE_QDISC_REASONS
	static const struct {
		u32 reason;
		const char *name;
	} names[] = {
#define QDISC_NAME(name)	{ QDISC_DROP_##name, #name },
#define QDISC_END(name)
		DEFINE_QDISC_DROP_REASON(QDISC_NAME, QDISC_END)
#undef QDISC_NAME
#undef QDISC_END
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].reason == reason)
			return names[i].name;
#endif
	return NULL;
}

static bool name_of(u32 reason, char *buf, size_t size)
{
	u32 subsys = reason >> SKB_DROP_REASON_SUBSYS_SHIFT;
	u32 nr = reason & ~SKB_DROP_REASON_SUBSYS_MASK;
	const struct drop_reason_list *list;
	const char *name = NULL;

	/* The core's list includes its end marker as a name. */
	if (reason == SKB_DROP_REASON_MAX)
		return false;
	rcu_read_lock();
	if (subsys < SKB_DROP_REASON_SUBSYS_NUM) {
		list = rcu_dereference(drop_reasons_by_subsys[subsys]);
		if (list && nr < list->n_reasons)
			name = list->reasons[nr];
		else if (!list)
			name = qdisc_name(reason);
		/* Copied under the RCU read lock, because the list is freed with its module. */
		if (name)
			strscpy(buf, name, size);
	}
	rcu_read_unlock();
	return name;
}
#else
static void subsys_name(u32 reason, char *buf, size_t size)
{
	strscpy(buf, "core", size);
}

#if defined(HAVE_REASONS_ARRAY)
static bool name_of(u32 reason, char *buf, size_t size)
{
	if (reason >= SKB_DROP_REASON_MAX || !drop_reasons[reason])
		return false;
	strscpy(buf, drop_reasons[reason], size);
	return true;
}
#elif defined(HAVE_REASONS_MACRO)
static bool name_of(u32 reason, char *buf, size_t size)
{
	static const struct {
		u32 reason;
		const char *name;
	} names[] = {
#define EM(a, b)	{ a, #b },
#define EMe(a, b)	{ a, #b },
		TRACE_SKB_DROP_REASON
#undef EM
#undef EMe
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].reason == reason) {
			strscpy(buf, names[i].name, size);
			return true;
		}
	}
	return false;
}
#else
static bool name_of(u32 reason, char *buf, size_t size)
{
	return false;
}
#endif
#endif

void whydrop_reason_get(u32 reason, struct whydrop_reason *r)
{
	r->known = name_of(reason, r->name, sizeof(r->name));
	r->description = r->known ? description(reason) : "";
	subsys_name(reason, r->subsys, sizeof(r->subsys));
	if (reason == WHYDROP_NO_REASON) {
		strscpy(r->subsys, "core", sizeof(r->subsys));
		strscpy(r->name, WHYDROP_CORE_REASONS ? "OTHER" : "NOT_AVAILABLE", sizeof(r->name));
		r->description = WHYDROP_CORE_REASONS ?
			"unknown numbers, and drops on a CPU without memory for counts" :
			"this kernel gives no reasons; see the place";
	} else if (!r->known) {
		snprintf(r->name, sizeof(r->name), "UNKNOWN(0x%x)", reason);
	}
	if (r->known && strcmp(r->subsys, "core"))
		snprintf(r->full, sizeof(r->full), "%s/%s", r->subsys, r->name);
	else
		strscpy(r->full, r->name, sizeof(r->full));
}

const char *whydrop_reason_qdisc(u16 nr)
{
#ifdef HAVE_QDISC_REASONS
	return qdisc_name(SKB_DROP_REASON_SUBSYS_QDISC << SKB_DROP_REASON_SUBSYS_SHIFT | nr);
#else
	return NULL;
#endif
}
