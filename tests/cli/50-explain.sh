# shellcheck shell=bash disable=SC2154,SC2034
# explain: the table, and what it makes of a recording.
"$mkrec" sample >s.wd

golden explain.txt explain -f s.wd
golden explain-some.txt explain -f s.wd no_socket NETFILTER_DROP 'openvswitch/*'
golden explain.json explain -j -f s.wd SOCKET_FILTER NOT_SPECIFIED
export WHYDROP_DEBUGFS=/nonexistent
bad=
"$whydrop" explain -f s.wd >stdout 2>/dev/null
"$whydrop" explain -f s.wd '*' 2>/dev/null | grep -A1 -e '^  Kind' -e '^  First' >>stdout
awk 'length > 80' stdout >changes
[ ! -s changes ] || fail "wider than 80: $(cat changes)"
[ "$(grep -c '^  Kind' stdout)" -gt 20 ] || fail "only $(grep -c '^  Kind' stdout)"
finish "advice and kinds fit 80 columns"
t "explain without the module: what is known anyway" 0 "^  ss -lntup" "nonexistent" explain NO_SOCKET
t "... of a name that no kernel has" 2 = "^whydrop: no drop reason of any kernel matches .NO_SOCKT'$" explain NO_SOCKT
t "... but not what was seen" 3 = "nonexistent" explain
t "explain of a reason that only other kernels have" 0 "none; a reason of other kernels" "^# lost 118 events: " explain -f s.wd TCP_MINTTL
t "explain of none" 2 = "did you mean NO_SOCKET" explain -f s.wd NO_SOKET
t "explain: so many lines of a list" 0 "and 1 more" - explain -f s.wd -c 1 NO_SOCKET
bad=
"$whydrop" explain NO_SOCKET >both 2>&1 || fail "exit status $?"
matches "the first line" "^NO_SOCKET$" <(head -1 both)
finish "... and then why nothing was counted"
unset WHYDROP_DEBUGFS
name="explain where the module is not loaded"
if [ -e /sys/module/whydrop ]; then
	skip "$name" "it is"
else
	bad=
	"$whydrop" explain NO_SOCKET >both 2>&1 || fail "exit status $?"
	"$whydrop" explain NO_SOCKET >stdout 2>stderr || fail "exit status $?"
	cat stdout stderr | cmp -s - both || fail "not the answer first: $(head -3 both)"
	[ "$(wc -l <stderr)" -eq 1 ] || fail "more than a line: $(cat stderr)"
	matches stderr "^# nothing was counted here: the module is not loaded; as root: modprobe whydrop$" stderr
	awk 'length > 80' both >changes
	[ ! -s changes ] || fail "wider than 80: $(cat changes)"
	"$whydrop" explain -j NO_SOCKET >stdout 2>stderr || fail "exit status $?"
	matches stdout '^{"type":"explain".*"count":null' stdout
	matches stderr "^# nothing was counted here" stderr
	"$whydrop" explain NO_SOCKT >stdout 2>stderr && fail "exit status 0"
	matches stderr "^whydrop: no drop reason of any kernel matches" <(head -1 stderr)
	finish "$name: first what is known, then a line about the module"
	t "... without a reason: that one can be given" 3 = "^  hint: to explain a REASON needs no module: whydrop explain NO_SOCKET$" explain
fi

# The table against the names that kernels have. In it a name is a word in
# .names; 60 of the core at least.
sed -n 's/.*\.names = "\(.*\)",.*/\1/p; /\.names =$/,/",$/s/^\t\t"\(.*\)",*$/\1/p' \
	"$top/user/explain/table.c" | tr ' ' '\n' | grep . >names
bad=
while read -r name; do
	case $name in
	*'*'*)
		found=
		while read -r known; do
			# shellcheck disable=SC2053	# a pattern it is
			[[ $known != $name ]] || found=1
		done <"$here/reasons.txt"
		[ "$found" ] || fail "no kernel has a reason like $name"
		;;
	*)	grep -qx -- "$name" "$here/reasons.txt" || fail "no kernel has the reason $name" ;;
	esac
done <names
[ "$(sort names | uniq -d | wc -l)" -eq 0 ] || fail "twice: $(sort names | uniq -d)"
[ "$(grep -c '^[A-Z]' names)" -ge 60 ] || fail "only $(grep -c '^[A-Z]' names) reasons of the core"
finish "each reason that is explained is one of a kernel, $(grep -c '^[A-Z]' names) of the core"
bad=
"$whydrop" explain -j '*' -f s.wd 2>/dev/null >all.json
grep -v '^#' "$here/reasons.txt" | grep -v / | while read -r name; do
	grep "\"reason\":\"$name\"" all.json | grep -q '"advice":"' || echo "$name"
done >without
[ ! -s without ] || fail "without advice: $(tr '\n' ' ' <without)"
finish "each reason of the core that a kernel has is explained"
bad=
grep -o '"advice":"[^"]*"' all.json | awk 'length > 11 + 80' >long
[ ! -s long ] || fail "advice of more than 79 columns: $(cat long)"
finish "advice fits a line"

# Places: each function in one entry, advice that fits with the longest of its names.
bad=
t "explain of a place" 0 "^  First: not forwarded: its route is unreachable" = explain @ip_error
t "... and of one by another name of it, with an offset" 0 "listen queue is full" = explain @cookie_v6_check+0x12
t "... its commands are for the recording" 0 "^  whydrop list -f s.wd -r REASON" = explain @ip_error -f s.wd
WHYDROP_DEBUGFS=/nosuch WHYDROP_PARAMETERS=/nosuch t "... as JSON without the module, too" 0 '^{"type":"loss".*"filters":null' = explain -j @ip_error
t "... of one that is not known" 2 = "nothing is known of the place .no_such_place" explain @no_such_place
t "... along with a reason" 0 "^NO_SOCKET" "^# lost 118 events: " explain @ip_error NO_SOCKET -f s.wd
"$whydrop" explain -j '@*' >places.json
[ "$(grep -c '"type":"place"' places.json)" -ge 60 ] || fail "only $(wc -l <places.json) places"
sed -n 's/.*"functions":\[\([^]]*\)\].*/\1/p' places.json | tr -d '"' | tr ',' '\n' >functions
[ "$(wc -l <functions)" -ge 250 ] || fail "only $(wc -l <functions) functions"
# Kernels without reasons have the first entry of some, others the second.
awk '/\.names =/ { names = $0 } /\.unnamed = true/ { gsub(/.*= "|",.*/, "", names); print names }' \
	"$top/user/known/places.c" | tr ' ' '\n' | sort >unnamed
[ "$(wc -l <unnamed)" -gt 5 ] || fail "only $(cat unnamed)"
sort functions | uniq -d | comm -23 - unnamed >twice
[ ! -s twice ] || fail "twice: $(cat twice)"
grep -o '"advice":"[^"]*"' places.json | awk 'length > 11 + 80' >long
[ ! -s long ] || fail "advice of more than 79 columns: $(cat long)"
grep '"type":"place"' places.json | grep -v '"causes":\["[^]]*"\],"look":\[{"command":"' && fail "without causes or commands"
# an entry is found by each function that it names: no entry before it has a pattern for it
while read -r name; do
	case $name in
	*'*'*)	continue ;;
	esac
	"$whydrop" explain -j "@$name" | grep -q "\"$name\"" || fail "@$name is another entry's"
done <functions
finish "places: each function is in one entry, and is found"

"$mkrec" places >places.wd
bad=
"$whydrop" explain -f places.wd NOT_SPECIFIED >stdout 2>stderr
"$whydrop" explain -j -f places.wd NOT_SPECIFIED >json 2>>stderr
for dev in gre1 DEV; do
	grep -q "^  ip .* dev $dev " stdout || fail "nothing for $dev: $(cat stdout)"
	grep -q "\"command\":\"ip [^\"]* dev $dev\"" json || fail "nothing for $dev: $(cat json)"
done
grep -q "^  grep . /proc/net/bonding/DEV " stdout || fail "the bond's device is not known: $(cat stdout)"
finish "commands at a place are for the device of its drops, if one is known"

# A name that a shell would take for more than a word is not to be pasted.
bad=
"$whydrop" explain -f s.wd 'openvswitch/*' | grep -q 'd.*x9b' || fail "the device is not told"
"$whydrop" explain -f s.wd NETFILTER_DROP SOCKET_FILTER -j | grep -o '"command":"[^"]*"' |
	grep -E '[;`$]|\\u' && fail "not to be pasted"
finish "commands have no names in them that a shell would run"

if command -v script >/dev/null; then
	bad=
	for how in "list" "count"; do
		script -qc "'$whydrop' $how -f s.wd" /dev/null </dev/null >tty.out
		[ "$(grep -c '# `whydrop explain -f s.wd [A-Z_]*. says what it means' tty.out)" -eq 1 ] ||
			fail "$how: $(tail -3 tty.out)"
		script -qc "'$whydrop' $how -j -f s.wd" /dev/null </dev/null | grep 'whydrop explain' &&
			fail "$how -j: points to explain"
		"$whydrop" $how -f s.wd 2>&1 | grep 'whydrop explain' && fail "$how: no terminal"
	done
	finish "a terminal is pointed to explain, once"
else
	skip "a terminal is pointed to explain, once" "no script(1)"
fi
