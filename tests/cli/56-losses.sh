# shellcheck shell=bash disable=SC2154,SC2034,SC2016	# an inner shell has variables of its own
# losses: words, JSON, and counters of a namespace that is made for it. tests/guest/losses
# loses packets at each layer.
"$mkrec" sample >s.wd

t "losses of two namespaces at once" 2 = "of one network namespace at a time" losses -N 1,2
t "losses of all namespaces but one" 2 = "of one network namespace at a time" losses -N '!1'
t "losses of a namespace that there is not" 3 = "no namespace with the inode 1" losses -N 1
t "losses of recordings" 2 = "has no option --file" losses -f s.wd

t "metrics of losses and of a recording" 2 = "and -f is a recording" metrics --losses -f s.wd
t "explain of a counter" 0 "no: the card's ring was full" = explain rx_missed_errors
t "... and what it mostly means" 0 "^  Mostly bad: no room" = explain rx_missed_errors
t "... or that it is usual" 0 "^  Mostly usual on a healthy host$" = explain UdpNoPorts
t "... of one of that name in two layers" 0 "layer device" = explain rx_nohandler
t "... of a driver's" 0 "layer driver, of the kind xdp_drop$" = explain rx_queue_0_xdp_drops
t "... along with a reason" 0 "^NO_SOCKET" "^# lost 118 events: " explain UdpNoPorts NO_SOCKET -f s.wd
t "... of none" 2 = "no drop reason of the recording matches .rx_misst'" explain -f s.wd rx_misst
bad=
"$whydrop" --complete explain '' 2>/dev/null | awk -F '\t' '$1 ~ /[a-z]/ && $2 ~ /^[a-z0-9]+$/ { print $1 }' |
	sort -u | xargs -n 50 "$whydrop" explain -j >counters.json
[ "$(wc -l <counters.json)" -ge 110 ] || fail "only $(wc -l <counters.json) counters"
sed 's/.*"reasons":\[\([^]]*\)\].*/\1/' counters.json | tr -d '"' | tr ',' '\n' | grep . | sort -u >named
[ "$(wc -l <named)" -ge 40 ] || fail "only $(wc -l <named) reasons"
while read -r name; do
	grep -qx -- "$name" "$here/reasons.txt" || fail "no kernel has the reason $name"
done <named
finish "each reason of a counter is one of a kernel"

# In a network namespace of its own. Root needs no namespace of users for it, which a
# chroot may not have.
own_net() {
	if [ "$(id -u)" = 0 ]; then unshare -n "$@"; else unshare -rn "$@"; fi
}
bad=
if ! own_net ip link set lo up 2>why; then
	skip "losses of a namespace" "$(head -1 why)"
	skip "losses since another look" "$(head -1 why)"
else
	mkdir -p saw
	printf '# whydrop reasons v1\nNO_SOCKET 3 5000 nobody\nNOT_SPECIFIED 2 9 none\n' >saw/reasons
	cat >lose.py <<-'END'
	import socket, sys
	s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	for i in range(int(sys.argv[1])):
	    s.sendto(b"x", ("127.0.0.1", 9))
	END
	# lose N ARGUMENT...: so many, then whydrop
	lose() {
		own_net sh -c 'ip link set lo up; python3 lose.py "$0"; exec "$@"' "$1" \
			env WHYDROP_DEBUGFS=saw WHYDROP_PARAMETERS=saw "$whydrop" losses "${@:2}"
	}
	lose 7 >out 2>err || fail "exit status $?: $(cat err)"
	[ "$(grep -cE '^udp +- +UdpNoPorts +7 yes, among others: 5000 NO_SOCKET [(]usual[)]$' out)" = 1 ] || fail "$(cat out)"
	grep -q 'among others: whydrop counts by reason, for all namespaces' err || fail "$(cat err)"
	grep -q '^# LAYER .* LOST WHYDROP SAW$' out || fail "$(head -1 out)"
	grep -q "losses are since boot, whydrop's counts since its load" err || fail "$(cat err)"
	printf '# whydrop reasons v1\nNO_SOCKET 3 7 nobody\nNOT_SPECIFIED 2 9 none\n' >saw/reasons
	lose 7 >out 2>err || fail "exit status $?: $(cat err)"
	[ "$(grep -cE '^udp +- +UdpNoPorts +7 yes: 7 NO_SOCKET [(]usual[)]$' out)" = 1 ] || fail "of one namespace: $(cat out)"
	grep -q '^# besides, whydrop saw 9 NOT_SPECIFIED, in all namespaces$' err || fail "what no counter has: $(cat err)"
	grep -q 'among others' err && fail "of one namespace: $(cat err)"
	lose 7 -j >out 2>err || fail "-j: exit status $?"
	grep -q '"counter":"UdpNoPorts".*"fewer":null,"others":false' out || fail "of one namespace: $(cat out)"
	printf '# whydrop reasons v1\nNO_SOCKET 3 5000 nobody\nNOT_SPECIFIED 2 9 none\n' >saw/reasons
	if command -v script >/dev/null; then
		# On a terminal nothing is cut off, and the next question is there.
		cat >tty.sh <<-END
		ip link set lo up
		python3 lose.py 7
		export NO_COLOR=1 WHYDROP_DEBUGFS=saw WHYDROP_PARAMETERS=saw
		script -qc "stty cols 60; '$whydrop' losses" /dev/null </dev/null
		END
		own_net sh tty.sh >out
		grep -q '^ \{10\}yes, among others: 5000 NO_SOCKET (usual).$' out || fail "60 columns: $(cat out)"
		grep -q "whydrop explain NOT_SPECIFIED' says what it means" out || fail "what to ask next: $(cat out)"
	fi
	lose 7 -H >out 2>err
	grep -q '^#' out && fail "a header with -H"
	lose 7 -H -c 1 >out 2>err
	[ "$(wc -l <out)" = 1 ] || fail "-c 1: $(cat out)"
	lose 7 -j >out 2>err || fail "-j: exit status $?"
	[ ! -s err ] || fail "-j: $(cat err)"
	grep -q '"layer":"udp","where":null,"counter":"UdpNoPorts",.*"lost":7,"rate":null,"total":7,"seen":"yes","why":null,"intent":"usual","reasons":\[{"reason":"NO_SOCKET","count":5000}\],"fewer":null,"others":true' out || fail "$(cat out)"
	tail -1 out | grep -Eq '"only_seen":\[{"reason":"NOT_SPECIFIED","count":9}\]' || fail "-j: $(tail -1 out)"
	tail -1 out | grep -Eq '"netns":[0-9]{9,10},"module":true' || fail "-j: no namespace: $(tail -1 out)"
	tail -1 out | grep -q "\"netns\":$(stat -L -c %i /proc/self/ns/net)," && fail "-j: another namespace: $(tail -1 out)"
	own_net sh -c 'ip link set lo up; python3 lose.py 7; exec "$@"' sh \
		env WHYDROP_DEBUGFS=none WHYDROP_PARAMETERS=none "$whydrop" metrics --losses >out 2>err ||
		fail "metrics: $(cat err)"
	[ ! -s err ] || fail "metrics: $(cat err)"
	grep -qx 'whydrop_losses_total{layer="udp",where="",counter="UdpNoPorts",seen="yes"} 7' out ||
		fail "metrics: $(cat out)"
	[ "$(tail -1 out)" = '# EOF' ] || fail "metrics: no end: $(cat out)"
	if /usr/bin/python3 -c 'import prometheus_client.openmetrics.parser' 2>/dev/null; then
		/usr/bin/python3 -c 'import sys; from prometheus_client.openmetrics import parser
assert [f.name for f in parser.text_string_to_metric_families(sys.stdin.read())] == ["whydrop_losses"]' \
			<out 2>err || fail "metrics: $(cat err)"
	fi
	rm -r saw
	lose 7 >out 2>err || fail "without the module: exit status $?"
	grep -qE '^udp +- +UdpNoPorts +7 yes: as NO_SOCKET [(]usual[)]$' out || fail "without the module: $(cat out)"
	grep -q 'WHYDROP SEES$' out || fail "without the module: $(head -1 out)"
	grep -q 'the module is not loaded: shown is what whydrop would see' err || fail "without the module: $(cat err)"
	finish "losses of a namespace"

	# What was lost before is not of now; and what comes is compared.
	bad=
	mkdir saw
	printf 'NO_SOCKET 3 5000 nobody\n' >saw/reasons
	cat >since.sh <<-'END'
	ip link set lo up
	python3 lose.py 7
	mkfifo ready.losses
	WHYDROP_DEBUGFS=saw WHYDROP_PARAMETERS=saw "$whydrop" losses --interval 1000 -j --ready-fd 4 \
		>out 2>err 4>ready.losses &
	read -r _ <ready.losses
	python3 lose.py 23
	printf 'NO_SOCKET 3 5022 nobody\n' >saw/reasons
	kill -INT $!
	wait $! || echo "exit status $?"
	END
	(export whydrop; own_net bash since.sh) >said 2>&1
	[ ! -s said ] || fail "$(cat said)"
	grep -q '"counter":"UdpNoPorts",.*"lost":23,"rate":[0-9.]*,"total":30,.*"reasons":\[{"reason":"NO_SOCKET","count":22}\],"fewer":true,"others":false' out || fail "$(cat out)"
	grep -q '"type":"losses","seconds":[0-9.]*,' out || fail "$(tail -1 out)"
	rm -r saw
	finish "losses since another look"
fi
