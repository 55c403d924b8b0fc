# shellcheck shell=bash disable=SC2154,SC2034
# Words of the command line.
"$mkrec" sample >s.wd

t "no command is a mistake" 2 = "^Usage: whydrop"
t "help is not" 0 "^Usage: whydrop" = --help
t "help as a word" 0 "^Usage: whydrop" = help
t "version" 0 "^whydrop [0-9]+\.[0-9]+\.[0-9]+, reads ABI 1\.x$" = --version
t "version as a word" 0 "^whydrop [0-9.]+" = version

bad=
for cmd in watch list count top stacks metrics record gather pcap report losses rule alarm explain reasons fields status enable disable reset set ""; do
	# shellcheck disable=SC2086
	"$whydrop" $cmd --help >stdout 2>stderr || fail "$cmd --help: exit status $?"
	[ ! -s stderr ] || fail "$cmd --help: $(cat stderr)"
	[ "$(wc -l <stdout)" -le 24 ] || fail "$cmd --help: more than 24 lines"
	grep -q "^Examples:" stdout || fail "$cmd --help: no examples"
	awk 'length > 79 { exit 1 }' stdout || fail "$cmd --help: more than 79 columns"
	! grep ' $' stdout || fail "$cmd --help: a blank at the end of a line"
	# shellcheck disable=SC2086
	[ -z "$cmd" ] || "$whydrop" help $cmd | cmp -s - stdout || fail "help $cmd differs"
done
finish "each command has help that fits a screen"

bad=
for cmd in watch list record pcap count top stacks losses explain reasons; do
	"$whydrop" $cmd --help >stdout
	case $cmd in
	watch|list|record|pcap)	limits="stop after N drops" ;;
	*)	limits="show the first N rows only" ;;
	esac
	[ "$(sed -n 's/^  -c, --limit N *//p' stdout)" = "$limits" ] || fail "$cmd: not $limits: $(cat stdout)"
	grep -q "^Usage: .*\[FILTER\]" stdout && want=1 || want=0
	[ "$(grep -c "^  FILTER .* pcap-filter(7) .*options go before it$" stdout)" -eq "$want" ] ||
		fail "$cmd: FILTER: $(cat stdout)"
done
"$whydrop" --help | grep -q "^FILTER: .*options go before it$" || fail "--help: FILTER"
finish "help tells what -c limits, and what FILTER is"

t "unknown command" 2 = "unknown command .wach'.*" wach
t "the nearest is named" 2 = "did you mean watch\?" wach
bad=
"$whydrop" fields >stdout
awk 'length > 80' stdout >changes
[ ! -s changes ] || fail "wider than 80: $(cat changes)"
finish "fields fit 80 columns"
t "unknown command with no neighbor" 2 = "whydrop --help" qqqqqq
t "commands are not abbreviated" 2 = "unknown command" wat
t "unknown option" 2 = "did you mean --history\?" watch --hisotry
t "options are not abbreviated" 2 = "unknown option .--hist'" watch --hist
t "unknown letter" 2 = "unknown option .-Z'" list -Z
t "option without its argument" 2 = "reason needs an argument" list -r
t "argument to an option that has none" 2 = "json takes no argument" list --json=1
t "option of another command" 2 = "whydrop list. has no option --by$" list --by dev
t "option before the command" 0 "NO_SOCKET" - -f s.wd list
t "option of another command before it" 2 = "has no option --by" --by dev list
t "record prints no JSON" 2 = "whydrop record. has no option --json$" record -j -f s.wd -w x.wd
t "metrics print no JSON" 2 = "whydrop metrics. has no option --json$" metrics -j
t "metrics have no colors, and take --color as all do" 0 "^# EOF" = metrics --color never -f s.wd
t "options in one word" 0 "UDP len 32 @" - list -sHfs.wd
t "long option with =" 0 "UDP len 32 @" - list --file=s.wd
t "word too many" 2 = "unexpected argument .x'" fields x
t "bad --time" 2 = "time: .sometimes' is not abs" list --time sometimes
t "bad --color" 2 = "color: .red' is not auto" list --color red
t "bad --limit" 2 = "limit: .0' is not a number of at least 1" list -c 0
t "bad --limit, not a number" 2 = "limit: .ten' is not a number" list -c ten
t "bad --duration" 2 = "duration: .1m' is not a number of seconds" watch --duration 1m
t "bad --ready-fd" 2 = "ready-fd: .77' is not the number of an open descriptor" watch --ready-fd 77
t "bad --by" 2 = "by .reasn': not reason dev netns at comm flow class intent proc host" count --by reasn -f s.wd
t "bad --fields" 2 = "did you mean reason" list -o resaon -f s.wd
t "bad --netns" 2 = "netns: no namespace .nosuch'" list -N nosuch
t "bad --netns, of no recording" 2 = "netns: no namespace .nosuch'" list --names off -N nosuch -f s.wd
t "bad --netns pid" 2 = "pid: followed by a number" list -N pid:x -f s.wd
t "empty item" 2 = "--reason: an item of the list is empty" list -r NO_SOCKET,, -f s.wd
for opts in "-c" "-c 1" "--limit=1"; do
	# shellcheck disable=SC2086
	t "an option behind an expression: $opts" 2 = "options go before the expression: whydrop list ${opts%% *} " \
		list -f s.wd tcp port 443 $opts
done
t "record without -w" 2 = "whydrop record -w" record -f s.wd
t "set without anything" 2 = "NAME=VALUE" set

# With a first process of its own: that of others not everybody may ask. There
# is no module here, but for what looks like one: a folder in place of /sys/module.
in_netns() { unshare -m -n -p -f --mount-proc sh -c "ip netns add wd$$ &&
	ip netns exec wd$$ sh -c \"$*\"; status=\$?; ip netns del wd$$; exit \$status"; }
loaded="mount -t tmpfs none /sys/module && mkdir /sys/module/whydrop &&"
name="where ip netns exec hides debugfs: why, and what to do"
if in_netns true 2>/dev/null; then
	bad=
	(unset WHYDROP_DEBUGFS; in_netns "$loaded $whydrop list") >stdout 2>stderr
	[ $? -eq 3 ] || fail "exit status"
	matches stdout = stdout
	matches stderr "not mounted in this mount namespace.*/raw$" stderr
	matches stderr "hint: ip netns exec" stderr
	matches stderr "hint: it sees all .* -N NAME selects one$" stderr
	finish "$name"
else
	skip "$name" "no right to make namespaces"
fi

# Parameters are in sysfs: without debugfs, a module that is loaded can be set, and
# one that is not is what is wrong.
no_debugfs() { unshare -m sh -c "
	while grep -q ' debugfs ' /proc/mounts && umount -l /sys/kernel/debug; do :; done
	$*"; }
if [ -e /sys/module/whydrop ] || ! no_debugfs true 2>/dev/null; then
	skip "neither module nor debugfs" "no right to unmount, or the module is loaded"
else
	for cmd in "set snaplen=1" enable list status; do
		bad=
		(unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS; no_debugfs "$whydrop $cmd") >stdout 2>stderr
		[ $? -eq 3 ] || fail "exit status"
		matches stdout = stdout
		matches stderr "^whydrop: the module whydrop is not loaded$" stderr
		matches stderr "hint: .*modprobe whydrop" stderr
		case $cmd in
		list|status)	matches stderr "hint: .*mount -t debugfs none /sys/kernel/debug$" stderr ;;
		*)	! grep debugfs stderr || fail "a parameter needs no debugfs" ;;
		esac
		finish "neither module nor debugfs: $cmd says what is missing"
	done
fi
name="without the module, who is not root is told what needs neither"
if [ -e /sys/module/whydrop ] || ! setpriv --reuid=65534 --regid=65534 --clear-groups "$whydrop" --version >/dev/null 2>&1; then
	skip "$name" "not root, or the module is loaded"
else
	bad=
	for cmd in list "set snaplen=1"; do
		# shellcheck disable=SC2086
		(unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS
		exec setpriv --reuid=65534 --regid=65534 --clear-groups "$whydrop" $cmd) >stdout 2>stderr
		[ $? -eq 3 ] || fail "exit status"
		matches stderr "hint: as root: modprobe whydrop" stderr
		[ "$(grep -c "recording.*-f FILE" stderr)" = "$([ "$cmd" = list ]; echo $((1 - $?)))" ] ||
			fail "$cmd: $(cat stderr)"
	done
	finish "$name"
fi
