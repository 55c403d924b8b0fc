# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # variables of guest-full
# The tools, in the guest. For each KIND there is
#	start_KIND ARGUMENT...	in the background, as somebody would who looks for drops
#	stop_KIND		in good order
#	told_KIND		afterwards: sets DELIVERED and LOST, from what the tool said
# Programs are started by background(), so that their memory can be told.

T=/tmp/tool
TRACE=/sys/kernel/tracing
EVENT=$TRACE/events/skb/kfree_skb
DEBUGFS=/sys/kernel/debug/whydrop
keep=no		# what readers print: thrown away, or kept in $T
pids=()

# background COMMAND...
background()
{
	local out=/dev/null

	[[ $keep == no ]] || out=$T/out${#pids[@]}
	"$@" >"$out" 2>"$T/err${#pids[@]}" &
	pids+=("$!")
}

# end SIGNAL: to what is in the background, by force after half a minute
end()
{
	local i

	kill "-$1" "${pids[@]}" 2>/dev/null
	for ((i = 0; i < 3000; i++)); do
		kill -0 "${pids[@]}" 2>/dev/null || break
		sleep 0.01
	done
	kill -KILL "${pids[@]}" 2>/dev/null
	wait "${pids[@]}" 2>/dev/null
}

# prints PATTERN: waits until the first program has printed it, two minutes
prints()
{
	local i

	for ((i = 0; i < 6000; i++)); do
		! grep -qs "$1" "$T/out0" "$T/err0" || return 0
		sleep 0.02
	done
	return 1
}

sum()
{
	awk '{ n += $1 } END { print n + 0 }'
}

start_none() { :; }
stop_none() { :; }

start_wdbench() { insmod wdbench.ko "$@"; }
stop_wdbench() { rmmod wdbench; }

# ---- whydrop: READER PARAMETER=VALUE... ----

start_whydrop()
{
	local i

	reader=$1
	shift
	insmod whydrop.ko "$@" || return
	case $reader in
	none)	;;
	pipe)	background cat $DEBUGFS/events_pipe ;;
	watch)	background ./whydrop watch -j ;;
	raw*)
		for ((i = 0; i < ${reader#raw}; i++)); do
			background cat $DEBUGFS/raw
		done ;;
	esac
}

stop_whydrop()
{
	# All that the module saw, ours or not.
	[[ $keep == no ]] || truth=$(stat_of recorded)
	[[ ${#pids[@]} == 0 ]] || end TERM
	rmmod whydrop
}

# The worst of several readers.
told_whydrop()
{
	local i events lost

	DELIVERED='' LOST=''
	for i in "${!pids[@]}"; do
		case $reader in
		pipe)
			events=$(grep -c '^ .* @ ' "$T/out$i")
			lost=$(sed -n 's/^# lost \([0-9]*\) events.*/\1/p' "$T/out$i" | sum) ;;
		watch)
			events=$(grep -c '^{"type":"drop"' "$T/out$i")
			lost=$(sed -n 's/^{"type":"lost".*"count":\([0-9]*\).*/\1/p' "$T/out$i" | sum) ;;
		raw*)
			./rawaudit "$T/out$i" >"$T/audit" || fail "rawaudit finds errors"
			events=$(sed -n 's/^events=//p' "$T/audit")
			lost=$(sed -n 's/^lost=//p' "$T/audit") ;;
		esac
		if [[ ! $DELIVERED ]] || ((events + lost < DELIVERED + LOST)); then
			DELIVERED=$events LOST=$lost
		fi
	done
}

# ---- ftrace: READER TRIGGER, and its histograms: KEYS ----

start_ftrace()
{
	echo 1 >$EVENT/enable
	[[ $2 == - ]] || echo "$2" >$EVENT/trigger
	[[ $1 == none ]] || background cat $TRACE/trace_pipe
	trigger=$2
}

stop_ftrace()
{
	echo 0 >$EVENT/enable
	[[ $trigger == - ]] || echo "!$trigger" >$EVENT/trigger
	[[ ${#pids[@]} == 0 ]] || end TERM
	: >$TRACE/trace
}

told_ftrace()
{
	DELIVERED=$(grep -c 'reason: OTHERHOST' $T/out0)
	LOST=$(sed -n 's/.*\[LOST \([0-9]*\) EVENTS\].*/\1/p' $T/out0 | sum)
	# A stack is an event of its own.
	[[ $trigger == - ]] || LOST=$((LOST / 2))
}

start_hist()
{
	trigger="hist:keys=$1"
	echo "$trigger" >$EVENT/trigger
}

stop_hist()
{
	[[ $keep == no ]] || cat $EVENT/hist >$T/out0
	echo "!$trigger" >$EVENT/trigger
}

told_hist()
{
	DELIVERED=$(sed -n 's/.*hitcount: *\([0-9]*\).*/\1/p' $T/out0 | sum)
	LOST=$(sed -n 's/.*Dropped: *\([0-9]*\).*/\1/p' $T/out0 | sum)
}

# ---- perf, trace-cmd: OPTION... ----

start_perf()
{
	local answer

	mkfifo $T/control $T/answer
	exec {control}<>$T/control {answers}<>$T/answer
	background perf record -e skb:kfree_skb -a -o $T/data -D -1 \
		--control "fifo:$T/control,$T/answer" "$@"
	echo enable >&"$control"
	read -r -t 3000 answer <&"$answers"
}

stop_perf()
{
	end INT
	exec {control}>&- {answers}>&-
}

told_perf()
{
	perf script -i $T/data -F comm,trace --show-lost-events >$T/script 2>/dev/null
	DELIVERED=$(grep -c 'reason: OTHERHOST' $T/script)
	LOST=$(sed -n 's/.*PERF_RECORD_LOST.*lost \([0-9]*\).*/\1/p' $T/script | sum)
}

start_tracecmd()
{
	background trace-cmd record -e skb:kfree_skb -o $T/data "$@"
}

stop_tracecmd()
{
	end INT
	trace-cmd reset >/dev/null 2>&1
}

told_tracecmd()
{
	trace-cmd report $T/data >$T/script 2>/dev/null
	DELIVERED=$(grep -c 'reason: OTHERHOST' $T/script)
	LOST=$(sed -n 's/.*: \([0-9]*\) events lost.*/\1/p; s/.*\[\([0-9]*\) EVENTS DROPPED\].*/\1/p' \
		$T/script | sum)
}

# ---- dropwatch: summary or packet ----

start_dropwatch()
{
	local kept=$keep

	modprobe drop_monitor || return
	mkfifo $T/keys
	exec {keys}<>$T/keys
	# It takes commands only when it has asked for them.
	keep=yes
	background stdbuf -o0 dropwatch -l kas <$T/keys
	keep=$kept
	prints 'dropwatch>' || return
	if [[ $1 == packet ]]; then
		echo 'set alertmode packet' >&"$keys"
		prints 'successfully set' || return
	fi
	echo start >&"$keys"
	prints 'monitoring activated'
}

stop_dropwatch()
{
	# It may not listen, busy with complaints about its buffer.
	dwdump -e >/dev/null 2>&1
	dwdump -s >$T/stats 2>/dev/null
	exec {keys}>&-
	end KILL
	modprobe -r drop_monitor
}

told_dropwatch()
{
	DELIVERED=$(sed -n 's/^\([0-9]*\) drops at ip_rcv_core.*/\1/p; s/^drop at: ip_rcv_core.*/1/p' \
		$T/out0 | sum)
	LOST=$(sed -n 's/^Tail dropped: //p' $T/stats | sum)
}

# ---- bpftrace: PROGRAM ----

start_bpftrace()
{
	background bpftrace -e "$1"
}

stop_bpftrace()
{
	end INT
}

told_bpftrace()
{
	local number

	number=$(grep -o '{ [^ ]*, "OTHERHOST" }' $EVENT/format)
	number=${number#*\{ }
	number=$((${number%%,*}))
	# A line of comm and reason, a stack, or the count of a stack.
	DELIVERED=$(sed -n "s/^sender.* $number\$/1/p; s/^ *ip_rcv_core+.*/1/p
		s/^.*, $number\]: \([0-9]*\)\$/\1/p" $T/out0 |
		awk '$1 != 1 { counts += $1 } { n++; sum += $1 } END { print counts ? counts : sum + 0 }')
	LOST=$(sed -n 's/^Lost \([0-9]*\) events.*/\1/p' $T/out0 $T/err0 | sum)
}

# ---- LTTng: - or the type of a context ----

start_lttng()
{
	[[ -d $LTTNG_KO ]] || { why='its modules were not built'; return 1; }
	modprobe lttng-probe-skb || return
	lttng-sessiond --background --kmod-probes=skb >$T/err0 2>&1 || return
	{
		lttng create bench --output=$T/data &&
		lttng enable-event -k skb_kfree &&
		{ [[ $1 == - ]] || lttng add-context -k -t "$1"; } &&
		lttng start
	} >$T/err0 2>&1 || return
	mapfile -t pids < <(pgrep lttng-)
}

stop_lttng()
{
	lttng stop >$T/err0 2>&1
	lttng destroy >>$T/err0 2>&1
	pkill -TERM -x lttng-sessiond
	for ((i = 0; i < 500; i++)); do
		pgrep lttng- >/dev/null || break
		sleep 0.02
	done
	modprobe -r lttng-probe-skb lttng-ring-buffer-client-discard 2>/dev/null
	:
}

told_lttng()
{
	babeltrace2 $T/data --component=c:sink.utils.counter >$T/out0 2>&1
	# It counts aloud.
	DELIVERED=$(sed -n 's/^ *\([0-9]*\) Event messages.*/\1/p' $T/out0 | tail -n 1)
	LOST=$(grep -h -o '[0-9]* event[s]* discarded\|Discarded [0-9]* event\|discarded [0-9]* event' \
		$T/err0 $T/out0 | grep -o '[0-9]*' | sort -n | tail -n 1)
	LOST=${LOST:-0}
}
