// SPDX-License-Identifier: GPL-2.0-only
/* Looks ahead in a stream, for whose recording comes next. */
#include "stream/decode.h"

/* In so many bytes behind a header META says whose it is. */
#define PEEK_MAX (256u << 10)

bool decoder_peek(struct decoder *other, size_t *peeked, const void *buf, size_t len)
{
	struct item it;
	long n;

	while ((n = decoder_step(other, (const char *)buf + *peeked, len - *peeked, &it)) > 0) {
		*peeked += n;
		/* What stands so far behind is not waited for: all of it is kept meanwhile. */
		if ((it.type != ITEM_META && (it.type != ITEM_HEADER || other->renewed)) ||
		    *peeked >= PEEK_MAX)
			return true;
	}
	return n < 0;
}
