// SPDX-License-Identifier: GPL-2.0-only
/* Compiles packet expressions to programs, and prints them, by libpcap if built in. */
#include <ctype.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_LIBPCAP
#include <pcap/pcap.h>
#endif

#include "select/expr.h"
#include "base/util.h"

void expr_free(struct expr *x)
{
	free(x->insn);
	memset(x, 0, sizeof(*x));
}

bool expr_is_program(const char *text)
{
	text += strspn(text, " \t\n");
	return isdigit((unsigned char)*text) && strchr(text, ',') &&
	       !text[strspn(text, "0123456789, \t\n")];
}

char *expr_text(const struct expr *x)
{
	size_t room = 16 + x->nr * 32, n;
	char *text = need(malloc(room));
	unsigned int i;

	n = snprintf(text, room, "%u", x->nr);
	for (i = 0; i < x->nr; i++)
		n += snprintf(text + n, room - n, ",%u %u %u %u", x->insn[i].code, x->insn[i].jt,
			      x->insn[i].jf, x->insn[i].k);
	return text;
}

/* `whydrop list drops.wd' is a likely slip. */
static void hint_at(const char *text, const char *else_hint)
{
	if (access(text, R_OK))
		hint("%s", else_hint);
	else
		hint("to read a recording: -f %s", text);
}

#ifdef HAVE_LIBPCAP
/*
 * Asked for raw IP, libpcap takes most of these for "no packet is that", or
 * their bytes for those of the IP header: so it would be silently wrong.
 */
static const char *link_level(const char *text, size_t *len)
{
	static const char *const words[] = {
		"ether", "link", "fddi", "tr", "wlan", "ppp", "slip", "radio",
		"arp", "rarp", "atalk", "aarp", "decnet", "iso", "clnp", "esis", "isis",
		"is-is", "es-is", "csnp", "psnp", "snp", "iih", "lsp", "l1", "l2",
		"stp", "ipx", "netbeui", "lat", "moprc", "mopdl", "sca", "llc",
		"vlan", "mpls", "pppoed", "pppoes", "geneve", "gateway",
		"inbound", "outbound", "ifindex",
	};
	size_t i;

	for (; *text; text += *len ? *len : 1) {
		*len = 0;
		while (isalnum((unsigned char)text[*len]) || text[*len] == '_' ||
		       text[*len] == '-' || text[*len] == '.' || (*len && text[*len] == ':'))
			++*len;
		for (i = 0; i < ARRAY_SIZE(words); i++)
			if (*len == strlen(words[i]) && !strncmp(text, words[i], *len))
				return text;
	}
	return NULL;
}

int expr_compile(struct expr *x, const char *text)
{
	struct bpf_program prog;
	const char *word;
	unsigned int i;
	size_t len;
	pcap_t *p;

	memset(x, 0, sizeof(*x));
	word = link_level(text, &len);
	if (word) {
		complain("`%s': an expression sees a packet from its IP header on, without `%.*s'",
			 text, (int)len, word);
		hint("-i selects devices; -o mac_src,mac_dst,vlan shows the link layer");
		return EXIT_USAGE;
	}
	p = need(pcap_open_dead(DLT_RAW, 65535));
	if (pcap_compile(p, &prog, text, 1, PCAP_NETMASK_UNKNOWN)) {
		complain("`%s': %s", text, pcap_geterr(p));
		hint_at(text, strpbrk(text, " (") ? "see pcap-filter(7)" :
			"-r selects reasons, -i devices; for expressions see pcap-filter(7)");
		pcap_close(p);
		return EXIT_USAGE;
	}
	x->nr = prog.bf_len;
	x->insn = need(calloc(x->nr, sizeof(*x->insn)));
	for (i = 0; i < x->nr; i++)
		x->insn[i] = (struct sock_filter){
			.code = prog.bf_insns[i].code, .jt = prog.bf_insns[i].jt,
			.jf = prog.bf_insns[i].jf, .k = prog.bf_insns[i].k,
		};
	pcap_freecode(&prog);
	pcap_close(p);
	return 0;
}

const char *expr_explain(const char **pos, unsigned int nr)
{
	unsigned int code, jt, jf, k;
	struct bpf_insn insn;
	int used = 0;

	if (sscanf(*pos, " ,%u %u %u %u%n", &code, &jt, &jf, &k, &used) != 4 || !used)
		return NULL;
	*pos += used;
	insn = (struct bpf_insn){ .code = code, .jt = jt, .jf = jf, .k = k };
	return bpf_image(&insn, nr);
}
#else
int expr_compile(struct expr *x, const char *text)
{
	memset(x, 0, sizeof(*x));
	complain("`%s': built without libpcap, so without packet expressions", text);
	hint_at(text, "install it (Debian: libpcap-dev) and build again; or use -r, -i, -N");
	return EXIT_USAGE;
}

const char *expr_explain(const char **pos, unsigned int nr)
{
	(void)pos;
	(void)nr;
	return NULL;
}
#endif
