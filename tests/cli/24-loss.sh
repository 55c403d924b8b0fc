# shellcheck shell=bash disable=SC2154,SC2034,SC2086
# What a view does not have of all drops: the same in each of them, and null or said
# where nobody knows.
"$mkrec" sample >s.wd
"$mkrec" flows 33000 20000 >flows.wd
json_of() { "$whydrop" "$1" -j "${@:2}" 2>stderr | tail -1; }
# loss NAME KEY VALUE ARGUMENT...: in the last line of JSON
loss() {
	local name=$1 key=$2 want=$3
	shift 3
	bad=
	json_of "$@" >last
	grep -q '^{"type":"loss",' last || fail "the last line is $(cat last)"
	grep -Fq "\"$key\":$want" last || fail "no $key $want: $(cat last)"
	finish "$name"
}
views=(list watch count "count --by flow" "count --by at" top stacks "stacks --by dev" explain "explain NO_SOCKET" "explain @ip_error" reasons)
bad=
for view in "${views[@]}"; do
	"$whydrop" $view -f s.wd -j 2>/dev/null >out
	[ "$(grep -c '"type":"loss"' out)" = 1 ] || fail "$view: $(grep -c '"type":"loss"' out) of them"
	tail -1 out | grep -Fq '"lost":{"overwritten":118,"history":41,"nmi":0,"nobuf":0,"unrecorded":0,"unknown":0}' ||
		fail "$view: $(tail -1 out)"
	[[ $view == *@* ]] || "$whydrop" $view -f s.wd 2>&1 >/dev/null |
		grep -q "^# lost 118 events: " || fail "$view: nothing said"
done
finish "each view tells the same losses, as text and as JSON"
bad=
for view in "${views[@]}"; do
	json_of $view -f s.wd | grep -Fq '"filters":null' || fail "$view: $(json_of $view -f s.wd)"
	[[ $view == *@* ]] || "$whydrop" $view -f s.wd 2>&1 >/dev/null |
		grep -q "^# filters unknown: the recording does not say" || fail "$view: nothing said"
done
finish "what an older recording does not say is not known"
"$mkrec" settings enabled=1 reasons= devs= netns= packet_filter= >all.wd
"$mkrec" settings enabled=1 reasons='*' 'devs=!lo,veth*' netns= packet_filter='2,6 0 0 1,6 0 0 0' >some.wd
"$mkrec" settings enabled=1 devs= devs=eth0 devs=eth0 enabled=0 >changes.wd
loss "nothing is filtered" filters '{"enabled":"1","reasons":"","devs":"","netns":"","packet_filter":""}' list -f all.wd
loss "filters" filters '{"enabled":"1","reasons":"*","devs":"!lo,veth*",' count -f some.wd
loss "filters that were changed" filter_changes 2 stacks -f changes.wd
bad=
"$whydrop" count -f all.wd >/dev/null 2>stderr
grep "filter" stderr && fail "$(cat stderr)"
"$whydrop" count -f some.wd >/dev/null 2>stderr
grep -q "^# the parameter devs filtered drops: !lo,veth\*$" stderr || fail "$(cat stderr)"
grep -q "^# the parameter packet_filter filtered drops: a program of 2 instructions$" stderr || fail "$(cat stderr)"
grep "reasons" stderr && fail "$(cat stderr)"
"$whydrop" list -f changes.wd >/dev/null 2>stderr
grep -q "^# the parameter devs was changed to .eth0'$" stderr || fail "$(cat stderr)"
grep -q "^# the module was disabled when the recording ended$" stderr || fail "$(cat stderr)"
grep -q "^# 2 changes of filters during the recording$" stderr || fail "$(cat stderr)"
finish "... as text"
bad=
"$whydrop" record -f changes.wd -C 1k -w settings.wd 2>/dev/null || fail "exit status $?"
"$whydrop" record -f some.wd -w settings.wd.copy 2>/dev/null || fail "exit status $?"
json_of list -f settings.wd.copy | grep -Fq '"devs":"!lo,veth*"' || fail "$(json_of list -f settings.wd.copy)"
"$mkrec" settings devs=a devs=b $(seq -f devs=%g 100) >turned.wd
"$whydrop" record -f turned.wd -C 1k -w turned.wd 2>/dev/null || fail "exit status $?"
json_of list -f turned.wd.3 | grep -q '"devs":"[0-9]*"' || fail "$(json_of list -f turned.wd.3)"
finish "... in a recording of it, and in the pieces of one"
loss "what is hidden" hidden 1 list --benign hide -r OTHERHOST -f s.wd
loss "stacks that are a place only" by_place 1 stacks -f s.wd
loss "... of which a list has none" by_place 0 list -f s.wd
loss "the remainder" remainder 32768 count --by flow -f flows.wd
if "$whydrop" list -f s.wd tcp >/dev/null 2>&1; then
	loss "what cannot be judged" no_header 3 list -f s.wd tcp
fi
"$whydrop" record -f s.wd -i eth0 -w chosen.wd 2>/dev/null
loss "what was selected when it was recorded" selected '"-i eth0"' count -f chosen.wd
bad=
printf '{"type":"loss"}' | python3 "$here/validate.py" "$top/user/whydrop.schema.json" >/dev/null 2>&1 && fail "valid without its keys"
finish "a loss without its keys is against the schema"
