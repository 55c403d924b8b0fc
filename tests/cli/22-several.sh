# shellcheck shell=bash disable=SC2154,SC2034,SC2086,SC2094,SC2015
# Several recordings: one behind the other, side by side, in a directory; of one
# boot, of several, of several hosts. What is right is what one recording says that
# was never cut.
rm -rf several
mkdir several
cd several || exit 1
piece() { "$mkrec" piece "$@"; }
piece 1 1 0 1000 >whole
piece 1 1 0 300 >a
piece 1 1 300 400 >b
piece 1 1 700 300 >c
piece 1 1 200 600 >over
piece 2 1 0 10 >other

# same NAME EXPECTED ARGUMENT...: the same events, in the same order, and nothing lost
events() { "$whydrop" list -H -o mono,cpu,seq,reason,at "$@"; }
same() {
	local name=$1 want=$2
	shift 2
	bad=
	events -f "$want" >want 2>/dev/null
	timeout 60 "$whydrop" list -H -o mono,cpu,seq,reason,at "$@" >stdout 2>stderr || fail "exit status $?: $(head -3 stderr)"
	cmp -s want stdout || fail "$(diff want stdout | head -5) $(wc -l <stdout) lines, not $(wc -l <want)"
	! grep -E "lost|between" stderr || fail "$(cat stderr)"
	finish "$name"
}
same "pieces of one recording, one behind the other" whole -f - < <(cat a b c)
cat a b c >cat.wd
same "... in one file" whole -f cat.wd
same "... by name" whole -f a -f b -f c
same "... in any order" whole -f c -f a -f b
mkdir dir
cp c dir/1.wd
cp a dir/2.wd
cp b dir/3.wd
same "... of a directory" whole -f dir
same "... by a pattern" whole -f 'dir/*.wd'
same "recordings that overlap: each event once" whole -f a -f over -f c
same "... one behind the other" whole -f - < <(cat a over c)
same "... twice the same" whole -f whole -f over -f whole
bad=
"$whydrop" list -f a -f over -f c >stdout 2>stderr || fail "exit status $?"
grep -q "^# 200 events in more than one recording: counted once" stderr || fail "$(cat stderr)"
finish "... and that is said"
piece 1 1 0 300 3 >third0
piece 1 1 1 300 3 >third1
piece 1 1 2 300 3 >third2
piece 1 1 0 900 >thirds
same "recordings of a selection each, in the order of time" thirds -f third2 -f third0 -f third1

bad=
piece 1 1 500 100 >far
"$whydrop" list -j -f a -f far >stdout 2>stderr || fail "exit status $?"
[ "$(grep -c '"type":"drop"' stdout)" = 400 ] || fail "$(wc -l <stdout) lines"
[ "$(grep -c '^{"type":"lost","cpu":[01],"seq":null,"count":100,"cause":"unrecorded"}$' stdout)" = 2 ] ||
	fail "$(grep lost stdout)"
grep -q "lost 200 events: between two recordings" stderr || fail "$(cat stderr)"
finish "what is between two recordings is lost"
bad=
{ piece 1 1 0 100; piece 1 1 140 100 1 20 | tail -c +25; } >lossy
"$whydrop" count -f lossy >stdout 2>stderr
grep -q "lost 40 events" stderr || fail "alone: $(cat stderr)"
"$whydrop" list -f lossy -f whole >stdout 2>stderr || fail "exit status $?"
grep "lost" stderr && fail "$(cat stderr)"
grep -q "^# 1000 shown" stderr || fail "$(cat stderr)"
piece 1 1 100 20 >part
"$whydrop" count -f lossy -f part >stdout 2>stderr || fail "exit status $?"
grep -q "lost 20 events" stderr || fail "partly: $(cat stderr)"
finish "what one recording lost another may have"

# Two loads of the module in one boot: the ids of stacks are not the same ones.
bad=
piece 1 2 0 5 >second
"$whydrop" stacks -f second -f a >stdout 2>stderr || fail "exit status $?"
grep -q "^ *300 REASON_1 @ place_1_1+" stdout && grep -q "^ *5 REASON_1 @ place_1_2+" stdout || fail "$(cat stdout)"
"$whydrop" list -j -f second -f a | grep -c '"type":"meta"' | grep -qx 1 || fail "more than one host"
finish "two loads of the module in one boot"

# Hosts: sections in the order of the clock, whatever the order of the options.
for how in "-f other -f a" "-f a -f other"; do
	bad=
	"$whydrop" count $how >stdout 2>stderr || fail "exit status $?"
	[ "$(grep -o '^# host host[12], kernel 6.1.0-test, boot 0000000[12]-\|REASON_[12]' stdout | paste -sd ' ')" = \
		"# host host1, kernel 6.1.0-test, boot 00000001- REASON_1 # host host2, kernel 6.1.0-test, boot 00000002- REASON_2" ] ||
		fail "$(cat stdout)"
	finish "two hosts: $how"
done
for view in "list" "count --by dev" "count --by flow" "top" "stacks" "stacks --by at" "explain" "reasons" "status"; do
	bad=
	"$whydrop" $view -f a -f other >both 2>stderr || fail "exit status $?: $(cat stderr)"
	{ "$whydrop" $view -f a; "$whydrop" $view -f other; } >each 2>/dev/null
	# What is suggested names the same recordings.
	grep -v "^# host\|^$\|^# 20.*drops, .*lost$" both | sed 's/ -f a -f other / /' >x
	grep -v "^$\|^# 20.*drops, .*lost$" each | sed -E 's/ -f (a|other) / /' >y
	cmp -s x y || fail "$(diff x y | head -5)"
	[ "$(grep -c "^# host" both)" = 2 ] || fail "no label: $(cat both)"
	"$whydrop" $view -j -f a -f other 2>/dev/null | grep -o '"type":"meta"\|"node":"host[12]"' | paste -sd ' ' >stdout
	[[ $(cat stdout) == '"type":"meta" "node":"host1" '*'"type":"meta" "node":"host2"'* ]] || fail "JSON: $(cat stdout)"
	finish "two hosts, as each alone: $view"
done
bad=
cat a other >joined
"$whydrop" explain REASON_1 REASON_2 -f joined >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
[ "$(grep -cx 'REASON_[12]' stdout)" = 2 ] || fail "$(cat stdout)"
"$whydrop" explain NO_SUCH_REASON -f joined >stdout 2>stderr && fail "a reason that neither has"
grep -q "matches .NO_SUCH_REASON'" stderr || fail "$(cat stderr)"
finish "two hosts, explain of a reason that only one has"

# Nothing of it may be printed thousands of times because a small file has thousands of hosts.
bad=
for i in 1 2 3 4 5 6 7 8 9; do
	"$mkrec" piece $i 1 0 1
done >hosts
"$whydrop" explain '*' -f hosts >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
[ "$(grep -c '^# host ' stdout)" -eq 9 ] || fail "not nine hosts: $(grep '^# ' stdout)"
[ "$(awk '/^# host / { n++ } n > 1' stdout | wc -l)" -le 400 ] || fail "$(wc -l <stdout) lines"
[ "$(grep -c ' reasons without drops here$' stdout)" -eq 8 ] || fail "$(grep 'without drops' stdout)"
"$whydrop" explain -j '*' -f hosts >stdout 2>stderr || fail "exit status $?: $(cat stderr)"
awk '/"type":"meta"/ { n++ } n > 1 && /"type":"explain"/ && /"count":0,/ { bad = 1 } END { exit n != 9 || bad }' stdout ||
	fail "JSON has what was not seen again and again"
finish "what a reason means is said once for many hosts"
bad=
cat a other | "$whydrop" list -H -o reason,at -f - >stdout 2>stderr || fail "exit status $?"
[ "$(sort stdout | uniq -c | paste -sd ' ' | tr -s ' ')" = " 1 # host host2, kernel 6.1.0-test, boot 00000002-0000-4000-8000-000000000000 300 REASON_1 place_1_1+0x1/0x2 10 REASON_2 place_2_1+0x1/0x2" ] ||
	fail "$(sort stdout | uniq -c)"
cat other a other >mix.wd
"$whydrop" count -f mix.wd -f b | grep -c "^# host" | grep -qx 4 || fail "$("$whydrop" count -f mix.wd -f b)"
finish "two hosts, one behind the other"
t "a limit is for all of them" 0 REASON_1 "^# 3 shown" list -c 3 -f a -f other
# 305 and whose they are
lines "... and goes on with the next" 307 list -H --time mono -o seq,mono -c 305 -f a -f other
t "a reason of one of them" 0 REASON_2 - list -r REASON_2 -f a -f other
t "a reason of none" 2 - "no drop reason of these recordings matches .REASON_3'" list -r REASON_3 -f a -f other
t "an exit code of all" 10 - - list -r REASON_1 --exit-code -f a -f other
t "metrics are of one host" 1 = "more than one boot" metrics -f a -f other

bad=
"$whydrop" record -f over -f a -f c -w joined.wd 2>stderr || fail "exit status $?: $(cat stderr)"
events -f whole >want 2>/dev/null
events -f joined.wd >stdout 2>stderr || fail "joined: $(cat stderr)"
cmp -s want stdout || fail "$(diff want stdout | head -3)"
"$whydrop" record -f other -f joined.wd -w two.wd 2>stderr || fail "exit status $?: $(cat stderr)"
[ "$("$whydrop" count -j -f two.wd 2>/dev/null | grep -o '"count":[0-9]*' | paste -sd ' ')" = '"count":1000 "count":10' ] ||
	fail "$("$whydrop" count -j -f two.wd)"
"$whydrop" pcap -f two.wd -w two.pcapng 2>stderr || fail "exit status $?: $(cat stderr)"
grep -q "1010 packets of 2 interfaces" stderr || fail "$(cat stderr)"
finish "one recording of several"

bad=
"$whydrop" record -C 8k -f whole -w turn.wd 2>/dev/null || fail "exit status $?"
[ "$(find . -name 'turn.wd.*' | wc -l)" -gt 5 ] || fail "not turned: $(ls)"
events -f whole >want 2>/dev/null
events -f 'turn.wd.*' >stdout 2>stderr || fail "exit status $?"
cmp -s want stdout || fail "$(diff want stdout | head -3)"
! grep lost stderr || fail "$(cat stderr)"
finish "pieces of record -C are one again"

bad=
"$whydrop" record -f whole -i eth0 --benign hide -r '!OTHERHOST' -w sel.wd 2>stderr && fail "a reason that there is none"
"$whydrop" record -f whole -i eth0,lo --benign hide -r '!NOT_OF_ANY' -w sel.wd 2>stderr || fail "$(cat stderr)"
"$whydrop" status -f sel.wd | grep -q "^selected  *-r !NOT_OF_ANY -i eth0,lo --benign hide$" || fail "$("$whydrop" status -f sel.wd)"
piece 1 1 0 100 >early
"$whydrop" record -f far -i eth0 -w sel.wd 2>stderr || fail "$(cat stderr)"
"$whydrop" list -f early -f sel.wd >stdout 2>stderr
grep "lost" stderr && fail "not selected, but lost: $(cat stderr)"
finish "a recording says what was selected for it"

# What is no recording, or cannot be read.
echo text >dir/README
: >dir/empty
t "other files of a directory are skipped" 0 REASON_1 "^# 2 files skipped, no recordings: dir/README, dir/empty" list -f dir
ln -s nowhere dir/gone.wd
t "one that cannot be opened" 1 REASON_1 "cannot open dir/gone.wd: No such file" list -f dir
t "... the others are read" 1 - "^# 1000 shown" list -f dir
rm dir/gone.wd
head -c 5000 b >dir/cut.wd
t "one that is cut off" 1 REASON_1 "dir/cut.wd: cut off: .* incomplete record \(byte [0-9]+\)" list -f dir
t "... the others are read" 1 - "^# 1000 shown" list -f dir
{ cat b; printf '\7\0\0\0\0\0\0\0'; } >dir/cut.wd
t "one that is corrupt" 1 REASON_1 "dir/cut.wd: corrupt: a record of" list -f dir
rm dir/cut.wd
mkdir none
echo text >none/text
t "a directory without a recording" 1 = "no recording in the directory none" list -f none
t "a pattern that fits nothing" 1 = "no file matches .none/\*\.wd'" list -f 'none/*.wd'
t "a pattern that the shell has seen" 2 = "repeat -f: -f a -f b" list -f a b c
t "stdin beside another" 1 - "stdin can only be read alone" list -f - -f a </dev/null
t "a file that is none, by name" 1 REASON_1 "none/text: not a recording" list -f none/text -f a

# Many: memory and descriptors are few, however many there are.
bad=
mkdir many
for i in {0..999}; do
	piece 1 1 $((i * 10)) 14
done >all
size=$(($(wc -c <all) / 1000))
split -d -a 3 -b "$size" all many/p.
[ "$(find many -type f | wc -l)" = 1000 ] || fail "$(find many -type f | wc -l) files"
(ulimit -n 48; exec "$whydrop" count -j -f many) >stdout 2>stderr || fail "exit status $?: $(head -3 stderr)"
grep -q '"count":10004,' stdout || fail "$(cat stdout stderr)"
rm -rf many
mkdir many
for i in {0..99}; do piece 1 1 $((i % 7)) 100 7 >many/$i; done
(ulimit -n 48; exec "$whydrop" list -o seq -H -f many) >stdout 2>stderr || fail "exit status $?: $(head -3 stderr)"
[ "$(wc -l <stdout)" = 700 ] || fail "$(wc -l <stdout) events: $(cat stderr)"
finish "a thousand recordings"
cd ..
