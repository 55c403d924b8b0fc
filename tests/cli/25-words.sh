# shellcheck shell=bash disable=SC2154,SC2034,SC2016
# What is said of what is not there, and of what is closed.
unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS
"$mkrec" sample >s.wd
"$mkrec" old >old.wd
"$mkrec" unnamed >unnamed.wd
"$mkrec" events 5000 >many.wd

# closed NAME STATUS STDERR REDIRECTION ARGUMENT...: with a descriptor closed
closed() {
	local name=$1 want=$2 e=$3 redirection=$4 rc
	shift 4
	bad=
	(eval "exec $redirection"; timeout 20 "$whydrop" "$@") 2>stderr
	rc=$?
	[ "$rc" -eq "$want" ] || fail "exit status $rc, not $want: $(head -c 300 stderr)"
	matches stderr "$e" stderr
	finish "$name"
}

for cmd in "list -f s.wd" "list -j -f s.wd" "count -f s.wd" "stacks -f s.wd" "explain -f s.wd" \
	"explain NO_SOCKET -f s.wd" "reasons -f s.wd" fields "status -f s.wd" "metrics -f s.wd" \
	--help --version "list --help"; do
	# shellcheck disable=SC2086
	closed "stdout is closed: $cmd" 1 "^whydrop: cannot write to stdout: Bad file descriptor" '>&-' $cmd
done
for cmd in record pcap; do
	closed "stdout is closed: $cmd" 1 "^whydrop: cannot write stdout: Bad file descriptor" '>&-' \
		$cmd -w - -f s.wd
	bad=
	! grep "[1-9][0-9]* bytes saved" stderr >&2 || fail "it says that something is saved: $(cat stderr)"
	finish "... and nothing is said to be saved: $cmd"
done
closed "stdin is closed" 1 "^whydrop: cannot read stdin: Bad file descriptor" '<&-' list -f -
closed "nobody wants stdout: that is no failure" 0 "10 shown" '>/dev/null' list -f s.wd

bad=
rm -f quiet.wd
(exec 2>&-; "$whydrop" record -f many.wd -w quiet.wd) || fail "exit status $?"
cmp many.wd quiet.wd || fail "it is another"
finish "stderr is closed: no message gets into a recording"

# The second file would get a descriptor that was given back.
bad=
rm -f ready.wd.*
"$whydrop" record -f many.wd -w ready.wd -C 64k --ready-fd 2 2>stderr || fail "exit status $?"
[ "$(head -c 1 stderr | od -An -tx1)" = " 0a" ] || fail "not told to be ready: $(head -c 100 stderr)"
grep -q "5000 events, .* saved in ready.wd" stderr || fail "$(cat stderr)"
for f in ready.wd.*; do
	"$whydrop" list -H -f "$f" 2>&1 >>ready.txt | grep -v "shown$\|^# filters unknown" && fail "$f: $(cat ready.txt)"
done
finish "--ready-fd 2: no message gets into a recording"
t "--ready-fd is where the recording goes" 2 = "ready-fd: 1 is stdout" record -f s.wd -w - --ready-fd 1
t "... or the packets" 2 = "ready-fd: 1 is stdout" pcap -f s.wd -w - --ready-fd 1
t "--ready-fd 1 else" 0 "OTHERHOST" "10 shown" watch -f s.wd --ready-fd 1

# said NAME ARGUMENT...: nothing that counts, after "cannot open"
said() {
	local name=$1
	shift
	t "$name" 1 = "^whydrop: cannot open nosuch.wd: No such file" "$@"
	bad=
	[ "$(grep -vc "^# plain lines: stdout is not a terminal" stderr)" -eq 1 ] || fail "$(cat stderr)"
	finish "... and nothing else is said: $name"
}
for cmd in list watch count top stacks explain "explain NO_SOCKET" reasons status metrics \
	"record -w x.wd" "pcap -w x.pcapng" "count --interval 1"; do
	# shellcheck disable=SC2086
	said "$cmd of no file" $cmd -f nosuch.wd
done

# nothing_read NAME STDERR ARGUMENT...: the same of what is no recording; no file is left
nothing_read() {
	local name=$1 e=$2
	shift 2
	rm -f x.wd x.pcapng
	t "$name" 1 = "$e" "$@"
	bad=
	[ "$(grep -vc "^# plain lines: stdout is not a terminal" stderr)" -eq 1 ] || fail "$(cat stderr)"
	[ -z "$(ls x.wd x.pcapng 2>/dev/null)" ] || fail "an empty file is left"
	finish "... and nothing else is said: $name"
}
echo "something else" >else.wd
: >empty.wd
gzip -c s.wd >gzip.wd
printf '\3757zXZ\0 and so on' >xz.wd
printf '\050\265\057\375 and so on' >zstd.wd
"$whydrop" pcap -f s.wd -w pcapng.wd 2>/dev/null
for cmd in list "list -j" watch count top stacks explain "explain NO_SOCKET" reasons status metrics \
	"record -w x.wd" "pcap -w x.pcapng" "count --interval 1"; do
	# shellcheck disable=SC2086
	nothing_read "$cmd of something else" "^whydrop: else.wd: not a recording of whydrop: wrong first bytes" \
		$cmd -f else.wd
	# shellcheck disable=SC2086
	nothing_read "$cmd of an empty file" "^whydrop: empty.wd: empty: not even a header" $cmd -f empty.wd
done
for f in 'gzip: zcat' 'xz: xzcat' 'zstd: zstdcat' 'pcapng: read it with Wireshark'; do
	nothing_read "list of ${f%%:*}" "^whydrop: ${f%%:*}.wd: not a recording of whydrop, but $f" \
		list -f "${f%%:*}.wd"
done
bad=
echo precious >x.wd
"$whydrop" record -f else.wd -w x.wd 2>stderr && fail "exit status 0"
[ "$(cat x.wd)" = precious ] || fail "it was overwritten"
finish "what was there before stays"

# Of a recording, not of this kernel.
for cmd in list count stacks reasons; do
	t "$cmd: a reason that a recording does not have" 2 - \
		"^whydrop: no drop reason of the recording matches .NOSUCHTHING'" $cmd -f s.wd -r NOSUCHTHING
	bad=
	grep -qx '  hint: `whydrop reasons -f s.wd'"' lists them" stderr || fail "$(cat stderr)"
	! grep "this kernel" stderr || fail "it is not about this kernel"
	finish "... and where they are: $cmd"
done
t "of a kernel without reasons" 2 - "^whydrop: the recording gives no reasons, so none matches .NO_SOCKET'" \
	list -f old.wd -r NO_SOCKET
bad=
grep -qx '  hint: select by place instead: --at, see `whydrop count -f old.wd --by at'"'" stderr || fail "$(cat stderr)"
finish "... and what helps"
t "reasons of it" 0 - "^# the kernel of the recording gives no reasons$" reasons -f old.wd

# Numbers, too.
t "explain of a number that there is not" 2 = "no drop reason of the recording matches .99'" explain -f s.wd 99
t "explain of one that there is" 0 "^OTHERHOST" - explain -f s.wd 7
for cmd in list count stacks; do
	t "$cmd of a number that there is not" 2 - "no drop reason of the recording matches .99'" $cmd -f s.wd -r 99
done
t "excluded, it is no mistake less" 2 - "no drop reason of the recording matches .99'" list -f s.wd -r '!99'
number=$("$whydrop" list -j -f unnamed.wd 2>/dev/null | sed -n 's/.*"reason":"UNKNOWN.*"reason_id":\([0-9]*\).*/\1/p' | head -1)
t "a number that has no name" 0 "UNKNOWN" "[1-9] shown" list -f unnamed.wd -r "$number"
t "... explained" 0 "^UNKNOWN" "^# filters unknown" explain -f unnamed.wd "$number"
t "... by the name that it is shown with" 0 "UNKNOWN" "[1-9] shown" list -f unnamed.wd -r 'UNKNOWN*'
t "... from a pipe" 0 "UNKNOWN" "[1-9] shown" list -f - -r "$number" <unnamed.wd

# What is suggested is about the same recording.
name="it's a file.wd"
cp s.wd "$name"
for cmd in "explain" "explain *" "explain -j *"; do
	set -f
	bad=
	# shellcheck disable=SC2086
	"$whydrop" $cmd -f "$name" >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
	set +f
	grep -o "whydrop [a-z]* [^#\"]*" stdout >suggested
	[ -s suggested ] || fail "nothing is suggested: $(head -c 300 stdout)"
	# JSON has a backslash twice.
	sed -i 's/\\\\/\\/g' suggested
	grep -v "whydrop [a-z]* -f 'it'\\\\''s a file.wd'" suggested >others && fail "$(cat others)"
	finish "commands of $cmd read the same recording"
done
bad=
grep "^whydrop" suggested | sort -u >run
nr=0
while IFS= read -r command; do
	# -r gets the name of a reason that the recording need not have.
	(eval "\"$whydrop\" ${command#whydrop }") >stdout 2>stderr
	rc=$?
	[ $rc -eq 0 ] || grep -q "no drop reason of the recording matches" stderr || fail "$command: $(cat stderr)"
	[ $rc -ne 0 ] || nr=$((nr + 1))
done <run
[ "$nr" -ge 5 ] || fail "only $nr of $(wc -l <run) can be run"
finish "... and can be pasted"
bad=
long=$(printf 'd%.0s' {1..200})/$(printf 'e%.0s' {1..200})
mkdir -p "${long%/*}"
cp s.wd "$long"
"$whydrop" explain -f "$long" NO_SOCKET >stdout 2>stderr || fail "exit status $?"
grep -q "whydrop list -f FILE -r NO_SOCKET -o src,dst,dport,tcp_flags\|whydrop list -f FILE -r NO_SOCKET -o" stdout ||
	fail "$(grep whydrop stdout)"
rm -r "${long%/*}"
finish "... with a long name, which would push the rest out"
if command -v script >/dev/null; then
	bad=
	script -qc "'$whydrop' list -f s.wd" /dev/null </dev/null >tty.out
	grep -q '# `whydrop explain -f s.wd [A-Z_]*. says what it means' tty.out || fail "list: $(tail -3 tty.out)"
	script -qc "'$whydrop' explain -f s.wd" /dev/null </dev/null >tty.out
	grep -q '# `whydrop explain -f s.wd NAME. shows causes' tty.out || fail "explain: $(tail -3 tty.out)"
	finish "... on a terminal"
else
	skip "... on a terminal" "no script(1)"
fi
"$mkrec" empty >empty.wd
t "nothing was dropped" 0 = 'no drops so far; .whydrop explain -f empty.wd NAME. explains' explain -f empty.wd

# What may steer a terminal is told in other words; all else is left alone.
bad=
"$whydrop" list -f s.wd -r $'10\xc2\xb0\xe2\x80\xae\e[2J\xc2\x9b\xff\\x' 2>stderr
grep -aqF $'`10\xc2\xb0\\xe2\\x80\\xae\\x1b[2J\\xc2\\x9b\\xff\\x'"'" stderr || fail "$(cat -v stderr)"
"$whydrop" $'n\xe2\x81\xa6e\r' 2>stderr
grep -aqF '`n\xe2\x81\xa6e\x0d'"'" stderr || fail "$(cat -v stderr)"
finish "messages: no name steers the terminal, and a degree sign is one"

# What this program has no name for yet is told as a number, and never as nothing.
"$mkrec" future >future.wd
bad=
"$whydrop" list -j -f future.wd 2>stderr >stdout || fail "exit status $?: $(cat stderr)"
for pair in '"ctx":"77"' '"stack_kind":"78"' '"type":"80"' '"state":"81"' '"family":"199"' '"family":"0x88b5"' \
	'"stack_flags":"cut, 0x4000"' '"cause":"unknown"'; do
	grep -qF "$pair" stdout || fail "no $pair: $(cat stdout)"
done
"$whydrop" list -H -o ctx,stack_kind,sock.type,sock.state,sock.family,family,stack_flags -f future.wd 2>/dev/null >stdout
[ "$(sed -n '1s/  */ /gp' stdout)" = "77 78 80 81 199 0x88b5 cut, 0x4000" ] || fail "$(cat stdout)"
[ "$(sed -n '2s/  */ /gp' stdout)" = "77 78 80 81 199 199 cut, 0x4000" ] || fail "$(cat stdout)"
"$whydrop" status -f future.wd >stdout
grep -qx "lost_unknown  *5" stdout || fail "$(cat stdout)"
finish "values of the future are told as numbers"
"$whydrop" list -x -j -f s.wd 2>/dev/null | sed -n 's/.*"data":"\([0-9a-f]*\)".*/\1/p' >want
bad=
"$whydrop" list -H -o data -f s.wd 2>/dev/null | sed 's/^-$//' >got
cmp want got || fail "$(head -3 got)"
grep -q . want || fail "nothing is captured"
"$whydrop" list -j -o data -f s.wd 2>/dev/null | sed -n 's/.*"data":"\([0-9a-f]*\)".*/\1/p' >got
cmp want got || fail "$(head -3 got)"
finish "-o data is the data, without -x"

# What fits nothing may be misspelt: devices, tasks, places.
# near NAME NOTE HINT ARGUMENT...
near() {
	local name=$1 note=$2 hint=$3
	shift 3
	bad=
	timeout 20 "$whydrop" "$@" >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
	[ "$(grep -cx -- "# $note" stderr)" -eq 1 ] || fail "no \"# $note\": $(cat stderr)"
	[ -z "$hint" ] || [ "$(grep -cx -- "  hint: $hint" stderr)" -eq 1 ] || fail "no \"$hint\": $(cat stderr)"
	finish "$name"
}
for cmd in list "list -j" count "count --by at" stacks "record -w x.wd" "pcap -w x.pcapng" "top --duration 0"; do
	# shellcheck disable=SC2086
	near "$cmd: a device that no drop has" "no device of these drops matches .vethO'" "did you mean veth0 or eth0?" \
		$cmd -f s.wd -i vethO
done
near "one of several" "no device of these drops matches .wlan7'" "" list -f s.wd -i 'veth*,wlan7'
near "a pattern" "no device of these drops matches .tun\*'" "" list -f s.wd -i 'tun*'
near "a task that no drop has" "no task of these drops matches .swaper\*'" "" list -f s.wd --comm 'swaper*'
near "a place that no drop has" "no place of these drops matches .__udp4_lib_rvc'" "did you mean __udp4_lib_rcv?" \
	list -f s.wd --at __udp4_lib_rvc
near "a device, though no drop of that reason" "no device of these drops matches .vethO'" "did you mean veth0 or eth0?" \
	list -f s.wd -r NETFILTER_DROP -i vethO
for opts in "-i veth0" "-i !wlan7" "-i -" "-i ve*" "--at __udp4_lib_rcv" "--at !nosuch" "--comm swapper/0" \
	"--comm !nosuch" "--at __udp4_lib_rcv*" "-r NETFILTER_DROP -i veth0"; do
	bad=
	set -f
	# shellcheck disable=SC2086
	"$whydrop" list -f s.wd $opts >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
	set +f
	! grep "these drops" stderr || fail "it is there"
	finish "nothing is said of what is there: $opts"
done
for opts in "-i veth0,eth0" "--at *udp*,*arp*,ip_*" "--comm swapper*,[!s]*"; do
	bad=
	set -f
	# shellcheck disable=SC2086
	"$whydrop" list -f s.wd $opts -c 1 >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
	set +f
	[ "$(grep -c shown stderr)" -eq 1 ] || fail "$(cat stderr)"
	! grep "these drops" stderr || fail "it may be in what -c left unread"
	finish "nothing is said of what was not read: $opts -c 1"
done
for cmd in record watch pcap; do
	bad=
	rm -f all.out
	case $cmd in
	watch) "$whydrop" watch -H --duration 0 -f s.wd >all.out 2>stderr ;;
	*) "$whydrop" $cmd --duration 0 -f s.wd -w all.out 2>stderr ;;
	esac || fail "exit status $?: $(cat stderr)"
	[ "$("$whydrop" list -H -f s.wd 2>/dev/null | wc -l)" -gt 1 ] || fail "nothing to compare with"
	grep -qE "^# (10 events|10 packets|10 shown)" stderr || fail "$(cat stderr)"
	finish "a file is read to its end, whatever --duration: $cmd"
done
t "a reason where an expression belongs" 2 = "hint: -r selects reasons, -i devices" list -f s.wd NO_SOCKET
t "a place where a reason belongs" 2 = "hint: a place in the kernel: whydrop explain -f s.wd @nft_do_chain" explain -f s.wd nft_do_chain
bad=
WHYDROP_CACHE=$PWD/nosuch "$top/tests/vm/remove" >stdout 2>stderr || fail "exit status $?"
if [ -s stderr ] || ! grep -qx "Nothing to remove: there is no $PWD/nosuch" stdout; then fail "$(cat stdout stderr)"; fi
finish "make demo-clean where nothing was installed"
for how in "-f s.wd -i any" "-f s.wd -i any,veth0" "-i any"; do
	# shellcheck disable=SC2086
	t "tcpdump's word: $how" 2 = "dev: there is no device .any'" list $how
	bad=
	grep -q "hint: without -i, also drops without a device are shown" stderr || fail "$(cat stderr)"
	finish "... and what to do: $how"
done

# Live, what is asked for may be none of a drop, nor of this machine.
mkdir -p here
"$mkrec" empty >here/raw
for cmd in list "list -j" count stacks "top --duration 0" "report -w x.html"; do
	export WHYDROP_DEBUGFS=$PWD/here WHYDROP_PARAMETERS=$PWD/here
	echo "# whydrop reasons v1" >here/reasons
	# shellcheck disable=SC2086
	near "$cmd, live: a device that there is not" \
		"no device of this network namespace or of these drops matches .l0'" "did you mean lo?" $cmd -i l0
	unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS
done

# Live, before it waits; but one of another namespace it cannot know.
mkdir -p pipe
rm -f pipe/raw
mkfifo pipe/raw
exec 9<>pipe/raw
export WHYDROP_DEBUGFS=$PWD/pipe WHYDROP_PARAMETERS=$PWD/pipe
for cmd in watch "record -w x.wd" "pcap -w x.pcapng"; do
	cat s.wd >&9
	# shellcheck disable=SC2086
	near "$cmd: a device that is not here" \
		"no device of this network namespace matches .l0'; another may have one" "did you mean lo?" \
		$cmd --duration 0.1 -i l0
	bad=
	[ "$(grep -c "matches .l0'" stderr)" -eq 1 ] || fail "told twice: $(cat stderr)"
	finish "... once: $cmd"
done
for opts in "-i lo" "-i !l0" "-i l*" "-i l0 -N 1"; do
	bad=
	cat s.wd >&9
	set -f
	# shellcheck disable=SC2086
	"$whydrop" watch --duration 0.1 $opts >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
	set +f
	! grep "network namespace matches" stderr || fail "it is there"
	finish "nothing is said of: $opts"
done
exec 9>&-
unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS
