# shellcheck shell=bash disable=SC2154,SC2034
# Names of namespaces and of the processes of sockets, as a recording has them: which event
# has which is in tests/unit/mkrec.c.
"$mkrec" names >names.wd
"$mkrec" names-swapped >swapped.wd
esc='\\x1b\]0;x\\x07"\\x0a\\xff'

golden names.json list -j -o seq,netns,netns_name,sock.ino,sock.proc -f names.wd
golden names-count.txt count --by netns -f names.wd
golden names-proc.txt count --by proc -f names.wd
golden names-verbose.txt list -v --time mono -f names.wd
t "of a namespace that is not known any more: null" 0 '"netns":100,"netns_name":null,"count":1' - count -j --by netns -f names.wd
t "and the one after it is another group" 0 '"netns":100,"netns_name":"red","count":1' - count -j --by netns -f names.wd
t "-N: the name in the recording" 0 '^2$' '2 shown' list -N blue -o seq -H -f names.wd
t "-N: without the kind" 0 '^3$' '1 shown' list -N web -o seq -H -f names.wd
t "-N: with the kind" 0 '^3$' '1 shown' list -N docker:web -o seq -H -f names.wd
t "-N: what it was later" 0 '^5$' '1 shown' list -N red -o seq -H -f names.wd
t "-N: not" 0 '^0$' '7 shown' list -N '!blue' -o seq -H -f names.wd
t "-N: a name of none" 0 = "no namespace of these drops matches .nosuch'" list -N nosuch -f names.wd
t "-N: one that is nearly it" 0 = "did you mean blue" list -N bule -f names.wd
t "--names off: none of a recording" 0 '"netns":100,"netns_name":null,"count":5' - count -j --by netns --names off -f names.wd
t "bad --names" 2 = "names: .maybe' is not on or off" list --names maybe -f names.wd
t "escaped for the terminal" 0 "$esc" - list -o netns_name -f names.wd

name="in the other byte order: the same"
bad=
"$whydrop" list -j -f names.wd 2>/dev/null | tail -n +2 >own.json
"$whydrop" list -j -f swapped.wd 2>/dev/null | tail -n +2 >other.json
[ "$(grep -c '"drop"' own.json)" -eq 9 ] || fail "$(cat own.json)"
cmp own.json other.json >changes 2>&1 || fail "$(cat changes)"
finish "$name"

name="a recording of a recording has the names of what was selected"
bad=
for f in names.wd swapped.wd; do
	"$whydrop" record -w again.wd -f $f 2>/dev/null || fail "exit status $?"
	"$whydrop" list -j -f again.wd 2>/dev/null | tail -n +2 | cmp - own.json >changes 2>&1 || fail "$f: $(cat changes)"
	"$whydrop" record -w part.wd -N web -f $f 2>/dev/null || fail "exit status $?"
	grep -q 'name=docker:web' part.wd || fail "$f: no name"
	grep -q 'blue\|red' part.wd && fail "$f: names that no event needs"
	"$whydrop" record -w off.wd --names off -f $f 2>/dev/null || fail "exit status $?"
	grep -q 'name=' off.wd && fail "$f: names, though off"
done
finish "$name"

name="each file of a rotation has the names that it needs"
bad=
rm -f turn.*
"$whydrop" record -w turn -C 1k -f names.wd 2>/dev/null || fail "exit status $?"
[ -e turn.1 ] || fail "only one file"
for f in turn.*; do
	"$whydrop" list -j -f "$f" 2>/dev/null | grep '"drop"'
done | cmp - <(grep '"drop"' own.json) >changes 2>&1 || fail "$(cat changes)"
finish "$name"
