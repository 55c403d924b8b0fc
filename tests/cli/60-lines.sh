# shellcheck shell=bash disable=SC2154,SC2034,SC2015
# Source lines: of a small program in the place of a kernel and of an object
# file in that of a module, against addr2line.
unset WHYDROP_DEBUGFS WHYDROP_PARAMETERS
"$mkrec" sample >s.wd
bad=
make -s -C "$top/user" DW=0 CFLAGS=-O0 O="$out/user-nodw" >log 2>&1 || fail "$(cat log)"
"$out/user-nodw/whydrop" list -l -f s.wd >stdout 2>stderr
[ $? -eq 2 ] || fail "exit status"
matches stderr "built without libdw" stderr
matches stderr "libdw-dev" stderr
finish "without libdw: an error, and what to install"

mkdir -p debug/lib/modules/6.1.0-test/extra src/net
cat >src/net/core.c <<'END'
int sink;
__attribute__((noinline)) static int twice(int a)
{
	sink += a;
	return sink;
}

__attribute__((noinline)) int drop(int a)
{
	if (a > 3)
		sink -= twice(a);

	sink ^= twice(sink);
	return sink;
}

int main(int argc, char **argv)
{
	(void)argv;
	return drop(argc) + drop(7);
}
END
cat >src/net/mod.c <<'END'
extern int sink;
int other(int a);
__attribute__((noinline)) int in_module(int a)
{
	sink += other(a);
	return sink * 2;
}

int second(int a)
{
	return in_module(a) + other(1);
}
END
cat >src/net/twin.c <<'END'
extern int sink;
int other(int a);
__attribute__((noinline)) static int twice(int a)
{
	sink += a;
	return sink;
}

int other(int a)
{
	return twice(a + 1) + 1;
}
END
# frames FILE SYMBOL [MODULE]: as if each call in it was returned to
frames() {
	local addr size
	read -r addr size < <(nm -S "$1" | awk -v s="$2" '$4 == s { print $1, $2; exit }')
	objdump -d --no-show-raw-insn "$1" | awk -v s="<$2>:" '
		/^[0-9a-f]+ <.*>:$/ { on = $2 == s; next }
		after && on { sub(":", "", $1); print $1; after = 0 }
		on && /\tcall/ { after = 1 }' |
		while read -r at; do
			printf '%s+0x%x/0x%x%s\n' "$2" $((0x$at - 0x$addr)) $((0x$size)) "${3:+ [$3]}"
		done
}
# truth FILE FRAME...: FILE:LINE of each, by addr2line
truth() {
	local file=$1 frame addr symbol offset section=
	shift
	# Of an object file an address is one in its section.
	case $file in *.ko.debug) section='-j .text' ;; esac
	for frame; do
		symbol=${frame%%+*} offset=${frame#*+} offset=${offset%%/*}
		addr=$(nm "$file" | awk -v s="$symbol" '$3 == s { print $1; exit }')
		# shellcheck disable=SC2086
		addr2line $section -e "$file" "$(printf '0x%x' $((0x$addr + offset - 1)))" |
			sed 's|.*/src/|src/|; s/ (discr.*//'
	done
}

if ! command -v addr2line >/dev/null; then
	skip "source lines" "no binutils"
elif ! ldd "$whydrop" | grep -q libdw; then
	skip "source lines" "built without libdw"
else
	cc=${CC:-cc}
	vm=debug/lib/modules/6.1.0-test/vmlinux ko=debug/lib/modules/6.1.0-test/extra/some-mod.ko.debug
	$cc -g -O1 -fno-inline -fno-optimize-sibling-calls -fcf-protection=none -o $vm src/net/core.c
	$cc -g -O1 -fno-inline -fno-optimize-sibling-calls -fcf-protection=none -c -o $ko src/net/mod.c
	mapfile -t f < <(frames $vm drop; frames $vm main)
	mapfile -t g < <(frames $ko in_module some_mod; frames $ko second some_mod)
	truth $vm "${f[@]}" >want
	truth $ko "${g[@]}" >>want
	"$mkrec" stack "${f[@]}" "${g[@]}" >lines.wd
	export WHYDROP_DEBUGINFO=$PWD/debug
	bad=
	[ "$(wc -l <want)" -ge 6 ] && ! grep -q '?' want || fail "$(cat want)"
	"$whydrop" list -l -f lines.wd >stdout 2>stderr || fail "exit status $?"
	sed -n 's/^ *[a-z_]*+[^ ]*\( \[some_mod\]\)\{0,1\} //p' stdout | sed 's|.*/src/|src/|' | diff want - >changes ||
		fail "$(cat changes stdout stderr)"
	finish "source lines of kernel and module are those of addr2line"
	bad=
	"$whydrop" list -lj -f lines.wd 2>stderr | sed -n 's/.*"lines":\[\([^]]*\)\].*/\1/p' | tr , '\n' |
		tr -d '"' | sed 's|.*/src/|src/|' | diff want - >changes || fail "$(cat changes)"
	"$whydrop" list -H -o lines -l -f lines.wd 2>stderr | head -1 | tr ';' '\n' | sed 's|.*/src/|src/|' | diff want - >changes ||
		fail "$(cat changes)"
	"$whydrop" stacks -l -f lines.wd 2>stderr | grep -c 'src/net/.*:[0-9]' | grep -qx "$(wc -l <want)" || fail "stacks"
	"$whydrop" pcap -l -w - -f lines.wd 2>stderr | strings -n 8 | grep -c 'src/net/.*:[0-9]' |
		grep -qx "$(wc -l <want)" || fail "pcap"
	finish "source lines in JSON, as a field and of stacks"

	bad=
	size=$(echo "${f[0]}" | sed 's/.*\///')
	"$mkrec" stack "${f[0]%/*}/0x$(printf %x $((size + 64)))" "${f[0]%/*}/0x$(printf %x $((size - 1)))" \
		"nosuch+0x1/0x2" "0xffffffffc0000000" "drop+0x999/0x10" "drop" "x+0x1/0x2 [../../etc]" >other.wd
	"$whydrop" list -l -f other.wd >stdout 2>stderr || fail "exit status $?"
	! grep -q 'src/net' stdout || fail "$(cat stdout)"
	finish "no lines of a symbol of another build"
	bad=
	$cc -g -O1 -fno-inline -fno-optimize-sibling-calls -fcf-protection=none -o $vm src/net/core.c src/net/twin.c
	size=$(nm -S $vm | awk '$4 == "twice" { print $2; exit }')
	"$mkrec" stack "twice+0x5/0x$(printf %x $((0x$size)))" "${f[0]}" >twin.wd
	[ "$(nm $vm | grep -c ' twice$')" -eq 2 ] || fail "no twins"
	"$whydrop" list -l -f twin.wd >stdout 2>stderr || fail "exit status $?"
	! grep -q 'twice.*src/net' stdout || fail "guessed: $(cat stdout)"
	grep -q 'drop.*src/net' stdout || fail "$(cat stdout)"
	finish "no line where two symbols of a name and size differ"
	WHYDROP_DEBUGINFO=/nosuch
	bad=
	"$whydrop" list -l -f lines.wd >stdout 2>stderr || fail "exit status $?"
	[ "$(grep -c 'linux-image-6.1.0-test-dbg' stderr)" -eq 1 ] || fail "$(cat stderr)"
	[ "$(grep -c 'module some_mod' stderr)" -eq 1 ] || fail "$(cat stderr)"
	"$whydrop" list -s -f lines.wd >a 2>/dev/null
	cmp a stdout || fail "$(diff a stdout)"
	finish "without debug information: said once, what to install"
	unset WHYDROP_DEBUGINFO
fi
