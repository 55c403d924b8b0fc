// SPDX-License-Identifier: GPL-2.0-only
/* Holds the page that a report is made of, as user/report/build.mjs made it. */
#include <string.h>

#include "base/util.h"
#include "commands/page.h"

#ifdef HAVE_PAGE
/* Where the data goes. */
static const char mark[] = "@WHYDROP_DATA@";

/* Global, as link-time optimization puts what refers to them elsewhere. */
__asm__(".pushsection .rodata\n"
	".globl report_page, report_page_end\n"
	".hidden report_page, report_page_end\n"
	"report_page:\n\t.incbin \"report/report.html\"\n"
	"report_page_end:\n\t.byte 0\n"
	".popsection\n");
extern const char report_page[], report_page_end[];

void page_get(struct page *p)
{
	const char *at = strstr(report_page, mark);

	p->head = report_page;
	p->head_len = at - report_page;
	p->tail = at + sizeof(mark) - 1;
	p->tail_len = report_page_end - p->tail;
}
#endif
