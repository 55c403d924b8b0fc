# shellcheck shell=bash disable=SC2154,SC2034
# stacks --folded, metrics, count --interval and top.
export WHYDROP_DEBUGFS=$PWD/live WHYDROP_PARAMETERS=$PWD/live
mkdir live prom
"$mkrec" sample >s.wd
"$mkrec" events 5000 >many.wd
"$mkrec" hostile >hostile.wd
reasons() {	# NO_SOCKET's count
	cat >live/new <<-END
	# whydrop reasons v1 kernel 6.1.0
	# NAME                          NUMBER      COUNT  DESCRIPTION
	NO_SOCKET                            3       $1  socket not found
	NETFILTER_DROP                       8        101  dropped by netfilter
	OTHERHOST                            7          0  packet don't belong to current host
	END
	mv live/new live/reasons
}
reasons 1842
cat >live/stacks <<'END'
# whydrop stacks v1 kernel 6.1.0
   1842 NO_SOCKET @ __udp4_lib_rcv+0x9c4/0xd30
        __udp4_lib_rcv+0x9c4/0xd30
        ip_protocol_deliver_rcu+0x33/0x1c0

    100 NO_SOCKET @ __udp4_lib_rcv+0x9d0/0xd30
        __udp4_lib_rcv+0x9d0/0xd30
        ip_protocol_deliver_rcu+0x43/0x1c0

    101 NETFILTER_DROP @ nf_hook_slow+0xa8/0xd0 ; place only

END
printf '# whydrop stats v1\nlost_nobuf: 5\nlost_nmi: 3\n' >live/stats
echo 1 >live/enabled
cp s.wd live/raw

bad=
"$whydrop" stacks --folded >stdout 2>stderr || fail "exit status $?"
diff stdout - >changes <<'END' || fail "$(cat changes)"
ip_protocol_deliver_rcu;__udp4_lib_rcv;NO_SOCKET 1942
nf_hook_slow;NETFILTER_DROP 101
END
finish "folded: outermost first, places of a function together"
bad=
"$whydrop" stacks --folded -f hostile.wd >stdout 2>stderr || fail "exit status $?"
[ "$(wc -l <stdout)" -eq 1 ] || fail "more than a line"
grep -Eq '^[^ ]+ 3$' stdout || fail "blanks"
[ "$(tr -cd ';' <stdout | wc -c)" -eq 6 ] || fail "not six frames and a reason"
[ ! -s changes ] || fail "$(cat stdout)"
finish "folded: blanks, semicolons and new lines in symbols part nothing"
lines "folded: of each device the first" 5 stacks --folded --by dev -c 1 -f s.wd -r '!SOCKET_FILTER'
t "stacks of a group" 0 "^# dev eth0 of namespace 4026531840: 3 drops, 30.0%" - stacks --by dev -f s.wd
t "stacks of a group, JSON" 0 '"count":2,"dev":"eth0","netns":4026531840,"netns_name":null,"at":"tcp_v4_rcv' - stacks -j --by dev -f s.wd
t "folded JSON there is none" 2 = "exclude each other" stacks --folded -j -f s.wd

# A column is titled as the option and the field, whatever the width.
if command -v script >/dev/null; then
	for columns in 80 99 100 140; do
		bad=
		script -qec "stty cols $columns; NO_COLOR=1 '$whydrop' count -f s.wd -r '!*/*'" /dev/null </dev/null | tr -d '\r' >stdout
		grep -q '^#.* REASON .* INTENT .*MOSTLY AT' stdout || fail "$(cat stdout)"
		awk -v w="$columns" 'length > w' stdout >changes
		[ ! -s changes ] || fail "wider: $(cat changes)"
		finish "the intent's title at $columns columns"
	done
else
	skip "the intent's title" "no script(1)"
fi
bad=
"$whydrop" count --by place -f s.wd >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
"$whydrop" count --by at -f s.wd 2>/dev/null | diff - stdout >changes || fail "$(cat changes)"
"$whydrop" count -j --by place -f s.wd 2>/dev/null >json
grep -q '"count","at":"' json || fail "$(cat json)"
"$whydrop" top --by place -f s.wd >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
"$whydrop" stacks --by place -f s.wd >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
finish "--by place is --by at"
t "... and as a field, the error says its name" 2 = "^  hint: the place of a drop is its field .at'$" list -o place -f s.wd
bad=
"$whydrop" count --by x >stdout 2>stderr && fail "exit status 0"
sed -n "s/.*: not //p" stderr >words
"$whydrop" count --help | sed -n 's/^  --by WHAT  *//p' | diff - words >changes || fail "$(cat changes)"
[ "$(wc -w <words)" -ge 10 ] || fail "$(cat words)"
finish "--by: error and help name the same, in one order"

# A remark that is shown is explained.
t "stacks says what cut is" 0 "; cut$" "^# cut: the outermost frames are missing, see stack_depth$" stacks -f s.wd
bad=
"$whydrop" stacks -f s.wd -r NETFILTER_DROP >stdout 2>stderr || fail "exit status $?"
! grep "cut" stdout stderr || fail "nothing is cut"
"$whydrop" stacks --folded -f s.wd 2>&1 | grep "^# cut" && fail "folded shows none"
"$whydrop" stacks -j -f s.wd 2>&1 | grep "^# cut" && fail "JSON has it"
sed -n 's/^\t\t{ WHYDROP_STACK_[A-Z_]*, "\(.*\)" },$/\1/p' "$top/module/show/report.c" >remarks
[ "$(wc -l <remarks)" -ge 8 ] || fail "only $(cat remarks)"
while read -r remark; do
	grep -qx "\.It Cm $remark" "$top/user/man/whydrop.8" || fail "the man page lacks $remark"
done <remarks
finish "... where one is, and the man page has each remark"

lines "interval: each time anew" 8 count -j --interval 0.1 --duration 0 -f s.wd --by dev -c 5
last=$("$whydrop" list -j -f s.wd | sed -n 's/^{"type":"drop".*"time":"\([^"]*\)".*/\1/p' | sort | tail -n 1)
t "interval: of a recording, the time of its last drop" 0 "\"sample\",\"time\":\"${last:-none}\"" - \
	count -j --interval 0.1 -f s.wd
TZ=UTC t "interval: the time of its last drop, as text" 0 "^# ${last%%T*} $(echo "$last" | cut -c 12-19) UTC" - \
	count --interval 0.1 -f s.wd
t "interval: too short" 2 = "seconds, at least 0.1" count --interval 0
t "duration without interval" 2 = "--duration needs --interval" count --duration 1
t "exit code: something matched" 10 "NO_SOCKET" - count --exit-code -r NO_SOCKET
t "exit code: nothing" 0 - "0 drops" count --exit-code -r OTHERHOST
t "top in plain lines" 0 "1842 .* NO_SOCKET" "plain lines: stdout is not a terminal" top --duration 0
t "top as JSON" 0 '"type":"sample","time":"20.*"by":"reason","total":1943,' "" top -j --duration 0
bad=
"$whydrop" count -f many.wd >stdout 2>&1
awk 'length > 79 { exit 1 }' stdout || fail "$(cat stdout)"
COLUMNS=80 script -qec "stty cols 80; $whydrop count --by flow -f s.wd; $whydrop count --by at -f hostile.wd
	$whydrop count -f hostile.wd; $whydrop count --by dev -f hostile.wd" /dev/null </dev/null 2>/dev/null |
	sed 's/\x1b\[[0-9;]*m//g' | grep -v "^# [0-9l]" >stdout
[ "$(wc -l <stdout)" -gt 12 ] || fail "$(cat stdout)"
LC_ALL=C.UTF-8 awk 'length > 81 { print; exit 1 }' stdout >changes || fail "$(cat changes)"
LC_ALL=C tr -d '\12\15\40-\176\200-\377' <stdout >ctrl
[ ! -s ctrl ] || fail "control characters: $(od -c ctrl | head -3)"
finish "count on a terminal of 80 columns"

# The second time it counts on from what it wrote the first time.
metric() { sed -n "s|^whydrop_$1 ||p" prom/m.prom; }
bad=
(umask 077; "$whydrop" metrics -w prom/m.prom) >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
[ ! -s stdout ] || fail "$(cat stdout)"
[ "$(stat -c %a prom/m.prom)" = 644 ] || fail "mode $(stat -c %a prom/m.prom)"
[ "$(ls -A prom)" = m.prom ] || fail "left behind: $(ls -A prom)"
[ "$(tail -n 1 prom/m.prom)" = "# EOF" ] || fail "no # EOF at the end"
[ "$(metric 'drops_total{reason="NO_SOCKET",subsys="core",class="errors/l4/rx/no-socket",intent="usual"}')" = 1842 ] || fail "NO_SOCKET"
[ "$(metric 'drops_total{reason="OTHERHOST",subsys="core",class="no-loss/not-for-us",intent="usual"}')" = 0 ] || fail "OTHERHOST is not there"
[ "$(metric 'reason_info{reason="NO_SOCKET",subsys="core",at="__udp4_lib_rcv",advice="[^"]*"}')" = 1 ] || fail "NO_SOCKET's place"
! grep 'reason_info{reason="OTHERHOST"' prom/m.prom || fail "of what was not dropped"
[ "$(metric 'device_drops_total{dev="eth0"}')" = 4 ] || fail "eth0"
[ "$(metric 'lost_events_total{cause="nmi"}')" = 3 ] || fail "nmi"
# Of one CPU since the last reset, not since its event number 0; on the other, meanwhile.
[ "$(metric 'lost_events_total{cause="overwritten"}')" = $((41 + 118)) ] || fail "overwritten"
cp prom/m.prom first
"$whydrop" metrics -w prom/m.prom || fail "the second time: exit status $?"
cmp -s first prom/m.prom || fail "$(diff first prom/m.prom)"
finish "metrics: an event is counted once"
bad=
sed 's/_position{cpu="0"} 1848/_position{cpu="0"} 1845/' first >prom/m.prom
"$whydrop" metrics -w prom/m.prom || fail "exit status $?"
added=$(($(awk '/^whydrop_device/ { n += $2 } END { print n }' prom/m.prom) - 10))
[ "$added" -eq 3 ] || fail "$added of three"
sed 's/load_id="8/load_id="9/' first >prom/m.prom
"$whydrop" metrics -w prom/m.prom || fail "exit status $?"
cmp -s first prom/m.prom || fail "another load: $(diff first prom/m.prom)"
for junk in '' 'whydrop_ring_position{cpu="0"} 99999999999999999999999' \
	'whydrop_ring_position{cpu="4294967295"} 1' 'whydrop_device_drops_total{dev="' \
	'whydrop_load_info{load_id="\"' "$(head -c 300000 /dev/zero | tr '\0' x)"; do
	printf '%s' "$junk" >prom/m.prom
	"$whydrop" metrics -w prom/m.prom || fail "exit status $?"
	cmp -s first prom/m.prom || fail "after junk: $(diff first prom/m.prom | head -5)"
done
finish "metrics: goes on from what it wrote, and only from that"
bad=
ln -sf ../victim prom/link.prom
echo untouched >victim
"$whydrop" metrics -w prom/link.prom || fail "exit status $?"
[[ $(cat victim) == untouched && ! -L prom/link.prom ]] || fail "followed a link"
rm prom/link.prom
finish "metrics: replaces, follows no link"
# Who may read a file may lock it.
bad=
exec 8<prom 9<prom/m.prom
{ flock 8 && flock 9; } || fail "cannot lock"
timeout 4 "$whydrop" metrics -w prom/m.prom 2>stderr || fail "exit status $?: $(cat stderr)"
exec 8<&- 9<&-
[ "$(ls -A prom)" = m.prom ] || fail "left behind: $(ls -A prom)"
finish "metrics: a lock that any user can take keeps nobody waiting"
bad=
cp first prom/m.prom
exec 8>prom/m.prom.lock
flock 8
timeout 20 "$whydrop" metrics -w prom/m.prom >stdout 2>stderr
[ $? -eq 1 ] || fail "exit status"
grep -q "^whydrop: prom/m.prom: another run is at it, and 5 seconds" stderr || fail "$(cat stderr)"
grep -q "hint: it has a lock on prom/m.prom.lock" stderr || fail "$(cat stderr)"
cmp first prom/m.prom || fail "it is another"
exec 8>&-
"$whydrop" metrics -w prom/m.prom 2>stderr || fail "a file that was left behind: $(cat stderr)"
[ "$(ls -A prom)" = m.prom ] || fail "left behind: $(ls -A prom)"
finish "metrics: one that hangs is not waited for without end"
bad=
pids=()
for i in 1 2 3 4; do
	"$whydrop" metrics -w prom/m.prom 2>"stderr.$i" &
	pids+=($!)
done
for pid in "${pids[@]}"; do
	wait "$pid" || fail "exit status $?: $(cat stderr.?)"
done
cmp first prom/m.prom || fail "$(diff first prom/m.prom)"
[ "$(ls -A prom)" = m.prom ] || fail "left behind: $(ls -A prom)"
finish "metrics: several at once take turns"
bad=
ln -s ../victim prom/m.prom.lock
"$whydrop" metrics -w prom/m.prom 2>stderr && fail "it followed a link"
[ "$(cat victim)" = untouched ] || fail "it followed a link"
rm prom/m.prom.lock
"$whydrop" metrics -w /dev/stdout >got 2>stderr
[ $? -eq 2 ] || fail "exit status"
grep -q "/dev/stdout is not a regular file" stderr || fail "$(cat stderr)"
[ -L /dev/stdout ] || fail "it is replaced"
finish "metrics: no link is followed, and no descriptor replaced"
bad=
mkfifo prom/fifo
timeout 10 "$whydrop" metrics -w prom/fifo 2>stderr
[ $? -eq 2 ] || fail "exit status"
[[ -p prom/fifo && $(cat stderr) == *"prom/fifo is not a regular file"* ]] || fail "$(cat stderr)"
rm prom/fifo
finish "metrics: takes the place of files alone"
t "metrics where they cannot be" 1 = "cannot open /nosuch" metrics -w /nosuch/x.prom
t "metrics in place of a directory" 1 = "cannot replace" metrics -w prom
rm -f prom.??????
t "metrics to stdout, and what it takes to have devices" 0 "^# EOF" "hint: .*-w FILE" metrics
matches stdout '^whydrop_info\{version="0.1.0"\} 1$' stdout
bad=
(trap '' XFSZ; ulimit -f 1; "$whydrop" metrics -w prom/full.prom) 2>stderr
[ $? -eq 1 ] || fail "exit status"
grep -q "cannot write prom/full.prom" stderr || fail "$(cat stderr)"
[ "$(echo prom/full*)" = "prom/full*" ] || fail "left behind: $(echo prom/full*)"
finish "metrics to a full disk leave nothing"
# Whatever an attacker with namespaces of their own sends: so many series, as the man page says.
bad=
mkdir -p attack/out
cp live/reasons live/stats live/stacks attack/
reasons=$(grep -vc '^#' attack/reasons)
for from in 0 3000; do
	"$mkrec" devices 3000 $from >attack/raw
	WHYDROP_DEBUGFS=attack "$whydrop" metrics -w attack/out/m.prom 2>stderr || fail "exit status $?: $(cat stderr)"
	[ "$(grep -c '^whydrop_device_drops_total{' attack/out/m.prom)" -eq 1024 ] || fail "$(head attack/out/m.prom)"
	[ "$(grep -vc '^#' attack/out/m.prom)" -le $((2 * reasons + 1 + 1024 + 20)) ] || fail "$(grep -vc '^#' attack/out/m.prom)"
done
[ "$(sed -n 's/^whydrop_lost_events_total{cause="devices"} //p' attack/out/m.prom)" -eq $((6000 - 1024)) ] ||
	fail "$(grep lost attack/out/m.prom)"
LC_ALL=C tr -d '\12\40-\176' <attack/out/m.prom >ctrl
[ ! -s ctrl ] || fail "control characters: $(od -c ctrl | head -3)"
finish "metrics: no more series than are told, whatever devices there are"
bad=
"$whydrop" metrics -f hostile.wd >hostile.prom 2>stderr || fail "exit status $?"
grep -Fqx 'whydrop_device_drops_total{dev="e;\"\\\\\\x0a{x}=1 \\x9b"} 3' hostile.prom ||
	grep -Eq '^whydrop_device_drops_total\{dev="e;\\"\\\\\\\\\\\\x0a\{x\}=1 ' hostile.prom || fail "$(cat hostile.prom)"
[ "$(wc -l <hostile.prom)" -eq 18 ] || fail "$(cat hostile.prom)"
if command -v promtool >/dev/null; then
	promtool check metrics <first >stdout 2>&1 || fail "promtool: $(cat stdout)"
	[ ! -s stdout ] || fail "promtool: $(cat stdout)"
fi
finish "metrics: names that mean something"
if /usr/bin/python3 -c 'import prometheus_client.openmetrics.parser' 2>/dev/null; then
	bad=
	# Each family, its type and how many samples it has, as a parser says.
	families() { /usr/bin/python3 -c 'import sys, importlib
p = importlib.import_module(sys.argv[1] + "parser").text_fd_to_metric_families
for f in sorted(p(sys.stdin), key=lambda f: f.name): print(f.name, f.type, len(f.samples), f.documentation.split()[0])' "$1" 2>&1; }
	nr() { grep -c "^whydrop_$1" first; }
	cat >want <<-END
	whydrop_device_drops counter $(nr device_drops_total) Packets
	whydrop_drops counter $(nr drops_total) Packets
	whydrop_info gauge 1 Version
	whydrop_load_info gauge 1 Identifies
	whydrop_lost_events counter 4 Drops
	whydrop_reason_info gauge 2 Most
	whydrop_ring_position gauge 2 Events
	END
	"$whydrop" metrics 2>/dev/null | families prometheus_client.openmetrics. >got
	grep -v "device\|load\|ring" want | sed 's/events counter 4/events counter 2/' | diff - got >changes || fail "stdout: $(cat changes)"
	families prometheus_client. <first | diff want - >changes || fail "a file: $(cat changes)"
	families prometheus_client.openmetrics. <hostile.prom >got
	grep -q "^whydrop_device_drops counter 1 Packets" got || fail "$(cat got)"
	finish "metrics: OpenMetrics, or what node_exporter reads, as another parser sees it"
else
	skip "metrics: OpenMetrics, as another parser sees it" "no python3-prometheus-client"
fi
