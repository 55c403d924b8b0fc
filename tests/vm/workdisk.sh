# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # the options are variables of run
# What a run hands to its guest: a tar archive, which the guest reads from a
# disk and unpacks over its root.

# stage_copies DIR SRC[:DEST]...
stage_copies()
{
	local stage=$1 word from to
	shift
	for word; do
		from=${word%%:*}
		to=${word#"$from"}
		to=${to#:}
		[[ -e $from ]] || die "--copy: no file $from"
		[[ $to && $to != */ ]] || to+=$(basename "$(realpath "$from")")
		[[ $to == /* ]] || to=/guest/$to
		mkdir -p "$stage$(dirname "$to")"
		if [[ -d $from ]]; then
			mkdir -p "$stage$to"
			cp -a "$from/." "$stage$to/"
		else
			cp -aLT "$from" "$stage$to"
		fi
	done
}

# nul_list WORD...: any word can be told apart again.
nul_list()
{
	[[ $# == 0 ]] || printf '%s\0' "$@"
}

# settings NAME...: these variables, for a shell to read.
settings()
{
	local name
	for name; do
		printf '%s=%q\n' "$name" "${!name}"
	done
}

# work_disk FILE: from what the options said.
work_disk()
{
	local stage=$1.d
	mkdir -p "$stage/guest" "$stage/run/vm"
	stage_copies "$stage" "${copy[@]}"
	nul_list "${command[@]}" >"$stage/run/vm/command"
	nul_list "${environment[@]}" >"$stage/run/vm/environment"
	settings debugfs stdin terminal tty_size bring ports splat splat_not >"$stage/run/vm/settings"
	(cd "$stage" && tar --owner=0 --group=0 -cf "$1" -- *)
	rm -rf "$stage"
}
