# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # TOOLCHAIN*, K_CC and CROSS* are for the callers
# The compiler that a kernel's modules need: the host's, or one of a newer
# Debian in a root file system of the cache. New headers bring programs that
# need a newer libc, and options that an older compiler does not know.

make_chroot()
{
	local new=$1 suite=$2 pkgs=$3
	sources "$suite" >"$new.list"
	progress "making a root file system of $suite with $pkgs (a minute or two)"
	debstrap --quiet --variant=essential --include="$pkgs" "${APT_AGED[@]}" \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		"$suite" "$new" "$new.list" ||
		die "mmdebstrap could not make a root file system of $suite"
}

# in_chroot DIR COMMAND [ARG]...: with the cache at the path that it has here.
in_chroot()
{
	local dir=$1
	shift
	# shellcheck disable=SC2016 # for that shell
	unshare --mount --propagation private -- sh -ec '
		mkdir -p "$1$2"
		mount --bind "$2" "$1$2"
		mount --bind /dev "$1/dev"
		mount -t proc proc "$1/proc"
		dir=$1
		shift 2
		exec chroot "$dir" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"
	' sh "$dir" "$CACHE" "$@"
}

# cross: what the tools' names begin with that build for kernel_row's kernel, in CROSS,
# and what the kernel's own make calls its architecture, in CROSS_ARCH
cross()
{
	CROSS='' CROSS_ARCH=''
	native || case $K_ARCH in
	arm64)	CROSS=aarch64-linux-gnu- CROSS_ARCH=arm64 ;;
	armhf)	CROSS=arm-linux-gnueabihf- CROSS_ARCH=arm ;;
	i386)	CROSS=i686-linux-gnu- CROSS_ARCH=i386 ;;
	mips)	CROSS=mips-linux-gnu- CROSS_ARCH=mips ;;
	mips64el)	CROSS=mips64el-linux-gnuabi64- CROSS_ARCH=mips ;;
	mipsel)	CROSS=mipsel-linux-gnu- CROSS_ARCH=mips ;;
	ppc64el)	CROSS=powerpc64le-linux-gnu- CROSS_ARCH=powerpc ;;
	riscv64)	CROSS=riscv64-linux-gnu- CROSS_ARCH=riscv ;;
	s390x)	CROSS=s390x-linux-gnu- CROSS_ARCH=s390 ;;
	*)	die "no way to build for $K_ARCH yet" ;;
	esac
}

# toolchain [PACKAGE...]: for the kernel of kernel_row, with these packages in
# addition; in TOOLCHAIN, the words to put in front of make, and TOOLCHAIN_CC, its
# compiler where the headers name another.
toolchain()
{
	local suite=${K_BUILD%%:*} compiler='' pkgs=() dir
	[[ $K_BUILD != *:* ]] || compiler=${K_BUILD#*:}
	K_CC=${compiler:-gcc}
	TOOLCHAIN=() TOOLCHAIN_CC=()
	cross
	# What has built it is there, or else it is the user who knows.
	if [[ ${K_TREE:-} ]]; then
		command -v "$K_CC" >/dev/null ||
			die "$K_TREE was built by '$K_CC', which is not here; CC=NAME names another compiler"
		TOOLCHAIN_CC=(ARCH=x86 CROSS_COMPILE= "CC=$K_CC")
		return
	fi
	pkgs=("$K_CC${CROSS:+-${CROSS%-}}" make "$@")
	if [[ $suite == host ]]; then
		pkgs+=(libc6-dev 'libelf1|libelf1t64')
		# Headers with the types of a kernel want those of the module too.
		[[ ! -e ${K_HEADERS_DIR:-}/vmlinux ]] || pkgs+=(pahole)
		need_pkgs "${pkgs[@]}"
		[[ ! $compiler ]] || TOOLCHAIN_CC=("CC=$CROSS$compiler")
		[[ ! $CROSS ]] || TOOLCHAIN_CC+=("ARCH=$CROSS_ARCH" "CROSS_COMPILE=$CROSS")
		return
	fi
	[[ ${#K_CONFIGS[@]} == 0 ]] || TOOLCHAIN_CC=("CC=$compiler")
	[[ ! $CROSS ]] || TOOLCHAIN_CC+=("ARCH=$CROSS_ARCH" "CROSS_COMPILE=$CROSS")
	pkgs+=(libelf1t64 libssl3t64 pahole perl)
	dir=$CACHE/chroot-$suite-$(key "$suite ${pkgs[*]}")
	need_pkgs mmdebstrap
	[[ $(id -u) == 0 ]] || die "to build for $K_NAME, in a root file system of $suite, needs root"
	cached "$dir" make_chroot "$suite" "$(IFS=,; echo "${pkgs[*]}")"
	TOOLCHAIN=(in_chroot "$dir")
}
