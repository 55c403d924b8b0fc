// SPDX-License-Identifier: GPL-2.0-only
/* Finds the source lines of frames, by elfutils' libdw if built in. */
#include <ctype.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef HAVE_LIBDW
#include <elfutils/libdwfl.h>
#endif

#include "format/lines.h"
#include "stream/ids.h"

#ifdef HAVE_LIBDW
struct symbol {
	const char	*name;
	GElf_Addr	addr;
	uint64_t	size, room;	/* its own; up to the next one */
};

/* Debug information of the kernel or of a module. */
struct image {
	struct image	*next;
	char		module[64];	/* "": the kernel itself */
	Dwfl_Module	*dwfl;		/* NULL: there is none */
	struct symbol	*symbol;	/* by name */
	size_t		nr;
};

/* Resolved already. */
struct line {
	char		*line;		/* "": there is none */
	char		text[];
};

#define LINES_MAX 65536

struct lines {
	Dwfl		*dwfl;
	const char	*root;		/* where distributions put it */
	struct image	*image;
	struct hash	line;		/* by frame */
	bool		here;		/* the stream is of this boot */
	char		release[128];
	char		build_id[BUILD_ID_TEXT];	/* "": unknown */
};

/* Only what is given to it: nothing is searched, nothing fetched from a network. */
static int no_debuginfo(Dwfl_Module *mod, void **data, const char *name, Dwarf_Addr base,
			const char *file, const char *link, GElf_Word crc, char **found)
{
	(void)mod, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc;
	(void)found;
	return -1;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = no_debuginfo,
	.section_address = dwfl_offline_section_address,
};

int lines_supported(void)
{
	return 0;
}

struct lines *lines_new(void)
{
	struct lines *l = need(calloc(1, sizeof(*l)));

	l->dwfl = need(dwfl_begin(&callbacks));
	l->root = getenv("WHYDROP_DEBUGINFO");
	if (!l->root)
		l->root = "/usr/lib/debug";
	return l;
}

void lines_free(struct lines *l)
{
	struct line *line;
	struct image *i, *next;
	size_t n;

	if (!l)
		return;
	for (i = l->image; i; i = next) {
		next = i->next;
		free(i->symbol);
		free(i);
	}
	for (n = 0; (line = hash_next(&l->line, &n));) {
		free(line->line);
		free(line);
	}
	hash_free(&l->line);
	dwfl_end(l->dwfl);
	free(l);
}

/* ---- files ---- */

/* @path as debug information, if it is that, and of this build. */
static Dwfl_Module *try(struct lines *l, const char *path, const char *name, const char *build_id)
{
	const unsigned char *id;
	GElf_Addr addr, bias;
	Dwfl_Module *mod;
	char text[BUILD_ID_TEXT] = "";
	int len, i;

	if (access(path, R_OK))
		return NULL;
	dwfl_report_begin_add(l->dwfl);
	mod = dwfl_report_offline(l->dwfl, name, path, -1);
	dwfl_report_end(l->dwfl, NULL, NULL);
	if (!mod || !dwfl_module_getdwarf(mod, &bias))
		return NULL;
	len = dwfl_module_build_id(mod, &id, &addr);
	for (i = 0; i < len && 2 * i + 3 < BUILD_ID_TEXT; i++)
		sprintf(text + 2 * i, "%02x", id[i]);
	if (*build_id && *text && strcmp(build_id, text)) {
		note("%s belongs to another build: not used", path);
		return NULL;
	}
	return mod;
}

static Dwfl_Module *try_build_id(struct lines *l, const char *name, const char *build_id)
{
	const char *dir = getenv("DEBUGINFOD_CACHE_PATH"), *under = "";
	Dwfl_Module *mod;
	char path[4096];

	if (!*build_id)
		return NULL;
	snprintf(path, sizeof(path), "%s/.build-id/%.2s/%s.debug", l->root, build_id, build_id + 2);
	mod = try(l, path, name, build_id);
	if (mod)
		return mod;
	if (!dir) {
		dir = getenv("XDG_CACHE_HOME");
		under = "/debuginfod_client";
	}
	if (!dir) {
		dir = getenv("HOME");
		under = "/.cache/debuginfod_client";
	}
	snprintf(path, sizeof(path), "%s%s/%s/debuginfo", dir ? dir : "", under, build_id);
	return try(l, path, name, build_id);
}

/* Below where distributions put it, or where the kernel itself is. */
struct place {
	bool		kernel;
	const char	*before, *behind;	/* the release */
};

static void place_path(char path[4096], const struct lines *l, const struct place *p)
{
	snprintf(path, 4096, "%s%s%s%s", p->kernel ? "" : l->root, p->before, l->release, p->behind);
}

static Dwfl_Module *find_kernel(struct lines *l)
{
	static const struct place places[] = {
		{ false, "/lib/modules/", "/vmlinux" },
		{ false, "/usr/lib/modules/", "/vmlinux" },
		{ false, "/boot/vmlinux-", "" },
		{ false, "/boot/vmlinux-", ".debug" },
		{ true, "/lib/modules/", "/build/vmlinux" },
	};
	Dwfl_Module *mod = try_build_id(l, "vmlinux", l->build_id);
	char path[4096];
	size_t i;

	for (i = 0; !mod && i < ARRAY_SIZE(places); i++) {
		place_path(path, l, &places[i]);
		mod = try(l, path, "vmlinux", l->build_id);
	}
	return mod;
}

/* Is @file the module's, MODULE.ko or MODULE.ko.debug? They may differ in - and _. */
static bool is_module(const char *file, const char *module)
{
	for (; *module; file++, module++)
		if (*file != *module && !(*file == '-' && *module == '_'))
			return false;
	return !strcmp(file, ".ko") || !strcmp(file, ".ko.debug");
}

static Dwfl_Module *find_module(struct lines *l, const char *module)
{
	static const struct place places[] = {
		{ false, "/lib/modules/", "" },
		{ false, "/usr/lib/modules/", "" },
		{ true, "/lib/modules/", "" },
	};
	char dir[4096], build_id[BUILD_ID_TEXT] = "", *paths[] = { dir, NULL };
	Dwfl_Module *mod;
	FTSENT *e;
	size_t i;
	FTS *fts;

	if (l->here) {
		snprintf(dir, sizeof(dir), "/sys/module/%s/notes", module);
		read_build_id_of(build_id, dir, ".note.gnu.build-id");
	}
	mod = try_build_id(l, module, build_id);
	for (i = 0; !mod && i < ARRAY_SIZE(places); i++) {
		place_path(dir, l, &places[i]);
		fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
		while (fts && !mod && (e = fts_read(fts)))
			if (is_module(e->fts_name, module))
				mod = try(l, e->fts_path, module, build_id);
		if (fts)
			fts_close(fts);
	}
	return mod;
}

/* ---- symbols ---- */

static int by_addr(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static int by_name(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void read_symbols(struct image *image)
{
	int i, nr = dwfl_module_getsymtab(image->dwfl);
	size_t n, next;

	if (nr <= 0)
		return;
	image->symbol = need(calloc(nr, sizeof(*image->symbol)));
	for (i = 0; i < nr; i++) {
		struct symbol *s = &image->symbol[image->nr];
		GElf_Word section;
		GElf_Sym sym;

		s->name = dwfl_module_getsym_info(image->dwfl, i, &sym, &s->addr, &section, NULL, NULL);
		if (!s->name || !*s->name || section == SHN_UNDEF || section == SHN_ABS ||
		    GELF_ST_TYPE(sym.st_info) > STT_FUNC || GELF_ST_TYPE(sym.st_info) == STT_OBJECT)
			continue;
		s->size = sym.st_size;
		image->nr++;
	}
	/* The kernel has no sizes: a symbol of its ends where the next begins. */
	qsort(image->symbol, image->nr, sizeof(*image->symbol), by_addr);
	for (n = 0; n < image->nr; n++) {
		for (next = n + 1; next < image->nr; next++)
			if (image->symbol[next].addr != image->symbol[n].addr)
				break;
		if (next < image->nr)
			image->symbol[n].room = image->symbol[next].addr - image->symbol[n].addr;
	}
	qsort(image->symbol, image->nr, sizeof(*image->symbol), by_name);
}

static struct image *image_get(struct lines *l, const char *module)
{
	struct image *i;

	for (i = l->image; i; i = i->next)
		if (!strcmp(i->module, module))
			return i;
	i = need(calloc(1, sizeof(*i)));
	i->next = l->image;
	l->image = i;
	strcpy(i->module, module);
	if (*module) {
		i->dwfl = find_module(l, module);
		if (!i->dwfl)
			note("no debug information for module %s of kernel %s", module, l->release);
	} else {
		i->dwfl = find_kernel(l);
		if (!i->dwfl)
			note("no debug information for kernel %s below %s (Debian: linux-image-%s-dbg)",
			     l->release, l->root, l->release);
	}
	if (i->dwfl)
		read_symbols(i);
	return i;
}

/* ---- lines ---- */

/*
 * A file as from the root of the sources: without what it has in common with
 * the directory of the build, which may be below that root.
 */
static const char *short_file(const char *file, const char *dir)
{
	size_t i, common = 0, slashes = 0;

	for (i = 0; dir && *file == '/' && file[i] && file[i] == dir[i]; i++) {
		if (file[i] != '/')
			continue;
		common = i + 1;
		slashes++;
	}
	if (dir && i && !dir[i] && file[i] == '/')
		common = i + 1;
	else if (slashes < 3)
		common = 0;
	for (file += common; !strncmp(file, "./", 2) || !strncmp(file, "../", 3);)
		file = strchr(file, '/') + 1;
	return file;
}

/* FILE:LINE of the code at @addr. */
static char *line_at(Dwfl_Module *mod, GElf_Addr addr)
{
	Dwfl_Line *line = dwfl_module_getsrc(mod, addr);
	const char *file;
	char *text;
	int nr;

	if (!line)
		return NULL;
	file = dwfl_lineinfo(line, NULL, &nr, NULL, NULL, NULL);
	if (!file || !nr)
		return NULL;
	file = short_file(file, dwfl_line_comp_dir(line));
	text = need(malloc(strlen(file) + 16));
	sprintf(text, "%s:%d", file, nr);
	return text;
}

/* A frame is where a call returns to: the call is what stands before it. */
static char *resolve(struct lines *l, const struct name *name)
{
	unsigned long long offset, size;
	struct symbol key, *s, *end;
	char symbol[512], module[64] = "";
	struct image *image;
	char *found = NULL, *other;

	if (sscanf(name->text, "%511[^+]+%llx/%llx [%63[^] ]", symbol, &offset, &size, module) < 3 ||
	    strchr(module, '/') || *module == '.')
		return NULL;
	image = image_get(l, module);
	if (!image->nr)
		return NULL;
	key.name = symbol;
	s = bsearch(&key, image->symbol, image->nr, sizeof(key), by_name);
	if (!s)
		return NULL;
	while (s > image->symbol && !by_name(s - 1, &key))
		s--;
	for (end = image->symbol + image->nr; s < end && !by_name(s, &key); s++) {
		/* The kernel does not know of what fills the room behind it. */
		if (offset > size || (s->room != size && size - s->size >= 64))
			continue;
		other = line_at(image->dwfl, s->addr + offset - !!offset);
		if (!found || !other) {
			found = found ? found : other;
		} else if (strcmp(found, other)) {
			/* Two of the same name and size: nobody knows which. */
			free(other);
			free(found);
			return NULL;
		} else {
			free(other);
		}
	}
	return found;
}

static bool same_line(const void *val, const void *key)
{
	return !strcmp(((const struct line *)val)->text, key);
}

static const char *line_of(struct lines *l, const struct name *name)
{
	uint32_t hash = hash_bytes(name->text, name->len);
	struct line *line = hash_get(&l->line, hash, same_line, name->text);

	if (line)
		return line->line;
	if (l->line.nr >= LINES_MAX)
		return NULL;
	line = need(malloc(sizeof(*line) + name->len + 1));
	strcpy(line->text, name->text);
	line->line = resolve(l, name);
	hash_add(&l->line, hash, line);
	return line->line;
}

/* Whose frames these are: once, before the first one. */
static bool identify_kernel(struct lines *l, const struct decoder *d)
{
	const char *release, *id, *boot;
	char own[BOOT_ID_LEN];
	struct utsname uts;

	if (*l->release)
		return true;
	uname(&uts);
	release = d ? decoder_meta(d, "kernel") : uts.release;
	id = d ? decoder_meta(d, "build_id") : NULL;
	boot = d ? decoder_meta(d, "boot_id") : NULL;
	/* It becomes part of paths. */
	if (!release || !isalnum((unsigned char)*release) || strchr(release, '/') ||
	    strlen(release) >= sizeof(l->release))
		return false;
	strcpy(l->release, release);
	l->here = !d || (boot && read_boot_id(own) && !strcmp(boot, own));
	if (id && strlen(id) < sizeof(l->build_id) && strspn(id, "0123456789abcdef") == strlen(id) &&
	    strlen(id) > 2)
		strcpy(l->build_id, id);
	else if (l->here)
		read_build_id(l->build_id);
	return true;
}

void lines_of_stack(struct lines *l, const struct decoder *d, struct stack *st)
{
	unsigned int i;

	if (!identify_kernel(l, d))
		return;
	for (i = 0; i < st->nr; i++)
		if (!st->frame[i]->line)
			st->frame[i]->line = line_of(l, st->frame[i]);
}
#else
int lines_supported(void)
{
	complain("--lines: this whydrop was built without libdw");
	hint("install the headers of elfutils (Debian: libdw-dev) and build it again");
	return EXIT_USAGE;
}

struct lines *lines_new(void)
{
	return NULL;
}

void lines_free(struct lines *l)
{
	(void)l;
}

void lines_of_stack(struct lines *l, const struct decoder *d, struct stack *st)
{
	(void)l, (void)d, (void)st;
}
#endif
