# shellcheck shell=bash disable=SC2154,SC2034,SC2015,SC2016
# gather: eight hosts at 20,000 events a second in all, of which one is killed, one has a clock an
# hour ahead, and more that send what is none. What is right is what the senders have counted.
rm -rf gather
mkdir gather gather/counts
cd gather || exit 1
cat >via <<END
#!/bin/sh
[ "\$2" = "\$(cat wanted)" ] || exit 9
case \$1 in
cut) exec ../../unit/mklive 4001 2500 0 50 1 counts/\$1 ;;
hour) exec ../../unit/mklive 7500 2500 3600 50 0 counts/\$1 ;;
late) exec ../../unit/mklive 7500 2500 -7200 50 0 counts/\$1 ;;
endless) exec ../../unit/mklive 0 500 0 0 0 counts/\$1 ;;
rubbish) exec yes rubbish ;;
fails) echo "\$1: no route to host" >&2; exit 255 ;;
silent) exec sleep 600 ;;
twice) cat twice.wd; exec cat twice.wd ;;
gathered) exec cat eight.wd ;;
*) exec ../../unit/mklive 7500 2500 0 50 0 counts/\$1 ;;
esac
END
chmod +x via
raw=/sys/kernel/debug/whydrop/raw
"$mkrec" sample >twice.wd
echo "if test -r $raw; then exec cat $raw; else exec sudo -n cat $raw; fi" >wanted

gather() { timeout 300 "$whydrop" gather --via ./via "$@" >stdout 2>stderr; }
# by_host FILE: HOST EVENTS
by_host() { "$whydrop" count -j --by host -f "$1" 2>/dev/null | sed -n 's/.*"host":"\([^"]*\)","count":\([0-9]*\),.*/\1 \2/p' | sort; }
# lost_by_host FILE: HOST LOST
lost_by_host() {
	"$whydrop" list -j -f "$1" 2>/dev/null |
		sed -n 's/^{"type":"lost","host":"\([^"]*\)".*"count":\([0-9]*\),.*/\1 \2/p' |
		awk '{ n[$1] += $2 } END { for (h in n) print h, n[h] }' | sort
}
# sent COLUMN HOST...: what they have counted
sent() {
	local column=$1 h
	shift
	for h; do
		echo "$h $(awk -v c="$column" '{ print $c }' "counts/$h")"
	done | sort
}

"$mkrec" hosts >hosts.wd
"$mkrec" hosts-swapped >hosts-swapped.wd
bad=
"$whydrop" list -H -o host,cpu -f hosts.wd >got 2>stderr || fail "$(cat stderr)"
"$whydrop" list -H -o host,cpu -f hosts-swapped.wd 2>&1 >swapped | grep -q "lost 2 events on CPU 256 of web2: " || fail "no loss of a host"
cat >want <<'END'
web1         0
web2         0
web1         1
web2         256
web2         1
\x1b[31m"<b> 0
\x1b[31m"<b> 255
END
sed 's/  *\([0-9]*\)$/ \1/' got | diff - <(sed 's/  *\([0-9]*\)$/ \1/' want) >changes || fail "$(cat changes)"
cmp -s got swapped || fail "$(diff got swapped)"
finish "a recording of several hosts: whose each event is, and on which CPU of it"

# A device and the number of a namespace mean nothing on another host.
bad=
cat >want <<'END'
 2
web1 2
web2 3
END
for by in dev netns; do
	for cmd in count stacks; do
		"$whydrop" $cmd -j --by $by -f hosts.wd 2>stderr >stdout
		python3 -c '
import json, sys
rows = [json.loads(line) for line in sys.stdin]
for r in rows:
    if r["type"] in ("count", "stack"):
        assert r["netns"] == 4026531840 and r.get("dev", "lo") == "lo", r
        print(r["host"] if r["host"].isalnum() else "", r["count"])' <stdout 2>&1 | sort >got
		diff want got >changes || fail "$cmd --by $by: $(cat changes)"
	done
	"$whydrop" count -H --by $by -f hosts.wd 2>stderr >stdout
	[ "$(grep -c "4026531840 of web2 " stdout)" = 1 ] || fail "count --by $by: $(cat stdout)"
	"$whydrop" stacks --by $by -f hosts.wd 2>stderr >stdout
	grep -Eq "^# $by .*4026531840 of web2: 3 drops" stdout || fail "stacks --by $by: $(cat stdout)"
	[ "$("$whydrop" stacks --folded --by $by -f hosts.wd 2>/dev/null | grep -c "4026531840_of_web2;.* 3$")" = 1 ] ||
		fail "$("$whydrop" stacks --folded --by $by -f hosts.wd 2>&1)"
done
"$whydrop" explain -f hosts.wd OTHERHOST 2>stderr >stdout
grep -Eq "^ +3 by lo, netns 4026531840 of web2$" stdout || fail "explain: $(cat stdout)"
"$whydrop" explain -j -f hosts.wd OTHERHOST 2>stderr | grep -q '{"count":3,"dev":"lo","netns":4026531840,"netns_name":null,"host":"web2"}' ||
	fail "explain: $("$whydrop" explain -j -f hosts.wd OTHERHOST 2>&1)"
finish "... those of different hosts are never one device or namespace"
bad=
gather a b c d e hour cut rubbish -w eight.wd
rc=$?
[ $rc = 1 ] || fail "exit status $rc"
[ "$(by_host eight.wd)" = "$(sent 1 a b c d e hour cut)" ] ||
	fail "events: $(diff <(by_host eight.wd) <(sent 1 a b c d e hour cut))"
[ "$(lost_by_host eight.wd)" = "$(sent 2 a b c d e hour cut)" ] ||
	fail "lost: $(diff <(lost_by_host eight.wd) <(sent 2 a b c d e hour cut))"
for h in a b c d e hour cut; do
	grep -q "^# $h: $(sent 1 $h | cut -d' ' -f2) events, $(sent 2 $h | cut -d' ' -f2) lost" stderr || fail "no sum of $h: $(cat stderr)"
done
finish "gather: of eight hosts each event, and each loss, as their senders counted"
bad=
grep -q "^whydrop: cut: .*ended with signal 9$" stderr && grep -q "^whydrop: cut: cut off: .* of an incomplete record" stderr || fail "$(cat stderr)"
grep -q "^whydrop: rubbish: not a recording of whydrop" stderr || fail "$(cat stderr)"
grep -q "^# rubbish: 0 events, 0 lost: it has sent no recording" stderr || fail "$(cat stderr)"
grep -Eq "^whydrop: hour: its clock is at least (359[0-9]|3600) s ahead of this host's" stderr || fail "$(cat stderr)"
[ "$(grep -c "its clock" stderr)" = 1 ] || fail "$(grep clock stderr)"
finish "... who failed is named, and whose clock is wrong"

# Of each host in its order; and all of them, but for those that are said to have come too late.
bad=
"$whydrop" list -j -o host,time,cpu,seq,reason,at,stack -f eight.wd 2>/dev/null |
	python3 -c '
import collections, json, sys
last, seqs, behind, wrong, hosts = "", {}, 0, 0, collections.Counter()
for line in sys.stdin:
    e = json.loads(line)
    if e["type"] != "drop":
        continue
    key = e["host"], e["cpu"]
    assert e["cpu"] < 2 and e["seq"] > seqs.get(key, -1), e
    seqs[key] = e["seq"]
    wrong += e["reason"] != {"nf_hook_slow+0xa8/0xd0": "NETFILTER_DROP", "udp_rcv+0x1/0x2": "NO_SOCKET"}[e["at"]]
    wrong += e["stack"] != [e["at"]]
    hosts[e["host"]] += 1
    if e["host"] != "hour":
        behind += e["time"] < last
        last = max(last, e["time"])
print(behind, wrong, min(hosts.values()) > 3000)' >order 2>&1
said=$(sed -n 's/.*, \([0-9]*\) came too late.*/\1/p' stderr | awk '{ n += $1 } END { print n + 0 }')
read -r behind wrong enough <order
[ "$wrong" = 0 ] && [ "$enough" = True ] && [ "$behind" -le "$said" ] || fail "$(cat order), said: $said"
finish "... in the order of time, with each one's reasons, stacks and CPUs"

bad=
"$whydrop" list -j -o host,time -f eight.wd 2>/dev/null | grep '"drop".*"host":"hour"' | head -1 >first
ahead=$(($(date -d "$(sed 's/.*"time":"\([^"]*\)".*/\1/' first)" +%s) - $(stat -c %Y counts/hour)))
[ $ahead -gt 3500 ] && [ $ahead -lt 3601 ] || fail "$ahead s: $(cat first)"
finish "... its times are as it said"
bad=
gather hour late a -w aligned.wd --align-clocks || fail "exit status $?: $(cat stderr)"
grep -q "^whydrop: late: its clock is at least 7[0-9]*.*s behind this host's" stderr || fail "$(cat stderr)"
for h in hour late; do
	"$whydrop" list -j -o host,time -f aligned.wd 2>/dev/null | grep "\"drop\".*\"host\":\"$h\"" | tail -1 >last
	off=$(($(date -d "$(sed 's/.*"time":"\([^"]*\)".*/\1/' last)" +%s) - $(stat -c %Y counts/$h)))
	[ $off -gt -120 ] && [ $off -lt 3 ] || fail "$h: $off s: $(cat last)"
done
finish "--align-clocks corrects them"

# The kernel's numbers are not the same on all of them, and still each has its name.
bad=
"$whydrop" count -j -f eight.wd 2>stderr >stdout || fail "$(cat stderr)"
[ "$(sed -n 's/.*"reason":"\([A-Z_]*\)".*"mostly_at":"\([^"]*\)".*/\1 \2/p' stdout | sort)" = "NETFILTER_DROP nf_hook_slow+0xa8/0xd0
NO_SOCKET udp_rcv+0x1/0x2" ] || fail "$(cat stdout)"
"$whydrop" stacks -j -f eight.wd >stdout 2>stderr || fail "$(cat stderr)"
[ "$(grep -c '"type":"stack"' stdout)" = 2 ] || fail "$(cut -c1-200 stdout)"
"$whydrop" report -f eight.wd -w eight.html 2>stderr || fail "$(cat stderr)"
[ "$(grep -o '"node":"[a-z]*"' eight.html | sort -u | wc -l)" = 7 ] || fail "$(grep -o '"node":"[a-z]*"' eight.html | sort -u)"
"$whydrop" record -f eight.wd -w part -C 1 2>stderr || fail "$(cat stderr)"
[ "$(by_host part.1 | wc -l)" = 7 ] || fail "$(by_host part.1)"
finish "count, stacks, report and record read what was gathered"
lines "a host's events in text" 1 list -H -c 1 -f eight.wd
bad=
grep -Eq " @ .* of ([a-e]|hour|cut)$" stdout || fail "$(cat stdout)"
finish "... have its name"

# until_said FILE TEXT...: the program that runs as $pid is told to end once it has said all of these
until_said() {
	local file=$1 i text
	shift
	for text; do
		for ((i = 0; i < 3000; i++)); do
			! grep -q "$text" "$file" 2>/dev/null || break
			sleep 0.1
		done
	done
	kill -INT $pid
	wait $pid
}
bad=
env --default-signal=INT "$whydrop" gather --via ./via fails twice silent gathered -w few.wd >stdout 2>stderr &
pid=$!
until_said stderr "fails: .*no route" "a second recording" "of several hosts already"
rc=$?
[ $rc = 1 ] || fail "exit status $rc"
grep -q "^whydrop: fails: .*via. ended with exit status 255: fails: no route to host" stderr || fail "$(cat stderr)"
grep -q "^whydrop: twice: a second recording begins" stderr || fail "$(cat stderr)"
grep -q "^whydrop: gathered: it is of several hosts already" stderr || fail "$(cat stderr)"
grep -q "^# silent: 0 events, 0 lost: it has sent no recording" stderr || fail "$(cat stderr)"
[ "$(by_host few.wd)" = "twice 10" ] || fail "$(by_host few.wd)"
finish "gather: others go on; a silent one is named"
t "gather: --duration ends it" 1 = "silent: 0 events" gather --via ./via silent -w none.wd --duration 0.1
t "gather: nobody has sent anything" 1 = "0 events, 0 bytes saved" gather --via ./via fails -w none.wd
bad=
[ ! -e none.wd ] || fail "a file was made"
finish "... so no file is made"

bad=
rm -f whole.wd
env --default-signal=INT "$whydrop" gather --via ./via endless a -w whole.wd >stdout 2>stderr &
pid=$!
for ((i = 0; i < 3000; i++)); do
	[ -e whole.wd ] && [ "$(by_host whole.wd | wc -l)" = 2 ] && break
	sleep 0.1
done
kill -INT $pid
wait $pid || fail "exit status $?: $(cat stderr)"
"$whydrop" list -j -f whole.wd >stdout 2>list.err || fail "$(cat list.err)"
has=$(grep -c '"type":"drop"' stdout)
[ "$has" -gt 0 ] && grep -q "^# $has events, $(stat -c %s whole.wd) bytes saved in whole.wd" stderr || fail "$has: $(cat stderr)"
grep -q "^# endless: [0-9]* events, 0 lost" stderr || fail "$(cat stderr)"
finish "Ctrl-C: a whole file, and what there is of each host"

bad=
gather a -w /dev/full
rc=$?
[ $rc = 1 ] && grep -q "/dev/full: No space left on device" stderr && grep -q "^# 0 events, 0 bytes saved" stderr ||
	fail "exit status $rc: $(cat stderr)"
finish "gather: a full disk is an error"
t "gather: no host" 2 = "no HOST" gather -w x.wd
t "gather: no file" 2 = "no output file" gather a
t "gather: an option is no host" 2 = "\`-o' is not a host" gather -w x.wd -- -o
t "gather: the same host twice" 2 = "is given twice" gather -w x.wd a b a
cd .. || exit 1
