// SPDX-License-Identifier: GPL-2.0
/*
 * An XDP program that drops everything, for ip(8) to attach: xdppin PATH
 *
 * PATH is in a mounted bpffs. Exit status 4 where the kernel has no bpf(2).
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

int main(int argc, char **argv)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_DROP },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)program,
		.insn_cnt = sizeof(program) / sizeof(*program),
		.license = (uintptr_t)"GPL",
	};
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: xdppin PATH\n");
		return 2;
	}
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0) {
		bool none = errno == ENOSYS;

		perror("bpf: load");
		return none ? 4 : 1;
	}
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uintptr_t)argv[1];
	attr.bpf_fd = fd;
	if (bpf(BPF_OBJ_PIN, &attr)) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
