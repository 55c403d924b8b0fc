# shellcheck shell=bash disable=SC2154,SC2034,SC2016,SC2094
# A reader that goes on where another one ended: watch -j --cursor. The module's directory is
# one that looks like it: piece HOST LOAD FROM NR is a ring with the events FROM to FROM+NR,
# the even ones of CPU 0, the odd ones of CPU 1.
mkdir -p cur/dbg cur/par
: >cur/dbg/stats
printf '%s\n' '# whydrop reasons v1' 'REASON_1 7 0 -' 'NOT_OF_ANY 8 0 -' >cur/dbg/reasons
raw=$PWD/cur/dbg/raw
cursor=$PWD/cur/cursor
# shown: "type cpu seq count" of each drop and loss
shown() {
	sed -n 's/^{"type":"drop".*"seq":\([0-9]*\),"cpu":\([0-9]*\),.*/drop \2 \1/p
		s/^{"type":"lost".*"cpu":\([^,]*\),"seq":\([^,]*\),"count":\([^,]*\),"cause":"\([a-z]*\)"}/lost \1 \2 \3 \4/p' stdout
}
# drops FROM NR: as piece has them
drops() { seq "$1" $(($1 + $2 - 1)) | awk '{ print "drop", $1 % 2, int($1 / 2) }'; }
# feed ARGUMENT...: exit status in rc
feed() {
	WHYDROP_DEBUGFS=$PWD/cur/dbg WHYDROP_PARAMETERS=$PWD/cur/par timeout 60 "$whydrop" watch -j \
		--cursor "$cursor" "$@" >stdout 2>stderr
	rc=$?
	[ "$rc" -eq 0 ] || fail "exit status $rc: $(head -c 300 stderr)"
}
# feed_is NAME PIECE... -- LINE...: the ring is PIECE; all of it that is shown
feed_is() {
	local name=$1 piece=()
	shift
	bad=
	while [ "$1" != -- ]; do
		piece+=("$1")
		shift
	done
	shift
	"$mkrec" piece "${piece[@]}" >"$raw"
	feed --history
	shown | diff <(printf '%s\n' "$@" | sed '/^$/d') - >changes || fail "$(cat changes)"
	finish "$name"
}
# A cursor that is what it says: what was changed in it is not damage.
sum_again() {
	sed -i '/^sum /d' "$cursor"
	python3 - "$cursor" <<-'PY'
		import sys
		s, data = 0xcbf29ce484222325, open(sys.argv[1], "rb").read()
		for b in data:
		    s = ((s ^ b) * 0x100000001b3) % 2**64
		open(sys.argv[1], "ab").write(b"sum %016x\n" % s)
	PY
}

feed_is "cursor: the first run shows what the ring has" 1 0 0 10 -- "$(drops 0 10)"
feed_is "... the second only what is new" 1 0 0 20 -- "$(drops 10 10)"
feed_is "... the third nothing" 1 0 0 20 --
bad=
grep -q "^load_id 00000001-0000-4000-8000-000000000000$" "$cursor" || fail "$(cat "$cursor")"
[ "$(stat -c %a "$cursor")" = 600 ] || fail "mode $(stat -c %a "$cursor")"
[ -z "$(find cur -name 'cursor?*')" ] || fail "left behind: $(find cur -name 'cursor?*')"
finish "... the cursor says of which load it is, for its owner alone"
feed_is "what was overwritten meanwhile is told, with the number of the first" 1 0 30 4 -- \
	"lost 0 10 5 overwritten" "drop 0 15" "lost 1 10 5 overwritten" "drop 1 15" "$(drops 32 2)"
feed_is "... once, though the stream says it too" 1 0 44 2 1 5 -- \
	"lost 0 17 5 overwritten" "drop 0 22" "lost 1 17 5 overwritten" "drop 1 22"
bad=
"$mkrec" piece 1 0 44 8 >"$raw"
feed -c 3
shown | diff <(drops 46 3) - >changes || fail "$(cat changes)"
feed -r NOT_OF_ANY
shown | diff /dev/null - >changes || fail "$(cat changes)"
feed
shown | diff /dev/null - >changes || fail "what was not selected: $(cat changes)"
finish "-c ends where the next run begins; what is not selected has passed"

cp "$cursor" cur/good
feed_is "another load of the module: all of it, and that something is missing" 1 1 4 4 -- \
	"lost null null null reload" "lost 0 0 2 overwritten" "drop 0 2" "lost 1 0 2 overwritten" "drop 1 2" "$(drops 6 2)"
grep -q "cursor is of an earlier load of the module" stderr || fail "$(cat stderr)"; finish "... it says so"
feed_is "... and goes on in that" 1 1 4 6 -- "$(drops 8 2)"
if command -v python3 >/dev/null; then
	sed -i 's/^boot_id .*/boot_id 11111111-2222-4333-8444-555555555555/' "$cursor"
	sum_again
	feed_is "another boot" 1 1 0 2 -- "lost null null null reboot" "$(drops 0 2)"
	grep -q "cursor is of another boot" stderr || fail "$(cat stderr)"; finish "... it says so"
else
	skip "another boot" "no python3"
	skip "... it says so" "no python3"
fi

for damage in 's/next 26/next 27/' '/^sum/d' '$s/.$//' '2,$d' '1s/1$/2/' 's/$/\r/' 'd'; do
	cp cur/good "$cursor"
	sed -i "$damage" "$cursor"
	feed_is "a damaged cursor ($damage): all is shown, and what is older may be lost" 1 0 44 4 1 5 -- \
		"lost null null null cursor" "lost 0 17 5 overwritten" "drop 0 22" "lost 1 17 5 overwritten" "drop 1 22" \
		"$(drops 46 2)"
	grep -q "^# the cursor .* is damaged: it" stderr || fail "$(cat stderr)"; finish "... it says so ($damage)"
done
head -c 100000 /dev/zero >"$cursor"
feed_is "... or zeros" 1 0 0 2 -- "lost null null null cursor" "$(drops 0 2)"
feed_is "... and the next run goes on" 1 0 0 4 -- "$(drops 2 2)"

# A snapshot of the host was restored, but not the file.
cp cur/good "$cursor"
bad=
"$mkrec" piece 1 0 0 10 >"$raw"
feed
grep -q "the cursor is ahead of what the module has recorded" stderr || fail "$(cat stderr)"
finish "a cursor that is ahead of the ring is not silently believed"

# Losses that leave no gap.
rm "$cursor"
printf 'lost_nmi: 7\ncpu0.seen: 9\ncpu0.lost_nmi: 7\ncpu1.lost_nobuf: 2\ncpu1.recorded: 5\n' >cur/dbg/stats
feed_is "what was lost without a number before the first run is not told" 1 0 0 2 -- "$(drops 0 2)"
printf 'cpu0.lost_nmi: 9\ncpu1.lost_nobuf: 5\n' >cur/dbg/stats
feed_is "... after it, it is" 1 0 0 4 -- "lost 0 7 2 nmi" "lost 1 2 3 nobuf" "$(drops 2 2)"
feed_is "... once" 1 0 0 4 --
: >cur/dbg/stats

# What could not be written out is not behind the cursor.
rm "$cursor"
feed_is "a cursor" 1 0 0 4 -- "$(drops 0 4)"
cp "$cursor" cur/before
"$mkrec" piece 1 0 0 8 >"$raw"
export WHYDROP_DEBUGFS=$PWD/cur/dbg WHYDROP_PARAMETERS=$PWD/cur/par
bad=
"$whydrop" watch -j --cursor "$cursor" 2>stderr | :
cmp cur/before "$cursor" || fail "$(cat "$cursor")"
# Without a chance to be written before it is closed.
mkfifo cur/closed
exec 7<>cur/closed
"$whydrop" watch -j --cursor "$cursor" 2>stderr >&- || true
exec 7>&-
cmp cur/before "$cursor" || fail "closed: $(cat "$cursor")"
finish "output closed: the cursor stays"
if [ -w /dev/full ]; then
	bad=
	"$whydrop" watch -j --cursor "$cursor" >/dev/full 2>stderr &
	pid=$!
	for _ in $(seq 600); do
		grep -q "No space left on device; waiting for room" stderr && break
		sleep 0.05
	done
	kill -TERM "$pid"
	wait "$pid"
	rc=$?
	[ "$rc" -eq 1 ] || fail "exit status $rc"
	[ "$(grep -c "waiting for room" stderr)" -eq 1 ] || fail "$(cat stderr)"
	cmp cur/before "$cursor" || fail "$(cat "$cursor")"
	finish "disk full: it waits, says so once, and the cursor stays"
else
	skip "disk full: it waits, says so once, and the cursor stays" "no /dev/full"
fi
bad=
mkdir cur/cursor.new cur/cursor.new/x
"$whydrop" watch -j --cursor "$cursor" >stdout 2>stderr
rc=$?
[ "$rc" -eq 1 ] || fail "exit status $rc"
shown | diff <(drops 4 4) - >changes || fail "$(cat changes)"
grep -q "cannot write the cursor" stderr || fail "$(cat stderr)"
cmp cur/before "$cursor" || fail "$(cat "$cursor")"
rm -r cur/cursor.new
finish "a cursor that cannot be written: all is shown, and it is an error"
bad=
printf '{"type":"drop","seq' >cur/lines
"$whydrop" watch -j --cursor "$cursor" >>cur/lines 2>stderr || fail "exit status $?"
[ "$(sed -n 1p cur/lines)" = '{"type":"drop","seq' ] || fail "$(head -c 300 cur/lines)"
sed -n 2p cur/lines | grep -q '^{"type":"meta"' || fail "$(head -c 300 cur/lines)"
grep -q "ends in an incomplete line" stderr || fail "$(cat stderr)"
"$whydrop" watch -j --cursor "$cursor" >>cur/lines 2>stderr || fail "exit status $?"
! grep -q "incomplete line" stderr || fail "again: $(cat stderr)"
! grep -q '^$' cur/lines || fail "an empty line"
finish "what a killed run has left of a line is ended, and only that"
unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS

# One reader at a time.
bad=
rm "$raw"
mkfifo "$raw"
exec 9<>"$raw"
WHYDROP_DEBUGFS=$PWD/cur/dbg "$whydrop" watch -j --cursor "$cursor" --ready-fd 8 8>ready.cursor >cur/lines 2>stderr 9>&- &
pid=$!
for _ in $(seq 600); do
	[ -s ready.cursor ] && break
	sleep 0.05
done
WHYDROP_DEBUGFS=$PWD/cur/dbg timeout 60 "$whydrop" watch -j --cursor "$cursor" >stdout 2>stderr
rc=$?
[ "$rc" -eq 1 ] || fail "exit status $rc"
grep -q "another run is at it" stderr || fail "$(cat stderr)"
"$mkrec" piece 1 0 8 4 >&9
for _ in $(seq 600); do
	[ "$(grep -c '"type":"drop"' cur/lines)" -eq 4 ] && break
	sleep 0.05
done
# The cursor follows what is shown, and does not wait for an end.
for _ in $(seq 600); do
	grep -q "next 6 " "$cursor" && break
	sleep 0.05
done
kill -9 "$pid"
wait "$pid" 2>/dev/null
exec 9>&-
rm "$raw"
feed_is "one reader at a time has a cursor; another one goes on where it was killed" 1 0 8 6 -- "$(drops 12 2)"

t "--cursor is of JSON" 2 = "add -j" watch --cursor "$cursor"
t "--cursor is of the module" 2 = "a recording has no position" watch -j --cursor "$cursor" -f s.wd
t "--cursor is a file" 2 = "/dev/null is not a file" watch -j --cursor /dev/null
rm -f /dev/null.lock
t "--cursor in no directory" 1 = "cannot create" watch -j --cursor cur/none/cursor

# Labels.
t "--label without a key" 2 = "is not KEY=VALUE" list -j -f s.wd --label =x
t "--label with another key" 2 = "is not KEY=VALUE" list -j -f s.wd --label 'a-b=x'
t "--label twice" 2 = "given twice" list -j -f s.wd --label a=x --label b=y --label a=z
t "--label of text" 2 = "add -j" list -f s.wd --label a=x
t "--label with a long value" 2 = "longer than" list -j -f s.wd --label "a=$(printf '%300s' '')"
bad=
"$mkrec" piece 1 0 0 4 1 3 >labels.wd
"$whydrop" list -j -f labels.wd --host-labels --label 'dc=a"b' --label rack= >stdout 2>stderr || fail "exit status $?"
[ "$(grep -c . stdout)" -eq 8 ] || fail "$(cat stdout)"
grep -v '"node":"host1","boot_id":"00000001-0000-4000-8000-000000000000","load_id":"00000001-0000-4000-8000-000000000000","label_dc":"a\\"b","label_rack":""' stdout |
	grep -v '^{"type":"meta".*"node":"host1","load_id":"[-0-9]*","label_dc":"a\\"b","label_rack":""}$' >without
[ ! -s without ] || fail "$(cat without)"
finish "labels are in each line, whole"
if command -v python3 >/dev/null && python3 -c 'import jsonschema' 2>/dev/null; then
	bad=
	got=$(python3 "$here/validate.py" "$top/user/whydrop.schema.json" <stdout) || fail "$got"
	[ "$got" = "drop 4 loss 1 lost 2 meta 1" ] || fail "$got"
	finish "... as the schema has them"
else
	skip "... as the schema has them" "no python3-jsonschema"
fi
