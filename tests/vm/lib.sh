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

# An unexpected failure is the runner's too. 125 has been explained already, and
# 130 and 143 are the user's Ctrl-C and kill, which need no explanation.
unexpected()
{
	case $1 in
	130|143)	exit "$1" ;;
	125)		;;
	*)		note "$2: failed in $3" ;;
	esac
	exit 125
}
trap 'unexpected $? "$BASH_COMMAND" "${BASH_SOURCE[0]##*/}, line $LINENO"' ERR
trap 'exit 130' INT

note()
{
	printf '%s: %s\n' "$PROG" "$*" >&2
}

# progress TEXT: what is being done, and what was tried again. It goes to the file
# descriptor that WHYDROP_PROGRESS_FD names, if it does, because a caller may want
# stderr to hold errors only.
progress()
{
	if [[ ${WHYDROP_PROGRESS_FD:-} ]]; then
		{ printf '%s: %s\n' "$PROG" "$*" >&"$WHYDROP_PROGRESS_FD"; } 2>/dev/null || :
	else
		note "$@"
	fi
}

# start_beat WHAT [PATH|FUNCTION]: until end_beat, or the end of this shell, tells every
# WHYDROP_BEAT seconds (20) that WHAT goes on, for how long, and with a PATH how large
# that folder has become, or the last line of that file; or what FUNCTION SECONDS prints.
start_beat()
{
	exec {BEAT_FD}> >(
		trap - ERR
		trap '' INT
		set +e
		begin=$SECONDS
		while :; do
			# The writer's end closes when the work is done or has been killed.
			read -r -t "${WHYDROP_BEAT:-20}" _
			[[ $? -gt 128 ]] || exit 0
			done=''
			if declare -F "${2:-}" >/dev/null; then
				done=$("$2" $((SECONDS - begin)))
				done=${done:+, $done}
			elif [[ -d ${2:-} ]]; then
				done=", $(du -sxm "$2" 2>/dev/null | cut -f1) MB so far"
			elif [[ -s ${2:-} ]]; then
				done=", $(tail -n 1 "$2" | cut -c1-60)"
			fi
			progress "$1: $((SECONDS - begin)) s$done"
		done
	)
}

end_beat()
{
	exec {BEAT_FD}>&-
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

# kernel_row NAME: sets the variables K_* from the table, or for the tree that NAME is,
# if it has a slash. K_CONFIGS are the fragments of configuration of a kernel that is
# built here.
kernel_row()
{
	local line
	if [[ $1 == */* ]]; then
		# shellcheck source=tests/vm/tree.sh
		. "$VM/tree.sh"
		tree_row "$1"
		return
	fi
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

# packages NAME...: the packages of these rows of tests/vm/packages.
packages()
{
	local name
	for name; do
		row packages "$name" | cut -s -d' ' -f2-
	done | xargs -n 1 | sort -u
}

# missing_pkgs PACKAGE...: prints those that are not installed; of a|b, one will do.
missing_pkgs()
{
	dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | awk -v want="$*" '
	$2 == "installed" { have[$1] = 1 }
	END {
		n = split(want, word, " ")
		for (i = 1; i <= n; i++) {
			found = 0
			for (k = split(word[i], name, "|"); k > 0; k--)
				found += name[k] in have
			if (!found)
				print word[i]
		}
	}'
}

# real_pkgs PACKAGE...: of each a|b, the first that this release of Debian has.
real_pkgs()
{
	local pkg name
	for pkg; do
		for name in ${pkg//|/ }; do
			! apt-cache show --no-all-versions "$name" >/dev/null 2>&1 || break
		done
		printf '%s\n' "$name"
	done
}

# download_size URI-LIST: number of packages and MB of what "apt-get --print-uris" says.
download_size()
{
	awk '/^.http/ { n++; bytes += $3 } END { printf "%d %d\n", n, bytes / 1000000 + 0.99 }' "$1"
}

# plan_install PACKAGE...: how many packages apt would fetch for these and how many
# MB, in PLAN_COUNT and PLAN_MB, and the packages in PLAN.
plan_install()
{
	local list plan
	plan=(apt-get -qq -y --print-uris install --no-install-recommends)
	list=$(mktemp)
	# The index that is there first: it often does, and apt-get update takes a while.
	mapfile -t PLAN < <(real_pkgs "$@")
	if ! "${plan[@]}" "${PLAN[@]}" >"$list" 2>/dev/null; then
		progress "apt-get update"
		apt-get -qq update >"$list" 2>&1 || {
			note "$(tail -n 3 "$list")"
			rm -f "$list"
			die "apt-get update fails on this host, see above"
		}
		mapfile -t PLAN < <(real_pkgs "$@")
		"${plan[@]}" "${PLAN[@]}" >"$list" 2>&1 || {
			note "$(tail -n 3 "$list")"
			rm -f "$list"
			die "apt-get cannot install ${PLAN[*]}, see above"
		}
	fi
	read -r PLAN_COUNT PLAN_MB < <(download_size "$list")
	rm -f "$list"
}

# list_installed: all packages of the host.
list_installed()
{
	dpkg-query -W -f '${binary:Package} ${db:Status-Status}\n' | sed -n 's/ installed$//p' | sort
}

# install_pkgs: what plan_install has planned. $CACHE/installed remembers each
# package that was not there before, for tests/vm/remove.
install_pkgs()
{
	local log before
	log=$(mktemp)
	before=$(mktemp)
	list_installed >"$before"
	start_beat "installing $PLAN_COUNT packages" "$log"
	export DEBIAN_FRONTEND=noninteractive
	set -- apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install \
		--no-install-recommends "${PLAN[@]}"
	"$@" >"$log" 2>&1 </dev/null || {
		# The index is older than what the mirror has.
		progress 'apt-get update'
		apt-get -qq update >>"$log" 2>&1 </dev/null && "$@" >>"$log" 2>&1 </dev/null
	} || {
		end_beat
		tail -n 10 "$log" >&2
		rm -f "$log" "$before"
		die "cannot install ${PLAN[*]}, see above"
	}
	end_beat
	list_installed | comm -13 "$before" - >>"$CACHE/installed"
	rm -f "$log" "$before"
}

# need_pkgs PACKAGE...: installs those that the host lacks; asks no server
# when all are there.
need_pkgs()
{
	local missing
	mapfile -t missing < <(missing_pkgs "$@")
	[[ ${#missing[@]} -gt 0 ]] || return 0
	command -v apt-get >/dev/null ||
		die "this needs Debian's packages: ${missing[*]}"
	[[ $(id -u) == 0 ]] ||
		die "packages are missing, as root: apt-get install ${missing[*]//|*/}"
	mkdir -p "$CACHE"
	(
		flock 9
		# Another process may have installed them meanwhile.
		mapfile -t missing < <(missing_pkgs "${missing[@]}")
		[[ ${#missing[@]} -gt 0 ]] || exit 0
		plan_install "${missing[@]}"
		progress "installing ${PLAN[*]} ($PLAN_MB MB)"
		install_pkgs
	) 9>"$CACHE/lock.host" >&2
}

# need NAME...: likewise, those of these rows of tests/vm/packages.
need()
{
	local list
	mapfile -t list < <(packages "$@")
	need_pkgs "${list[@]}"
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
		if ! flock -n 9; then
			start_beat "waiting for another process that makes ${target##*/}"
			flock 9
			end_beat
		fi
		if [[ -e $target ]]; then
			exit 0
		fi
		# What a killed run left behind, and what nobody has used for long and can
		# be made again with the means of now: of this kind, or without a network.
		# Others put theirs in place meanwhile, under find's eyes.
		find "$CACHE" -maxdepth 1 \( -name 'tmp.*' -mmin +600 -o -mtime +30 \
			\( -name "$kind-*" -o -name 'build-*' \) \) -exec rm -rf --one-file-system {} + 2>/dev/null || :
		tmp=$(mktemp -d "$CACHE/tmp.XXXXXX")
		trap 'rm -rf "$tmp"' EXIT
		trap 'exit 130' INT TERM HUP
		start_beat "making ${target##*/}" "$tmp"
		"$make" "$tmp/new" "$@" >&2
		end_beat
		mv -T "$tmp/new" "$target"
	) 9>"$CACHE/lock.${target##*/}"
}
