// SPDX-License-Identifier: GPL-2.0
/* Allocates large memory without waking the OOM killer, in a task, which may sleep. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "compat.h"
#include "capture/memory.h"

/*
 * Even an allocation that may fail takes all pages first, and then somebody else's next
 * allocation starts the OOM killer. So an eighth of the available memory is left.
 */
bool whydrop_memory_fits(size_t bytes)
{
	unsigned long available = max(si_mem_available(), 0L);

	return bytes >> PAGE_SHIFT < available - available / 8;
}

#ifdef HAVE_MAP_PUT_PAGES
/* vmalloc_node() takes no GFP flags, and no function that takes them and a node is exported. */
static void *zalloc_node(unsigned int nr, int node)
{
	struct page **pages = whydrop_vmalloc(array_size(nr, sizeof(*pages)), WHYDROP_GFP);
	void *addr = NULL;
	unsigned int i;

	if (!pages)
		return NULL;
	for (i = 0; i < nr; i++) {
		pages[i] = alloc_pages_node(node, WHYDROP_GFP | __GFP_HIGHMEM, 0);
		if (!pages[i])
			break;
		cond_resched();
	}
	if (i == nr)
		addr = vmap(pages, nr, VM_MAP | VM_MAP_PUT_PAGES, PAGE_KERNEL);
	/* Because of VM_MAP_PUT_PAGES, vfree() frees the pages, too. */
	if (addr)
		return addr;
	while (i--)
		__free_page(pages[i]);
	vfree(pages);
	return NULL;
}
#else
/* On the node of the caller. That costs a cache miss more, where there are several. */
static void *zalloc_node(unsigned int nr, int node)
{
	return whydrop_vmalloc((size_t)nr << PAGE_SHIFT, WHYDROP_GFP);
}
#endif

void *whydrop_memory_zalloc(size_t bytes, int node)
{
	if (!whydrop_memory_fits(bytes))
		return NULL;
	/* kmemleak finds pointers only in memory that was allocated like this. */
	if (node == NUMA_NO_NODE)
		return whydrop_vmalloc(bytes, WHYDROP_GFP);
	return zalloc_node(PFN_UP(bytes), node);
}
