// SPDX-License-Identifier: GPL-2.0
/*
 * Drops packets from inside of a BPF program: bpfdrop DEV COUNT
 *
 * The program is loaded, run COUNT times on a packet of its own, where it hands a
 * clone to DEV, which must be down, and unloaded. Exit status 4 where the
 * kernel has no bpf(2).
 */
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static struct bpf_insn insn(uint8_t code, uint8_t dst, uint8_t src, int32_t imm)
{
	return (struct bpf_insn){ .code = code, .dst_reg = dst, .src_reg = src, .imm = imm };
}

int main(int argc, char **argv)
{
	unsigned int ifindex = argc == 3 ? if_nametoindex(argv[1]) : 0;
	const struct bpf_insn program[] = {
		/* r1 is the packet */
		insn(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, ifindex),
		insn(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_3, 0, BPF_F_INGRESS),
		insn(BPF_JMP | BPF_CALL, 0, 0, BPF_FUNC_clone_redirect),
		insn(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0),
		insn(BPF_JMP | BPF_EXIT, 0, 0, 0),
	};
	uint8_t packet[64] = { [12] = 0x08, [14] = 0x45 };
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SCHED_CLS,
		.insns = (uintptr_t)program,
		.insn_cnt = sizeof(program) / sizeof(*program),
		.license = (uintptr_t)"GPL",
	};
	int fd;

	if (!ifindex) {
		fprintf(stderr, "usage: bpfdrop DEV COUNT\n");
		return 2;
	}
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0) {
		bool none = errno == ENOSYS;

		perror("bpf: load");
		return none ? 4 : 1;
	}
	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = fd;
	attr.test.repeat = atoi(argv[2]);
	attr.test.data_in = (uintptr_t)packet;
	attr.test.data_size_in = sizeof(packet);
	if (bpf(BPF_PROG_TEST_RUN, &attr)) {
		perror("bpf: run");
		return 1;
	}
	printf("bpf runs=%s\n", argv[2]);
	return 0;
}
