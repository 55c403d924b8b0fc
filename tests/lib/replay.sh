# shellcheck shell=bash disable=SC2154	# top, tmp and built are of who reads this file
# SPDX-License-Identifier: GPL-2.0
# What a reader in a guest said of recordings, in $tmp/out, and this machine's, in $built: do
# they say the same? For tests/replay and tests/mips.

kept=tests/cli/recordings

# recordings: in $tmp/rec, those of other machines and one with a little of everything
recordings()
{
	local file

	mkdir -p "$tmp/rec"
	for file in "$kept"/*.wd.gz; do
		gzip -dc "$file" >"$tmp/rec/$(basename "$file" .gz)" || return
	done
	make -s -f tests/unit/Makefile O="$PWD/$built/unit" "$PWD/$built/unit/mkrec" &&
		"$built/unit/mkrec" sample >"$tmp/rec/sample.wd" &&
		"$built/unit/mkrec" swapped >"$tmp/rec/swapped.wd" &&
		"$built/unit/mkrec" hostile >"$tmp/rec/hostile.wd"
}

# packets FILE: as tshark reads them
packets()
{
	tshark -r "$1" -V -x 2>"$tmp/tshark"
	grep -v 'Running as user' "$tmp/tshark" || :
}

# same NAME: whether this reader says of it what that one said
same()
{
	local there=$tmp/out/$1 bad=''

	reader list -s -v -x -f "$1.wd" 2>&1 | diff "$there.txt" - >"$tmp/diff" || bad+="text: $(head -5 "$tmp/diff")"$'\n'
	reader list -jx -f "$1.wd" 2>/dev/null | diff "$there.json" - >"$tmp/diff" || bad+="JSON: $(head -5 "$tmp/diff")"$'\n'
	for how in count stacks reasons; do
		reader $how -j -f "$1.wd" 2>/dev/null | diff "$there.$how.json" - >"$tmp/diff" ||
			bad+="$how: $(head -5 "$tmp/diff")"$'\n'
	done
	reader pcap -w "$tmp/here.pcapng" -f "$1.wd" >/dev/null 2>&1
	packets "$there.pcapng" >"$tmp/there"
	packets "$tmp/here.pcapng" | diff "$tmp/there" - >"$tmp/diff" && [[ -s $tmp/there ]] ||
		bad+="pcapng: $(head -5 "$tmp/diff")"
	[[ ! $bad ]]
	result $? "$1" "$bad"
	diag "$(wc -l <"$there.json") lines of JSON, byte order $(od -An -tx1 -j8 -N4 "$tmp/rec/$1.wd")"
}

reader()
{
	(cd "$tmp/rec" && "$top/$built/user/whydrop" "$@")
}

save()
{
	local how

	gzip -9nc "$tmp/out/now-few.wd" >"$kept/$1.wd.gz"
	gzip -9nc "$tmp/out/now-few.json" >"$kept/$1.list.json.gz"
	for how in count stacks reasons; do
		gzip -9nc "$tmp/out/now-few.$how.json" >"$kept/$1.$how.json.gz"
	done
	sed "s/now-few\.wd/$1.wd/" "$tmp/out/now-few.txt" | gzip -9nc >"$kept/$1.txt.gz"
	gzip -9nc "$tmp/out/now-few.pcapng" >"$kept/$1.pcapng.gz"
}
