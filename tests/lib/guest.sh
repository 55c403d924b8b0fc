# shellcheck shell=bash disable=SC2016,SC2034	# sh -c has variables of its own; others use ours
# SPDX-License-Identifier: GPL-2.0
# What the tests in the guest have in common. The guest's folder has bin/ with
# the programs, lib/, guest/ and whydrop.ko.

set -u
shopt -s extglob
T=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PATH=$T/bin:$PATH
WD=/sys/kernel/debug/whydrop
WDP=/sys/module/whydrop/parameters
TRACE=/sys/kernel/tracing
KO=${KO:-$T/whydrop.ko}
TMP=$(mktemp -d)
# The processors that drop: two, or the one that the machine has. One that it has and that
# has not come up is none to leave out.
SENDERS=(0)
[[ $(</sys/devices/system/cpu/present) == 0 ]] || SENDERS=(0 1)
SENDER_LIST=$(IFS=,; echo "${SENDERS[*]}")	# for dropgen

# shellcheck source=tests/lib/ktap.sh
. "$T/lib/ktap.sh"

# ---- what to undo, last first ----

DEFERRED=()

defer()
{
	DEFERRED+=("$*")
}

undo()
{
	local i

	for ((i = ${#DEFERRED[@]} - 1; i >= 0; i--)); do
		eval "${DEFERRED[i]}" >/dev/null 2>&1
	done
	DEFERRED=()
}

at_exit()
{
	undo
	rm -rf "$TMP"
}
trap at_exit EXIT

# ---- waiting ----

uptime_ms()
{
	local up

	read -r up _ </proc/uptime
	echo $((10#${up/./} * 10))
}

# until_true SECONDS COMMAND...: try until it succeeds, at most that long
until_true()
{
	local end=$(($(uptime_ms) + $1 * 1000))

	shift
	until "$@"; do
		[[ $(uptime_ms) -lt $end ]] || return 1
		sleep 0.02
	done
}

# ---- module ----

wd_loaded()
{
	[[ -d /sys/module/whydrop && -e $WD/raw ]]
}

# wd_load [PARAMETER=VALUE...]
wd_load()
{
	insmod "$KO" "$@" || return
	wd_loaded
}

wd_unload()
{
	! [[ -d /sys/module/whydrop ]] || rmmod whydrop
}

wd_reset()
{
	echo 1 >"$WDP/reset"
}

# wd_stat KEY
wd_stat()
{
	awk -v k="$1:" '$1 == k { print $2; found = 1 } END { exit !found }' "$WD/stats"
}

# wd_reason NAME: its count; 0 if this kernel has no such reason
wd_reason()
{
	awk -v r="$1" '$1 == r { n += $3 } END { print n + 0 }' "$WD/reasons"
}

# wd_known REASON[/REASON...]: what this kernel calls it, the first that it has:
# reasons that later ones have are plain here, and old ones have none
wd_known()
{
	local name names

	IFS=/ read -ra names <<<"$1"
	for name in "${names[@]}" NOT_SPECIFIED NOT_AVAILABLE; do
		! grep -q "^$name " "$WD/reasons" || break
	done
	echo "$name"
}

# wd_some_reasons: values of the parameter, which kernels without reasons refuse
wd_some_reasons()
{
	[[ $(wd_known NO_SOCKET) == NOT_AVAILABLE ]] || echo "NO_SOCKET !OTHERHOST TCP_*,UDP_* 3"
}

# wd_identities: what must hold at rest; prints what does not
wd_identities()
{
	awk '
	/^#/ || NF != 2 { next }
	{ sub(":", "", $1); v[$1] = $2 }
	$1 ~ /^cpu[0-9]+\.seen$/ { sub(".seen", "", $1); prefix[$1 "."] = 1 }
	END {
		prefix[""] = 1
		for (p in prefix) {
			if (!((p "seen") in v)) { print "no " p "seen"; bad = 1 }
			if (v[p "seen"] != v[p "filtered"] + v[p "lost_nobuf"] + v[p "lost_nmi"] + v[p "recorded"]) {
				print p "seen " v[p "seen"] " is not filtered " v[p "filtered"] " + lost_nobuf " \
				      v[p "lost_nobuf"] " + lost_nmi " v[p "lost_nmi"] " + recorded " v[p "recorded"]
				bad = 1
			}
			if (v[p "recorded"] != v[p "stack_by_id"] + v[p "stack_inline"] + v[p "stack_suppressed"] + v[p "stack_off"]) {
				print p "recorded " v[p "recorded"] " is not the sum of stack_*"
				bad = 1
			}
			if (p != "")
				sum += v[p "seen"]
		}
		if (sum != v["seen"]) { print "seen " v["seen"] " is not the sum of the CPUs " sum; bad = 1 }
		exit bad
	}' "$WD/stats" || return
	local seen reasons stacks

	seen=$(wd_stat seen)
	reasons=$(awk '!/^#/ { n += $3 } END { printf "%d\n", n }' "$WD/reasons")
	[[ $seen == "$reasons" ]] || {
		echo "seen $seen is not the sum of the reasons $reasons"
		return 1
	}
	seen=$(wd_stat recorded)
	stacks=$(awk '/^ *[0-9]+ [^ ]+ @ / { n += $1 } END { printf "%d\n", n }' "$WD/stacks")
	[[ $seen == "$stacks" ]] || {
		echo "recorded $seen is not the sum of the stacks $stacks"
		return 1
	}
}

# wd_quiet: nothing was dropped between two looks
wd_quiet()
{
	local a

	a=$(wd_stat seen)
	sleep 0.05
	[[ $(wd_stat seen) == "$a" ]]
}

# wd_leftovers: what whydrop holds, as the kernel tells; all 0 when it is gone
wd_leftovers()
{
	local states=/sys/devices/system/cpu/hotplug/states

	grep -c whydrop /proc/vmallocinfo
	grep -c '^whydrop ' /proc/modules
	find /sys/kernel/debug -maxdepth 1 -name 'whydrop*' | wc -l
	# there is none where no CPU can come and go
	[[ -e $states ]] || states=/dev/null
	grep -c whydrop "$states"
}

# kernel_leaks: what kmemleak, where there is one, finds that a module has
# allocated, also one that is gone: then its frames have no names. It has
# findings of the kernel's own boot, too.
kernel_leaks()
{
	local file=/sys/kernel/debug/kmemleak

	[[ -e $file ]] || return 0
	# what is younger than five seconds is not told
	sleep 6
	echo scan >$file
	echo scan >$file
	awk '
	function tell() { if (text ~ /\[(whydrop|wd[a-z]+)\]|0xffffffff[ac]0/) printf "%s", text }
	/^unreferenced/ { tell(); text = "" }
	{ text = text $0 "\n" }
	END { tell() }' $file
}

# log_mark: what the kernel says from here on is printed by log_since
log_mark()
{
	LOG_MARK=$(dmesg | wc -l)
}

log_since()
{
	dmesg | tail -n +"$((LOG_MARK + 1))"
}

# ---- network: a host under test and its peer, each in a namespace ----
#
#	wdp: p0 (index 1010) -------- h0 (index 1020) :wdh: sink0 (index 1030)
#	     192.0.2.1, 2001:db8:2::1     192.0.2.2, 2001:db8:2::2
#
# The neighbors are known beforehand and nothing else speaks, so that nothing
# is dropped but by the tests. What wdh answers to 198.51.100.0/24 and
# 2001:db8:51::/64, the sources of crafted frames, goes out of sink0, a dummy,
# and so nowhere, without being dropped.

P_MAC=02:00:00:00:10:10
H_MAC=02:00:00:00:10:20
P4=192.0.2.1 H4=192.0.2.2 R4=198.51.100.7
P6=2001:db8:2::1 H6=2001:db8:2::2 R6=2001:db8:51::7

# net_quiet NS: no address of its own making
net_quiet()
{
	ip netns exec "$1" sh -c '
		cd /proc/sys/net
		for d in all default; do
			echo 1 >ipv6/conf/$d/mldv2_unsolicited_report_interval
			echo 0 >ipv6/conf/$d/accept_dad
			echo 0 >ipv6/conf/$d/accept_ra
			echo 0 >ipv6/conf/$d/router_solicitations
			echo 1 >ipv6/conf/$d/addr_gen_mode
			echo 0 >ipv4/conf/$d/rp_filter
		done
		exec ip link set lo up'
}

net_up()
{
	ip netns add wdp && ip netns add wdh || return
	defer ip netns del wdp
	defer ip netns del wdh
	[[ ! -e /proc/sys/net/core/netdev_max_backlog ]] ||
		echo 100000 >/proc/sys/net/core/netdev_max_backlog
	net_quiet wdp && net_quiet wdh || return
	ip link add p0 netns wdp index 1010 address $P_MAC type veth \
		peer name h0 netns wdh index 1020 address $H_MAC || return
	ip -b - <<-END || return
		netns exec wdp ip link set p0 up
	END
	ip -n wdp -b - <<-END || return
		link set p0 up
		addr add $P4/24 dev p0
		addr add $P6/64 dev p0 nodad
		neigh replace $H4 lladdr $H_MAC dev p0 nud permanent
		neigh replace $H6 lladdr $H_MAC dev p0 nud permanent
	END
	ip -n wdh -b - <<-END || return
		link add sink0 index 1030 type dummy
		link set sink0 arp off
		link set h0 up
		link set sink0 up
		addr add $H4/24 dev h0
		addr add $H6/64 dev h0 nodad
		neigh replace $P4 lladdr $P_MAC dev h0 nud permanent
		neigh replace $P6 lladdr $P_MAC dev h0 nud permanent
		route add 198.51.100.0/24 dev sink0
		route add 2001:db8:51::/64 dev sink0
	END
	# what they have to say of their multicast groups, they have said
	until_true 15 net_connected && until_true 5 net_silent
	NS_P=$(stat -L -c %i /run/netns/wdp)
	NS_H=$(stat -L -c %i /run/netns/wdh)
}

# new_devices_silent: what the tests add from now on has no multicast groups to tell of
new_devices_silent()
{
	local ns

	for ns in wdp wdh; do
		ip netns exec $ns sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
	done
}

# net_connected: the kernel has noticed that both ends of the cable are up, which it may be
# told of a second before; they send then
net_connected()
{
	[[ $(ip -n wdp link show p0) == *' state UP '* && $(ip -n wdh link show h0) == *' state UP '* ]]
}

# net_silent: nothing is sent for a while
net_silent()
{
	local a

	a=$(ip netns exec wdh cat /proc/net/dev)
	sleep 0.1
	[[ $(ip netns exec wdh cat /proc/net/dev) == "$a" ]]
}

# fence_steps: the steps of dropgen behind which all that was sent to wdh before
# them, by any CPU, has been dealt with: each CPU's backlog is a queue
fence_steps()
{
	local n

	n=$(nproc)
	echo "-n wdh open udp $H4:4999 --" \
		"-n wdp udp $P4:4998 $H4:4999 count=$n cpus=$(seq -s, 0 $((n - 1))) --" \
		"drain count=$n"
}

# net_fence: all that was sent to wdh up to now, by any CPU, has been dealt with
net_fence()
{
	# shellcheck disable=SC2046	# words
	dropgen $(fence_steps) >/dev/null
}
