# shellcheck shell=bash disable=SC2154,SC2034,SC2012
# -w: a new file takes the place of the one that is there, and of nothing else.
unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS
"$mkrec" sample >s.wd
"$mkrec" events 5000 >many.wd
rm -rf w
mkdir w

# is_new FILE: a recording or pcapng file of its owner alone
is_new() {
	[ ! -L "$1" ] || fail "$1 is a link"
	[ "$(stat -c '%F %a %u' "$1")" = "regular file 600 $(id -u)" ] || fail "$(stat -c '%n: %F %a %u' "$1")"
	[ "$(stat -c %s "$1")" -gt 1000 ] || fail "$1 has only $(stat -c %s "$1") bytes"
	! cmp -s "$1" w/before || fail "$1 is as it was"
}
alone() {	# DIRECTORY FILE...
	local dir=$1
	shift
	[ "$(ls -A "$dir" | tr '\n' ' ')" = "$* " ] || fail "in $dir: $(ls -A "$dir")"
}

for cmd in record pcap; do
	rm -f w/*
	bad=
	for how in before victim; do
		echo "an old one of $cmd" >w/$how
	done
	cp w/before w/out
	chmod 666 w/out
	[ "$(id -u)" -ne 0 ] || chown 65534:65534 w/out
	ln w/out w/other
	exec 7<w/out
	(umask 0; "$whydrop" "$cmd" -w w/out -f s.wd 2>stderr) || fail "exit status: $(cat stderr)"
	is_new w/out
	cmp w/before w/other || fail "another name of the old one is touched"
	cmp w/before - <&7 || fail "who had it open sees another"
	exec 7<&-
	alone w before other out victim
	finish "$cmd -w: mode, owner and other names of a file that is there are not ours"

	bad=
	ln -s victim w/link
	ln -s nowhere w/dangling
	for f in link dangling; do
		"$whydrop" "$cmd" -w w/$f -f s.wd 2>stderr || fail "exit status: $(cat stderr)"
		is_new w/$f
	done
	cmp w/before w/victim || fail "it followed a link"
	[ ! -e w/nowhere ] || fail "it followed a link to nowhere"
	finish "$cmd -w: follows no link"

	bad=
	cp w/before w/out
	head -c 100 /dev/zero >w/junk
	"$whydrop" "$cmd" -w w/out -f w/junk 2>stderr && fail "it is no recording"
	cmp w/before w/out || fail "the old one is gone"
	"$whydrop" "$cmd" -w w/out -f /dev/null 2>stderr && fail "nothing is no recording"
	cmp w/before w/out || fail "the old one is gone"
	alone w before dangling junk link other out victim
	finish "$cmd -w: what was there stays, as long as there is nothing new"

	bad=
	mkfifo w/pipe
	timeout 20 cat w/pipe >got &
	pid=$!
	timeout 20 "$whydrop" "$cmd" -w w/pipe -f s.wd 2>stderr || fail "a pipe: exit status: $(cat stderr)"
	wait $pid
	"$whydrop" "$cmd" -w - -f s.wd >want 2>/dev/null
	cmp want got || fail "a pipe"
	[ -p w/pipe ] || fail "the pipe is replaced"
	"$whydrop" "$cmd" -w /dev/stdout -f s.wd 2>stderr | cmp want - || fail "/dev/stdout: $(cat stderr)"
	rm -f got
	"$whydrop" "$cmd" -w /dev/stdout -f s.wd 2>stderr >got || fail "/dev/stdout, a file: $(cat stderr)"
	cmp want got || fail "/dev/stdout, a file"
	"$whydrop" "$cmd" -w /dev/fd/5 -f s.wd 2>stderr 5>got || fail "/dev/fd/5: $(cat stderr)"
	cmp want got || fail "/dev/fd/5"
	[ -L /dev/stdout ] || fail "/dev/stdout is replaced"
	"$whydrop" "$cmd" -w /dev/null -f s.wd 2>stderr || fail "/dev/null: $(cat stderr)"
	[ -c /dev/null ] || fail "/dev/null is replaced"
	"$whydrop" "$cmd" -w w -f s.wd 2>stderr && fail "a directory"
	grep -q "^whydrop: cannot open w: Is a directory" stderr || fail "$(cat stderr)"
	finish "$cmd -w: pipes, devices and descriptors are what they were"
done

# What sudo has made is root's: not given away, but said.
name="after sudo: whose the file is, and how to have it"
if [ "$(id -u)" -eq 0 ]; then
	bad=
	rm -rf w/*
	# shellcheck disable=SC2016	# it is shown so
	hint='^  hint: only root may read it; to make it yours: sudo chown \$USER '
	for cmd in record pcap report; do
		SUDO_UID=65534 "$whydrop" $cmd -w "w/a b" -f s.wd 2>stderr || fail "$cmd: exit status $?"
		[ "$(grep -c "$hint'w/a b'$" stderr)" -eq 1 ] || fail "$cmd: $(cat stderr)"
		[ "$(stat -c '%u %a' "w/a b")" = "0 600" ] || fail "$cmd: $(stat -c '%u %a' "w/a b")"
		SUDO_UID=65534 "$whydrop" $cmd -w - -f s.wd 2>stderr >w/out || fail "$cmd: exit status $?"
		! grep "$hint" stderr || fail "$cmd: stdout is not its file"
		SUDO_UID=0 "$whydrop" $cmd -w w/a -f s.wd 2>stderr || fail "$cmd: exit status $?"
		(unset SUDO_UID; exec "$whydrop" $cmd -w w/a -f s.wd) 2>>stderr || fail "$cmd: exit status $?"
		! grep "$hint" stderr || fail "$cmd: it is root who wants it"
	done
	finish "$name"
else
	skip "$name" "not root"
fi

# A directory that somebody else owns, and one where each may only remove his own.
name="where a new file cannot be made, or not take the place"
as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
if [ "$(id -u)" -eq 0 ] && as_nobody "$whydrop" --version >/dev/null 2>&1 && as_nobody test -r s.wd; then
	bad=
	rm -rf w/*
	mkdir w/mine w/sticky
	chmod 1777 w/sticky
	for dir in mine sticky; do
		echo before >w/$dir/out
		chmod 666 w/$dir/out
		for cmd in record pcap; do
			as_nobody "$whydrop" $cmd -w w/$dir/out -f s.wd 2>stderr && fail "$dir: $cmd did it"
			grep -Eq "^whydrop: cannot replace w/$dir/out: (Permission denied|Operation not permitted)$" stderr ||
				fail "$dir: $cmd: $(cat stderr)"
			[ "$(cat w/$dir/out)" = before ] || fail "$dir: $cmd wrote into it"
			alone w/$dir out
			! grep "[1-9][0-9]* bytes saved" stderr || fail "$dir: $cmd: nothing is saved"
		done
	done
	as_nobody "$whydrop" record -w w/mine/new -f s.wd 2>stderr && fail "a new one"
	grep -q "^whydrop: cannot create w/mine/new: Permission denied" stderr || fail "$(cat stderr)"
	grep -q "hint: -w makes a new file in w/mine, and there is no right to do so" stderr || fail "$(cat stderr)"
	finish "$name"
else
	skip "$name" "not root, or nobody may not run this program"
fi

bad=
rm -rf w/*
echo before >w/before
for f in r.0 r.1 r.2 victim; do cp w/before w/$f; done
ln -sf victim w/r.2
chmod 666 w/r.0 w/r.1
"$whydrop" record -f many.wd -w w/r -C 128k -W 4 2>stderr || fail "exit status: $(cat stderr)"
for f in r.0 r.1 r.2 r.3; do
	is_new w/$f
	"$whydrop" list -f w/$f >/dev/null 2>stderr || fail "$f: $(cat stderr)"
done
cmp w/before w/victim || fail "it followed a link"
alone w before r.0 r.1 r.2 r.3 victim
finish "files of a size: each is a new one"

# It can be read from its first bytes on, whatever becomes of who writes it.
bad=
rm -rf w/*
echo before >w/out
mkfifo w/in
exec 8<>w/in
"$whydrop" record -f w/in -w w/out 2>stderr &
pid=$!
for _ in $(seq 200); do [ "$(ls -A w | wc -l)" -gt 2 ] && break; sleep 0.05; done
[ "$(cat w/out)" = before ] || fail "the old one is gone before there is a new one"
cat s.wd >&8
for _ in $(seq 200); do [ "$(head -c 6 w/out 2>/dev/null)" != before ] && [ -s w/out ] && break; sleep 0.05; done
"$whydrop" list -H --time utc -f w/out >stdout 2>err || fail "while it grows: $(cat err)"
[ "$(wc -l <stdout)" -eq 10 ] || fail "while it grows: $(cat stdout)"
kill -9 $pid
{ wait $pid; } 2>/dev/null
exec 8>&-
"$whydrop" list -H --time utc -f w/out >stdout 2>err || fail "of one that was killed: $(cat err)"
[ "$(wc -l <stdout)" -eq 10 ] || fail "of one that was killed: $(cat stdout)"
alone w in out
finish "a recording can be read while it grows, and after a kill"
