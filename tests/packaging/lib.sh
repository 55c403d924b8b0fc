# shellcheck shell=bash disable=SC2034	# for those who read this file
# SPDX-License-Identifier: GPL-2.0
# Systems of three Debian releases, for the tests of packaging: made once, kept
# in the cache of tests/vm, and used with an overlay on top.

# shellcheck source=tests/vm/lib.sh
. "$TOP/tests/vm/lib.sh"
# shellcheck source=tests/vm/apt.sh
. "$VM/apt.sh"
# shellcheck source=tests/vm/kernel.sh
. "$VM/kernel.sh"

# release SUITE: where its packages come from, in K_SUITES, and the last two
# kernels that it has, in OLD and NEW.
release()
{
	local series list name

	SUITE=$1 K_ARCH=amd64
	case $SUITE in
	bullseye)		K_SUITES=$SUITE ;;
	bookworm|trixie)	K_SUITES=$SUITE,$SUITE-updates,$SUITE-security ;;
	*)			die "no release '$SUITE' here: bullseye, bookworm or trixie" ;;
	esac
	list=$CACHE/packaging-$SUITE.kernels
	if [[ ! -e $list ]]; then
		suite_update
		series=$(suite_concrete linux-headers-cloud-amd64 | grep -oE '[0-9]+\.[0-9]+\.')
		# A name may be known from what another package depends on, and no more.
		suite_apt apt-cache pkgnames "linux-headers-$series" | grep -E '[0-9]-cloud-amd64$' |
			sed 's/^linux-headers-//' | sort -V | while read -r name; do
				[[ $(suite_apt apt-cache policy "linux-image-$name") != *'Candidate: ('* ]] || continue
				echo "$name"
			done | tail -2 >"$list"
	fi
	{ read -r OLD && read -r NEW; } <"$list" || die "$SUITE has no two kernels"
}

# make_root NEW SUITE PACKAGES [HOOK]
make_root()
{
	local new=$1 suite=$2

	sources "$K_SUITES" >"$new.list"
	progress "making a root file system of $suite (some minutes)"
	debstrap --quiet --variant=minbase --dpkgopt=force-unsafe-io "${APT_AGED[@]}" --include="$3" \
		${4:+--customize-hook="$4"} "$suite" "$new" "$new.list" ||
		die "mmdebstrap could not make a root file system of $suite"
}

# system: in SYSTEM, Debian with dkms and the older kernel; the packages of the
# newer one lie in its /debs.
system()
{
	local with=dkms,openssl,linux-image-$OLD,linux-headers-$OLD,initramfs-tools,zstd,systemd-sysv,udev,kmod,iproute2
	# shellcheck disable=SC2016	# for that shell
	local hook='chroot "$1" apt-get -qq -y -o Dir::Cache::archives=/debs --download-only install '

	hook="mkdir \"\$1/debs\" && $hook linux-image-$NEW linux-headers-$NEW >&2"
	need_pkgs mmdebstrap
	SYSTEM=$CACHE/chroot-dkms-$SUITE-$(key "$K_SUITES $with $hook")
	cached "$SYSTEM" make_root "$SUITE" "$with" "$hook"
}

# builder: in BUILDER, what it takes to build and judge the packages.
builder()
{
	local with

	with=build-essential,fakeroot,lintian,debhelper,$(sed -n 's/^Build-Depends: debhelper-compat (= 13), //p' \
		"$TOP/debian/control" | tr -d ' ' | sed 's/dh-sequence-dkms/dh-dkms/')
	need_pkgs mmdebstrap
	BUILDER=$CACHE/chroot-deb-$SUITE-$(key "$K_SUITES $with")
	cached "$BUILDER" make_root "$SUITE" "$with"
}

# bare: in BARE, what a newcomer has who has just installed git and make.
bare()
{
	local with=git,make,ca-certificates

	need_pkgs mmdebstrap
	BARE=$CACHE/chroot-bare-$SUITE-$(key "$K_SUITES $with")
	cached "$BARE" make_root "$SUITE" "$with"
}

# in_bare DIR COMMAND [ARG]...: in BARE as who has entered it with chroot, with what
# changes kept in DIR, and DIR/t as its /t. The network is the host's.
in_bare()
{
	local dir=$1

	shift
	mkdir -p "$dir/upper" "$dir/work" "$dir/root" "$dir/t"
	# shellcheck disable=SC2016	# for that shell
	unshare --mount --propagation private -- sh -ec '
		mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$1/root"
		mkdir -p "$1/root/t"
		mount --bind "$1/t" "$1/root/t"
		mount --rbind /dev "$1/root/dev"
		mount -t proc proc "$1/root/proc"
		mount -t sysfs sysfs "$1/root/sys"
		cp /etc/resolv.conf "$1/root/etc/resolv.conf"
		root=$1/root
		shift 2
		exec chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			HOME=/root TERM=xterm LANG=C.UTF-8 "$@"
	' sh "$dir" "$BARE" "$@"
}

# inside DIR LOWER COMMAND [ARG]...: in the root file system LOWER, with what
# changes kept in DIR, and DIR/t as its /t. The network is the host's.
inside()
{
	local dir=$1 lower=$2

	shift 2
	mkdir -p "$dir/upper" "$dir/work" "$dir/root" "$dir/t"
	# shellcheck disable=SC2016	# for that shell
	unshare --mount --propagation private -- sh -ec '
		mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$1/root"
		mkdir -p "$1/root/t"
		mount --bind "$1/t" "$1/root/t"
		mount --bind /dev "$1/root/dev"
		mount -t proc proc "$1/root/proc"
		mount -t tmpfs tmp "$1/root/tmp"
		root=$1/root
		shift 2
		exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
			DEBIAN_FRONTEND=noninteractive "$@"
	' sh "$dir" "$lower" "$@"
}

# image DIR LOWER FILE: the same as a disk.
image()
{
	need_pkgs e2fsprogs
	mkdir -p "$1/work" "$1/root"
	# shellcheck disable=SC2016	# for that shell
	unshare --mount --propagation private -- sh -ec '
		mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$1/root"
		mkdir -p "$1/root/t"
		cp -a "$1/t/." "$1/root/t/"
		rm -rf "$1/root/debs"
		exec mke2fs -q -t ext4 -O "^has_journal,^metadata_csum" -m 0 -d "$1/root" "$3" 3G
	' sh "$1" "$2" "$3" >/dev/null
}

# boot IMAGE KERNEL INITRD RESULTS [OPTION OF QEMU]...: Debian as it boots itself,
# but into the unit of the test; what that says comes into RESULTS.
boot()
{
	need_pkgs qemu-system-x86
	# On a busy host the TSC is measured wrong, so that seconds are too short for who
	# waits for a device, and a processor that gets no time looks stuck.
	timeout "${BOOT_SECONDS:-900}" qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-machine pc -accel tcg -smp 1 -m 1024 -cpu qemu64,+rdrand,-cx16 -device virtio-rng-pci \
		-kernel "$2" -initrd "$3" \
		-append "root=/dev/vda rw console=ttyS0 loglevel=5 panic=-1 oops=panic tsc=unstable clocksource=hpet nowatchdog rcupdate.rcu_cpu_stall_suppress=1 systemd.unit=whydrop-test.service" \
		-drive "file=$1,format=raw,if=virtio,cache=unsafe,snapshot=on" \
		-serial "file:$4.console" -serial "file:$4" "${@:5}" </dev/null
}
