# shellcheck shell=bash disable=SC2154,SC2034,SC2012,SC2015
# Files that record and pcap write.
unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS
"$mkrec" sample >s.wd
"$mkrec" events 5000 >many.wd

# events FILE...: all of them, in order
events() {
	local f
	for f; do
		"$whydrop" list -H -s --time utc -f "$f" 2>>events.err || return
	done
}

rm -f rot.wd.* few.wd.*
bad=
"$whydrop" record -f many.wd -w rot.wd -C 64k 2>stderr || fail "exit status $?: $(cat stderr)"
grep -q "5000 events, [0-9]* bytes saved in rot.wd\.[0-9]" stderr || fail "$(cat stderr)"
nr=$(ls rot.wd.* | wc -l)
[ "$nr" -ge 10 ] || fail "only $nr files"
for ((i = 0; i + 1 < nr; i++)); do
	size=$(stat -c %s rot.wd.$i)
	[ "$size" -ge 65536 ] && [ "$size" -lt 66000 ] || fail "rot.wd.$i has $size bytes"
done
: >events.err
events many.wd >a
# shellcheck disable=SC2046
events $(ls rot.wd.* | sort -t. -k3n) >b || fail "$(cat events.err)"
cmp a b || fail "$(diff a b | head -5)"
for f in rot.wd.3 rot.wd.5; do
	"$whydrop" status -f $f | grep -q '^kernel  *6.1.0-test' || fail "$f: no kernel: $("$whydrop" status -f $f)"
	[ "$("$whydrop" list -s -f $f 2>/dev/null | grep -c entry_SYSCALL_64)" -eq "$("$whydrop" list -H --time utc -f $f 2>/dev/null | wc -l)" ] ||
		fail "$f: not all stacks"
done
finish "record in files of a size: each can be read by itself, together they are all"

bad=
"$whydrop" record -f many.wd -w few.wd -C 64k -W 11 2>stderr || fail "exit status $?"
[ "$(echo few.wd.*)" = "few.wd.00 few.wd.01 few.wd.02 few.wd.03 few.wd.04 few.wd.05 few.wd.06 few.wd.07 few.wd.08 few.wd.09 few.wd.10" ] ||
	fail "$(echo few.wd.*)"
newest=$(sed -n 's/.* saved in //p' stderr)
events "$newest" >b
tail -n "$(wc -l <b)" a | cmp - b || fail "the newest has not the last events"
finish "a number of files: the oldest is overwritten"

bad=
"$mkrec" swapped >swapped.wd
rm -f sw.wd.*
"$whydrop" record -f swapped.wd -w sw.wd -C 1k 2>/dev/null || fail "exit status $?"
nr=$(ls sw.wd.* | wc -l)
[ "$nr" -ge 3 ] || fail "only $nr files"
events swapped.wd >a
# shellcheck disable=SC2046
events $(ls sw.wd.* | sort -t. -k3n) >b || fail "$(cat events.err)"
cmp a b || fail "$(diff a b | head -20)"
finish "files of the other byte order, and of stacks of all kinds"

bad=
"$mkrec" again >again.wd
rm -f ag.wd.*
"$whydrop" record -f again.wd -w ag.wd -C 1k 2>/dev/null || fail "exit status $?"
[ "$(ls ag.wd.* | wc -l)" -ge 3 ] || fail "only $(ls ag.wd.*)"
"$whydrop" list -s -H --time utc -f again.wd >a 2>stderr
for f in $(ls ag.wd.* | sort -t. -k3n); do
	"$whydrop" list -s -H --time utc -f "$f" 2>>stderr
done >b
cmp a b || fail "$(diff a b | head -20)"
finish "files of a size: no stack is lost between them"

for how in "record -f same.wd -w same.wd" "record -f - -w same.wd" "pcap -f same.wd -w same.wd"; do
	cp s.wd same.wd
	# shellcheck disable=SC2086
	t "not over what is read: $how" 2 = "same.wd is both the input and the output" $how <same.wd
	bad=
	cmp s.wd same.wd || fail "it is another now"
	finish "... and that stays: $how"
done

cp again.wd same.wd.1
t "... nor by one of the files of a size" 2 = "same.wd.1 is both the input and the output" \
	record -f same.wd.1 -w same.wd -C 1k
bad=
[ "$(wc -l <stderr)" -eq 1 ] || fail "$(cat stderr)"
cmp again.wd same.wd.1 || fail "it is another now"
finish "... and nothing else is said"

bad=
zcat "$here/recordings/1.5.wd.gz" >whole.wd
"$whydrop" record -f whole.wd -w tiny.wd -C 1k 2>stderr || fail "exit status $?"
note="each file begins with [0-9]* bytes of names, so it is larger than -C says"
[ "$(grep -cx "# $note" stderr)" -eq 1 ] || fail "not once: $(cat stderr)"
"$whydrop" record -f many.wd -w large.wd -C 64k 2>&1 | grep "$note" && fail "they are not"
rm -f tiny.wd.* large.wd.* whole.wd
finish "files that -C makes too small for their names"
t "a size of files" 2 = "is not a number of million bytes" record -w x.wd -C 10x
t "a size of nothing" 2 = "is not a number of million bytes" record -w x.wd -C 0k
t "files without a size" 2 = "--files needs --file-size" record -w x.wd -W 3
t "no files on stdout" 2 = "--file-size cannot write to stdout" record -w - -C 1

# --cmd, live.
mkdir piped
rm -f piped/raw
mkfifo piped/raw
export WHYDROP_DEBUGFS=$PWD/piped
exec 9<>piped/raw
cat s.wd >&9
t "while a command runs" 0 = "10 events, .* saved in cmd.wd" record -w cmd.wd --cmd 'echo its words >&2; sleep 0.3'
bad=
grep -q "its words" stderr || fail "$(cat stderr)"
[ "$("$whydrop" list -H --time utc -f cmd.wd 2>/dev/null | wc -l)" -eq 10 ] || fail "$("$whydrop" list -f cmd.wd 2>&1)"
finish "what was dropped meanwhile"
cat s.wd >&9
t "its exit status" 7 = "10 events" record -w cmd.wd --cmd 'sleep 0.3; exit 7'
cat s.wd >&9
t "its signal" 137 = "10 events" record -w cmd.wd --cmd 'sleep 0.3; kill -9 $$'
cat s.wd >&9
t "--exit-code if it is content" 10 = "10 events" record -w cmd.wd --exit-code --cmd 'sleep 0.3'
cat s.wd >&9
bad=
"$whydrop" record -w - --cmd 'sleep 0.3; echo words' >cmd.wd 2>stderr || fail "exit status $?"
"$whydrop" list -f cmd.wd >stdout 2>&1 || fail "$(cat stdout)"
grep -q words stderr || fail "$(cat stderr)"
finish "on stdout there is nothing but the recording"
cat s.wd >&9
bad=
rm -f told cmd.ready
"$whydrop" record -w cmd.wd --cmd 'trap "echo told >told; exit 5" TERM; echo >cmd.ready; while :; do sleep 0.05; done' 2>stderr &
pid=$!
for _ in $(seq 200); do [ -s cmd.wd ] && [ -e cmd.ready ] && break; sleep 0.05; done
kill "$pid"
wait "$pid"
rc=$?
[ $rc -eq 5 ] || fail "exit status $rc"
[ -e told ] || fail "SIGTERM was not handed on"
"$whydrop" list -f cmd.wd >stdout 2>&1 || fail "$(cat stdout)"
finish "SIGTERM goes to the command, and the recording is whole"
t "a command and a recording" 2 = "cannot be used with --file" record -w x.wd -f s.wd --cmd true
exec 9>&-
unset WHYDROP_DEBUGFS

if command -v script >/dev/null; then
	bad=
	export WHYDROP_DEBUGFS=$PWD/piped
	exec 9<>piped/raw
	cat s.wd >&9
	TERM=xterm script -qec "'$whydrop' record -w term.wd --duration 2.3" /dev/null </dev/null >tty.out
	grep -q "10 events, 0.0 MB, [0-9]* events/s, 118 lost: term.wd" tty.out || fail "$(cat -v tty.out)"
	exec 9>&-
	unset WHYDROP_DEBUGFS
	finish "a progress line on a terminal"
else
	skip "a progress line on a terminal" "no script(1)"
fi

# pcap.
t "pcap without -w" 2 = "wireshark -k -i -" pcap -f s.wd
t "pcap" 0 = "10 packets of 8 interfaces, [0-9]* bytes saved in x.pcapng" pcap -f s.wd -w x.pcapng
t "pcap, selected" 0 = "2 packets of 3 interfaces" pcap -f s.wd -w x.pcapng -r NO_SOCKET
t "pcap, so many" 0 = "3 packets" pcap -f s.wd -w x.pcapng -c 3
t "pcap to a full disk" 1 = "cannot write /dev/full: No space left" pcap -f s.wd -w /dev/full
t "pcap says nothing of JSON" 2 = "whydrop pcap. has no option --json" pcap -j -f s.wd -w x.pcapng
bad=
(trap '' XFSZ; ulimit -f 128; "$whydrop" pcap -w limited.pcapng -f many.wd) 2>stderr
[ $? -eq 1 ] || fail "exit status"
matches stderr "cannot write limited.pcapng: File too large" stderr
[ -s limited.pcapng ] || fail "nothing is left"
finish "pcap, a full disk: whole blocks stay"
# What man page and hint say of tcpdump, by the library that reads its files.
bad=
cat >readpcap.c <<-'END'
	#include <pcap/pcap.h>
	#include <stdio.h>
	int main(int argc, char **argv)
	{
		char err[PCAP_ERRBUF_SIZE];
		pcap_t *p = pcap_open_offline(argv[argc - 1], err);
		struct pcap_pkthdr *h;
		const u_char *d;
		int n = 0, rc;

		while (p && (rc = pcap_next_ex(p, &h, &d)) == 1)
			n++;
		printf("%d %s\n", n, p ? rc == PCAP_ERROR ? pcap_geterr(p) : "" : err);
		return 0;
	}
END
name="one link type is for tcpdump, too, and of several that is said"
if ${CC:-cc} -o readpcap readpcap.c -lpcap 2>cc.err; then
	"$whydrop" pcap -w x.pcapng -f s.wd 2>stderr
	grep -q "hint: of several link types, .* tcpdump ends" stderr || fail "$(cat stderr)"
	[[ $(./readpcap x.pcapng) == [0-9]" an interface has a type "* ]] || fail "several: $(./readpcap x.pcapng)"
	"$whydrop" pcap -w x.pcapng -f many.wd 2>stderr
	! grep "link types" stderr || fail "$(cat stderr)"
	[ "$(./readpcap x.pcapng)" = "5000 " ] || fail "one: $(./readpcap x.pcapng)"
	finish "$name"
else
	skip "$name" "no libpcap: $(head -1 cc.err)"
fi
if command -v tshark >/dev/null; then
	bad=
	"$whydrop" pcap -w x.pcapng -f s.wd 2>/dev/null
	tshark -n -r x.pcapng >stdout 2>stderr || fail "$(cat stderr)"
	[ "$(wc -l <stdout)" -eq 10 ] || fail "$(cat stdout)"
	tshark -n -r limited.pcapng >stdout 2>stderr || fail "$(cat stderr)"
	[ -s stdout ] || fail "nothing of a cut one"
	finish "tshark reads them"
	bad=
	"$whydrop" pcap -w - -f s.wd 2>/dev/null | tshark -n -i - -T fields -e frame.comment >stdout 2>stderr
	[ "$(grep -c ' @ ' stdout)" -eq 9 ] || fail "$(cat stdout stderr)"
	finish "a pipe into tshark -i -"
else
	skip "tshark reads them" "no tshark"
	skip "a pipe into tshark -i -" "no tshark"
fi
