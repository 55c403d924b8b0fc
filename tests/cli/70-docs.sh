# shellcheck shell=bash disable=SC2154,SC2034,SC2016,SC2013,SC2094,SC2028
# Help, man pages, completion, schema and the parser against each other.
"$mkrec" sample >s.wd
"$mkrec" old >old.wd
man=$top/user/man/whydrop.8
mkdir -p doc
cat >doc/reasons <<'END'
# whydrop reasons v1 kernel 6.1.0
NOT_SPECIFIED                        2          1  drop reason is not specified
NO_SOCKET                            3       1842  socket not found
SOCKET_RCVBUFF                      15         23  socket receive buff is full
END
cat >doc/stacks <<'END'
# whydrop stacks v1
   1842 NO_SOCKET @ __udp4_lib_rcv+0x9c4/0xd30
        __udp4_lib_rcv+0x9c4/0xd30
        ip_protocol_deliver_rcu+0x33/0x1c0

     23 SOCKET_RCVBUFF @ udp_queue_rcv_one_skb+0x3b0/0x5a0 ; place only

END
printf '# whydrop stats v1\nversion: 0.1.0\nabi: 1.0\nkernel: 6.1.0\nseen: 1866\n' >doc/stats
cp s.wd doc/raw
mkdir -p doc/par
echo 1 >doc/par/enabled
: >doc/par/reset

# What the parser has, by its own words: commands, and opts.COMMAND
commands=$("$whydrop" --complete '' | cut -f1)
for cmd in $commands; do
	"$whydrop" --complete "$cmd" - | cut -f1 | sort >"opts.$cmd"
done
sort -u opts.* >taken
sections() { awk -v s="$1" '/^\.S[hs] / { on = $0 ~ s } on' "$man"; }

bad=
"$whydrop" --help | grep -oE -- '--[a-z]+|-h' | sort -u >told.all
for cmd in $commands; do
	case $cmd in help|version) continue ;; esac
	"$whydrop" "$cmd" --help | sed -n '/^  -/p' | grep -oE -- '(^| )--?[A-Za-z][a-z-]*' |
		tr -d ' ' | sort -u >told
	sort -u told told.all | comm -13 - "opts.$cmd" >untold
	[ ! -s untold ] || fail "$cmd --help says nothing of $(tr '\n' ' ' <untold)"
	for opt in --color -h --help; do
		grep -qx -- "$opt" "opts.$cmd" || fail "$cmd takes no $opt, as all do"
	done
	comm -23 told "opts.$cmd" >wrong
	[ ! -s wrong ] || fail "$cmd --help tells of $(tr '\n' ' ' <wrong)"
done
while read -r opt; do
	cmd=$(grep -lx -- "$opt" opts.* | head -1)
	WHYDROP_DEBUGFS=/nonexistent WHYDROP_PARAMETERS=/nonexistent \
		timeout 20 "$whydrop" "${cmd#opts.}" "$opt" </dev/null 2>&1 |
		grep -E "unknown option|has no option" && fail "$cmd $opt is no option"
done <taken
[ "$(echo "$commands" | wc -l)" -ge 14 ] || fail "only these commands: $commands"
finish "what --help of a command tells is what the parser takes"

bad=
sed -n 's/^\.It Fl //p' "$man" | grep -oE -- '(^|Fl )-?[A-Za-z][a-z-]*' | sed 's/^Fl //; s/^/-/' | sort -u >told
diff told taken >changes || fail "man page <, parser >: $(cat changes)"
sections '^.Sh COMMANDS' | sed -n 's/^\.It Ic //p' | tr '|' '\n' | awk '{ print $1 }' | sort >told
echo "$commands" | sort | diff told - >changes || fail "man page <, parser >: $(cat changes)"
sections '^.Sh MODULE PARAMETERS' | sed -n 's/^\.It Cm //p' | sed 's/ Pq.*//; s/ , /\n/g' | sort >told
sed -n 's/^module_param_cb(\([a-z_]*\),.*/\1/p' "$top/module/param.c" | sort | diff told - >changes ||
	fail "man page <, module >: $(cat changes)"
finish "commands, options and parameters of the man page are those that there are"

bad=
for opt in time color benign by; do
	sed -n "s/^\.It Fl -$opt Cm //p" "$man" | tr -d ' ' | tr '|' '\n' | sort >told
	: >values
	for cmd in $(grep -lx -- "--$opt" opts.*); do
		cmd=${cmd#opts.}
		"$whydrop" --complete "$cmd" "--$opt=" 2>/dev/null | cut -f1 | sed 's/.*=//' >some
		while read -r value; do
			! grep -qx "$value" values || continue
			timeout 20 "$whydrop" "$cmd" -f s.wd "--$opt" "$value" 2>&1 >/dev/null </dev/null |
				grep -E -- "--$opt: .* is not" && fail "$cmd --$opt $value"
			echo "$value" >>values
		done <some
	done
	sort -u values | diff told - >changes || fail "man page <, completion >: $(cat changes)"
done
finish "values of the man page are completed and taken"

# The reasons and places.
bad=
awk -F '"' '/\.names =/ { names = "" ; on = 1 } on { names = names " " $2 } /",$/ { on = 0 }
	/\.harmless =/ { print $2 names } END { print "OTHERHOST" }' "$top/user/known/places.c" |
	tr -s ' ' '\n' | grep -vFx '*' | sort -u >is
sections '^.Sh HARMLESS DROPS' | sed -n 's/^\.Cm //p' | tr ' ' '\n' | grep -v '^[,:.]$' | sort -u |
	diff - is >changes || fail "man page <, program >: $(cat changes)"
[ "$(wc -l <is)" -gt 5 ] || fail "only $(cat is)"
finish "what --benign hide skips: man page and program agree"

# Links from one document to another, and to a section of it as GitHub names it.
bad=
anchors() { sed -n 's/^##* //p' "$1" | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9_\n-'; }
find "$top" -path "$top/build" -prune -o -name '*.md' -print >pages
while read -r page; do
	grep -oE '\]\([^)]*\)' "$page" | sed 's/^](//; s/)$//' | grep -v '://' >links
	while IFS='#' read -r to anchor; do
		to=${to:+${page%/*}/$to}
		[ -e "${to:-$page}" ] || fail "$page: there is no $to"
		[ -z "$anchor" ] || anchors "${to:-$page}" | grep -qx "$anchor" || fail "$page: no section $anchor"
	done <links
done <pages
[ "$(wc -l <pages)" -ge 6 ] || fail "only $(cat pages)"
finish "links in the documents lead somewhere"

if command -v mandoc >/dev/null; then
	bad=
	for f in "$top"/user/man/*.[58]; do
		mandoc -T lint "$f" 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db' >lint
		[ ! -s lint ] || fail "$(cat lint)"
		mandoc -T ascii -O width=80 "$f" | sed 's/.\x08//g' | awk 'length > 80' >wide
		[ ! -s wide ] || fail "wider than 80: $(cat wide)"
	done
	finish "man pages: mandoc finds nothing, and they fit 80 columns"
else
	skip "man pages: mandoc finds nothing, and they fit 80 columns" "no mandoc"
fi

# Types and offsets that the other man page gives; the latter by the compiler.
bad=
{
	echo '#include <stddef.h>'
	echo '#include <stdio.h>'
	echo '#include <whydrop.h>'
	echo 'int main(void) {'
	echo '#define AT(what, name) printf(what " %zu\n", offsetof(struct whydrop_event, name));'
	echo '#define F(type, name, unit, meaning) AT(#name " " #type, name)'
	echo 'WHYDROP_EVENT_FIELDS(F)'
	echo 'printf("data u8 %zu\n", offsetof(struct whydrop_event, data));'
	for f in 'magic u8' 'byte_order u32' 'abi_major u16' 'abi_minor u16' 'header_size u32' 'pad u32'; do
		echo "printf(\"$f %zu\\n\", offsetof(struct whydrop_file_header, ${f% *}));"
	done
	for f in 'size u32' 'type u16' 'cpu u16'; do
		echo "printf(\"$f %zu\\n\", offsetof(struct whydrop_rec, ${f% *}));"
	done
	echo '}'
} >offsets.c
"${CC:-cc}" -I"$top/module/uapi" -o offsets offsets.c 2>err || fail "$(cat err)"
./offsets | sort >is
page=$top/user/man/whydrop-events.5
sed -nE 's/^\.It ([a-z_0-9]+) Ta (be )?(u|char)([0-9]*)(\[.*\])? Ta ([0-9]+) Ta .*/\1 \2\3\4 \6/; T; s/be u/be/; p' \
	"$page" | sort >told
diff told is >changes || fail "man page <, header >: $(cat changes)"
finish "whydrop-events(5) has each field where it is"
bad=
header=$top/module/uapi/whydrop.h
for half in major minor; do
	is=$(sed -n "s/^#define WHYDROP_ABI_${half^^}[[:blank:]]*//p" "$header")
	told=$(sed -n "s/^\.It abi_$half Ta .* Ta [0-9]* Ta \([0-9]*\);.*/\1/p" "$page")
	[ "$told" = "${is:-none}" ] || fail "abi_$half: man page $told, header $is"
done
for key in $(grep -ohE 'decoder_(set_)?meta\([^"]*"[a-z_]+"' "$top"/user/*/*.c | sed 's/.*"\(.*\)"/\1/' | sort -u); do
	grep -qE "^\.Cm (.*[ ,])?$key( |$)" "$page" || fail "nothing of META's $key"
done
finish "... the ABI's number, and the keys of META that are read"

# JSON.
# Debian's module is for Debian's interpreter, which may not be the first.
py=python3
"$py" -c 'import jsonschema' 2>/dev/null || py=/usr/bin/python3
if "$py" -c 'import jsonschema' 2>/dev/null; then
	valid() { "$py" "$here/validate.py" "$top/user/whydrop.schema.json" "$@" 2>&1; }
	"$mkrec" future >future.wd
	"$mkrec" tunnels >tunnels.wd
	"$mkrec" rates 0 100 50 NO_SOCKET 200 300 1000 OTHERHOST >alarm.wd
	keys=$("$whydrop" fields -H | awk '{ print $1 }' | paste -sd,)
	bad=
	while read -r want how; do
		set -f
		whole=whole_drop
		[[ $how != *" -o "* ]] || whole=
		# shellcheck disable=SC2086
		got=$(WHYDROP_DEBUGFS=doc WHYDROP_PARAMETERS=doc/par "$whydrop" $how -j 2>/dev/null | valid $whole)
		set +f
		[[ $got == *"$want "[1-9]* ]] || fail "$how: $got"
	done <<-END
	drop list -f s.wd
	drop list -f future.wd
	drop list -f tunnels.wd
	drop list -l -f future.wd
	lost list -f future.wd
	stack stacks -f future.wd
	status status -f future.wd
	drop list -o $keys -f s.wd
	drop watch -x -o data,flow,sock.uid -f s.wd
	drop list -o reason -f s.wd
	lost list -f s.wd
	meta list -x -f s.wd
	drop watch -f s.wd
	drop list
	count count -f s.wd
	count count -f old.wd
	count count
	count count --by dev -f s.wd
	count count --by netns -f s.wd
	count count --by at -f s.wd
	count count --by at
	count count --by comm -f s.wd
	count count --by proc -f s.wd
	count count --by flow -f s.wd
	count count --by class -f s.wd
	count count --by intent -f s.wd
	count count --by class -k !benign
	sample count --interval 0.1 --duration 0
	count top -f s.wd --duration 0
	stack stacks --by dev -f s.wd
	stack stacks --by flow -f s.wd
	stack stacks -f s.wd
	stack stacks
	drop list -s -f s.wd
	reason reasons -f s.wd
	reason reasons -f old.wd
	reason reasons
	explain explain -f s.wd
	explain explain -f old.wd
	explain explain
	explain explain * -f s.wd
	explain explain -k usual -f s.wd
	place explain @*
	counter_meaning explain rx_missed_errors UdpInErrors
	losses losses
	losses losses --interval 0.1 --duration 0.2
	alarm alarm --when *>0/s -f alarm.wd
	field fields
	status status -f s.wd
	status status
	set set enabled=1
	set enable
	set disable
	set reset
	END
	"$whydrop" list -j -o reason -f s.wd 2>/dev/null | valid whole_drop >/dev/null &&
		fail "a drop without its keys is a whole one"
	"$whydrop" list -j -f s.wd 2>/dev/null | sed 's/"rx"/"tx"/' | valid >/dev/null && fail "an unknown key is valid"
	echo '{"type":"set","parameter":1,"value":"x"}' | valid >/dev/null && fail "a wrong type is valid"
	echo '{"type":"set","parameter":"x"}' | valid >/dev/null && fail "without a key it is valid"
	finish "JSON of every command is as the schema says"
else
	skip "JSON of every command is as the schema says" "no python3-jsonschema"
fi
bad=
for cmd in $(grep -lx -- --json opts.*); do
	cmd=${cmd#opts.}
	case $cmd in
	help|version) ;;
	*)	grep -qE "^	[a-z]+ $cmd( |$)" "$here/70-docs.sh" || fail "the JSON of $cmd is not held against the schema" ;;
	esac
done
finish "each command with --json is among them"

# The recipes of the man page, as they stand there.
if command -v jq >/dev/null; then
	awk '/^\.Bd -literal/ { on = 1; n++; next } /^\.Ed/ { on = 0 } on { print > ("recipe." n) }' "$man"
	bad=
	: >recipes
	for f in recipe.?; do
		sed -i 's/\\e/\\/g' "$f"
		cat "$f" >>recipes
		WHYDROP_DEBUGFS=doc WHYDROP_PARAMETERS=doc/par PATH=$(dirname "$whydrop"):$PATH \
			bash -o pipefail "$f" >out 2>err || fail "$(cat "$f" err)"
		[ -s out ] || fail "nothing comes of $(cat "$f")"
		sed 's/^/	/' out >>recipes
	done
	[ -z "${UPDATE:-}" ] || cp recipes "$here/golden/recipes.txt"
	diff -u "$here/golden/recipes.txt" recipes >changes || fail "$(cat changes)"
	finish "jq recipes of the man page"
else
	skip "jq recipes of the man page" "no jq"
fi

# Completion, by the shells themselves.
t "completion knows the options of a command" 0 "^--history	first show the drops that are still in the rings" = --complete watch --hi
t "completion of a list" 0 "^seq,sock.uid	user id" = --complete list -o seq,sock.u
t "completion without the module" 0 "^!NO_SOCKET	" - --complete watch -r '!no_sock'
for shell in bash zsh; do
	if ! command -v "$shell" >/dev/null || ! command -v python3 >/dev/null; then
		skip "$shell completes" "no $shell, or no python3"
		continue
	fi
	bad=
	echo >a-file
	while IFS='|' read -r keys want; do
		got=$(WHYDROP_DEBUGFS=$PWD/doc python3 "$here/complete.py" "$shell" "$whydrop" \
			"$top/user/completion" "$keys" 2>&1 | tr -d '\n')
		[ "$got" = "$want" ] || fail "$keys: $got"
	done <<-'END'
	whydrop wat\t|<whydrop><watch>
	whydrop explain SOCKET_RC\t|<whydrop><explain><SOCKET_RCVBUFF>
	whydrop watch --time=ab\t|<whydrop><watch><--time=abs>
	whydrop watch -r 'NO_SOCKET,!NO_SOC\t|<whydrop><watch><-r><NO_SOCKET,!NO_SOCKET>
	whydrop list -f a-fi\t|<whydrop><list><-f><a-file>
	END
	finish "$shell completes"
done
# It has no need of a terminal to tell what it would show.
if command -v fish >/dev/null; then
	bad=
	mkdir -p fish
	while IFS='|' read -r line want; do
		got=$(HOME=$PWD/fish WHYDROP_DEBUGFS=$PWD/doc WHYDROP_PARAMETERS=$PWD/doc/par \
			PATH=$(dirname "$whydrop"):$PATH fish -N -c "
			source '$top/user/completion/whydrop.fish'
			complete -C \"$line\"" 2>&1 </dev/null | cut -f1 | sort | tr '\n' ' ')
		[ "$got" = "$want " ] || fail "$line: $got"
	done <<-'END'
	whydrop wat|watch
	whydrop explain SOCKET_RC|SOCKET_RCVBUFF
	whydrop watch --hist|--history
	whydrop watch --time=ab|--time=abs
	whydrop watch -r NO_SOCKET,!NO_SOC|NO_SOCKET,!NO_SOCKET
	whydrop watch -r 'NO_SOCKET,!NO_SOC|NO_SOCKET,!NO_SOCKET
	whydrop list -f a-fi|a-file
	whydrop list --file=a-fi|--file=a-file
	whydrop set enab|enabled=
	END
	got=$(HOME=$PWD/fish PATH=$(dirname "$whydrop"):$PATH fish -N -c "
		source '$top/user/completion/whydrop.fish'; complete -C 'whydrop lis'" 2>&1 </dev/null)
	[ "$got" = "list	drops that are still in the rings" ] || fail "what it is: $got"
	finish "fish completes"
else
	skip "fish completes" "no fish"
fi
