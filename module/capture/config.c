// SPDX-License-Identifier: GPL-2.0
/* The defaults of the settings that a drop looks at, in any context: constants only. */
#include <linux/cache.h>
#include <linux/time64.h>
#include "capture/config.h"

struct whydrop_config whydrop_config __read_mostly = {
	.stack_depth = WHYDROP_STACK_DEPTH,
	.stack_unit = NSEC_PER_SEC / (WHYDROP_STACK_RATE * WHYDROP_COST_UNWIND),
	.stack_audit = WHYDROP_STACK_AUDIT,
	.snaplen = WHYDROP_SNAPLEN,
};
