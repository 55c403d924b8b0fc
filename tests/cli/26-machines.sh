# shellcheck shell=bash disable=SC2154,SC2034
# Recordings of other machines, made by tests/replay: of another word size, another byte
# order. What the reader there said of each is what this one says. That JSON is only added
# to is in 27-older.sh.
export TZ=UTC
for f in "$here"/recordings/*.txt.gz; do
	[ -e "$f" ] || continue
	name=${f##*/} name=${name%.txt.gz}
	bad=
	gzip -dc "$here/recordings/$name.wd.gz" >"$name.wd"
	gzip -dc "$f" >there.txt
	"$whydrop" list -s -v -x -f "$name.wd" >here.txt 2>&1 || fail "exit status $?"
	[ -z "${UPDATE:-}" ] || gzip -9nc here.txt >"$f"
	diff there.txt here.txt >changes || fail "$(head -5 changes)"
	[ "$(grep -c ' @ \|^    .*+0x' there.txt)" -ge 10 ] || fail "there is nothing in $f"
	finish "recording of $name: the same text as there"
	if ! command -v tshark >/dev/null; then
		skip "recording of $name: the same packets for Wireshark as there" "no tshark"
		continue
	fi
	bad=
	"$whydrop" pcap -w here.pcapng -f "$name.wd" 2>stderr || fail "exit status $?: $(cat stderr)"
	[ -z "${UPDATE:-}" ] || gzip -9nc here.pcapng >"$here/recordings/$name.pcapng.gz"
	gzip -dc "$here/recordings/$name.pcapng.gz" >there.pcapng
	tshark -r there.pcapng -V -x >there.packets 2>stderr
	tshark -r here.pcapng -V -x >here.packets 2>>stderr
	diff there.packets here.packets >changes || fail "$(head -5 changes)"
	[ "$(grep -c '^Frame ' there.packets)" -ge 10 ] || fail "tshark: $(cat stderr)"
	finish "recording of $name: the same packets for Wireshark as there"
done
