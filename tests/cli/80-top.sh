# shellcheck shell=bash disable=SC2154,SC2034
# top on a terminal: tmux sends keys and tells what is on the screen.
screen_tests() {
	local tmux servers=0

	# on WIDTH HEIGHT COMMAND: its exit status goes to the file rc
	on() {
		rm -f rc
		# One server that is about to end is none to ask for a new session.
		servers=$((servers + 1))
		tmux=(tmux -L "whydrop$$.$servers" -f /dev/null)
		"${tmux[@]}" new-session -d -x "$1" -y "$2" \
			"env LC_ALL=C.UTF-8 sh -c '$3; echo \$? >rc; cat >/dev/null'"
		"${tmux[@]}" set-option -g remain-on-exit on
	}
	off() { "${tmux[@]}" kill-server 2>/dev/null; }
	key() { "${tmux[@]}" send-keys "$@"; }
	shows() {	# PATTERN: within ten seconds
		local i

		for i in $(seq 100); do
			"${tmux[@]}" capture-pane -p >screen
			! grep -Eq -- "$1" screen || return 0
			sleep 0.1
		done
		fail "no /$1/ on the screen:" "$(cat screen)"
	}
	row() { sed -n "$1p" screen; }
	keys_in() {	# ROW: within ten seconds; a screen takes a moment to follow its size
		local i

		for i in $(seq 100); do
			"${tmux[@]}" capture-pane -p >screen
			[[ $(row "$1") != *"quit" ]] || return 0
			sleep 0.1
		done
		fail "no keys in row $1:" "$(cat screen)"
	}
	ends() {	# STATUS
		local i

		for i in $(seq 100); do
			[ ! -s rc ] || break
			sleep 0.1
		done
		[ "$(cat rc 2>/dev/null)" = "$1" ] || fail "exit status $(cat rc), not $1"
	}

	rm live/raw
	mkfifo live/raw
	exec 9<>live/raw
	cat s.wd >&9
	mkdir par2
	echo 1 >par2/enabled
	echo '!OTHERHOST' >par2/reasons
	export WHYDROP_PARAMETERS=$PWD/par2
	bad=
	on 80 24 "$whydrop top --interval 0.2"
	shows '1842 .* NO_SOCKET .*__udp4_lib_rcv'
	# the terminal may have got only the upper half of it yet
	keys_in 24
	[[ $(row 1) == "whydrop top: drops by reason "*"sample 6.1.0-test"* ]] || fail "title: $(row 1)"
	[[ $(row 2) == "1943 drops, "*"/s, exact since load or reset" ]] || fail "sums: $(row 2)"
	[[ $(row 3) == "recorded only: reasons=!OTHERHOST" ]] || fail "filters: $(row 3)"
	[[ $(row 23) == "next: whydrop explain NO_SOCKET, or Enter"* ]] || fail "hint: $(row 23)"
	[[ $(row 24) == *"? help  q quit" ]] || fail "keys: $(row 24)"
	[ "$(wc -l <screen)" -eq 24 ] || fail "$(wc -l <screen) rows"
	finish "top: the first screen at 80x24"
	bad=
	local rate='[2-9][0-9]00 +[0-9.]+% +[1-9][0-9.]* .* NO_SOCKET'
	for count in $(seq 2000 100 9900); do
		reasons "$count"
		"${tmux[@]}" capture-pane -p >screen
		! grep -Eq "$rate" screen || break
		sleep 0.1
	done
	grep -Eq "$rate" screen || fail "no rate: $(cat screen)"
	reasons 2042
	shows '^2143 drops, 0\.0/s'
	finish "top: counts and rates go on"
	bad=
	key d
	shows 'drops by dev'
	shows ' 4 .* eth0 '
	[[ $(row 3) == "lost 118 (overwritten); recorded only: reasons=!OTHERHOST" ]] || fail "lost: $(row 3)"
	[[ $(row 23) == "next: whydrop watch -s -i eth0, "* ]] || fail "hint: $(row 23)"
	# a pipe has none any more
	key Enter
	shows '^stacks of eth0, of the events still in the rings'
	shows '^None of them is still in the rings'
	key q
	shows 'drops by dev'
	key g
	shows 'drops by netns'
	key a
	shows 'drops by place'
	shows '100 .* __udp4_lib_rcv\+0x9d0'
	key Down Enter
	shows '^ +101 NETFILTER_DROP @ nf_hook_slow'
	key Escape
	key c
	shows 'drops by comm'
	key f
	shows '10\.0\.42\.1:40112 > 10\.0\.42\.2:9999 UDP'
	key r
	shows 'drops by reason'
	key s
	shows 'sort: last seen'
	key s
	shows 'sort: name'
	shows 'NETFILTER_DROP'
	[[ $(row 5) == *NETFILTER_DROP* ]] || fail "order: $(row 5)"
	key '?'
	shows 'keys and columns'
	key x
	shows 'drops by reason'
	finish "top: keys change grouping and order, and show stacks and help"
	bad=
	key p
	shows 'PAUSED'
	reasons 3042
	sleep 0.5	# several refreshes long
	shows '2042 .* NO_SOCKET'
	key p
	shows '3042 .* NO_SOCKET'
	finish "top: pause"
	bad=
	for size in "60 12" "20 5" "7 2" "1 1" "200 60" "33 9"; do
		"${tmux[@]}" resize-window -x "${size% *}" -y "${size#* }"
	done
	for size in "60 12" "100 30"; do
		"${tmux[@]}" resize-window -x "${size% *}" -y "${size#* }"
		reasons $((3000 + ${size% *}))
		shows "$((3000 + ${size% *})) "
		keys_in "${size#* }"
	done
	finish "top: follows the size of the terminal"
	bad=
	key q
	ends 0
	shows '^# [0-9]+ drops'
	off
	finish "top: ends, and the terminal is as it was"

	bad=
	on 80 24 "$whydrop top --interval 60"
	shows 'drops by reason'
	key q
	ends 0
	off
	finish "top: ends at once, whatever the interval"

	bad=
	on 80 24 "sh -c \"echo \\\$\\\$ >pid; exec $whydrop top\""
	shows 'drops by reason'
	kill "$(cat pid)"
	ends 0
	off
	finish "top: ends on SIGTERM"

	bad=
	on 80 24 "$whydrop top -f s.wd --by dev"
	shows ' 4 .* eth0 '
	key Enter
	shows '^ +2 NO_SOCKET @ tcp_v4_rcv'
	key q q
	ends 0
	off
	head -c 2000 s.wd >part.wd
	on 80 24 "$whydrop top -f part.wd"
	shows 'the rest cannot be read'
	key q
	ends 1
	shows 'cut off'
	off
	finish "top: of a recording, whole or in part"

	bad=
	# wide enough for the name of any folder
	on 400 24 "$whydrop top"
	shows 'drops by reason'
	mv live/reasons live/away
	ends 3
	shows 'cannot open .*/reasons: No such file'
	mv live/away live/reasons
	off
	finish "top: says why it ends when the module is gone"

	bad=
	on 80 24 "$whydrop top -f hostile.wd"
	shows '^ +3 .*REA?'
	for k in d n a c f r Enter; do
		key $k
		shows 'Enter stacks|stacks of'
		LC_ALL=C tr -d '\12\40-\176\200-\377' <screen >ctrl
		[ ! -s ctrl ] || fail "control characters: $(od -c ctrl | head -3)"
		[[ $(row 1) == "whydrop top"* || $(row 1) == "stacks of "* ]] || fail "$(cat screen)"
	done
	shows 'fr\\x0aa\\x09me;2\\x1b'
	[ "$("${tmux[@]}" display-message -p '#{pane_title}')" != pwn ] || fail "it set the title"
	key q q
	ends 0
	off
	finish "top: names that steer a terminal do not"

	# For the stacks it reads the recording once more, and with it the names.
	bad=
	"$mkrec" names >names.wd
	on 80 24 "$whydrop top -f names.wd --by netns"
	shows ' blue '
	key Enter
	shows '^stacks of '
	key q
	shows 'drops by netns'
	shows ' blue '
	key Enter
	shows '^stacks of '
	key q q
	ends 0
	off
	finish "top: the names of a recording are still there behind its stacks"

	bad=
	on 80 24 "cat s.wd | $whydrop top -f - --by comm"
	shows 'drops by comm'
	shows ' 2 .* swapper/0'
	key Enter
	shows 'Drops from a pipe are counted, but not kept'
	key q q
	ends 0
	off
	on 80 24 "TERM=dumb $whydrop top -f s.wd"
	shows 'plain lines: this kind of terminal'
	ends 0
	off
	finish "top: of a pipe; of a terminal that cannot be drawn on"
	exec 9>&-
	cp s.wd live/copy
	mv -f live/copy live/raw
}
if ! ldd "$whydrop" | grep -q ncurses; then
	skip "top on a terminal" "no ncurses to build with (Debian: libncurses-dev)"
elif ! command -v tmux >/dev/null; then
	skip "top on a terminal" "no tmux"
else
	screen_tests
fi
