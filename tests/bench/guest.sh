# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What the measurements share in the guest.

set -u
SEND_DEV=wdb0
STATS=/sys/kernel/debug/whydrop/stats

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
