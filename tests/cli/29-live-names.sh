# shellcheck shell=bash disable=SC2154,SC2034
# Names of namespaces that are really there: the kernel's own, and its inodes that it uses
# again. Only the events are made up.
mkdir -p live-names
cat >live-names/test.sh <<-'END'
	whydrop=$1 mkrec=$2 a=wda$RANDOM b=wdb$RANDOM
	mkfifo raw ready
	exec 4<>raw
	end=$((SECONDS + 60))
	in_time() { [ $SECONDS -lt $end ] || { echo "too late: $1"; exit 1; }; }
	inode() { stat -L -c %i "/run/netns/$1"; }
	# one INODE: another event, which is shown; its name is in line
	one() {
		n=$((n + 1))
		"$mkrec" now "$1" "${2:-0}" >&4
		while [ "$(wc -l <watched)" -lt $n ]; do in_time "event $n"; done
		line=$(tail -n 1 watched)
	}
	# says INODE NAME: once it is known
	says() {
		until one "$1" "$3" && [[ $line == $2 ]]; do in_time "$2"; done
	}
	n=0
	ip netns add $a
	trap '{ ip netns del $a; ip netns del $b; kill $watch $shell; } 2>/dev/null; exit' EXIT
	ino=$(inode $a)
	unshare -n sleep 1000 &
	shell=$!
	while [ "$(readlink /proc/$shell/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do in_time unshare; done
	WHYDROP_DEBUGFS=$PWD "$whydrop" watch -o netns_name,sock.proc -H --ready-fd 5 5<>ready >watched 2>err &
	watch=$!
	read -r <ready
	"$mkrec" settings >&4
	says "$ino" "$a *"
	says "$(stat -L -c %i /proc/$shell/ns/net)" "$shell/sleep *"
	exec 6<>/dev/udp/127.0.0.1/9
	says "$ino" "* bash/$$*" "$(readlink /proc/self/fd/6 | tr -dc 0-9)"
	ip netns del $a
	until ip netns add $b && [ "$(inode $b)" = "$ino" ]; do
		ip netns del $b
		in_time "the inode again"
	done
	before=$n
	says "$ino" "$b *"
	! tail -n +$((before + 1)) watched | grep "$a" || echo "one of $a"
	kill -INT $watch
	wait $watch || echo "exit status $?: $(cat err)"
	echo good
END
name="live: names of real namespaces, and never that of one before"
if unshare -m -p -f --mount-proc sh -c "ip netns add wdc$$ && ip netns del wdc$$" 2>/dev/null; then
	bad=
	(cd live-names && rm -f raw ready watched && unshare -m -p -f --mount-proc bash ./test.sh "$whydrop" "$mkrec") >said 2>&1
	[ "$(cat said)" = good ] || fail "$(tail -5 said)"
	finish "$name"
else
	skip "$name" "no namespaces for this user"
fi
