# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A kernel of the table in the cache: vmlinuz, its modules as a disk, the
# headers to build for it, and the parts of an initramfs.

# shellcheck source=tests/vm/source.sh
. "$VM/source.sh"

# Modules without which the guest reaches neither its disks nor us.
EARLY_MODULES=(virtio_pci virtio_blk virtio_console virtio-rng ext4)

# ext4_image FILE DIR FREE: the folder as a file system, with FREE MB of room.
# No journal, no checksums: the image is thrown away after each run.
ext4_image()
{
	local size
	size=$(($(du -sm --apparent-size "$2" | cut -f1) * 5 / 4 + $3 + 16))
	mke2fs -q -t ext4 -O '^has_journal,^metadata_csum' -m 0 -d "$2" "$1" "${size}M" >/dev/null
}

# header_paths DIR: Debian's headers name each other by absolute path. Make
# that relative, so that they work where they were unpacked.
header_paths()
{
	local makefile
	for makefile in "$1"/usr/src/linux-headers-*/Makefile; do
		# shellcheck disable=SC2016 # for make
		sed -i -e 's|^include /usr/src/|include $(dir $(realpath $(lastword $(MAKEFILE_LIST))))../|' \
			-e 's|^KBUILD_OUTPUT=.*|KBUILD_OUTPUT := $(realpath $(dir $(lastword $(MAKEFILE_LIST))))|' "$makefile"
	done
}

# early_modules DIR TREE RELEASE: in the order to load them, and uncompressed
# since a small insmod knows nothing else.
early_modules()
{
	local name ko n=100
	mkdir "$1"
	for name in "${EARLY_MODULES[@]}"; do
		modprobe -d "$2" -S "$3" --show-depends "$name" || die "kernel $3 has no module $name"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r ko; do
		n=$((n + 1))
		case $ko in
		*.xz)	xz -dc "$ko" >"$1/$n" ;;
		*.zst)	zstd -qdc "$ko" >"$1/$n" ;;
		*)	cp "$ko" "$1/$n" ;;
		esac
	done
}

# take_busybox TREE DIR: packages have it in /bin or in /usr/bin.
take_busybox()
{
	mv "$1/bin/busybox" "$2/busybox" 2>/dev/null || mv "$1/usr/bin/busybox" "$2/busybox"
}

# finish_kernel DIR RELEASE: makes of the modules in DIR/m what guests use.
finish_kernel()
{
	depmod -b "$1/m" "$2"
	early_modules "$1/early" "$1/m" "$2"
	ext4_image "$1/modules.img" "$1/m/lib/modules" 64
	rm -rf "$1/m"
}

# own_kbuild TREE PACKAGE...: of another architecture's headers, the programs that
# are to run here
own_kbuild()
{
	local tree=$1 name K_ARCH
	K_ARCH=$(dpkg --print-architecture)
	shift
	suite_update
	rm -rf "$tree"/usr/lib/linux-kbuild-*
	for name; do
		[[ $name != linux-kbuild-* ]] || suite_unpack "$tree" "$name"
	done
}

make_kernel()
{
	local new=$1 headers release pkgs file tree=$1/tree
	suite_update
	headers=$(suite_concrete "$K_HEADERS")
	release=${headers#linux-headers-}
	mapfile -t pkgs < <(suite_closure "linux-image-$release" "$headers")
	mkdir "$new"
	suite_unpack "$tree" "${pkgs[@]}" busybox-static
	native || own_kbuild "$tree" "${pkgs[@]}"
	printf '%s\n' "$release" >"$new/release"
	printf '%s\n' "${pkgs[@]}" >"$new/packages"
	# Some architectures start it as it was linked.
	for file in "$tree"/{boot,usr/lib/modules}/{vmlinu[xz]-"$release","$release"/vmlinu[xz]}; do
		[[ ! -f $file ]] || mv "$file" "$new/vmlinuz"
	done
	take_busybox "$tree" "$new"

	# Packages have their modules in /lib or in /usr/lib. The links "build" and
	# "source" come with the headers and stay, as on a real machine.
	mkdir -p "$new/m/lib/modules"
	cp -al "$tree"/lib/modules/. "$new/m/lib/modules/" 2>/dev/null || :
	cp -al "$tree"/usr/lib/modules/. "$new/m/lib/modules/" 2>/dev/null || :
	finish_kernel "$new" "$release"

	mkdir "$new/headers" "$new/headers/usr"
	mv "$tree/usr/src" "$new/headers/usr/src"
	mkdir "$new/headers/usr/lib"
	mv "$tree"/usr/lib/linux-kbuild-* "$new/headers/usr/lib/"
	header_paths "$new/headers"
	cp "$new/headers/usr/src/linux-headers-$release/.config" "$new/config"
	rm -rf "$tree"
}

# kernel_dir: fetches or builds the kernel of kernel_row if need be and sets
# K_DIR, K_RELEASE and K_HEADERS_DIR.
kernel_dir()
{
	K_DIR=$CACHE/kernel-$K_NAME-$K_KEY
	if [[ ! -e $K_DIR ]]; then
		need_pkgs kmod e2fsprogs xz-utils zstd
	fi
	if [[ ${K_TREE:-} ]]; then
		cached "$K_DIR" tree_kernel
	elif [[ ${#K_CONFIGS[@]} -gt 0 ]]; then
		cached "$K_DIR" build_kernel
	else
		cached "$K_DIR" make_kernel
	fi
	read -r K_RELEASE <"$K_DIR/release"
	# shellcheck disable=SC2034 # for the callers
	K_HEADERS_DIR=${K_TREE:-$K_DIR/headers/usr/src/linux-headers-$K_RELEASE}
}
