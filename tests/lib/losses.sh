# shellcheck shell=bash disable=SC2034,SC2154	# others use ours; guest.sh has set some
# SPDX-License-Identifier: GPL-2.0
# What the tests of `whydrop losses' have in common, behind lib/guest.sh.

CARD=/sys/module/wdcard/parameters
SWITCH=/sys/module/wdswitch/parameters
# The one that can be built with libmnl; the other one is static.
READER=whydrop.pcap
[[ -x $T/bin/$READER ]] || READER=whydrop

# watch_losses NS: from now on
watch_losses()
{
	wd_reset
	rm -f "$TMP/ready"
	mkfifo "$TMP/ready"
	"$READER" losses -N "$1" --duration 3600 -j --ready-fd 4 >"$TMP/json" 2>"$TMP/err" 4>"$TMP/ready" &
	LOSSES=$!
	read -r _ <"$TMP/ready"
}

# end_losses: and until now
end_losses()
{
	until_true 10 wd_quiet
	kill -INT "$LOSSES"
	wait "$LOSSES"
	jsonl -c "$TMP/json" >/dev/null
}

rows()
{
	jsonl -t layer,where,counter,driver_name,lost,seen,fewer,reasons "$TMP/json" type=counter
}

# row_is WHAT KEY=PATTERN...: there is one such row, and it is the only one of the counter
row_is()
{
	local what=$1 n

	shift
	n=$(jsonl "$TMP/json" type=counter "$@")
	[[ $n == 1 ]]
	result $? "$what" "$n rows of $*" "$(rows)" "$(head -3 "$TMP/err")"
}

# lost_of LAYER COUNTER: the number in its row
lost_of()
{
	jsonl -t lost "$TMP/json" type=counter "layer=$1" "counter=$2" | sed -n 's/.*lost=//p'
}

# by NAME: what row_is() wants of reasons, if this kernel has that one
by()
{
	local n

	[[ $(wd_known "$1") == "$1" ]] || return 0
	n=$(wd_reason "$1")
	echo "reasons=*{\"reason\":\"$1\",\"count\":$n}*"
}

# sum_is N REASON...: so many, where this kernel has these reasons
sum_is()
{
	local n=$1 sum=0 r

	shift
	for r; do
		[[ $(wd_known "$r") == "$r" ]] || return 0
		sum=$((sum + $(wd_reason "$r")))
	done
	[[ $sum -ge $n ]]
}
