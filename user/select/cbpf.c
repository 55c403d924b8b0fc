// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs packet expressions. libpcap's bpf_filter() takes a byte that was not
 * captured for one that the packet does not have; here the two are distinguished.
 */
#include <linux/filter.h>

#include "select/expr.h"

struct run {
	const uint8_t	*p;
	uint32_t	have, len;
	uint32_t	a, x, mem[BPF_MEMWORDS];
	bool		more;		/* a byte was asked for that is not there */
};

/* False: the packet does not have, or the capture does not hold, these bytes. */
static bool load(struct run *r, uint32_t at, uint32_t size, uint32_t *val)
{
	uint32_t v = 0, i;

	if (at > r->len || size > r->len - at)
		return false;
	if (at > r->have || size > r->have - at) {
		r->more = true;
		return false;
	}
	for (i = 0; i < size; i++)
		v = v << 8 | r->p[at + i];
	*val = v;
	return true;
}

static bool load_insn(struct run *r, const struct sock_filter *f)
{
	uint32_t *to = BPF_CLASS(f->code) == BPF_LD ? &r->a : &r->x;
	uint32_t size = BPF_SIZE(f->code) == BPF_W ? 4 : BPF_SIZE(f->code) == BPF_H ? 2 : 1;

	switch (BPF_MODE(f->code)) {
	case BPF_IMM:
		*to = f->k;
		return true;
	case BPF_LEN:
		*to = r->len;
		return true;
	case BPF_MEM:
		*to = r->mem[f->k % BPF_MEMWORDS];
		return true;
	case BPF_ABS:
		return load(r, f->k, size, to);
	case BPF_IND:
		return r->x + f->k >= r->x && load(r, r->x + f->k, size, to);
	case BPF_MSH:
		if (!load(r, f->k, 1, to))
			return false;
		*to = (*to & 15) * 4;
		return true;
	default:
		return false;
	}
}

static bool compute(struct run *r, const struct sock_filter *f)
{
	uint32_t by = BPF_SRC(f->code) == BPF_X ? r->x : f->k;

	switch (BPF_OP(f->code)) {
	case BPF_ADD: r->a += by; break;
	case BPF_SUB: r->a -= by; break;
	case BPF_MUL: r->a *= by; break;
	case BPF_OR: r->a |= by; break;
	case BPF_AND: r->a &= by; break;
	case BPF_XOR: r->a ^= by; break;
	case BPF_LSH: r->a = by < 32 ? r->a << by : 0; break;
	case BPF_RSH: r->a = by < 32 ? r->a >> by : 0; break;
	case BPF_NEG: r->a = -r->a; break;
	case BPF_DIV:
	case BPF_MOD:
		if (!by)
			return false;
		r->a = BPF_OP(f->code) == BPF_DIV ? r->a / by : r->a % by;
		break;
	default:
		return false;
	}
	return true;
}

static bool jump_is_taken(const struct run *r, const struct sock_filter *f)
{
	uint32_t with = BPF_SRC(f->code) == BPF_X ? r->x : f->k;

	switch (BPF_OP(f->code)) {
	case BPF_JEQ: return r->a == with;
	case BPF_JGT: return r->a > with;
	case BPF_JGE: return r->a >= with;
	default: return r->a & with;
	}
}

enum verdict expr_run(const struct expr *x, const uint8_t *p, uint32_t have, uint32_t len)
{
	struct run r = { .p = p, .have = have, .len = len };
	unsigned int i;

	for (i = 0; i < x->nr; i++) {
		const struct sock_filter *f = &x->insn[i];
		bool ok = true;

		switch (BPF_CLASS(f->code)) {
		case BPF_LD:
		case BPF_LDX:
			ok = load_insn(&r, f);
			break;
		case BPF_ST:
			r.mem[f->k % BPF_MEMWORDS] = r.a;
			break;
		case BPF_STX:
			r.mem[f->k % BPF_MEMWORDS] = r.x;
			break;
		case BPF_ALU:
			ok = compute(&r, f);
			break;
		case BPF_JMP:
			if (BPF_OP(f->code) == BPF_JA)
				i += f->k;
			else
				i += jump_is_taken(&r, f) ? f->jt : f->jf;
			break;
		case BPF_RET:
			return (BPF_RVAL(f->code) == BPF_A ? r.a : f->k) ? EXPR_ACCEPTS :
									   EXPR_REJECTS;
		default:
			if (BPF_MISCOP(f->code) == BPF_TAX)
				r.x = r.a;
			else
				r.a = r.x;
		}
		if (!ok)
			return r.more ? EXPR_NEEDS_MORE : EXPR_REJECTS;
	}
	return EXPR_REJECTS;
}
