# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Kernels that are built here, from a source package of Debian's and fragments
# of configuration: they have what none of Debian's own has, or lack it.

# shellcheck source=tests/vm/toolchain.sh
. "$VM/toolchain.sh"

make_source()
{
	local new=$1 package=$2
	suite_update
	mkdir "$new.d"
	suite_unpack "$new.d" "$package"
	mv "$new.d/usr/src" "$new"
	rm -rf "$new.d"
}

# config_lacks CONFIG FRAGMENT: prints what the fragment asks for and the
# configuration has not. Of an option that stands there twice, the last counts.
config_lacks()
{
	awk '
	function option(line) { sub(/^# /, "", line); sub(/[= ].*/, "", line); return line }
	!/^CONFIG_[A-Z0-9_]+=|^# CONFIG_[A-Z0-9_]+ is not set$/ { next }
	NR == FNR { has[option($0)] = $0; next }
	{ wanted[option($0)] = $0 }
	END {
		for (name in wanted)
			if ((name in has ? has[name] : "# " name " is not set") != wanted[name])
				print wanted[name]
	}
	' "$@"
}

# strip_tree ARCH: leaves of a built tree what modules need to be built.
strip_tree()
{
	local name
	for name in *; do
		case $name in
		arch|include|scripts|tools|Makefile|Module.symvers)	;;
		*)	rm -rf "$name" ;;
		esac
	done
	find arch -mindepth 1 -maxdepth 1 ! -name "$1" -exec rm -rf {} +
	# MIPS has its flags in more than one Makefile.
	find arch tools ! -type d ! -path 'arch/*/include/*' ! -path 'arch/*/Makefile*' \
		! -path 'arch/*/Kbuild.platforms' ! -path 'arch/*/Platform' ! -path tools/objtool/objtool -delete
	find . -type d -empty -delete
}

# kernel_source: the package of K_HEADERS in the cache, in SOURCE. It is the same for all
# architectures, some of which Debian has no index of.
kernel_source()
{
	local package=${K_HEADERS%%:*} K_ARCH
	K_ARCH=$(dpkg --print-architecture)
	suite_update
	SOURCE=$CACHE/source-$(key "$K_SUITES $package")
	cached "$SOURCE" make_source "$package"
	SOURCE+=/$package.tar.xz
}

# later_wins FRAGMENT...: what they set, each option once, or the kernel's conf warns
later_wins()
{
	awk '
	/^CONFIG_[A-Z0-9_]+=|^# CONFIG_[A-Z0-9_]+ is not set$/ {
		name = $0
		sub(/^# /, "", name)
		sub(/[= ].*/, "", name)
		value[name] = $0
	}
	END { for (name in value) print value[name] }
	' "$@" | LC_ALL=C sort
}

# compile_kernel DIR: source package and fragments stand in K_HEADERS. Makes vmlinuz,
# release, config, headers and, in m, modules.
compile_kernel()
{
	local new=$1 arch=x86 image=bzImage release lacks make host
	need_pkgs xz-utils
	toolchain bc bison ccache flex kmod libelf-dev libssl-dev lz4 openssl
	kernel_source
	case $K_ARCH in
	amd64)	;;
	mips)	arch=mips image=vmlinux ;;
	s390x)	arch=s390 ;;
	*)	die "no way to build a kernel for $K_ARCH yet" ;;
	esac
	# what runs here, while it is built
	host=$K_CC
	[[ ! $CROSS ]] || host=gcc
	mkdir -p "$new/tree" "$new/m/lib/modules"
	tar -C "$new/tree" --strip-components=1 -xf "$SOURCE"
	# Without paths and times the compiler's cache knows again what has not changed.
	make=("${TOOLCHAIN[@]}" env CCACHE_DIR="$CACHE/ccache" CCACHE_MAXSIZE=2G CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1
		CCACHE_COMPILERCHECK=content KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=whydrop
		KBUILD_BUILD_HOST=whydrop nice make -s -j"$(nproc)" -C "$new/tree"
		LOCALVERSION="-$K_NAME" CC="ccache $CROSS$K_CC" HOSTCC="$host"
		${CROSS:+"ARCH=$arch" "CROSS_COMPILE=$CROSS"})
	later_wins "${K_CONFIGS[@]}" >"$new/fragments"
	"${make[@]}" KCONFIG_ALLCONFIG="$new/fragments" allnoconfig
	lacks=$(config_lacks "$new/tree/.config" "$new/fragments")
	rm "$new/fragments"
	[[ ! $lacks ]] || die "${K_HEADERS%%:*} cannot have what tests/vm/configs ask for: ${lacks//$'\n'/, }"
	progress "building the kernel '$K_NAME' (ten minutes of two processors, or more)"
	"${make[@]}" "$image" modules
	"${make[@]}" INSTALL_MOD_PATH="$new/m" INSTALL_MOD_STRIP=1 modules_install
	release=$(cat "$new/tree/include/config/kernel.release")
	rm -f "$new/m/lib/modules/$release"/{build,source}
	# where distributions have it, too
	cp "$new/tree/System.map" "$new/m/lib/modules/$release/"
	printf '%s\n' "$release" >"$new/release"
	# as it was linked, or packed
	mv "$new/tree/$([[ $image == vmlinux ]] || echo "arch/$arch/boot/")$image" "$new/vmlinuz"
	cp "$new/tree/.config" "$new/config"
	(cd "$new/tree" && strip_tree "$arch")
	mkdir -p "$new/headers/usr/src"
	mv "$new/tree" "$new/headers/usr/src/linux-headers-$release"
}

# build_kernel DIR: laid out as what make_kernel makes.
build_kernel()
{
	local new=$1
	compile_kernel "$new"
	suite_update
	suite_unpack "$new/box" busybox-static
	take_busybox "$new/box" "$new"
	rm -rf "$new/box"
	finish_kernel "$new" "$(cat "$new/release")"
}
