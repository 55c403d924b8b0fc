# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What the measurements share on the host: errors, what must be built.

set -euo pipefail
shopt -s inherit_errexit
BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$BENCH/../.." && pwd)
BUILD=$TOP/build/bench
PROG=${0##*/}
kernel=''	# of tests/vm/kernels, if not the default

die()
{
	printf '%s: %s\n' "$PROG" "$*" >&2
	exit 125
}

# quietly COMMAND...: what it says is shown only if it fails
quietly()
{
	local log

	log=$(mktemp)
	"$@" >"$log" 2>&1 || {
		cat "$log" >&2
		rm -f "$log"
		die "failed: $*"
	}
	rm -f "$log"
}

# build_module DIR SRC: the modules of SRC into DIR
build_module()
{
	quietly "$TOP/tests/vm/build-module" ${kernel:+--kernel "$kernel"} --src "$2" --out "$1" \
		-- KCFLAGS=-Werror
}

build_programs()
{
	local cross=''

	[[ ! $kernel ]] || BUILD+=-$kernel
	mkdir -p "$BUILD"
	quietly "$TOP/tests/vm/deps" gcc libc6-dev
	[[ ! $kernel ]] || cross=$("$TOP/tests/vm/cross" "$kernel")
	[[ $BUILD/sender -nt $BENCH/sender.c ]] || {
		quietly "${cross}gcc" -O2 -Wall -Wextra -Werror -static -o "$BUILD/sender.$$" "$BENCH/sender.c"
		mv "$BUILD/sender.$$" "$BUILD/sender"
	}
	build_module "$BUILD" "$BENCH/probes"
}

# rows FILE: the table without comments and blanks
rows()
{
	sed '/^#/d; /^$/d; s/ *| */|/g' "$BENCH/$1"
}

# For the kernel's command line: while a guest under -icount waits for its disk,
# its clock may leap by minutes.
COUNTING='sysctl.kernel.hung_task_timeout_secs=0 rcupdate.rcu_cpu_stall_suppress=1'
