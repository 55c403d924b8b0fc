# shellcheck shell=bash disable=SC2154,SC2034
# The module's directory, or what looks like it.
mkdir -p dbg par
"$mkrec" sample >s.wd
cat >dbg/reasons <<'END'
# whydrop reasons v1 kernel 6.1.0
# NAME                          NUMBER      COUNT  DESCRIPTION
NOT_SPECIFIED                        2          3  drop reason is not specified
NO_SOCKET                            3       1842  socket not found
SOCKET_FILTER                        6         23  dropped by socket filter
OTHERHOST                            7          0  packet don't belong to current host
NETFILTER_DROP                       8        101  (no description in the kernel's headers)
openvswitch/OVS_LAST_ACTION    0x30001          5  last action of the flow
END
cat >dbg/stacks <<'END'
# whydrop stacks v1 kernel 6.1.0
# COUNT REASON @ PLACE
   1842 NO_SOCKET @ __udp4_lib_rcv+0x9c4/0xd30 ; cut
        __udp4_lib_rcv+0x9c4/0xd30
        ip_protocol_deliver_rcu+0x33/0x1c0

    101 NETFILTER_DROP @ nf_hook_slow+0xa8/0xd0 ; place only, freed later

12345678 SOCKET_FILTER @ rawv6_rcv+0x318/0x340
        rawv6_rcv+0x318/0x340
        nft_do_chain+0x3b0/0x5a0 [nf_tables]

END
cat >dbg/stats <<'END'
# whydrop stats v1
version: 0.1.0
abi: 1.0
kernel: 6.1.0
enabled: 1
seen: 1974
filtered: 0
lost_nobuf: 0
lost_nmi: 3
recorded: 1971
stack_by_id: 1900
stack_inline: 1
stack_suppressed: 70
stack_off: 0
filtered_reason: 0
stacks_stored: 3
stacks_room: 4096
frames_stored: 44
frames_room: 98304
walked: 1700
unwound_unknown: 90
unwound_dynamic: 80
unwound_stack: 7
unwound_place: 6
unwound_changed: 5
unwound_scope: 4
unwound_off: 9
walk_learned: 210
walk_refused: 3
walk_audits: 2
walk_mismatches: 1
stack_budget_percent: 94
ring_bytes: 262144
memory_bytes: 1510000
something_new: 42
cpu0.seen: 1000
END
for p in enabled=1 reasons='!OTHERHOST' snaplen=96 stack_depth=24 stack_rate=1000 reset=; do
	echo "${p#*=}" >"par/${p%%=*}"
done
ln -s /proc/self/oom_score_adj par/ring_kb	# refuses what is no number
cp s.wd dbg/raw
export WHYDROP_DEBUGFS=$PWD/dbg WHYDROP_PARAMETERS=$PWD/par

golden live-count.txt count
golden live-count-at.txt count --by at
golden live-stacks.txt stacks
golden live-stacks.json stacks -j
golden live-reasons.json reasons -j
golden live-status.txt status
golden live-status.json status -j
t "count of some" 0 "98\.8% .* NO_SOCKET" "1865 drops" count -r 3,SOCKET_FILTER
t "count by device is of the ring, and says so" 0 "eth0" "from the events still in the rings" count --by dev
t "count of a device too" 0 "NO_SOCKET" "from the events still in the rings" count -i eth0
t "count by reason at a place is exact" 0 "1842 100.0% .* NO_SOCKET" "^# 1842 drops" count --at __udp4_lib_rcv
t "stacks of a number" 0 "^ *12345678 SOCKET_FILTER @ rawv6" - stacks -r 6
t "stacks, the first" 0 "SOCKET_FILTER" "3 stacks" stacks -c 1
t "stacks of a device" 0 "tcp_v4_rcv" "from the events still in the rings" stacks -i eth0
t "status -v has each number" 0 "^stack_suppressed +70" - status -v
t "each CPU's numbers" 0 "^cpu0.seen +1000" - status -v
t "what hides drops is said" 0 - "reasons filters drops: !OTHERHOST" status
echo '*' >par/reasons
t "reasons=* hides nothing" 0 "^  lost  *3$" "^# 1 walked stack was wrong" status
grep -q filters stderr && fail "$(cat stderr)"; finish "... and is not said to"
echo '!OTHERHOST' >par/reasons
t "status says what was lost, and why" 0 "^    in NMI context  *3 counted only$" - status
bad=
"$whydrop" status 2>/dev/null | sed '/^# /,$d' >stdout
grep -E 'walk|unwound|inline|learned' stdout && fail "names of the module's inner counters"
"$whydrop" status -v 2>/dev/null | sed -n '/^# counters/,$p' >stdout
sed -n 's/^\([a-z_0-9.]*\): \(.*\)$/\1 \2/p' dbg/stats | sort >want
sed '1d; s/  */ /' stdout | sort | diff want - >changes || fail "$(cat changes)"
finish "status -v has every counter of the module, and only then"
bad=
mkdir -p large
sed -E 's/^((seen|filtered|recorded|lost|stack)(_[a-z_]*)?): [0-9]+$/\1: 18446744073709551615/' dbg/stats >large/stats
WHYDROP_DEBUGFS=$PWD/large "$whydrop" status >stdout 2>stderr || fail "exit status $?"
awk 'length > 80' stdout stderr >changes
[ ! -s changes ] || fail "wider than 80: $(cat changes)"
finish "status fits 80 columns"
t "unknown reason, live" 2 = "did you mean SOCKET_FILTER" watch -r SOCKET_FILTR
t "list of the ring" 0 "NO_SOCKET" "10 shown" list
t "list knows the boot" 0 '"boot_id":"[0-9a-f]{8}-' - list -j -c 1
t "watch from now on has nothing of it" 1 = "empty" watch
t "watch with history" 0 "NO_SOCKET" "lost 41 events: older" watch --history -c 10

t "set" 0 = = set snaplen=128 stack_rate=0
bad=
[ "$(cat par/snaplen par/stack_rate)" = "128
0" ] || fail "not written: $(cat par/snaplen par/stack_rate)"
"$whydrop" disable || fail "disable: exit status $?"
[ "$(cat par/enabled)" = 0 ] || fail "disable"
"$whydrop" watch --history -c 1 2>&1 | grep -q "disabled" || fail "watch says nothing of it"
"$whydrop" enable || fail "enable: exit status $?"
[ "$(cat par/enabled)" = 1 ] || fail "enable"
"$whydrop" reset || fail "reset: exit status $?"
[ "$(cat par/reset)" = 1 ] || fail "reset"
finish "set, enable, disable, reset write parameters"
t "set in JSON" 0 '^\{"type":"set","parameter":"snaplen","value":"96"\}$' = set -j snaplen=96
t "enable in JSON" 0 '^\{"type":"set","parameter":"enabled","value":"1"\}$' = enable -j
t "reset in JSON" 0 '^\{"type":"set","parameter":"reset","value":"1"\}$' = reset -j
t "set of what is not there" 2 = "did you mean snaplen" set snaplem=1
t "set without =" 2 = "is not NAME=VALUE" set snaplen
t "set with a path" 2 = "no parameter" set ../par/snaplen=1
if [ -w /proc/self/oom_score_adj ]; then
	t "set that is refused" 1 = "rejects ring_kb=abc: Invalid argument" set ring_kb=abc
	t "a refused value: the old one stays" 1 = "old value stays|kernel's log" set ring_kb=abc
else
	skip "set that is refused" "no /proc/self/oom_score_adj"
fi

# A pipe in place of the stream, held open: it follows.
rm dbg/raw
mkfifo dbg/raw
exec 9<>dbg/raw
cat s.wd >&9
bad=
"$whydrop" watch -H --duration 0.3 --ready-fd 8 8>ready >stdout 2>stderr || fail "exit status $?"
[ "$(grep -c " @ " stdout)" -eq 10 ] || fail "$(cat stdout)"
[ "$(wc -c <ready)" -eq 1 ] || fail "ready: $(od -c ready)"
finish "watch --duration --ready-fd"
t "access" 0 "^access  *uid $(id -u), lockdown [a-z]+$" - status
for sig in INT TERM; do
	bad=
	cat s.wd >&9
	mkfifo "ready.$sig"
	# A shell's background jobs ignore SIGINT, so ask for its default.
	env --default-signal=INT "$whydrop" watch -H --ready-fd 8 8>"ready.$sig" >stdout 2>stderr 9>&- &
	pid=$!
	read -r _ <"ready.$sig"
	for _ in $(seq 100); do
		[ "$(grep -c " @ " stdout)" -eq 10 ] && break
		sleep 0.05
	done
	kill -s "$sig" "$pid"
	wait "$pid" || fail "exit status $?"
	grep -q "10 shown" stderr || fail "no summary: $(cat stderr)"
	[ "$(grep -c " @ " stdout)" -eq 10 ] || fail "shown only at the end"
	finish "watch shows at once and ends orderly on SIG$sig"
done

# Whoever waits is told for what; not if the end is known, nor of a recording.
bad=
for cmd in "watch -j" "record -w wait.wd" "pcap -w wait.pcapng" "record -w -" "watch -c 7" \
	"watch --duration 0" "record -w wait.wd --duration 0" "pcap -w wait.pcapng -f s.wd"; do
	: >ready.wait
	# shellcheck disable=SC2086
	env --default-signal=INT "$whydrop" $cmd --ready-fd 8 8>ready.wait >stdout 2>stderr 9>&- &
	pid=$!
	for _ in $(seq 100); do
		[ -s ready.wait ] && break
		sleep 0.05
	done
	case $cmd in
	*duration*|*-f*)	want=0 wait "$pid" ;;
	*)	want=1
		grep -q "until Ctrl-C" stderr || fail "$cmd waits in silence: $(cat stderr)"
		kill -INT "$pid"
		wait "$pid" ;;
	esac
	echo "$cmd: $(grep "Ctrl-C" stderr)" >>waits
done
cat >waits.want <<'END'
watch -j: # watching for drops until Ctrl-C
record -w wait.wd: # recording drops to wait.wd until Ctrl-C
pcap -w wait.pcapng: # writing drops to wait.pcapng until Ctrl-C
record -w -: # recording drops to stdout until Ctrl-C
watch -c 7: # watching for drops until Ctrl-C or 7 of them
watch --duration 0: 
record -w wait.wd --duration 0: 
pcap -w wait.pcapng -f s.wd: 
END
diff waits.want waits >changes || fail "$(cat changes)"
finish "a command that waits for Ctrl-C says so"

bad=
cat s.wd >&9
"$whydrop" record -w r.wd --duration 0 2>stderr || fail "exit status $?"
grep -q "10 events, [0-9]* bytes saved in r.wd" stderr || fail "$(cat stderr)"
[ "$(stat -c %a r.wd)" = 600 ] || fail "mode $(stat -c %a r.wd)"
"$whydrop" list -f s.wd >a 2>/dev/null
"$whydrop" list -f r.wd >b 2>/dev/null
cmp a b || fail "$(diff a b)"
"$whydrop" status -f r.wd | grep -q "^boot_id  *$(cat /proc/sys/kernel/random/boot_id)$" || fail "boot_id"
finish "record: the same stream and the boot it is from"
bad=
cat s.wd >&9
"$whydrop" record -w - -c 3 2>/dev/null | "$whydrop" list -H --time utc -f - >stdout 2>stderr
[ "$(wc -l <stdout)" -eq 3 ] || fail "$(cat stdout stderr)"
timeout 1 cat <&9 >/dev/null
finish "record to stdout, so many"
bad=
cat s.wd >&9
mkfifo ready.record
"$whydrop" record -w term.wd --ready-fd 8 8>ready.record 2>stderr 9>&- &
pid=$!
read -r _ <ready.record
for _ in $(seq 100); do
	[ -s term.wd ] && break
	sleep 0.05
done
kill "$pid"
wait "$pid" || fail "exit status $?"
lines=$("$whydrop" list -H --time utc -f term.wd 2>/dev/null | wc -l)
[ "$lines" -eq 10 ] || fail "$lines events: $(cat stderr)"
finish "record writes at once and ends orderly on SIGTERM"
exec 9>&-
cp -f s.wd raw.new && mv -f raw.new dbg/raw
bad=
"$whydrop" record -w - -f s.wd -r NO_SOCKET 2>stderr | "$whydrop" list -H --time utc -f - >stdout 2>/dev/null
[ "$(wc -l <stdout)" -eq 2 ] || fail "$(cat stdout)"
grep -q "8 events not selected" stderr || fail "$(cat stderr)"
"$whydrop" record -w same.wd -f s.wd 2>/dev/null
cmp same.wd s.wd || fail "a copy differs"
finish "record of a recording, and of some of it"
t "record to a full disk" 1 = "cannot write /dev/full: No space left" record -w /dev/full -f s.wd
bad=
"$mkrec" events 5000 >many.wd
(trap '' XFSZ; ulimit -f 128; "$whydrop" record -w limited.wd -f many.wd) 2>stderr
[ $? -eq 1 ] || fail "exit status"
grep -q "cannot write limited.wd: File too large" stderr || fail "$(cat stderr)"
told=$(sed -n 's/^# \([0-9]*\) events, .*/\1/p' stderr)
"$whydrop" list -H --time utc -f limited.wd >stdout 2>stderr || fail "not whole: $(cat stderr)"
[ "$(wc -l <stdout)" -eq "${told:-0}" ] || fail "told $told, has $(wc -l <stdout)"
finish "what was saved before the disk was full is whole"
t "record where it cannot be" 1 = "cannot create /nosuch/x" record -w /nosuch/x -f s.wd
bad=
WHYDROP_DEBUGFS=/nosuch "$whydrop" record -w not-made.wd 2>stderr
[ $? -eq 3 ] || fail "exit status"
[ ! -e not-made.wd ] || fail "made a file"
finish "record without a module makes no file"

# A kernel without reasons has a row that says so, once it has dropped something.
mkdir old
"$mkrec" old >old.wd
cp old.wd old/raw
cat >old/reasons <<'END'
# whydrop reasons v1 kernel 5.10.0
# NAME                          NUMBER      COUNT  DESCRIPTION
NOT_AVAILABLE                  0xffffffff         3  this kernel gives no reasons, see the place
END
cat >old/stacks <<'END'
# whydrop stacks v1 kernel 5.10.0
      3 NOT_AVAILABLE @ __udp4_lib_rcv+0x9c4/0xd30
        __udp4_lib_rcv+0x9c4/0xd30

END
bad=
while read -r how; do
	# shellcheck disable=SC2086
	WHYDROP_DEBUGFS=$PWD/old "$whydrop" $how -j >stdout 2>stderr || fail "$how: exit status $?"
	grep -q '"NOT_AVAILABLE"' stdout || fail "$how: $(cat stdout)"
	grep NOT_AVAILABLE stdout | grep -qv '"subsys":null' && fail "$how: subsys: $(cat stdout)"
	grep '"reason_id":' stdout | grep -qv '"reason_id":null' && fail "$how: reason_id: $(cat stdout)"
done <<'END'
list
list -f old.wd
count
count -f old.wd
count --by reason -c 1 -r NOT_AVAILABLE -f s.wd
stacks
stacks -f old.wd
reasons
reasons -f old.wd
explain
explain -f old.wd
explain NOT_AVAILABLE
END
finish "without reasons, JSON has null for number and subsystem everywhere"
bad=
for how in list count explain; do
	"$whydrop" $how -j -f s.wd 2>stderr | grep '"reason":"UNKNOWN(0x7ffff)"' >stdout
	grep -q '"subsys":null,"reason_id":524287,' stdout || fail "$how: $(cat stdout)"
done
finish "and for the subsystem of a number without a name"
bad=
"$mkrec" unnamed >unnamed.wd
for how in list count stacks explain; do
	"$whydrop" $how -j -f unnamed.wd 2>stderr | grep -o '"reason":"[^"]*"' | sort -u >stdout
	[ "$(cut -d '"' -f 4 stdout | paste -sd ' ')" = \
		"NOT_AVAILABLE UNKNOWN(0x7fffe) UNKNOWN(0x7ffff)" ] || fail "$how: $(cat stdout)"
done
finish "reasons that no record has named have the same names everywhere"
for how in list "list -f old.wd" "count" "reasons -f old.wd"; do
	# shellcheck disable=SC2086
	WHYDROP_DEBUGFS=$PWD/old t "without reasons, $how of one says so" 2 = \
		"gives no reasons, so none matches .NO_SOCKET'" $how -r NO_SOCKET
	bad=
	grep -q "count.* --by at" stderr || fail "$(cat stderr)"
	finish "... and what tells more: $how"
done
WHYDROP_DEBUGFS=$PWD/old t "without reasons, the list of them says so" 0 "^NOT_AVAILABLE" \
	"this kernel gives no reasons" reasons

# Nothing there.
for cmd in watch list count top stacks metrics reasons status "record -w x.wd" "count --by dev"; do
	# shellcheck disable=SC2086
	WHYDROP_DEBUGFS=/nosuch t "$cmd without the module's directory" 3 = "cannot open /nosuch/" $cmd
done
WHYDROP_PARAMETERS=/nosuch t "set without the module's directory" 3 = "WHYDROP_PARAMETERS is .*/nosuch" set snaplen=1
unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS
if [ -e /sys/module/whydrop ]; then
	skip "without the module: what to do" "it is loaded"
else
	t "without the module: what to do" 3 = "hint: .*modprobe whydrop" list
	t "enable without the module" 3 = "hint: " enable
fi
echo "garbage" >dbg/reasons
WHYDROP_DEBUGFS=$PWD/dbg t "a table that makes no sense" 1 = "cannot parse this line" reasons
cp abi.wd dbg/raw
WHYDROP_DEBUGFS=$PWD/dbg t "a module of another ABI" 3 = "different versions" list
