# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What the measurements share in the guest.

set -u
SEND_DEV=wdb0
STATS=/sys/kernel/debug/whydrop/stats
# tcpdump -y RAW -ddd 'ip and udp and dst port 53' | tr '\n' ',', as a parameter
PROGRAM='packet_filter="12,48 0 0 0,84 0 0 240,21 0 8 64,48 0 0 9,21 0 6 17,40 0 0 6,69 4 0 8191,177 0 0 0,72 0 0 2,21 0 1 53,6 0 0 262144,6 0 0 0"'

fail()
{
	echo "bench: $*" >&2
	exit 1
}

# A link for each of four senders: wdb0 to wdb1, wdb2 to wdb3... They say
# nothing by themselves.
network()
{
	local i

	sysctl -qw net.ipv6.conf.default.disable_ipv6=1 || :
	for i in 0 2 4 6; do
		ip link add wdb$i address 02:00:00:00:00:0$((i + 1)) type veth \
			peer name wdb$((i + 1)) address 02:00:00:00:00:0$((i + 2)) ||
			fail "no veth pair"
		ip link set wdb$i up
		ip link set wdb$((i + 1)) up
	done
}

# stat_of KEY: whydrop's own count
stat_of()
{
	awk -v key="$1:" '$1 == key { print $2; found = 1 } END { exit !found }' $STATS ||
		fail "no $1 in $STATS"
}

# maze WARM COUNT WAYS LEVELS: drops by wdmaze; prints how many, and their instructions
maze()
{
	local run=/sys/module/wdmaze/parameters

	echo "$1 $3 $4" >$run/run || fail "wdmaze does not run"
	echo "$2 $3 $4" >$run/run
	echo "$2 $(<$run/cycles)"
}
