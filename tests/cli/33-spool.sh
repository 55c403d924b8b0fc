# shellcheck shell=bash disable=SC2154,SC2034,SC2016
# Events get into a spool and from there to whoever confirms them: whydrop-spool and
# whydrop-ship, killed at random. What arrived and what was told as lost is what was sent.
# tests/fleet does this with ClickHouse; here is a server that stores lines, and sometimes
# refuses, or does not confirm what it has stored.
clickhouse=$top/user/clickhouse
mkdir -p fleet/dbg fleet/spool
: >fleet/dbg/stats
printf '%s\n' '# whydrop reasons v1' 'REASON_1 7 0 -' 'NOT_OF_ANY 8 0 -' >fleet/dbg/reasons
# As systemd starts it, but the end of the file that is the ring is the end of watch.
cat >fleet/watch <<-END_OF_WATCH
	#!/bin/bash
	kill -0 $$ 2>/dev/null || exit 3	# the test has ended
	echo \$\$ >$PWD/fleet/watch.pid
	sleep 0.0\$((RANDOM % 10))
	exec $whydrop "\$@"
END_OF_WATCH
chmod +x fleet/watch
cat >fleet/server.py <<'END_OF_SERVER'
import gzip, http.server, json, os, sys

folder, requests = sys.argv[1], 0

class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global requests
        requests += 1
        data = gzip.decompress(self.rfile.read(int(self.headers["Content-Length"])))
        kind = 2 if os.path.exists(folder + "/calm") else requests % 3
        try:
            for line in data.splitlines():
                json.loads(line)
        except ValueError:
            return self.answer(500, b"Code: 27, e.displayText() = DB::Exception: Cannot parse input")
        if kind == 0:
            return self.answer(500, b"Code: 241, e.displayText() = DB::Exception: Memory limit")
        with open(folder + "/stored", "ab") as f:
            f.write(data)
        if kind == 1:		# nobody hears of it
            self.connection.close()
            return None
        return self.answer(200, b"")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Server)
with open(folder + "/port.new", "w") as f:
    f.write(str(server.server_port))
os.rename(folder + "/port.new", folder + "/port")
server.serve_forever()
END_OF_SERVER

# until_true COMMAND...: within a minute
until_true() {
	for _ in $(seq 1200); do
		! "$@" || return 0
		sleep 0.05
	done
	return 1
}
# sent N [WINDOW]: the ring has the last of N events
ring() {
	local window=${2:-400}
	local from=$(($1 > window ? $1 - window : 0))
	"$mkrec" piece 1 0 $from $(($1 - from)) >fleet/ring && mv fleet/ring fleet/dbg/raw
	sent=$1
}
# spool: in the background, as $spool, unless it runs
spool=
spool() {
	[ -z "$spool" ] || return 0
	WHYDROP_DEBUGFS=$PWD/fleet/dbg WHYDROP=$PWD/fleet/watch SPOOL_EVENTS=300 \
		"$clickhouse/whydrop-spool" fleet/spool 2>>fleet/spool.err &
	spool=$!
}
# ship: likewise
ship() {
	no_proxy='*' "$clickhouse/whydrop-ship" fleet/spool "http://127.0.0.1:$(cat fleet/port)/" 2>>fleet/ship.err &
	ship=$!
}
end() {
	kill "-$1" "$2" 2>/dev/null
	wait "$2" 2>/dev/null
}
# Numbers of processes are used again.
kill_watch() {
	local pid
	pid=$(cat fleet/watch.pid 2>/dev/null) && grep -aqs "$PWD/fleet" "/proc/$pid/environ" && kill -9 "$pid"
}
end_spool() {
	end "$1" "$spool"
	spool=
}
is_published() {
	grep -q "^cpu 0 known 1 next $(((sent + 1) / 2)) " fleet/spool/.cursor 2>/dev/null &&
		grep -q "^cpu 1 known 1 next $((sent / 2)) " fleet/spool/.cursor &&
		! grep -q '"type":"drop"' fleet/spool/.new 2>/dev/null
}
is_empty() { [ -z "$(find fleet/spool -name '[^.]*.jsonl')" ]; }
# account FILE: "rows TOLD TWICE" if they are all, else what is wrong
account() {
	sed -n 's/^{"type":"drop",.*"seq":\([0-9]*\),"cpu":\([0-9]*\),.*}$/drop \2 \1/p
		s/^{"type":"lost",.*"cpu":\([0-9]*\),"seq":\([0-9]*\),"count":\([0-9]*\),"cause":"overwritten"}$/lost \1 \2 \3/p' "$@" |
		awk -v sent="$sent" '
		$1 == "drop" { twice += ($2, $3) in has; has[$2, $3] }
		$1 == "lost" { for (i = 0; i < $4; i++) lost[$2, $3 + i] }
		END {
			for (e = 0; e < sent; e++)
				if ((e % 2, int(e / 2)) in has)
					rows++
				else if ((e % 2, int(e / 2)) in lost)
					told++
				else if (missing++ < 5)
					print "event " e " of " sent " is neither there nor told as lost"
			for (e in has)
				all++
			if (all != rows)
				print all - rows " events that were not sent"
			if (!missing)
				print rows + 0, told + 0, twice + 0
		}'
}

for program in whydrop-spool whydrop-ship; do
	bad=
	"$clickhouse/$program" --help >stdout 2>stderr || fail "exit status $?"
	grep -q "^usage: $program " stdout || fail "$(cat stdout)"
	"$clickhouse/$program" >stdout 2>stderr
	[ $? -eq 2 ] || fail "exit status of nothing"
	finish "$program has help"
done

# Of the spool alone. watch is killed, and the program that runs it, which leaves watch running.
bad=
RANDOM=25
for step in $(seq 40); do
	ring $((step * 100 + (step > 20) * 2000))
	case $((step % 4)) in
	0) spool ;;
	1) sleep 0.0$((RANDOM % 10)); kill_watch; end_spool 9 ;;
	2) spool ;;
	3) sleep 0.1$((RANDOM % 10)); end_spool 9 ;;
	esac
	[ "$step" -gt 1 ] || spool
	sleep 0.1
done
spool
until_true is_published || fail "$(cat fleet/spool.err; ls -la fleet/spool; cat fleet/spool/.cursor)"
end_spool TERM
got=$(account fleet/spool/[0-9]*.jsonl)
[[ $got =~ ^[0-9]+\ [0-9]+\ [0-9]+$ ]] || fail "$got"
read -r rows told _ <<<"$got"
{ [ "$rows" -gt 1000 ] && [ "$told" -ge 1500 ] && [ $((rows + told)) -eq "$sent" ]; } || fail "$got of $sent"
[ "$(find fleet/spool -name '[0-9]*.jsonl' | wc -l)" -ge 4 ] || fail "$(ls -l fleet/spool)"
! grep -ahv '^{.*}$' fleet/spool/[0-9]*.jsonl | grep -q '^}' || fail "lines that were mixed"
[ -z "$(find fleet/spool -name '[0-9]*' ! -perm 600)" ] || fail "$(ls -l fleet/spool)"
finish "spool: killed at random, what is there or told as lost is what was sent ($got)"

bad=
mkdir fleet/full
cp fleet/spool/.cursor fleet/full
mv fleet/spool fleet/spool.first
mv fleet/full fleet/spool
head -c 2000000 /dev/zero >fleet/spool/big.jsonl
: >fleet/spool.err
export SPOOL_MB=1
spool
until_true grep -q "has 1 MB and nothing takes them away; waiting for room" fleet/spool.err || fail "$(cat fleet/spool.err)"
first=$sent
ring $((sent + 1000))
rm fleet/spool/big.jsonl
until_true is_published || fail "$(cat fleet/spool.err; ls -la fleet/spool)"
grep -q "has room again" fleet/spool.err || fail "$(cat fleet/spool.err)"
end_spool TERM
unset SPOOL_MB
got=$(account fleet/spool.first/[0-9]*.jsonl fleet/spool/[0-9]*.jsonl)
[[ $got =~ ^$((rows + 400))\ $((told + 600))\  ]] || fail "$got, not $rows + 400, $told + 600"
[ "$(grep -c "waiting for room" fleet/spool.err)" -eq 1 ] || fail "$(cat fleet/spool.err)"
finish "spool full: it says so, and tells what the rings lost by that"

bad=
echo 'not whole' >fleet/spool/.cursor
: >fleet/spool.err
spool
until_true is_published || fail "$(cat fleet/spool.err)"
end_spool TERM
grep -q "the cursor .* is damaged" fleet/spool.err || fail "$(cat fleet/spool.err)"
grep -q '"count":null,"cause":"cursor"' fleet/spool/[0-9]*.jsonl || fail "no line of it"
! grep -q "watching for drops\|shown$" fleet/spool.err || fail "$(cat fleet/spool.err)"
finish "spool: a damaged cursor is told, and what is no news is not"

if ! command -v curl >/dev/null || ! command -v python3 >/dev/null; then
	skip "ship: killed at random, all that was sent is stored" "no curl, or no python3"
	skip "ship: what cannot be read is put aside, and told" "no curl, or no python3"
	return
fi
# All of it again, and from below another folder.
bad=
mkdir -p fleet/spool/host1/$'new\nline'
mv fleet/spool.first/[0-9]*.jsonl fleet/spool/host1/$'new\nline'/
python3 fleet/server.py fleet 2>fleet/server.err &
server=$!
until_true test -e fleet/port || fail "$(cat fleet/server.err)"
export SHIP_MB=0	# a file at a time
ship
for step in $(seq 20); do
	ring $((sent + 100))
	[ $((step % 5)) -ne 0 ] || spool
	sleep "0.$((RANDOM % 4))"
	[ $((step % 5)) -ne 4 ] || end_spool 9
	[ $((step % 3)) -ne 0 ] || { end 9 "$ship"; ship; }
done
spool
until_true is_published || fail "$(cat fleet/spool.err)"
end_spool TERM
unset SHIP_MB
until_true grep -q "ClickHouse does not take events, status \(500: Code: 241\|000: curl: (52)\)" fleet/ship.err || fail "$(cat fleet/ship.err)"
: >fleet/calm
until_true is_empty || fail "$(ls -lR fleet/spool; cat fleet/ship.err)"
grep -q "ClickHouse takes events again" fleet/ship.err || fail "$(cat fleet/ship.err)"
end 9 "$ship"
got=$(account fleet/stored)
[[ $got =~ ^[0-9]+\ [0-9]+\ [0-9]+$ ]] || fail "$got"
read -r rows told twice <<<"$got"
{ [ $((rows + told)) -eq "$sent" ] && [ "$twice" -gt 0 ]; } || fail "$got of $sent"
finish "ship: killed at random, all that was sent is stored ($got)"

bad=
printf '{"type":"drop","seq":1,"cpu":0,\n{"type":"drop","cpu":oh}\n' >fleet/spool/1.jsonl
printf '{"type":"drop","seq":%d,"cpu":0,"stack":null}\n' "$sent" >fleet/spool/$'2\n.jsonl'
SHIP_ONCE=1 no_proxy='*' timeout 60 "$clickhouse/whydrop-ship" fleet/spool/ "http://127.0.0.1:$(cat fleet/port)/" 2>fleet/ship.err ||
	fail "exit status $?"
[ "$(find fleet/spool -name '[^.]*.jsonl')" = fleet/spool/refused/1.jsonl ] || fail "$(ls -R fleet/spool)"
grep -q "^ClickHouse cannot read fleet/spool/1.jsonl, which is now in fleet/spool/refused: Code: 27" fleet/ship.err ||
	fail "$(cat fleet/ship.err)"
[ "$(tail -n 1 fleet/stored)" = "{\"type\":\"drop\",\"seq\":$sent,\"cpu\":0,\"stack\":[]}" ] || fail "$(tail -n 1 fleet/stored)"
finish "ship: what cannot be read is put aside, and told"
kill "$server"
wait "$server" 2>/dev/null
rm fleet/port
