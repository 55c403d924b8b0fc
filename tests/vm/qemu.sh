# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # the options are variables of run
# QEMU, its channels and disks. Everything of a run is in the folder $tmp.

# need_qemu: the emulator for kernel_row's kernel, in QEMU. Who has set it already
# has another one in mind.
need_qemu()
{
	local package
	[[ ! ${QEMU:-} ]] || return 0
	case $K_ARCH in
	amd64|i386)	package=qemu-system-x86 QEMU=qemu-system-x86_64 ;;
	arm64)		package=qemu-system-arm QEMU=qemu-system-aarch64 ;;
	armhf)		package=qemu-system-arm QEMU=qemu-system-arm ;;
	mips64el|mipsel)	package=qemu-system-mips QEMU=qemu-system-$K_ARCH ;;
	ppc64el)	package=qemu-system-ppc QEMU=qemu-system-ppc64 ;;
	riscv64)	package=qemu-system-riscv QEMU=qemu-system-riscv64 ;;
	s390x)		package=qemu-system-s390x QEMU=qemu-system-s390x ;;
	*)		die "no way to run $K_ARCH yet" ;;
	esac
	# Of other machines, Debian 12 has them in one package with twenty more.
	if [[ $package != qemu-system-x86 ]]; then
		unpacked_qemu "$package"
		return
	fi
	need_pkgs "$package"
	! stale_code || unpacked_qemu "$package"
}

# stale_code: true if QEMU may go on with a translation of code that was patched
# while another processor translated it. 7.2 does: guests loop in an int3 that is
# gone, or die of it, once in some ten thousand patches. 10.0 does not.
#
# So what looked like a fault of whydrop is none. On kernel 7.3 with two processors
# under two floods of UDP, to load and unload whydrop again and again ends in "Oops:
# int3" at sk_skb_reason_drop+0x31, where the tracepoint's branch is patched: and so does
# switching ftrace's own event skb:kfree_skb, with no module of ours in the kernel.
# The bytes that the oops prints have no int3 any more. In November 2026:
#
#	QEMU 7.2	whydrop			oops in one of the first rounds, after 50 s
#	QEMU 7.2	ftrace's event		oops after the 7th round; in another boot
#						none, 69 rounds, 1,180,000 drops
#	QEMU 7.2, one thread	whydrop		none, 106 rounds, 2,520,000 drops
#	QEMU 10.0	whydrop			none, 50 rounds, 920,000 drops
#	QEMU 10.0, one thread	whydrop		none, 36 rounds, 580,000 drops
#	QEMU 10.0	ftrace's event		none, 1,248 rounds, 2,680,821 drops
stale_code()
{
	local version

	version=$("$QEMU" --version | sed -n 's/^QEMU emulator version \([0-9]*\).*/\1/p')
	[[ ${version:-0} -lt 10 ]]
}

# unpacked_qemu PACKAGE: one of the host's release, or on Debian 12 a newer one from its
# backports, in the cache and not installed; it does with the libraries of the host's own.
unpacked_qemu()
{
	local K_SUITES program=$QEMU package=$1
	# shellcheck source=/dev/null
	K_SUITES=$(. /etc/os-release && echo "$VERSION_CODENAME")
	[[ $K_SUITES != bookworm ]] || K_SUITES+=-backports
	QEMU=$CACHE/qemu-$(key "$K_ARCH $K_SUITES")
	cached "$QEMU" make_unpacked_qemu "$program" "$package"
	QEMU+=/run
}

make_unpacked_qemu()
{
	local K_ARCH
	K_ARCH=$(dpkg --print-architecture)
	suite_update
	# the last two are what machines start with
	suite_unpack "$1" "$3" qemu-system-common qemu-system-data seabios opensbi
	cat >"$1/run" <<-END
		#!/bin/sh
		usr=\$(dirname "\$0")/usr
		exec "\$usr/bin/$2" -L "\$usr/share/qemu" -L "\$usr/share/seabios" \\
			-L "\$usr/lib/riscv64-linux-gnu/opensbi/generic" "\$@"
	END
	chmod +x "$1/run"
	"$1/run" --version >/dev/null || die "QEMU of $K_SUITES does not run here"
}

# port NAME CHARDEV: a channel of the guest, found there by its name.
port()
{
	device+=(-chardev "$2,id=$1" -device "virtserialport,chardev=$1,name=$1")
	ports=$((ports + 1))
}

# disk NAME FILE [OPTION]: found in the guest by its name too.
disk()
{
	device+=(-drive "file=$2,format=raw,if=none,id=$1,cache=unsafe${3:+,$3}"
		-device "virtio-blk,drive=$1,serial=$1")
}

# Streams go to files, which take what comes: through a pipe, QEMU would drop
# what is under way when the guest ends.
channels()
{
	device+=(-device virtio-serial)
	port ctl "file,path=$tmp/ctl"
	if [[ $terminal == yes ]]; then
		device+=(-chardev "stdio,id=terminal,signal=off" -device "virtconsole,chardev=terminal")
		return
	fi
	port out "file,path=$tmp/stdout"
	port err "file,path=$tmp/stderr"
	if [[ $stdin == yes ]]; then
		port in "stdio,signal=off"
	fi
}

# A snapshot is a disk whose changes are gone in the end.
disks()
{
	disk root "$R_IMAGE" snapshot=on
	disk modules "$K_DIR/modules.img" snapshot=on
	disk work "$tmp/work" readonly=on
	if [[ $bring == yes ]]; then
		truncate -s 4G "$tmp/out"
		disk out "$tmp/out"
	fi
}

# cards N: network cards, without a ROM to boot from.
cards()
{
	local i

	for ((i = 0; i < $1; i++)); do
		device+=(-netdev "hubport,id=wire$i,hubid=0"
			-device "virtio-net-pci,netdev=wire$i,romfile=")
	done
}

# slots: only four of the Malta board's PCI slots have interrupts, and each has eight functions.
slots()
{
	local i n=0

	for i in "${!device[@]}"; do
		case ${device[i]} in
		virtio-blk,*|virtio-serial|virtio-rng|virtio-net-pci,*)
			device[i]+=$(printf ',multifunction=on,addr=%x.%x' $((18 + n / 8)) $((n % 8)))
			n=$((n + 1)) ;;
		esac
	done
}

# boot: runs the guest to its end, with QEMU's exit status in qemu_status, or
# 124 if time was up, or 141 if nobody read the output any more.
boot()
{
	local why=''

	boot_once
	# Both seen once in thousands: all processors idle for ever, and an assertion of
	# QEMU's (iotlb_to_section) that fails; nothing of ours was loaded. It says nothing
	# about the command, which has not run.
	if [[ $qemu_status == hung ]]; then
		why="the guest has not come up in $patience seconds"
	elif [[ $qemu_status == 134 && ! -s $tmp/ctl ]]; then
		why="QEMU aborted while the guest came up: $(tail -n 1 "$tmp/qemu")"
	fi
	if [[ $why && $stdin == no ]]; then
		progress "$why, once more"
		boot_once
	fi
}

# testimony: what a guest does that does not end, into $tmp/testimony: where its
# processors are, and each task with what it waits in, innermost first. A kernel
# without a keyboard says nothing of tasks. It is not a complaint.
testimony()
{
	local from key

	from=$(stat -c %s "$tmp/console")
	setpriv --pdeathsig KILL cat "$tmp/monitor.out" >"$tmp/monitor" &
	relays+=("$!")
	# loglevel 9, so that all of it comes out on the console. A key that comes while another
	# one is at work may get lost.
	for key in 9 l t t; do
		tail -c "+$((from + 1))" "$tmp/console" | grep -qaE '^(\[.*\] )?task:' ||
			echo "sendkey alt-sysrq-$key" | timeout 5 tee "$tmp/monitor.in" >/dev/null || :
		quiet "$tmp/console" 3 30
	done
	echo 'info registers -a' | timeout 5 tee "$tmp/monitor.in" >/dev/null || :
	quiet "$tmp/monitor" 1 5
	{
		grep -aE '^(CPU#|[RE]IP| ?PC)' "$tmp/monitor"
		tail -c "+$((from + 1))" "$tmp/console" | tr -d '\r' | awk '
		{ sub(/^\[[^]]*\] /, "") }
		function out() { if (task != "") print task; task = "" }
		/^task:/ {
			out()
			# not idle threads of the kernel
			if (match($0, /ppid:[0-9]+/) && (substr($0, RSTART + 5, RLENGTH - 5) != 2 || !/state:[SI]/))
				task = $1 " " $2 ":"
			tasks = 1
			next
		}
		/^Showing|^Sched Debug|^$/ { out(); tasks = !/^Sched/; next }
		task != "" && /^ [a-z_]/ { task = task " " $1 }
		!tasks && !/^ \?|^(Code|R[A-Z0-9]+|DR|FS|CR|PKRU|CS|Hardware)/'
	} >"$tmp/testimony" || :
	truncate -s "$from" "$tmp/console"
}

# quiet FILE SECONDS MOST: it has not grown for so many seconds, or for most so many
quiet()
{
	local end=$((SECONDS + $3)) since=$SECONDS size='' now

	while [[ $SECONDS -lt $end && $((SECONDS - since)) -le $2 ]]; do
		now=$(stat -c %s "$1")
		[[ $now == "$size" ]] || since=$SECONDS size=$now
		sleep 0.2
	done
}

# boot_once: likewise, or "hung" if the command has not begun in $patience seconds.
boot_once()
{
	local ended relay begun clock='' machine=(-m "${mem:-$R_MEM}")
	local cmdline="loglevel=5 panic=-1 oops=panic sysrq_always_enabled"

	# A host with much else to do leaves a guest alone for half a minute, and the guest
	# takes that for a lockup of its own after 20 s. A real one still ends by --timeout,
	# with a testimony that tells where it is.
	cmdline+=" rcupdate.rcu_cpu_stall_timeout=120 watchdog_thresh=60 workqueue.watchdog_thresh=120"
	case $K_ARCH in
	amd64|i386)
		# Without cmpxchg16b: QEMU 7.2 gets the flags wrong after it, and a kernel that
		# is interrupted there goes on with rubbish. 6.12 crashed in 8 boots of 8.
		machine+=(-machine pc -cpu "qemu64,+rdrand,-cx16")
		# Without these a guest that is held up takes the TSC for broken.
		# On a busy host the guest gets no ticks in the moment in which the
		# kernel looks whether its timer works, and it would panic.
		cmdline+=" console=ttyS0 tsc=reliable clocksource=tsc no_timer_check" ;;
	arm64)
		machine+=(-machine "virt,gic-version=3" -cpu cortex-a72)
		cmdline+=" console=ttyAMA0" ;;
	armhf)
		machine+=(-machine "virt,highmem=off" -cpu cortex-a15)
		cmdline+=" console=ttyAMA0" ;;
	mips64el)
		# QEMU has no processor of 64 bits with two threads, as this board wants for a second.
		smp=1
		machine+=(-machine malta -cpu MIPS64R2-generic)
		cmdline+=" console=ttyS0" ;;
	mipsel)
		# Where QEMU emulates both of its threads, each may sleep through its timer, for 26 s
		# and more: until the counter comes round again.
		smp=1
		machine+=(-machine malta -cpu 34Kf)
		cmdline+=" console=ttyS0" ;;
	ppc64el)
		machine+=(-machine pseries -cpu power9)
		cmdline+=" console=hvc0" ;;
	riscv64)
		machine+=(-machine virt)
		cmdline+=" console=ttyS0" ;;
	s390x)
		machine+=(-machine s390-ccw-virtio -cpu max) ;;
	esac
	if [[ $icount == yes ]]; then
		machine+=(-accel "tcg,thread=single" -smp 1 -icount "shift=0,sleep=off")
	else
		# Each a socket: what is no ACPI, but older, tells of one in each only.
		machine+=(-accel tcg -smp "$smp,sockets=${smp##*=}")
	fi
	if grep -q '^CONFIG_KCSAN=y' "$K_DIR/config"; then
		# Looks four times as often as by its own settings, and for 100 us: on a machine
		# with nothing else to do, lifecycle then has several reports of a race that is
		# planted in the probe, and torture one in a minute. Looking longer yet makes
		# torture crawl; tests/guest/races does.
		# And no panic at the kernel's own races, the first of them while it boots.
		cmdline+=" kcsan.skip_watch=1000 kcsan.udelay_task=100 kcsan.udelay_interrupt=100"
	elif [[ $keep_going == no ]]; then
		cmdline+=" panic_on_warn=1"
	fi

	: >"$tmp/console"
	: >"$tmp/stdout"
	: >"$tmp/stderr"
	: >"$tmp/ctl"
	rm -f "$tmp"/monitor.*
	mkfifo "$tmp/monitor.in" "$tmp/monitor.out"
	exec 3<&0
	# setpriv: nothing must outlive a runner that was killed. Time is kept below; this
	# is for a QEMU that does not listen any more.
	TMPDIR=$tmp setpriv --pdeathsig TERM timeout --foreground -k 5 "$((timeout ? timeout + 60 : 0))" \
		setpriv --pdeathsig KILL "${QEMU:?}" \
		-nodefaults -no-user-config -display none -no-reboot "${machine[@]}" \
		-kernel "$K_DIR/vmlinuz" -initrd "$INITRAMFS" -append "$cmdline $append" \
		-chardev "file,path=$tmp/console,id=console" -serial chardev:console \
		-chardev "pipe,path=$tmp/monitor,id=monitor" -monitor chardev:monitor \
		"${device[@]}" <&3 3<&- 2>"$tmp/qemu" &
	qemu=$!
	exec 3<&-
	relay=(setpriv --pdeathsig KILL tail -c +1 -s 0.1 --pid="$qemu" -f)
	if [[ $terminal == no ]]; then
		"${relay[@]}" "$tmp/stdout" &
		relays+=("$!")
		"${relay[@]}" "$tmp/stderr" >&2 &
		relays+=("$!")
	fi
	# shellcheck disable=SC2016 # for that sh
	begun=(setpriv --pdeathsig KILL sh -c 'until [ -s "$1" ]; do sleep 0.1; done' sh "$tmp/ctl")
	setpriv --pdeathsig KILL timeout --foreground "$patience" "${begun[@]}" &
	watch=$!
	if [[ $timeout != 0 ]]; then
		setpriv --pdeathsig KILL sleep "$timeout" &
		clock=$!
	fi
	# While it waits, bash tells on stderr, with all its words, of a process that aborted.
	qemu_status=0
	wait -n -p ended "$qemu" "$watch" $clock "${relays[@]}" 2>/dev/null || qemu_status=$?
	if [[ $ended == "$watch" && $qemu_status == 0 ]]; then
		watch=''
		wait -n -p ended "$qemu" $clock "${relays[@]}" 2>/dev/null || qemu_status=$?
	fi
	if [[ $ended != "$qemu" ]]; then
		[[ $ended != "$clock" ]] || testimony
		kill "$qemu" || :
		wait "$qemu" 2>/dev/null || :
		case $ended in
		"$clock")	qemu_status=124 ;;
		"$watch")	qemu_status=hung ;;
		*)		qemu_status=141 ;;
		esac
	fi
	for ended in $watch $clock; do
		kill "$ended" 2>/dev/null || :
	done
	wait $watch $clock "${relays[@]}" 2>/dev/null || :
	watch=''
	qemu='' relays=()
	# what timeout ends with when it had to kill
	[[ $qemu_status != 137 ]] || qemu_status=124
}
