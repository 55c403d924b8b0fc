# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# KTAP for shell tests: a plan, a line per result, exit 0, 1 or 4.

KTAP_N=0 KTAP_FAIL=0 KTAP_SKIP=0 KTAP_PLAN=0

plan()
{
	KTAP_PLAN=$1
	echo 'KTAP version 1'
	echo "1..$1"
}

diag()
{
	local line

	[[ $# -eq 0 ]] || printf '%s\n' "$@" | while IFS= read -r line; do
		echo "# $line"
	done
}

# diag_file FILE [LINES]
diag_file()
{
	[[ ! -s $1 ]] || head -n "${2:-20}" "$1" | sed 's/^/#   /'
}

ok()
{
	KTAP_N=$((KTAP_N + 1))
	echo "ok $KTAP_N $1"
}

# not_ok NAME [WHY...]
not_ok()
{
	KTAP_N=$((KTAP_N + 1))
	KTAP_FAIL=$((KTAP_FAIL + 1))
	echo "not ok $KTAP_N $1"
	shift
	diag "$@"
}

skip()
{
	KTAP_N=$((KTAP_N + 1))
	KTAP_SKIP=$((KTAP_SKIP + 1))
	echo "ok $KTAP_N $1 # SKIP $2"
}

# result STATUS NAME [WHY...]
result()
{
	local status=$1

	shift
	if [[ $status -eq 0 ]]; then ok "$1"; else not_ok "$@"; fi
}

# is NAME GOT WANT
is()
{
	if [[ $2 == "$3" ]]; then ok "$1"; else not_ok "$1" "got  $2" "want $3"; fi
}

# like NAME TEXT PATTERN: a shell pattern
like()
{
	# shellcheck disable=SC2053	# a pattern it is
	if [[ $2 == $3 ]]; then ok "$1"; else not_ok "$1" "got  $2" "like $3"; fi
}

# succeeds NAME COMMAND...
succeeds()
{
	local name=$1 out status

	shift
	out=$("$@" 2>&1)
	status=$?
	result "$status" "$name" "status $status: $*" "$out"
}

# skip_all WHY: the whole program
skip_all()
{
	echo 'KTAP version 1'
	echo "1..0 # SKIP $1"
	exit 4
}

# ktap_end: what is missing from the plan is a failure of the program's own
ktap_end()
{
	echo "# Totals: pass:$((KTAP_N - KTAP_FAIL - KTAP_SKIP)) fail:$KTAP_FAIL skip:$KTAP_SKIP"
	if [[ $KTAP_N -ne $KTAP_PLAN ]]; then
		echo "# planned $KTAP_PLAN tests, ran $KTAP_N"
		exit 1
	fi
	[[ $KTAP_FAIL -eq 0 ]] || exit 1
	[[ $KTAP_SKIP -lt $KTAP_N || $KTAP_N -eq 0 ]] || exit 4
	exit 0
}
