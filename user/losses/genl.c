// SPDX-License-Identifier: GPL-2.0-only
/* Questions to the kernel by generic netlink, whose families have names. */
#include <string.h>

#include "base/util.h"
#include "losses/genl.h"

void genl_match(const struct nlmsghdr *h, void *family)
{
	const uint16_t *id = nl_attr(h, GENL_BODY, CTRL_ATTR_FAMILY_ID, sizeof(*id));
	struct genl_family *f = family;
	char name[GENL_NAMSIZ];

	nl_text(nl_attr(h, GENL_BODY, CTRL_ATTR_FAMILY_NAME, 1), name, sizeof(name));
	if (id && !strcmp(name, f->name))
		f->id = *id;
}

bool genl_find(struct genl_family *family)
{
	const struct genlmsghdr all = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };

	family->id = 0;
	nl_dump(NETLINK_GENERIC, GENL_ID_CTRL, &all, sizeof(all), genl_match, family);
	return family->id;
}

bool genl_dump(const struct genl_family *family, uint8_t cmd, const void *attrs, size_t len,
	       nl_answer answer, void *arg)
{
	const struct genlmsghdr head = { .cmd = cmd, .version = 1 };
	char msg[64];

	if (!family->id || len > sizeof(msg) - sizeof(head))
		return false;
	memcpy(msg, &head, sizeof(head));
	if (len)
		memcpy(msg + sizeof(head), attrs, len);
	return nl_dump(NETLINK_GENERIC, family->id, msg, sizeof(head) + len, answer, arg);
}
