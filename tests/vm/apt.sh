# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian packages of any suite, without touching the host's own apt: an index
# of our own in the cache, from the mirrors that the host uses.

# For mmdebstrap: the host's apt may know that its mirror is an old one.
# shellcheck disable=SC2034 # for the callers
APT_AGED=()
if [[ $(apt-config shell valid Acquire::Check-Valid-Until) == *false* ]]; then
	APT_AGED=(--aptopt='Acquire::Check-Valid-Until "false"')
fi

# debstrap ARG...: mmdebstrap without the files that are open here. It has sh write to
# the next free descriptor, and sh knows none above 9.
debstrap()
{
	(
		for fd in /proc/self/fd/*; do
			fd=${fd##*/}
			[[ $fd -le 2 || $fd -ge 255 ]] || eval "exec $fd>&-"
		done
		exec mmdebstrap "$@"
	)
}

# sources SUITE,...: lines as in sources.list. A suite of the security archive
# that the host does not know is left out.
sources()
{
	local suite label uri found=
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	local -A mirror=()
	while read -r label uri; do
		mirror[$label]=$uri
	done < <(apt-get indextargets --format "\$(LABEL) \$(REPO_URI)" \
		'Created-By: Packages' 'Origin: Debian' | sort -u)
	for suite in ${1//,/ }; do
		case $suite in
		*-security)	label=Debian-Security ;;
		*)		label=Debian ;;
		esac
		[[ -n ${mirror[$label]:-} ]] || continue
		printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "${mirror[$label]}" "$suite"
		found=1
	done
	[[ -n $found ]] || die "apt knows no Debian mirror, run: apt-get update"
}

# suite_apt TOOL ARG...: apt-get or apt-cache on the index of K_SUITES.
suite_apt()
{
	local tool=$1 dir=$CACHE/apt-$K_ARCH-${K_SUITES//,/+}
	local option=()
	shift
	# Backports are not taken from unless one insists.
	[[ $K_SUITES != *-backports* ]] || option+=(-t "${K_SUITES##*,}")
	# A mirror may lag behind with the index of testing, which is valid for a week. What
	# it lists is signed all the same.
	[[ $K_SUITES != testing ]] || option+=(-o Acquire::Check-Valid-Until=false)
	"$tool" -q "${option[@]}" -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State="$dir" -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" \
		-o APT::Architecture="$K_ARCH" -o APT::Architectures="$K_ARCH" \
		-o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

# suite_update: a fresh index, once an hour at most.
suite_update()
{
	local dir=$CACHE/apt-$K_ARCH-${K_SUITES//,/+}
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	(
		flock 9
		if [[ -n $(find "$dir/fresh" -mmin -60 2>/dev/null) ]]; then
			exit 0
		fi
		progress "reading Debian's package lists of ${K_SUITES//,/ }"
		sources "$K_SUITES" >"$dir/sources.list"
		: >"$dir/status"
		suite_apt apt-get -qq -o APT::Update::Error-Mode=any update >&2 ||
			die "apt-get cannot read the package lists of ${K_SUITES//,/ }, see above"
		touch "$dir/fresh"
	) 9>"$dir/lock"
}

# suite_concrete PACKAGE: what a metapackage stands for, the newest that a *
# matches, else itself.
suite_concrete()
{
	local dep
	if [[ $1 == *\** ]]; then
		dep=${1//./\\.}
		dep=$(suite_apt apt-cache pkgnames "${1%%\**}" | grep -x "${dep//\*/[^-]*}" | sort -V | tail -n 1)
		printf '%s\n' "${dep:?no package is called $1}"
		return
	fi
	dep=$(suite_apt apt-cache depends "$1" | sed -n 's/^ *Depends: \(linux-[a-z]*-[0-9].*\)/\1/p;' | sed q)
	printf '%s\n' "${dep:-$1}"
}

# suite_closure PACKAGE...: these and the versioned linux-* packages they need.
suite_closure()
{
	suite_apt apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts \
		--no-breaks --no-replaces --no-enhances "$@" |
		grep -E '^linux-[a-z-]+-[0-9]' | grep -v -e '^linux-compiler-' -e '-unsigned$' | sort -u
}

# suite_download DIR PACKAGE...: fetches their files.
suite_download()
{
	local dir=$1 size
	shift
	(
		cd "$dir"
		read -r _ size < <(download_size <(suite_apt apt-get -qq --print-uris download "$@"))
		progress "fetching $1${2:+ and $(($# - 1)) more} ($size MB)"
		suite_apt apt-get -qq download "$@" >&2
	) || die "apt-get cannot fetch $*, see above"
}

# suite_unpack DIR PACKAGE...: unpacks, installs nothing.
suite_unpack()
{
	local dir=$1 deb
	shift
	mkdir -p "$dir/debs"
	suite_download "$dir/debs" "$@"
	for deb in "$dir"/debs/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -rf "$dir/debs"
}
