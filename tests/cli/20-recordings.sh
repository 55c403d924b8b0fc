# shellcheck shell=bash disable=SC2154,SC2034
# Recordings: what is shown of good ones, what is said of bad ones.
"$mkrec" sample >s.wd
"$mkrec" swapped >swapped.wd
"$mkrec" empty >empty.wd
"$mkrec" events 5000 >many.wd
"$mkrec" hostile >hostile.wd

golden list.txt list -f s.wd
golden list-svx.txt list -s -v -x -f s.wd
golden list.json list -j -f s.wd
golden list-hex.json list -jx -c 1 -f s.wd
golden fields-o.txt list -o seq,time,reason,src,sport,dst,dport,tcp_flags,sock.uid,at -f s.wd
golden count.txt count -f s.wd
golden count-dev.txt count --by dev -f s.wd
golden count-at.json count --by at -j -f s.wd
golden stacks.txt stacks -f s.wd
golden stacks.json stacks -j -f s.wd
# What is selected may be a short part of the recording. By the times of its events:
gzip -dc "$here/recordings/1.5.wd.gz" >rates.wd
bad=
"$whydrop" list -j -f rates.wd 2>/dev/null | grep '"type":"drop"' | sed 's/.*"mono":"\([0-9.]*\)".*"reason":"\([^"]*\)".*/\1 \2/' |
	awk 'NR == 1 { first = $1 } { last = $1; n[$2]++ }
		END { for (r in n) printf "%s %.1f\n", r, n[r] / (last - first) }' | sort >want
[ "$(wc -l <want)" -gt 3 ] || fail "$(cat want)"
while read -r r _; do
	"$whydrop" count -r "$r" -f rates.wd 2>/dev/null </dev/null | awk -v r="$r" '$5 == r { print r, $3 }'
done <want >got
cmp -s want got || fail "$(diff want got)"
finish "count -r: the rate is that of the whole recording"

bad=
"$whydrop" stacks -f s.wd >both 2>&1
[ "$(grep -n "^#" both | head -1 | cut -d: -f1)" -gt "$(grep -n "@" both | tail -1 | cut -d: -f1)" ] || fail "$(cat both)"
finish "stacks: what is missing comes behind them"
golden reasons.txt reasons -f s.wd
golden status.txt status -f s.wd
golden fields.txt fields

bad=
for how in "list" "list -s -v -x" "list -j" "count --by comm" "stacks"; do
	# shellcheck disable=SC2086
	"$whydrop" $how -f s.wd >a 2>&1
	# shellcheck disable=SC2086
	"$whydrop" $how -f swapped.wd >b 2>&1
	sed -i 's/swapped\.wd/s.wd/' b
	cmp -s a b || fail "$how: $(diff a b | head -5)"
done
finish "a recording of the other byte order reads the same"

bad=
for how in "list" "list -s -v -x" "count" "count --by flow" "top" "stacks" "stacks --by comm" \
	"stacks --folded" "metrics" "reasons" "status"; do
	# shellcheck disable=SC2086
	for rec in s.wd hostile.wd; do "$whydrop" $how -f $rec 2>&1; done | LC_ALL=C tr -d '\12\40-\176\200-\377' >ctrl
	[ ! -s ctrl ] || fail "$how: control characters: $(od -c ctrl | head -3)"
done
finish "no control character reaches the terminal"

json_parser() {
	if command -v python3 >/dev/null; then
		python3 -c '
import json, sys
def pairs(p):
    assert len({k for k, _ in p}) == len(p), "a key twice"
    return dict(p)
types = {}
for line in sys.stdin:
    for key, val in (o := json.loads(line, object_pairs_hook=pairs)).items():
        t = types.setdefault((o["type"], key), set())
        t.add(type(val).__name__)
    assert "type" in o
for key, t in types.items():
    assert len(t - {"NoneType"}) <= 1, (key, t)'
	else
		jq -es 'all(.type)' >/dev/null
	fi
}
if command -v python3 >/dev/null || command -v jq >/dev/null; then
	bad=
	for how in "list" "list -x" "count" "count --by dev" "count --by at" "count --by comm" \
		"count --by netns" "count --by flow" "top" "stacks" "stacks --by dev" "stacks --by flow" "reasons" "status" "fields"; do
		src="-f s.wd"
		[ "$how" != fields ] || src=
		# shellcheck disable=SC2086
		"$whydrop" $how -j $src 2>/dev/null | json_parser 2>err || fail "$how: $(tail -1 err)"
	done
	finish "another parser reads the JSON of each command"
else
	skip "another parser reads the JSON of each command" "neither python3 nor jq"
fi

t "stdin" 0 "NO_SOCKET" - list -f - <s.wd
bad=
{ head -c 1000 s.wd; sleep 0.2; tail -c +1001 s.wd; } | "$whydrop" watch -H -f - >stdout 2>stderr || fail "exit status $?"
[ "$(grep -c " @ " stdout)" -eq 10 ] || fail "$(cat stdout)"
finish "a pipe that comes in pieces"
t "watch of a recording ends with it" 0 "NO_SOCKET" "10 shown" watch -f s.wd
t "only a header" 0 = "0 shown" list -f empty.wd
lines "five thousand" 5000 list -H --time utc -f many.wd
# Each is shown whole and alike, wherever the output's buffer ends.
bad=
"$whydrop" list -s -H -f many.wd 2>stderr | grep '^   ' | sort | uniq -c >frames
[ "$(awk '{ print $1 }' frames | sort -u) $(wc -l <frames)" = "5000 16" ] ||
	fail "frames of 5000 events: $(cat frames)"
"$whydrop" list -j -f many.wd 2>stderr | jq -c 'select(.type == "drop") | .stack' | sort | uniq -c >frames
[ "$(awk '{ print $1 }' frames)" = 5000 ] || fail "stacks in JSON: $(head -c 600 frames)"
finish "the stack of five thousand"
lines "limit" 7 list -H --time utc -c 7 -f many.wd

# Selection; the sample has ten events.
lines "by name" 2 list -H -r NO_SOCKET --time utc -f s.wd
lines "by name, any case" 2 list -H -r no_socket --time utc -f s.wd
lines "by glob" 3 list -H -r '*SOCKET*' --time utc -f s.wd
lines "by number" 1 list -H -r 7 --time utc -f s.wd
lines "not these" 8 list -H -r '!NO_SOCKET' --time utc -f s.wd
lines "two lists add up" 3 list -H -r NO_SOCKET -r OTHERHOST --time utc -f s.wd
lines "by subsystem" 1 list -H -r 'openvswitch/*' --time utc -f s.wd
lines "by device" 4 list -H -i eth0 --time utc -f s.wd
lines "without device" 1 list -H -i - --time utc -f s.wd
lines "by namespace" 2 list -H -N 4026532281 --time utc -f s.wd
lines "by task" 2 list -H --comm 'irq/*' --time utc -f s.wd
lines "by place" 2 list -H --at 'tcp_*' --time utc -f s.wd
lines "all together" 1 list -H -r NO_SOCKET -i eth0 --at 'tcp_*' --comm 'irq*' --time utc -f s.wd
t "selected out is said" 0 - "2 shown, 8 not selected" list -r NO_SOCKET -f s.wd
t "... and where -c ended it, that more may come" 0 - \
	"^# 1 shown, then -c stopped, 2 before that not selected$" list -r NETFILTER_DROP -c 1 -f s.wd
t "unknown reason" 2 = "no drop reason .* matches .NO_SOKET'" list -r NO_SOKET -f s.wd
t "the nearest reason is named" 2 = "did you mean NO_SOCKET\?" list -r NO_SOKET -f s.wd
t "the nearest of a subsystem" 2 = "OVS_LAST_ACTION" list -r OVS_LAST_ACTOIN -f s.wd
t "a glob that fits none" 2 = "matches .XYZ\*'" list -r 'XYZ*' -f s.wd
t "unknown reason that is excluded" 2 = "matches .NO_SOKET'" list -r '!NO_SOKET' -f s.wd
t "unknown reason of count" 2 = "did you mean NO_SOCKET" count -r NO_SOKET -f s.wd
t "unknown reason of reasons" 2 = "did you mean NO_SOCKET" reasons -r NO_SOKET -f s.wd
t "unknown reason, and no events" 2 = "gives no reasons, so none matches" list -r NO_SOCKET -f empty.wd
"$mkrec" turns >turns.wd
lines "a reason that was named late" 1 list -H -r 'openvswitch/*' --time utc -f turns.wd
lines "... and one that was excluded" 4 list -H -r '!OVS_LATE' --time utc -f turns.wd
t "... and from a pipe" 0 OVS_LATE "no drop reason so far matches .OVS_\*'" list -r 'OVS_*' -f - <turns.wd
t "unknown reason, from a pipe" 2 = "no drop reason of the recording matches .OVS_X" list -r OVS_X -f - <turns.wd
t "the last one, when the clock was set back" 0 '"last":"2025-10-25T04:00:00' - \
	count -j -r NO_SOCKET -f turns.wd
bad=
TZ=CET-1CEST,M3.5.0,M10.5.0/3 "$whydrop" list -f turns.wd | grep '^# 20' >stdout
[[ $(paste -sd ' ' stdout) == "# 2026-10-25 Sunday, UTC+0200 # 2026-10-25 Sunday, UTC+0100 # 2025-10-25 Saturday, UTC+0200" ]] ||
	fail "$(cat stdout)"
finish "the date, when the offset or the year is another"
t "exit code when matched" 10 "NO_SOCKET" - list -r NO_SOCKET --exit-code -f s.wd
t "exit code when not matched" 0 = - list -i nosuch --exit-code -f s.wd
t "exit code of count" 10 - - count --exit-code -f s.wd

t "loss, where it was" 0 - "lost 118 events on CPU 1: overwritten before" list -f s.wd
t "loss, in all" 0 - "lost 118 events: " list -f s.wd
t "loss in JSON" 0 '^\{"type":"lost","cpu":1,"seq":null,"count":118,"cause":"overwritten"\}$' - list -j -f s.wd
t "no stack: why" 0 "no stack: stack_rate was spent" - list -s -r OTHERHOST -f s.wd
t "time of day says which day" 0 "^# 2026-11-22 Sunday" - list -f s.wd

# Colors.
t "no color into a file" 0 "^[^[]*$" - list -c 1 -f s.wd
t "color always" 0 $'\033\\[' - list --color always -f s.wd
bad=
NO_COLOR=1 "$whydrop" list --color always -f s.wd 2>/dev/null | grep -q $'\033' || fail "--color always lost to NO_COLOR"
"$whydrop" list --color always -j -f s.wd 2>/dev/null | grep -q $'\033' && fail "color in JSON"
finish "an option beats NO_COLOR; JSON has no color"
if command -v script >/dev/null; then
	bad=
	script -qc "stty cols 80; '$whydrop' list -f s.wd" /dev/null </dev/null >tty.out
	grep -q $'\033\\[' tty.out || fail "no color on a terminal"
	grep -q "10.0.42.1:40112 > 10.0.42.2:9999 UDP len 32, S swapper/0/0 cpu 0" tty.out || fail "$(head -5 tty.out)"
	script -qc "stty cols 200; NO_COLOR=1 '$whydrop' list -f s.wd" /dev/null </dev/null >tty.out
	grep -q $'\033\\[' tty.out && fail "color in spite of NO_COLOR"
	grep -q "UDP len 32 @ __udp4_lib_rcv" tty.out || fail "two lines at 200 columns"
	script -qc "stty cols 80; NO_COLOR= '$whydrop' list -f s.wd" /dev/null </dev/null >tty.out
	grep -q $'\033\\[' tty.out || fail "an empty NO_COLOR is none"
	finish "on a terminal: color, and lines that fit"
	bad=
	for f in s hostile; do
		script -qc "stty cols 80; NO_COLOR=1 '$whydrop' list --time mono -f $f.wd" /dev/null </dev/null
	done | tr -d '\r' >tty.out
	grep '+0x[0-9a-f]*/' tty.out && fail "the size of a function, which takes a line of its own"
	grep -q ' __udp4_lib_rcv+0x9c4$' tty.out || fail "no place: $(head -5 tty.out)"
	grep -q ' pl;ace one+0x1 \[m o;d\]$' tty.out || fail "no module: $(cat tty.out)"
	finish "on a narrow terminal: a place without the size of its function"
else
	skip "on a terminal: color, and lines that fit" "no script(1)"
fi

# Bad ones.
head -c 1500 s.wd >cut.wd
cp s.wd corrupt.wd
at=$("$whydrop" list -f cut.wd 2>&1 | sed -n 's/.*(byte \([0-9]*\))$/\1/p')
printf '\7\0\0\0' | dd of=corrupt.wd bs=1 seek="$at" conv=notrunc 2>/dev/null
cp s.wd abi.wd
printf '\2' | dd of=abi.wd bs=1 seek=12 conv=notrunc 2>/dev/null
: >nothing.wd
echo "just a text file, not a recording" >text.wd
echo "WHY" >short.wd
t "cut off: shown up to there" 1 - "cut.wd: cut off: .* incomplete record \(byte [0-9]+\)" list -f cut.wd
t "cut off: count" 1 "NO_SOCKET|#" "cut off" count -f cut.wd
t "corrupt: where" 1 "NO_SOCKET" "corrupt.wd: corrupt: a record of 7 bytes .byte $at" list -f corrupt.wd
t "of another ABI" 3 = "ABI 2\.6, this program reads 1\.x" list -f abi.wd
t "an empty file" 1 = "nothing.wd: empty" list -f nothing.wd
t "some other file" 1 = "text.wd: not a recording" list -f text.wd
t "a very short file" 1 = "short.wd: not a recording" list -f short.wd
t "no such file" 1 = "cannot open nosuch.wd: No such file" list -f nosuch.wd

# Where it goes.
bad=
"$whydrop" list -f many.wd >/dev/full 2>stderr
[ $? -eq 1 ] || fail "exit status"
matches stderr "cannot write to stdout: No space left" stderr
"$whydrop" count -f s.wd >/dev/full 2>stderr
[ $? -eq 1 ] || fail "exit status of count"
"$whydrop" --help >/dev/full 2>stderr
[ $? -eq 1 ] || fail "exit status of help"
finish "a full disk is an error"
bad=
for how in "list -f many.wd" "list -j -f many.wd" "stacks -f s.wd" "fields" "record -w - -f many.wd"; do
	# shellcheck disable=SC2086
	"$whydrop" $how 2>stderr | true
	rc=${PIPESTATUS[0]}
	[ "$rc" -eq 0 ] || fail "$how: exit status $rc"
	grep -Eq "^whydrop:|Broken" stderr && fail "$how: $(cat stderr)"
done
finish "a closed pipe is none"
bad=
"$whydrop" list -f s.wd >&- 2>stderr
[ $? -eq 1 ] || fail "exit status"
grep -q "^whydrop: cannot write to stdout" stderr || fail "$(cat stderr)"
"$whydrop" list -f s.wd >&- 2>&- <&-
[ $? -eq 1 ] || fail "exit status with none open"
finish "a closed stdout is an error"

# What -c leaves out is said, and nothing if that is nothing.
bad=
rows=$("$whydrop" count -H -f s.wd 2>stderr | wc -l)
grep -q "more row" stderr && fail "all: $(cat stderr)"
"$whydrop" count -H -c 1 -f s.wd >stdout 2>stderr || fail "exit status $?"
[ "$(wc -l <stdout)" -eq 1 ] || fail "$(cat stdout)"
grep -q "$((rows - 1)) more rows\{0,1\}, which -c left out" stderr || fail "of $rows: $(cat stderr)"
finish "count -c says how many rows it left out"

# A flow that begins behind a scan: the most frequent one, however many came before.
bad=
"$mkrec" flows 33000 20000 >flows.wd
"$whydrop" count --by flow -c 2 -f flows.wd >stdout 2>stderr || fail "exit status $?"
grep -q "^ *20000 .* 10\.0\.42\.1:40112 > " stdout || fail "$(cat stdout)"
grep -q "^ *[0-9]* .*(all others)" stdout || fail "no remainder: $(cat stdout)"
finish "a flow that begins behind 33,000 others is counted, and so are these"
bad=
"$whydrop" count --by flow -j -f flows.wd >stdout 2>stderr || fail "exit status $?"
[ "$(grep -o '"count":[0-9]*' stdout | awk -F: '{ n += $2 } END { print n }')" = 53000 ] ||
	fail "the counts do not add up: $(head -3 stdout)"
grep -q '^{"type":"remainder","by":"flow","count":' stdout || fail "no remainder: $(head -3 stdout)"
finish "... in JSON, and the counts add up"

# What tunnels carry.
"$mkrec" tunnels >tunnels.wd
bad=
"$whydrop" list -H -o flow -f tunnels.wd >stdout 2>stderr || fail "exit status $?"
cat >want <<-'END'
10.0.42.1:50000 > 10.0.42.2:4789 UDP (vxlan 42: 10.0.42.1:1024 > 10.0.42.2:80 TCP [S]) len 90
10.0.42.1 > 10.0.42.2 IPV6 (sit: [fe80::1]:5 > [ff02::1:2]:53 UDP) len 68
10.0.42.1 > 10.0.42.2 GRE (gre: ethertype 0x88cc (lldp)) len 44
END
diff want stdout >changes || fail "$(cat changes)"
finish "what a tunnel carries is shown behind its addresses"
bad=
"$whydrop" list -j -o inner -f tunnels.wd 2>stderr | grep '"drop"' >stdout
cat >want <<-'END'
{"type":"drop","inner":{"tunnel":"vxlan","id":42,"family":"ipv4","proto":"tcp","src":"10.0.42.1","dst":"10.0.42.2","sport":1024,"dport":80}}
{"type":"drop","inner":{"tunnel":"sit","id":null,"family":"ipv6","proto":"udp","src":"fe80::1","dst":"ff02::1:2","sport":5,"dport":53}}
{"type":"drop","inner":{"tunnel":"gre","id":null,"family":"lldp","proto":null,"src":null,"dst":null,"sport":null,"dport":null}}
END
diff want stdout >changes || fail "$(cat changes)"
"$whydrop" list -H -o inner -f tunnels.wd 2>stderr | head -1 >stdout
[ "$(cat stdout)" = "10.0.42.1:1024 > 10.0.42.2:80 TCP [S] len 40" ] || fail "$(cat stdout)"
"$whydrop" count --by flow -f tunnels.wd 2>stderr | grep -q ' 10.0.42.1:50000 > 10.0.42.2:4789 UDP (vxlan 42: 10.0.42.1:1024 > 10.0.42.2:80 TCP)$' ||
	fail "$("$whydrop" count --by flow -f tunnels.wd)"
finish "... in JSON, as a field, as a part of the flow"

# What takes quadratic time would take minutes.
for what in "reasons 60000" "renamed 30000" "losses 250000" "forged"; do
	bad=
	# shellcheck disable=SC2086	# words
	"$mkrec" $what >much.wd
	for cmd in list "list -j" count "count --by flow" stacks explain reasons "metrics -w metrics.prom"; do
		# shellcheck disable=SC2086	# words
		(ulimit -t 10; exec "$whydrop" $cmd -f much.wd) >stdout 2>stderr ||
			fail "$cmd: exit status $?: $(tail -2 stderr)"
		[ "$(wc -l <stderr)" -le 20 ] || fail "$cmd: $(wc -l <stderr) lines on stderr"
	done
	finish "$what: no command takes long, or says much"
done

# A recording may be as long as it likes, and memory has a bound (64 MB; the sanitizers take
# more). Much of it is read twice, if it is read to find out whose it is.
small() {
	if [ "$san" ]; then
		(ulimit -t 20; ASAN_OPTIONS=quarantine_size_mb=1:hard_rss_limit_mb=200 exec "$@")
	else
		(ulimit -t 10; ulimit -v 100000; exec "$@")
	fi
}
for what in "boots 30000" "talks 40000" "reasons 60000" "numbers 100000"; do
	bad=
	# shellcheck disable=SC2086	# words
	"$mkrec" $what >much.wd
	for cmd in list "count -j" "stacks --by at" explain "explain -j" top "pcap -w much.pcapng"; do
		# shellcheck disable=SC2086	# words
		small "$whydrop" $cmd -f much.wd >stdout 2>stderr || fail "$cmd: exit status $?: $(tail -2 stderr)"
		# shellcheck disable=SC2086,SC2002	# words; a pipe it has to be
		cat much.wd | small "$whydrop" $cmd -f - >stdout 2>stderr ||
			fail "$cmd, of a pipe: exit status $?: $(tail -2 stderr)"
	done
	finish "$what: no command takes much memory"
done
bad=
"$whydrop" explain -j -f much.wd >stdout 2>stderr || fail "exit status $?"
[ "$(grep -o '^{"type":"explain".*"count":[0-9]*,"total"' stdout | sed 's/.*"count":\([0-9]*\),.*/\1/' | awk '{ n += $1 } END { print n }')" = 100000 ] ||
	fail "the counts do not add up: $(wc -l <stdout) lines"
grep -q '^{"type":"explain","reason":"(all others)",' stdout || fail "no remainder"
finish "... and more numbers than are kept apart are counted"
