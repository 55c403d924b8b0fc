# shellcheck shell=bash disable=SC2154,SC2034
# Packet expressions, with libpcap and without. That they select what tcpdump
# selects is a matter for tests/guest/filters.
export WHYDROP_DEBUGFS=$PWD/dbg WHYDROP_PARAMETERS=$PWD/par
: >par/packet_filter
bad=
make -s -C "$top/user" PCAP=0 NCURSES=0 CFLAGS=-O0 O="$out/user-nopcap" >log 2>&1 || fail "$(cat log)"
"$out/user-nopcap/whydrop" list -f s.wd tcp >stdout 2>stderr
[ $? -eq 2 ] || fail "exit status"
matches stdout = stdout
matches stderr "built without libpcap" stderr
matches stderr "hint: install it .Debian: libpcap-dev" stderr
finish "without libpcap: an error, and what to install"
bad=
"$out/user-nopcap/whydrop" list s.wd >stdout 2>stderr
matches stderr "hint: to read a recording: -f s.wd$" stderr
finish "... but of a file, how to read it"
bad=
"$out/user-nopcap/whydrop" top -f s.wd >stdout 2>stderr || fail "exit status $?"
matches stdout "NO_SOCKET" stdout
matches stderr "plain lines: built without ncurses .*libncurses-dev" stderr
finish "without ncurses: plain lines, and what to install"

# shown NAME NUMBER EXPRESSION...: so many of the sample are selected
shown() {
	local name=$1 want=$2
	shift 2
	t "$name" 0 - "^# $want shown, $((10 - want)) not selected" list -f s.wd "$@"
}

if ldd "$whydrop" | grep -q libpcap; then
	shown "expression: a port" 1 tcp port 443
	shown "expression in one word" 1 'udp and dst port 9999 and not ip[6:2] & 0x3fff != 0'
	shown "expression: IPv6" 2 ip6
	shown "expression: fragments" 2 'ip[6:2] & 0x3fff != 0'
	shown "expression: bytes that were captured" 1 'icmp[icmptype] = icmp-echo'
	t "expression: no header is said" 0 - "^# 3 packets skipped: no IP header" list -f s.wd ip6
	t "expression: captured too short" 0 - "too few bytes for this expression; raise snaplen" \
		list -f s.wd 'ip[60] = 1'
	t "expression goes to the end of the line" 2 = "syntax error" list 'ip[0]' -f s.wd
	t "... and a minus in it is no option" 2 = "syntax error" list -f s.wd 'ip[0]' - x
	bad=
	! grep "options go" stderr || fail "$(cat stderr)"
	finish "... and is told as none"
	t "a recording for an expression" 2 = "hint: to read a recording: -f s.wd$" list s.wd
	t "options before the expression" 0 "443" "1 shown" list -r NO_SOCKET -f s.wd tcp
	t "count by an expression" 0 "NO_SOCKET" "^# 1 drop$" count -f s.wd tcp port 443
	t "stacks by an expression" 0 "tcp_v4_rcv" "^# 1 drop at" stacks -f s.wd tcp port 443
	t "record by an expression" 0 = "1 events.*saved in x.wd" record -f s.wd -w x.wd tcp port 443
	t "what it recorded" 0 "443" "# 1 shown$" list -f x.wd
	for e in arp 'not arp' 'tcp or arp' vlan 'ether host 02:00:00:00:00:01' 'ether[0] = 1' \
		'mpls 3' 'link[2] = 3'; do
		t "link layer: $e" 2 = "from its IP header on" list -f s.wd "$e"
	done
	t "expression that nothing fits" 2 = "rejects all packets" list -f s.wd 'ip and ip6'
	t "expression with a typing error" 2 = "syntax error" list -f s.wd tcp prot 443
	bad=
	"$whydrop" set packet_filter='tcp port 443' || fail "exit status $?"
	"$whydrop" status >stdout 2>stderr
	grep -q '^(000) ldb' stdout || fail "status has no program"
	awk 'length > 80' stdout >changes
	[ ! -s changes ] || fail "wider than 80: $(cat changes)"
	matches stdout "^packet_filter  *a program of [0-9]+ instructions$" stdout
	matches stderr "packet_filter filters drops: a program of [0-9]+ instructions" stderr
	grep -Eq '^[0-9]+(,[0-9]+ [0-9]+ [0-9]+ [0-9]+)+$' par/packet_filter ||
		fail "$(cat par/packet_filter)"
	finish "set packet_filter to an expression"
	t "packet_filter: typing error" 2 = "syntax error" set packet_filter='tcp prot 1'
	t "packet_filter: the link layer" 2 = "from its IP header on" set packet_filter=vlan
	t "packet_filter: too long for a parameter" 2 = "takes at most 4094" set \
		packet_filter="$(seq -s ' or ' -f 'net 10.%g.0.0/16' 1 250)"
else
	skip "packet expressions" "no libpcap to build with (Debian: libpcap-dev)"
fi
for v in '1,6 0 0 1' ''; do
	bad=
	"$whydrop" set packet_filter="$v" || fail "exit status $?"
	[ "$(cat par/packet_filter)" = "$v" ] || fail "$(cat par/packet_filter)"
	finish "packet_filter: \"$v\" passes as it is"
done
t "a value too long for a parameter" 2 = "takes at most 4094" set \
	reasons="$(seq -s, 1 2000)"

# Of the sample, one was for another host and one is of a unix socket.
t "--benign hide" 0 "NO_SOCKET" "^# 2 usually harmless drops skipped" list -f s.wd --benign hide
! grep -Eq "OTHERHOST|unix" stdout || fail "$(cat stdout)"; finish "... and those are not there"
lines "--benign show is the default" 10 list -H --time none -f s.wd --benign show
cat >dbg/stacks <<'END'
# whydrop stacks v1 kernel 6.1.0
# COUNT REASON @ PLACE
   1842 NO_SOCKET @ __udp4_lib_rcv+0x9c4/0xd30
        __udp4_lib_rcv+0x9c4/0xd30

    199 NOT_SPECIFIED @ ip6_mc_input+0x1d9/0x3b0
        ip6_mc_input+0x1d9/0x3b0

     31 OTHERHOST @ ip_rcv_core+0x1d9/0x3b0
        ip_rcv_core+0x1d9/0x3b0

     17 QUEUE_PURGE @ skb_queue_purge_reason+0x45/0x80
        skb_queue_purge_reason+0x45/0x80
        wg_packet_purge_staged_packets+0x32/0x60 [wireguard]

     11 NEIGH_FAILED @ neigh_invalidate+0x99/0x120
        neigh_invalidate+0x99/0x120

      7 SOCKET_RCVBUFF @ netlink_attachskb+0x99/0x120
        netlink_attachskb+0x99/0x120

END
t "hidden ones are counted" 0 "NO_SOCKET" "^# 199 usually harmless drops skipped" count --benign hide
t "hidden stacks too" 0 "NO_SOCKET" "^# 199 usually harmless drops skipped" stacks --benign hide
# For another host or not, counts do not tell; the others are losses.
for reason in OTHERHOST QUEUE_PURGE NEIGH_FAILED SOCKET_RCVBUFF; do
	grep -q "$reason" stdout || fail "$reason is hidden"
done
finish "... but nothing that may be a loss"
t "bad --benign" 2 = "benign: .maybe. is not show or hide" list --benign maybe
