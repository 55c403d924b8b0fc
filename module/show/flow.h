/* SPDX-License-Identifier: GPL-2.0 */
/* Prints addresses, ports and protocol of a captured packet; any context, called by tasks. */
#ifndef WHYDROP_FLOW_H
#define WHYDROP_FLOW_H

#include <linux/types.h>
#include "uapi/whydrop.h"

/**
 * whydrop_flow_print() - print addresses, ports and protocol as tcpdump does
 * @ev: the event; its bytes are not trusted
 * @buf: result
 * @size: of @buf
 *
 * Context: any. Return: characters written, without the NUL.
 */
size_t whydrop_flow_print(const struct whydrop_event *ev, char *buf, size_t size);

#endif /* WHYDROP_FLOW_H */
