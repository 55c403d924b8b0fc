# shellcheck shell=bash disable=SC2154,SC2034
# A kernel without names of functions: its module gives offsets, and System.map has names. The
# sample is changed into what such a module writes, and with a map must read as before.
"$mkrec" sample >s.wd
"$mkrec" swapped >swapped.wd
cat >anchored.py <<'END'
# anchored.py RECORDING ANCHORS: with these in a META of its own, behind the first
import struct, sys
data = open(sys.argv[1], "rb").read()
order = "<" if data[8:12] == bytes([4, 3, 2, 1]) else ">"
text = b"anchors=" + sys.argv[2].encode() + b"\0"
text += bytes(-len(text) % 8)
head = struct.unpack_from(order + "I", data, 16)[0]
at = head + struct.unpack_from(order + "I", data, head)[0]
sys.stdout.buffer.write(data[:at] + struct.pack(order + "IHH", 8 + len(text), 1, 0) + text + data[at:])
END
cat >nameless.py <<'END'
import re, sys
# Each function gets an address; consume_skb is in the middle of them, and the anchors around.
where = rb"\+0x([0-9a-f]+)/0x([0-9a-f]+)(?![0-9a-f]| \[)"
# Which names there are: of the other byte order, a letter of a number could stand before one.
size = {m[1]: int(m[3], 16) for m in re.finditer(rb"([a-z_][a-z_0-9.]*)" + where, open("s.wd", "rb").read())}
name = re.compile(rb"(" + rb"|".join(sorted(size, key=len, reverse=True)) + rb")" + where)
data = open(sys.argv[1], "rb").read()
order = sorted(size)
order.insert(len(order) // 2, b"consume_skb")
anchors = [b"schedule", b"vfree", b"seq_read", b"get_random_bytes", b"eth_type_trans", b"kobject_put"]
order = anchors[:3] + order + anchors[3:]
at, addr = 0xffffffff81000000, {}
with open(sys.argv[3], "w") as f:
    print("%016x D not_code" % 0x1000, file=f)
    for i, s in enumerate(order):
        addr[s] = at
        print("%016x %s %s" % (at, "Tt"[s in size and i % 2], s.decode()), file=f)
        print("%016x W %s_alias" % (at, s.decode()), file=f)
        at += size.get(s, 64)
    print("%016x T _etext" % at, file=f)
    print("%016x T no_code_either" % (at + 0x1000), file=f)
def offset(m):
    n = addr[m[1]] + int(m[2], 16) - addr[b"consume_skb"]
    # as long as it was, so that nothing else in the record moves
    return b"text%c0x%0*x" % (b"-+"[n >= 0], len(m[0]) - 7, abs(n))
open(sys.argv[2], "wb").write(name.sub(offset, data))
print(*("%s%s0x%x" % (s.decode(), "-+"[addr[s] > addr[b"consume_skb"]], abs(addr[s] - addr[b"consume_skb"]))
        for s in anchors))
END
bad=
for rec in s swapped; do
	{ anchors=$(python3 nameless.py $rec.wd offsets.wd System.map) &&
		python3 anchored.py offsets.wd "$anchors" >nameless.wd; } || fail "$rec: no recording"
	"$whydrop" list -o at -H -f nameless.wd >places 2>err
	[ "$(grep -c '^text[+-]0x[0-9a-f]*$' places)" -ge 3 ] || fail "$rec: no offsets: $(head -3 places)"
	grep -q '^# this kernel has no names of functions: -S System.map' err || fail "$rec: $(cat err)"
	for how in "list -s -v" "list -j" "count --by at" "stacks" "stacks --folded" "explain" "list --at tcp_*"; do
		# shellcheck disable=SC2086
		"$whydrop" $how -f $rec.wd >want 2>&1
		# shellcheck disable=SC2086
		"$whydrop" $how -S System.map -f nameless.wd >got 2>&1
		sed -i "s/nameless\.wd/$rec.wd/; s/-S System.map //" got
		cmp -s want got || fail "$how: $(diff want got | head -5)"
	done
done
finish "-S gives a recording the names that it lacks"

# ---- of another kernel: nothing is named by it ----
bad=
"$whydrop" list -o at -H -f nameless.wd >places 2>err
wrong() {	# WHAT MAP RECORDING: offsets, and a message
	"$whydrop" list -o at -H -S "$2" -f "$3" >got 2>err
	cmp -s places got || fail "$1: $(head -3 got)"
	[ "$(grep -c '^whydrop: -S: this is the System.map of another kernel' err)" -eq 1 ] || fail "$1: $(cat err)"
}
for name in schedule kobject_put; do
	# 16 bytes off, and everything else as it was
	awk -v name=$name '$3 == name { $1 = substr($1, 1, 14) (substr($1, 15, 1) == "0" ? "1" : "0") substr($1, 16) } { print }' \
		System.map | sort >other.map
	cmp -s System.map other.map && fail "nothing was moved"
	wrong "one with another $name" other.map nameless.wd
done
grep -v -e ' eth_type_trans' System.map >other.map
wrong "one without an anchor" other.map nameless.wd
python3 anchored.py offsets.wd "${anchors#* * * }" >few.wd
wrong "too few anchors to tell" System.map few.wd
python3 anchored.py offsets.wd "schedule vfree+ -- $anchors" >odd.wd
wrong "anchors that are none" System.map odd.wd
# What says nothing of itself has symbols; only, they are strange ones.
"$whydrop" list -o at -H -S System.map -f offsets.wd >got 2>err
{ cmp -s places got && ! grep -q "System.map" err; } || fail "no anchors: $(cat got err)"
finish "-S: the map of another kernel names nothing, and that is said"

# ---- what is looked up ----
cat >small.map <<-END
	0000000000001000 T schedule
	0000000000001000 T early
	0000000000001040 T ___udp4_lib_rcv
	0000000000001040 T __udp4_lib_rcv
	0000000000001040 W udp4_weak
	0000000000001080 T consume_skb
	00000000000010c0 T vfree
	0000000000001100 T seq_read
	0000000000001140 T get_random_bytes
	0000000000001180 t net_tx_action
	00000000000011c0 T eth_type_trans
	0000000000001200 T kobject_put
	0000000000001240 T _etext
	0000000000001240 R rodata
	0000000000002000 T _sinittext
END
small='schedule-0x80 vfree+0x40 seq_read+0x80 get_random_bytes+0xc0 eth_type_trans+0x140 kobject_put+0x180'
look() {	# OFFSET PLACE FRAME
	"$mkrec" stack "$1" >one.wd
	python3 anchored.py one.wd "$small" >small.wd
	"$whydrop" list -j -S small.map -f small.wd >got 2>err
	{ grep -qF "\"at\":\"$2\"" got && grep -qF "\"stack\":[\"$3\"]" got; } || fail "$1: $(cat got err)"
}
bad=
look text-0x30 __udp4_lib_rcv+0x10/0x40 __udp4_lib_rcv+0x10/0x40
look text+0x0 consume_skb+0x0/0x40 __udp4_lib_rcv+0x40/0x40
look text+0x1c0 text+0x1c0 kobject_put+0x40/0x40
look text+0x1c1 text+0x1c1 text+0x1c1
look text-0x81 text-0x81 text-0x81
look text+0x100000 text+0x100000 text+0x100000
look text+0xffffffffffffffffff text+0xffffffffffffffffff text+0xffffffffffffffffff
look 'text+0x10 [veth]' 'text+0x10 [veth]' 'text+0x10 [veth]'
look text+0x10x text+0x10x text+0x10x
look '[unknown]' '[unknown]' '[unknown]'
look text+0x100 net_tx_action+0x0/0x40 get_random_bytes+0x40/0x40
"$whydrop" list -s -S small.map -f small.wd | grep -q 'freed later' || fail "a deferred place is not called so"
finish "-S: which function an offset is in"

t "-S: a file that is not there" 1 = "cannot read nowhere: No such file" list -S nowhere -f nameless.wd
t "-S: no System.map" 1 = "cannot read s.wd: it is no System.map" list -S s.wd -f nameless.wd
t "-S: that of nothing" 1 = "cannot read /dev/null: it has no consume_skb" list -S /dev/null -f nameless.wd
bad=
for name in 'veth_xmit	[veth]' 'a b' "$(printf 'red\033[31m')" 'a;b' 'a+0x1/0x2' ''; do
	{ cat small.map; echo; } | sed "3s/.*/0000000000001010 T $(printf %s "$name" | sed 's|/|\\/|g')/" >hostile.map
	"$whydrop" list -S hostile.map -f small.wd >got 2>err
	{ [ $? -eq 1 ] && [ ! -s got ] && grep -q 'hostile.map: it is no System.map' err; } || fail "'$name': $(cat got err)"
done
tac small.map >hostile.map
"$whydrop" list -S hostile.map -f small.wd >got 2>err
{ [ $? -eq 1 ] && grep -q 'hostile.map: it is no System.map' err; } || fail "backwards: $(cat got err)"
sed "s/ get_random_bytes/ $(printf '%0999d' 7)/" small.map >hostile.map
"$whydrop" list -S hostile.map -f small.wd >got 2>err
grep -q 'of another kernel' err || fail "a long name: $(cat err)"
finish "-S: names that no kernel has are refused"

mkdir -p nameless-dbg
printf '%s\n' '# whydrop reasons v1 kernel 6.1.0' 'NO_SOCKET 3 1842 socket not found' >nameless-dbg/reasons
printf '%s\n' '# whydrop stats v1' 'enabled: 1' 'no_stacks: 1' 'no_symbols: 1' >nameless-dbg/stats
printf '%s\n' '# whydrop stacks v1 kernel 6.1.0' "# anchors=$small" '# COUNT REASON @ PLACE' '  1842 NO_SOCKET @ text-0x10' '' >nameless-dbg/stacks
sed 's/1200 T/1201 T/' small.map >other.map
export WHYDROP_DEBUGFS=$PWD/nameless-dbg
t "-S: counts of this kernel" 0 '"at":"__udp4_lib_rcv' '^# 1842 drops at 1 stack' stacks -j -S small.map
t "-S: they stay offsets with another map" 0 '"at":"text-0x10"' 'another kernel' stacks -j -S other.map
t "-S: or without one" 0 '"at":"text-0x10"' 'no names of functions: -S' stacks -j
bad=
{ "$whydrop" reasons -f nameless.wd >got 2>&1 && ! grep -q System.map got; } || fail "$(cat got)"
finish "reasons, which has no -S, says nothing of it"
t "completion says nothing of it" 0 '^text' = --complete list --at t
t "status: what the kernel lacks" 0 'none, places only: .*CONFIG_STACKTRACE' = status
t "status: also names" 0 'none, see -S: .*CONFIG_KALLSYMS' = status
unset WHYDROP_DEBUGFS
