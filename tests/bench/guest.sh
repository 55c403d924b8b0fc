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

# Two ends of a veth pair that say nothing by themselves.
network()
{
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1 || :
	ip link add wdb0 address 02:00:00:00:00:01 type veth \
		peer name wdb1 address 02:00:00:00:00:02 || fail "no veth pair"
	ip link set wdb0 up
	ip link set wdb1 up
}

# stat_of KEY: whydrop's own count
stat_of()
{
	awk -v key="$1:" '$1 == key { print $2; found = 1 } END { exit !found }' $STATS ||
		fail "no $1 in $STATS"
}
