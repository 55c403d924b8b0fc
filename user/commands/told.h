/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps which names a recording has, so that it has each once. */
#ifndef WHYDROP_TOLD_H
#define WHYDROP_TOLD_H

#include "base/hash.h"
#include "stream/build.h"
#include "names/names.h"

struct told {
	struct hash	all;
};

/* Build the NAME record that an event needs before it. Return: false if it needs none. */
bool told_netns(struct told *t, struct names *names, const struct whydrop_event *ev,
		struct build *b);
bool told_socket(struct told *t, struct names *names, const struct whydrop_event *ev,
		 struct build *b);
void told_clear(struct told *t);

#endif
