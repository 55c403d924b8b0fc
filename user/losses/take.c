// SPDX-License-Identifier: GPL-2.0-only
/* Reads all counters of lost packets, source by source. */
#include <string.h>

#include "base/stop.h"
#include "losses/bridge.h"
#include "losses/devlink.h"
#include "losses/link.h"
#include "losses/neighbor.h"
#include "losses/proc.h"
#include "losses/queue.h"
#include "losses/sockets.h"
#include "losses/take.h"

unsigned int losses_take(struct losses *l)
{
	unsigned int left = 0;

	memset(l, 0, sizeof(*l));
	losses_read_links(l, &left);
	losses_read_queues(l);
	losses_read_devlink(l);
	losses_read_bridges(l);
	losses_read_neighbors(l);
	losses_read_proc(l, &left);
	losses_read_qdiscs(l);
	losses_read_sockets(l, &left);
	l->taken_ms = now_ms();
	return left;
}
