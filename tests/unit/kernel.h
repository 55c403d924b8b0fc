/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of a kernel as module/capture/walk_oracle.c, walk_step.c, walk_memory.c, walk_frames.c,
 * irq_entry.c and budget.c need to run in a test. The unwinder is the test's own, see test_oracle.c. With
 * HAVE_FRAMES the kernel is one for arm64, else for x86.
 */
#ifndef TESTS_KERNEL_H
#define TESTS_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
typedef struct { long n; } local64_t;
#define local64_read(l)		((l)->n)
#define local64_set(l, i)	((l)->n = (i))
#define local64_add(i, l)	((l)->n += (i))
#define local64_inc(l)		((l)->n++)
typedef struct { int n; } atomic_t;
#define atomic_read(a)		((a)->n)

#define HAVE_WALK
#ifndef HAVE_FRAMES
#define HAVE_ORC
#endif
#define KSYM_SYMBOL_LEN		512
#define GOLDEN_RATIO_32		0x61C88647
#define const_ilog2(n)		(63 - __builtin_clzl(n))
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define U32_MAX			UINT32_MAX
#define S32_MAX			INT32_MAX
#define S32_MIN			INT32_MIN
#define fallthrough		__attribute__((fallthrough))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))
#define READ_ONCE_NOCHECK(x)	READ_ONCE(x)
#define BIT_ULL(n)		(1ull << (n))
#define likely(x)		(x)
#define unlikely(x)		(x)
#define barrier()		__asm__ volatile("" : : : "memory")
#define smp_rmb()		barrier()
#define noinline		__attribute__((noinline))
#define notrace
#define __read_mostly
#define min(a, b)		((a) < (b) ? (a) : (b))
#define clamp_t(type, x, a, b)	((type)(x) < (type)(a) ? (type)(a) : min((type)(x), (type)(b)))
#define div_u64(a, b)		((u64)(a) / (u32)(b))
#define div64_u64(a, b)		((u64)(a) / (u64)(b))
#define local_irq_save(flags)	((flags) = 0)
#define local_irq_restore(flags)	((void)(flags))

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

#define GFP_KERNEL		0
#define kvmalloc_array(n, size, gfp)	calloc(n, size)
#define kvfree(p)		free(p)

#define THREAD_SIZE		16384ul
#define IRQ_STACK_SIZE		16384ul
#define current			(&task)
#define task_stack_page(t)	((t)->stack)
#define user_mode(regs)		(((regs)->cs & 3) == 3)

struct task_struct {
	void *stack;
};
extern struct task_struct task;

#ifdef HAVE_FRAMES
#define THREAD_ALIGN		(2 * THREAD_SIZE)
#define ALIGN_DOWN(x, a)	((x) & ~((a) - 1))
#define container_of(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))
#define task_pt_regs(t)		((struct pt_regs *)((char *)task_stack_page(t) + THREAD_SIZE) - 1)
#define preempt_disable()	do {} while (0)
#define preempt_enable()	do {} while (0)
#define whydrop_signature()	SIGNATURE
/* Of signed addresses. */
#define SIGNATURE		(0xfful << 56 | 0x7ful << 48)

#define in_serving_softirq()	false
#define whydrop_in_hardirq()	false
#define IS_ENABLED(option)	1
bool whydrop_is_irq_entry(unsigned long addr);
bool is_vmalloc_addr(const void *addr);
int sprint_symbol_no_offset(char *name, unsigned long addr);
#define strstarts(s, prefix)	(!strncmp(s, prefix, strlen(prefix)))
#define DEFINE_RAW_SPINLOCK(l)	int l
#define raw_spin_lock_irqsave(l, flags)		((void)(l), (flags) = 0)
#define raw_spin_unlock_irqrestore(l, flags)	((void)(l), (void)(flags))
#define cmpxchg(p, old, new)	__sync_val_compare_and_swap(p, old, new)
#define __cacheline_aligned
#define BIT(n)			(1ul << (n))
#define hash_long(x, bits)	((x) * 0x61C8864680B583EBull >> (64 - (bits)))

enum { FRAME_META_TYPE_FINAL = 1, FRAME_META_TYPE_PT_REGS };

struct frame_record_meta {
	unsigned long record[2], type;
};

struct pt_regs {
	unsigned long regs[31], sp, pc, pstate, orig_x0, syscallno, pmr;
	struct frame_record_meta stackframe;
};
#else
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};
#endif

enum stack_type { STACK_TYPE_UNKNOWN, STACK_TYPE_TASK };

struct stack_info {
	enum stack_type type;
	unsigned long *begin, *end, *next_sp;
};

struct unwind_state {
	struct stack_info stack_info;
	struct task_struct *task;
	bool error, signal, full_regs;
	unsigned long sp, bp, ip;
	struct pt_regs *regs, *prev_regs;
};

bool unwind_next_frame(struct unwind_state *state);

static inline bool unwind_error(struct unwind_state *state)
{
	return state->error;
}

static inline bool unwind_done(struct unwind_state *state)
{
	return state->stack_info.type == STACK_TYPE_UNKNOWN;
}

#endif
