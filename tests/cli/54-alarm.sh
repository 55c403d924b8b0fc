# shellcheck shell=bash disable=SC2154,SC2034,SC2016
# Alarms: what a recording would have told, and what a directory that looks like the
# module's tells while its counts change.
"$mkrec" rates 1000 1100 20 NO_SOCKET 1000 2000 1000 OTHERHOST 1900 1901 100 IP_CSUM >alarm.wd

# says NAME STATE/REASON/COUNT... -- ARGUMENT...: just these lines
says() {
	local name=$1 want=()
	shift
	while [ "$1" != -- ]; do
		want+=("$1")
		shift
	done
	shift
	bad=
	timeout 20 "$whydrop" alarm -j "$@" >stdout 2>stderr || fail "exit status $?: $(head -c 300 stderr)"
	got=$(sed -nE 's/.*"type":"alarm","state":"([a-z]*)".*"reason":"?([A-Z_a-z]*)"?,.*"count":([0-9]*|null),.*/\1 \2 \3/p' stdout)
	[ "$got" = "$(printf '%s\n' "${want[@]}")" ] || fail "$got" "$(cat stderr)"
	finish "alarm: $name"
}

golden alarm.txt alarm -f alarm.wd --when 'NO_SOCKET > 10/s for 30s' --when 'bad > 0/s'
says "begin and end, with the sender's number" "begin NO_SOCKET 1500" "end NO_SOCKET 5000" -- \
	-f alarm.wd --when 'NO_SOCKET > 10/s for 30s'
# 50/s, in whole periods of 10 s
says "at the limit is not above it" -- -f alarm.wd --when 'NO_SOCKET > 50/s'
says "just above it is" "begin NO_SOCKET 500" "end NO_SOCKET 5000" -- -f alarm.wd --when 'NO_SOCKET > 49.9/s'
says "not for long enough" -- -f alarm.wd --when 'NO_SOCKET > 10/s for 101s'
says "just for long enough" "begin NO_SOCKET 5000" "end NO_SOCKET 5000" -- -f alarm.wd --when 'NO_SOCKET > 10/s for 100s'
says "for is half a second" "begin NO_SOCKET 500" "end NO_SOCKET 5000" -- -f alarm.wd --when 'NO_SOCKET>10for 0.5s'
says "a rate of 0 is any drop" "begin IP_CSUM 10" "end IP_CSUM 10" -- -f alarm.wd --when 'IP_CSUM > 0'
says "an intent, per minute" "begin IP_CSUM 10" -- -f alarm.wd --when 'bad > 0/min'
says "a class, several reasons together" "begin NO_SOCKET 510" -- \
	-f alarm.wd --when '*SOCKET,OTHERHOST > 0.9/s'
says "a class with a slash" "begin NO_SOCKET 500" "end NO_SOCKET 5000" -- -f alarm.wd --when 'errors/l4/* > 1/s'
says "per minute: over whole minutes" "begin NO_SOCKET 3000" "end NO_SOCKET 5000" -- -f alarm.wd --when 'NO_SOCKET > 2999/min'
says "an interval of its own" "begin NO_SOCKET 100" "end NO_SOCKET 5000" -- -f alarm.wd --interval 2 --when 'NO_SOCKET > 49/s'

# It stays above half of the limit for 100 s, once after 10 s of silence: one incident.
"$mkrec" rates 1000 1100 20 NO_SOCKET 1100 1200 40 NO_SOCKET 1210 1300 40 NO_SOCKET 2000 2001 1000 OTHERHOST >low.wd
says "hysteresis: half of the limit, for three periods" "begin NO_SOCKET 500" "end NO_SOCKET 9750" -- \
	-f low.wd --when 'NO_SOCKET > 40/s'
says "and it is calm for as long as what was asked for says, too" "begin NO_SOCKET 500" "end NO_SOCKET 7500" -- \
	-f low.wd --when 'NO_SOCKET > 49/s for 10s' --interval 1 --when 'NO_SOCKET > 1000/s'
"$mkrec" rates 1000 1100 20 NO_SOCKET 1130 1200 20 NO_SOCKET 2000 2001 1000 OTHERHOST >two.wd
says "two incidents" "begin NO_SOCKET 500" "end NO_SOCKET 5000" "begin NO_SOCKET 500" "end NO_SOCKET 3500" -- \
	-f two.wd --when 'NO_SOCKET > 10/s'
"$mkrec" rates 1000 1100 20 NO_SOCKET >open.wd
t "an incident at the end of the recording" 0 "begin NO_SOCKET" "incident 1 has not ended" alarm -f open.wd --when 'NO_SOCKET > 1'
t "alarm --exit-code" 10 "begin" - alarm -f open.wd --when 'NO_SOCKET > 1' --exit-code
t "alarm --exit-code, silent" 0 = - alarm -f open.wd --when 'NO_SOCKET > 100' --exit-code

# A day of a host where nothing is the matter, and one where something is.
"$mkrec" rates 100 86500 5000 NO_SOCKET 100 86500 60000 OTHERHOST 100 86500 7000 IP_CSUM >day.wd
rm -f base
says "silent for a day" -- -f day.wd --when 'usual,suspicious,bad > 1/s' --when 'bad > 20/min for 5min' --baseline base
bad=
# 12 a minute, and of IP_CSUM 8.57: the mean and what the squares say, by hand
awk '/ NO_SOCKET$/ { ok += $1 == 1439 && $2 > 0.1999 && $2 < 0.2001 && $3 - $2 * $2 < 1e-6 }
	/ OTHERHOST$/ { ok += $2 > 0.01666 && $2 < 0.01667 }
	/ IP_CSUM$/ { ok += $2 > 0.142 && $2 < 0.1434 } END { exit ok != 3 }' base || fail "$(cat base)"
[ "$(ls base*)" = base ] || fail "$(ls base*)"
finish "alarm: the baseline has the means"
"$mkrec" rates 100 4000 5000 NO_SOCKET 1000 1300 10 NO_SOCKET 3000 3100 100 NETFILTER_DROP 4000 4001 1000 X >next.wd
cp base base.before
says "what is usual is known from before" "begin NO_SOCKET 6012" "end NO_SOCKET 30060" \
	"begin NETFILTER_DROP 400" "end NETFILTER_DROP 1000" -- -f next.wd --baseline base
cp next.wd learn.wd
says "nothing is said in the first hour" -- -f next.wd --baseline new
"$mkrec" rates 100 4000 10 NO_SOCKET >steady.wd
says "a rate that has always been high is usual" -- -f steady.wd --baseline steady
for how in 's/NO_SOCKET/NO_SOCKETS/' '3,$d' 's/baseline 1/baseline 9/' 's/^1439/x/'; do
	sed "$how" base.before >base
	t "a damaged baseline: $how" 0 = "base is damaged: .*" alarm -f steady.wd --baseline base
done
bad=
head -1 base | grep -qx "whydrop baseline 1" || fail "$(cat base)"
finish "alarm: and it is written anew"
mkdir -p ro
t "a baseline that cannot be written" 1 = "cannot write the baseline /nonexistent/b: No such file" \
	alarm -f steady.wd --baseline /nonexistent/b
t "a baseline that cannot be read" 1 = "cannot read ro: Is a directory" alarm -f steady.wd --baseline ro

# What is wrong, and where.
while IFS='|' read -r rule column words; do
	t "alarm --when '$rule'" 2 = "^whydrop: --when .*, column $column: $words" alarm -f alarm.wd --when "$rule"
done <<'END'
NO_SOCKET 10/s|15|`> RATE' is missing
> 10/s|1|a reason or a class
NO_SOCKET >|12|a rate is expected
NO_SOCKET > x|13|a rate is expected
NO_SOCKET >= 5|12|a rate is expected
NO_SOCKET > -5|13|a rate is expected
NO_SOCKET > 1.2.3|13|a rate is expected
NO_SOCKET > 99999999999999|13|a rate is expected
NO_SOCKET > 10/d|15|a rate is per
NO_SOCKET > 10 /s|16|`for TIME' or the end
NO_SOCKET > 10/s for|18|`for TIME' or the end
NO_SOCKET > 10/s for x|22|a time is expected
NO_SOCKET > 10/s for 3y|23|a unit of time
NO_SOCKET > 10/s for 8d|23|a time is 7 days at most
NO_SOCKET > 10/s for 3s x|25|the end is expected
END
t "a rule that is too long" 2 = "column 401: a rule is not longer" alarm -f alarm.wd --when "$(printf '%0500d > 1' 0)"
t "an intent that there is not" 2 = "did you mean bad" alarm -f alarm.wd --when 'bda > 1'
t "the same rule twice" 2 = "^whydrop: --when 'A>1/s' is there twice$" alarm -f alarm.wd --when 'A > 1' --when 'A>1/s'
t "nothing to watch for" 2 = "nothing to watch for: --when" alarm -f alarm.wd
t "no commands for a recording" 2 = "not for alarms of a recording" alarm -f alarm.wd --when 'A > 1' --exec true
t "alarms of hostile names" 0 '^\{"type":"meta"' - alarm -j -f <("$mkrec" hostile) --when '* > 0'

# Live. Counts are written in place, as a file of debugfs is the same until the module
# is loaded again.
mkdir -p al/par
echo 1 >al/par/enabled
counts() { printf '# whydrop reasons v1\nNO_SOCKET 3 %s socket\nOTHERHOST 7 %s -\nIP_CSUM 9 0 -\n' "$1" "$2" >al/reasons; }
counts 1000 5
printf '# whydrop stacks v1\n' >al/stacks
"$mkrec" sample >al/raw
watching() {	# ARGUMENT...: in the background, until it counts
	rm -f ready
	mkfifo ready
	WHYDROP_DEBUGFS=$PWD/al WHYDROP_PARAMETERS=$PWD/al/par "$whydrop" alarm --interval 0.1 --duration 120 \
		--ready-fd 8 "$@" >stdout 2>stderr 8>ready &
	pid=$!
	read -r _ <ready
}
until_line() {	# PATTERN [NUMBER]: so often it is in stdout, or stderr
	local i
	for ((i = 0; i < 600; i++)); do
		[ "$(cat stdout stderr | grep -Ec -- "$1")" -lt "${2:-1}" ] || return 0
		sleep 0.05
	done
	fail "no /$1/: $(cat stdout stderr)"
}
ended() {
	kill $pid
	wait $pid || fail "exit status $?"
}
bad=
watching --when 'NO_SOCKET > 0/s' -j
counts 1003 6
until_line '"state":"begin".*"reason":"NO_SOCKET".*"count":3,.*"at":null,"dev":null'
until_line '"state":"end".*"count":3,'
counts 2 6
until_line "the counts were reset"
until_line '"id":2.*"state":"begin".*"count":2,|"state":"begin","id":2,.*"count":2,'
ended
[ "$(grep -c '"state":"begin"' stdout)" -eq 2 ] || fail "$(cat stdout)"
finish "alarm: live counts; what was there before is not counted; a reset"
bad=
watching --when 'NO_SOCKET > 0/s'
mv al/reasons al/gone
until_line ' blind: the module is not loaded: no drop is counted; look: whydrop status$'
counts 7 0
until_line ' counts: drops are counted again'
until_line ' begin NO_SOCKET .*at unknown, dev unknown, of unknown; first: .*; look: whydrop explain NO_SOCKET$'
echo 0 >al/par/enabled
until_line ' blind: the module is disabled'
echo 1 >al/par/enabled
until_line ' end NO_SOCKET .*: 7 drops'
cp al/reasons al/other
sed -i 's/NO_SOCKET 3 7/NO_SOCKET 3 9/' al/other
mv al/other al/reasons
until_line "the module was loaded again"
until_line ' end NO_SOCKET .*: 9 drops'
ended
finish "alarm: the module vanishes, is loaded again, is disabled, is replaced"

# To a command: by its environment and stdin, which hold what others chose; it may hang.
bad=
counts 0 0
watching --when 'NO_SOCKET > 0/s' --exec 'printf "%s|%s|%s|%s\n" "$WHYDROP_ALARM_STATE" "$WHYDROP_ALARM_REASON" "$WHYDROP_ALARM_RULE" "$WHYDROP_ALARM_LOOK" >>al/told
	cat >>al/told; [ "$WHYDROP_ALARM_STATE" = end ] || exec sleep 1000'
for i in 1 2 3; do
	counts $((i * 5)) 0
	until_line "end NO_SOCKET" $i
done
until_told() { for ((i = 0; i < 600; i++)); do [ "$(grep -c '^end|' al/told)" -lt 3 ] || return 0; sleep 0.05; done; fail "$(cat al/told)"; }
until_told
[ "$(grep -c '^begin|NO_SOCKET|NO_SOCKET > 0/s|whydrop explain NO_SOCKET$' al/told)" -eq 3 ] || fail "$(cat al/told)"
[ "$(grep -c '^{"type":"alarm","state":"[a-z]*",.*"count":5,.*}$' al/told)" -eq 6 ] || fail "$(cat al/told)"
children=$(pgrep -P $pid | tr '\n' ' ')
[ "$(wc -w <<<"$children")" -ge 3 ] || fail "the commands do not hang: $children"
ended
# shellcheck disable=SC2086	# words
kill $children 2>>stderr
finish "alarm --exec: environment and stdin; commands that hang stall nothing"
bad=
rm -f al/told
counts 0 0
watching --when 'NO_SOCKET > 0/s' --when 'IP_CSUM,NO_SOCKET > 0/s' --when 'N* > 0/s' --when 'NO_* > 0/s' --when 'NO_S* > 0' \
	--when 'NO_SO* > 0' --when 'NO_SOC* > 0' --when 'NO_SOCK* > 0' --when 'NO_SOCKE* > 0' --exec 'exec sleep 1000'
counts 1 0
until_line "not told: 8 of them hang"
until_line "end NO_SOCKET"
children=$(pgrep -P $pid | tr '\n' ' ')
ended
# shellcheck disable=SC2086
kill $children 2>>stderr
[ "$(wc -w <<<"$children")" -eq 8 ] || fail "not 8: $children"
finish "alarm --exec: no more than 8 hang, and that is said"
bad=
counts 0 0
watching --when 'NO_SOCKET > 0/s' --exec 'exit 3'
counts 1 0
until_line "the command failed, with status 3"
ended
finish "alarm --exec: a command that fails is told"
unset -f watching until_line ended counts until_told says
WHYDROP_DEBUGFS=al WHYDROP_PARAMETERS=al/par t "a reason that this kernel has not" 2 = "did you mean NO_SOCKET" \
	alarm --when 'NO_SOCKTE > 1' --duration 0
WHYDROP_DEBUGFS=/nonexistent WHYDROP_PARAMETERS=/nonexistent t "alarm without the module" 3 = "/nonexistent|not loaded" \
	alarm --when 'A > 1'
