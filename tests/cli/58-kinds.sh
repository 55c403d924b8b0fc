# shellcheck shell=bash disable=SC2154,SC2034,SC2016,SC2046,SC2086
# Classes and intents of drops: selecting, grouping, showing them; and first seen.
"$mkrec" sample >s.wd
mkdir -p kinds/par
echo 1 >kinds/par/enabled
cat >kinds/reasons <<'END'
# whydrop reasons v1 kernel 6.1.0
NOT_SPECIFIED                        2        400  drop reason is not specified
NO_SOCKET                            3       1842  socket not found
OTHERHOST                            7          5  packet don't belong to current host
SOCKET_RCVBUFF                      15         23  socket receive buff is full
END
cat >kinds/stacks <<'END'
# whydrop stacks v1
   1842 NO_SOCKET @ __udp4_lib_rcv+0x9c4/0xd30
        __udp4_lib_rcv+0x9c4/0xd30

    199 NOT_SPECIFIED @ ip6_mc_input+0x1d9/0x3b0
        ip6_mc_input+0x1d9/0x3b0

    101 NOT_SPECIFIED @ netlink_attachskb+0x99/0x120
        netlink_attachskb+0x99/0x120

    100 NOT_SPECIFIED @ no_such_function+0x99/0x120
        no_such_function+0x99/0x120

     23 SOCKET_RCVBUFF @ udp_queue_rcv_one_skb+0x3b0/0x5a0
        udp_queue_rcv_one_skb+0x3b0/0x5a0

      5 OTHERHOST @ ip_rcv_core+0x1d9/0x3b0
        ip_rcv_core+0x1d9/0x3b0

END
printf '# whydrop stats v1\nversion: 0.1.0\nabi: 1.0\nkernel: 6.1.0\nseen: 2270\nfiltered: 0\n' >kinds/stats
"$mkrec" settings enabled=1 reasons= devs= netns= packet_filter= >kinds/raw
live() { WHYDROP_DEBUGFS=$PWD/kinds WHYDROP_PARAMETERS=$PWD/kinds/par timeout 20 "$whydrop" "$@"; }
# sum FILE: of the counts in lines of JSON
sum() { sed -n 's/.*"type":"count".*"count":\([0-9]*\),.*/\1/p' "$1" | awk '{ n += $1 } END { print n + 0 }'; }

# Of the sample: two without a socket, a rule, a filter, another host's, a closed one; ARP;
# Open vSwitch; and two of which nothing is known.
while IFS='|' read -r list want; do
	lines "-k $list" "$want" list -H --time none -f s.wd -k "$list"
done <<'END'
usual|6
USUAL|6
suspicious|2
bad|0
unknown|2
!unknown|8
policy|2
policy/*|2
policy/l3/acl|2
errors/l4/rx|2
errors|4
errors,!errors/internal|3
no-loss/*,unknown|4
benign|2
!benign|8
*|10
END
t "a class that there is not" 2 = "no drop is of the class or intent .polcy" list -f s.wd -k polcy
t "... with the nearest" 2 = "did you mean suspicious" list -f s.wd -k susspicious
t "completion of a class" 0 "^usual,!no-buffer/socket	" - --complete count -k 'usual,!no-buffer/s'
bad=
"$whydrop" list -f s.wd -j -k '!benign' 2>/dev/null | grep -v '"type":"loss"' >kinds/new
"$whydrop" list -f s.wd -j --benign hide 2>/dev/null | grep -v '"type":"loss"' >kinds/old
cmp -s kinds/new kinds/old || fail "$(diff kinds/new kinds/old)"
[ "$(wc -l <kinds/old)" -gt 8 ] || fail "$(cat kinds/old)"
for how in count "count --by at" stacks; do
	live $how -j -k '!benign' 2>/dev/null | grep -v '"type":"loss"' >kinds/new
	live $how -j --benign hide 2>/dev/null | grep -v '"type":"loss"' >kinds/old
	cmp -s kinds/new kinds/old || fail "$how: $(diff kinds/new kinds/old)"
	grep -q ip6_mc_input kinds/old && fail "$how: $(cat kinds/old)"
	[[ $how == count ]] || grep -q no_such_function kinds/old || fail "$how: $(cat kinds/old)"
done
finish "--benign hide is -k !benign"

# Exact, by the reason and by the place where there is none.
while IFS='|' read -r how want; do
	bad=
	live count -j $how >out 2>stderr
	[ "$(sum out)" -eq "$want" ] || fail "$(cat out stderr)"
	finish "exact: count $how"
done <<'END'
|2270
-k bad|124
-k usual|2046
-k no-buffer/socket|124
-k unknown|100
-k errors/l4|1842
-k benign|199
--by class|2270
--by intent|2270
--by class -k !unknown|2170
END
bad=
live count -j --by class 2>/dev/null >out
for want in '"class":"no-buffer/socket","count":124,.*"intent":"bad"' \
	'"class":"unknown","count":100,.*"intent":"unknown"' \
	'"class":"no-loss/not-for-us","count":204,.*"intent":"usual"'; do
	grep -Eq "$want" out || fail "no $want: $(cat out)"
done
live count -j --by intent 2>/dev/null | grep -Eq '"intent":"bad","count":124,.*"class":"no-buffer/socket"' ||
	fail "$(live count -j --by intent)"
live count -j 2>/dev/null >out
grep -Eq '"reason":"NOT_SPECIFIED",.*"class":"mixed","intent":"mixed"' out || fail "$(cat out)"
grep -Eq '"reason":"SOCKET_RCVBUFF",.*"class":"no-buffer/socket","intent":"bad"' out || fail "$(cat out)"
live count -j --by at 2>/dev/null | grep -Eq '"at":"no_such_function.*"class":"unknown","intent":"unknown"' ||
	fail "a place that is not known has a class"
finish "... with class and intent"
bad=
live stacks -j -k unknown 2>/dev/null >out
[ "$(grep -c '"type":"stack"' out)" -eq 1 ] || fail "$(cat out)"
grep -Eq '"at":"no_such_function.*"class":"unknown"' out || fail "$(cat out)"
live explain -k bad >out 2>stderr
grep -Eq '^ +101 +[0-9.]+% NOT_SPECIFIED, mostly bad' out || fail "$(cat out)"
grep -Eq '^ +23 +[0-9.]+% SOCKET_RCVBUFF, mostly bad' out || fail "$(cat out)"
[ "$(grep -c '%' out)" -eq 2 ] || fail "$(cat out)"
live reasons -H -k bad >out 2>stderr
[ "$(wc -l <out)" -eq 1 ] || fail "$(cat out)"
finish "stacks, explain and reasons of a kind"
bad=
live explain NOT_SPECIFIED 2>/dev/null >out
grep -Eq '^ +199 @ ip6_mc_input.*: no-loss/not-for-us, mostly usual$' out || fail "$(cat out)"
grep -Eq '^ +100 @ no_such_function.*: of no class that is known$' out || fail "$(cat out)"
live explain -j NOT_SPECIFIED 2>/dev/null | grep -q '"for":null,"class":"no-buffer/socket","intent":"bad"' ||
	fail "$(live explain -j NOT_SPECIFIED)"
t "explain of a place has its kind" 0 "^  Kind: no-loss/closed, mostly usual" = explain @unix_release_sock
finish "what no reason tells, its place does"
bad=
live metrics 2>/dev/null >out
[ "$(sed -n 's/^whydrop_drops_total{.*} //p' out | awk '{ n += $1 } END { print n }')" -eq 2270 ] || fail "$(cat out)"
[ "$(sed -n 's/^whydrop_drops_total{reason="\([^"]*\)".*/\1/p' out | sort | uniq -d)" = "" ] || fail "$(cat out)"
[ "$(sed -n 's/^whydrop_drops_total.*intent="bad"} //p' out)" = 23 ] || fail "$(cat out)"
finish "metrics: a series for each reason, whose sum is all"
bad=
"$whydrop" record -f s.wd -k 'usual,!policy' -w kinds/k.wd 2>/dev/null
"$whydrop" status -f kinds/k.wd | grep -q '^selected  *-k usual,!policy$' || fail "$("$whydrop" status -f kinds/k.wd)"
[ "$("$whydrop" list -H -f kinds/k.wd 2>/dev/null | grep -vc '^#')" -eq 4 ] || fail "$("$whydrop" list -f kinds/k.wd)"
finish "a recording of a kind says so"
lines "fields of an event" 1 list -H -f s.wd -r SOCKET_FILTER -o class,intent
grep -q 'policy/l3/acl *usual' stdout || fail "$(cat stdout)"

# A reason's counters, by the table of losses.
t "explain names the counters of a reason" 0 '^  # .whydrop losses. also has them as: .*udp_drops \(socket\)' - explain SOCKET_RCVBUFF -f s.wd
bad=
"$whydrop" explain -j -f s.wd '*' 2>/dev/null | sed -n 's/.*"reason":"NO_SOCKET".*"counted_by":\[\([^]]*\)\].*/\1/p' >out
grep -q '{"layer":"udp","counter":"UdpNoPorts"}' out || fail "$(cat out)"
finish "... as JSON"

# first FILE ARGUMENT...: of OTHERHOST, and the oldest event of it
first() { "$whydrop" count -j "$@" 2>/dev/null | sed -n 's/.*"OTHERHOST".*"first":\([^,]*\),"oldest":\([^,]*\),.*/\1 \2/p'; }
bad=
"$mkrec" settings enabled=1 reasons='*' devs= netns= $(yes snaplen=96 | head -200) >kinds/all.wd
read -r is oldest <<<"$(first -f kinds/all.wd)"
[[ $is == '"2026-'* && $is == "$oldest" ]] || fail "all are there: $is, $oldest"
[[ $("$whydrop" explain -j -f kinds/all.wd 2>/dev/null) == *"\"first\":$is,\"oldest\":$oldest,"* ]] ||
	fail "explain: $("$whydrop" explain -j -f kinds/all.wd)"
"$whydrop" record -f kinds/all.wd -C 4k -w kinds/cut.wd 2>/dev/null
[ -e kinds/cut.wd.1 ] || fail "there is one piece only"
[ "$(first -f kinds/cut.wd.0)" = "$is $oldest" ] || fail "the first piece: $(first -f kinds/cut.wd.0)"
[[ $(first -f kinds/cut.wd.1) == 'null "2026-'* ]] || fail "the second piece: $(first -f kinds/cut.wd.1)"
"$mkrec" settings enabled=1 devs= devs=eth0 >kinds/changed.wd
"$mkrec" settings enabled=1 devs=eth0 >kinds/filtered.wd
"$mkrec" events 10 >kinds/unknown.wd
for f in changed filtered unknown; do
	[[ $(first -f kinds/$f.wd) == 'null "2026-'* ]] || fail "$f: $(first -f kinds/$f.wd)"
done
"$whydrop" explain -f kinds/changed.wd OTHERHOST 2>/dev/null | grep -q '^ *first 2026.* or earlier$' || fail "explain"
[[ $(first -f s.wd) == 'null "2026-'* ]] || fail "some were lost: $(first -f s.wd)"
finish "first seen of a recording is certain, or null"
bad=
# Five of them are in the ring.
for how in "5 0 is" "5 7 is" "6 0 is" "6 7 null" "4 7 null"; do
	read -r count filtered want <<<"$how"
	sed -i "s/^OTHERHOST .*/OTHERHOST 7 $count  x/" kinds/reasons
	sed -i "s/^filtered: .*/filtered: $filtered/" kinds/stats
	got=$(live count -j 2>/dev/null | sed -n 's/.*"OTHERHOST".*"first":\([^,]*\),.*/\1/p')
	[[ $want == null && $got == null || $want == is && $got == '"2026-'* ]] || fail "count $how: $got"
done
sed -i "s/^filtered: .*/filtered: 0/" kinds/stats
# Too old for the ring, or of other reasons only: nobody knows what was lost.
"$mkrec" piece 1 1 10 4 1 5 >kinds/raw
live count -j 2>/dev/null | grep '"OTHERHOST"' | grep -q '"first":null,"oldest":null' || fail "$(live count -j)"
finish "first seen of the module's counts: all events are there, or null"
