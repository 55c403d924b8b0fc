# shellcheck shell=bash disable=SC2154,SC2034
# Recordings of older modules, one of each older number of the format, made on 6.1 by
# tests/guest/recordings: what the reader of that time said of each is still said, and only
# added to. tests/versions makes new ones.
for f in "$here"/recordings/*.wd.gz; do
	name=${f##*/} name=${name%.wd.gz}
	if ! command -v python3 >/dev/null; then
		skip "recording of $name" "no python3"
		continue
	fi
	bad=
	gzip -dc "$f" >older.wd
	for cmd in "list -jx" "count -j" "stacks -j" "reasons -j"; do
		gzip -dc "$here/recordings/$name.${cmd%% *}.json.gz" >then.json || fail "$cmd: nothing to compare with"
		# shellcheck disable=SC2086
		timeout 20 "$whydrop" $cmd -f older.wd >now.json 2>stderr || fail "$cmd: exit status $?: $(head -c 300 stderr)"
		"$top/tests/lib/added.py" then.json now.json >changes || fail "$cmd: $(cat changes)"
	done
	finish "recording of $name"
done

name="what a reader of an older recording says otherwise is found"
if command -v python3 >/dev/null; then
	bad=
	"$mkrec" sample >older.wd
	"$whydrop" list -j -f older.wd >then.json 2>/dev/null
	"$top/tests/lib/added.py" then.json then.json >changes || fail "the same: $(cat changes)"
	for edit in 's/"NO_SOCKET"/"NO_SOCK"/' 's/"cpu":1/"cpu":"1"/' 's/"sport":[0-9]*,//' 3d '6{h;d};7G'; do
		sed "$edit" then.json >now.json
		! "$top/tests/lib/added.py" then.json now.json >changes || fail "$edit: $(cat changes)"
	done
	sed 's/"cpu":/"new":null,"cpu":/' then.json >now.json
	"$top/tests/lib/added.py" then.json now.json >changes || fail "a key more: $(cat changes)"
	finish "$name"
else
	skip "$name" "no python3"
fi
