# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What all scripts of tests/vm share: errors, tables, host packages, the cache.

set -Eeuo pipefail
shopt -s inherit_errexit

VM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # for the others
TOP=$(cd "$VM/../.." && pwd)
CACHE=${WHYDROP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/whydrop}
[[ $CACHE == /* ]] || CACHE=$PWD/$CACHE
PROG=${0##*/}
# Where mke2fs and depmod are, also for who is not root.
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C.UTF-8
export LC_ALL PATH

# 125 is the runner's own failure, so that no status of a guest's command
# is taken for it.
die()
{
	printf '%s: %s\n' "$PROG" "$*" >&2
	exit 125
}

# What nobody foresaw is the runner's failure too. 125 has been explained already.
trap '[[ $? == 125 ]] || note "$BASH_COMMAND: failed in ${BASH_SOURCE[0]##*/}, line $LINENO"; exit 125' ERR

note()
{
	printf '%s: %s\n' "$PROG" "$*" >&2
}

# row TABLE NAME: the line of NAME, or the first one if NAME is empty.
row()
{
	awk -v name="$2" '!/^#/ && NF && (name == "" || $1 == name) { print; found = 1; exit }
		END { exit !found }' "$VM/$1" ||
		die "no '$2' in tests/vm/$1, it has: $(names "$1")"
}

# native: true if the host runs the programs of kernel_row's kernel by itself
native()
{
	[[ $K_ARCH == "$(dpkg --print-architecture)" ]]
}

names()
{
	awk '!/^#/ && NF { printf "%s%s", sep, $1; sep = " " }' "$VM/$1"
}

# kernel_row NAME: sets the variables K_* from the table. K_CONFIGS are the
# fragments of configuration of a kernel that is built here.
kernel_row()
{
	local line
	line=$(row kernels "$1")
	# shellcheck disable=SC2034 # some are for the callers
	read -r K_NAME K_ARCH K_SUITES K_HEADERS K_BUILD <<<"$line"
	K_CONFIGS=()
	if [[ $K_HEADERS == *:* ]]; then
		read -ra K_CONFIGS <<<"$(tr , ' ' <<<"${K_HEADERS#*:}")"
		K_CONFIGS=("${K_CONFIGS[@]/#/$VM/configs/}")
	fi
	# shellcheck disable=SC2034
	K_KEY=$(key "$K_ARCH $K_SUITES $K_HEADERS" ${K_CONFIGS:+"$(cat "${K_CONFIGS[@]}")"})
}

# key TEXT...: a short name for what TEXT says.
key()
{
	printf '%s\n' "$@" | sha256sum | cut -c1-10
}

# need_pkgs PACKAGE...: installs those that the host lacks; asks no server
# when all are there.
need_pkgs()
{
	local pkg missing=()
	for pkg; do
		[[ $(dpkg-query -W -f '${db:Status-Status}' "$pkg" 2>/dev/null) == installed ]] ||
			missing+=("$pkg")
	done
	[[ ${#missing[@]} -gt 0 ]] || return 0
	command -v apt-get >/dev/null ||
		die "this needs Debian's packages: ${missing[*]}"
	[[ $(id -u) == 0 ]] ||
		die "packages are missing, as root: apt-get install ${missing[*]}"
	note "installing ${missing[*]}"
	mkdir -p "$CACHE"
	# The old index first: it often does, and apt-get update takes a while.
	(
		flock 9
		export DEBIAN_FRONTEND=noninteractive
		set -- apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
			install --no-install-recommends "${missing[@]}"
		"$@" >/dev/null 2>&1 || { apt-get -qq update && "$@" >/dev/null; }
	) 9>"$CACHE/lock.host" >&2 || die "cannot install ${missing[*]}: is there a network?"
}

# cached TARGET FUNCTION [ARG]...: unless TARGET is in the cache already, lets
# FUNCTION make it under another name and puts it in place at once. Of several
# processes that want it one works and the others wait.
# Call it as a plain command: in a condition, errors would not stop FUNCTION.
cached()
{
	local target=$1 make=$2
	local kind=${target##*/}
	kind=${kind%%-*}
	shift 2
	if [[ -e $target ]]; then
		touch "$target"
		return 0
	fi
	mkdir -p "$CACHE" || die "cannot make $CACHE, set WHYDROP_CACHE to a folder that can be written"
	(
		flock 9
		if [[ -e $target ]]; then
			exit 0
		fi
		# What a killed run left behind, and what nobody has used for long and can
		# be made again with the means of now: of this kind, or without a network.
		# Others put theirs in place meanwhile, under find's eyes.
		find "$CACHE" -maxdepth 1 \( -name 'tmp.*' -mmin +600 -o -mtime +30 \
			\( -name "$kind-*" -o -name 'build-*' \) \) -exec rm -rf {} + 2>/dev/null || :
		tmp=$(mktemp -d "$CACHE/tmp.XXXXXX")
		trap 'rm -rf "$tmp"' EXIT
		trap 'exit 130' INT TERM HUP
		"$make" "$tmp/new" "$@" >&2
		mv -T "$tmp/new" "$target"
	) 9>"$CACHE/lock.${target##*/}"
}
