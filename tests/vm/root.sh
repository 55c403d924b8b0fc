# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Root file systems and the initramfs that starts them, in the cache.

# What roots are made of that have nothing of the kernel's.
ROOT_SUITES=bookworm,bookworm-updates,bookworm-security

# What no guest reads.
ROOT_WITHOUT=(--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*'
	--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*')

make_root()
{
	local new=$1 dir=$1.dir suites=$2 pkgs=$3
	sources "$suites" >"$new.list"
	progress "making the root file system '$R_NAME' for $K_ARCH (some minutes)"
	if native; then
		debstrap --quiet --variant=minbase --architectures="$K_ARCH" --include="$pkgs" "${APT_AGED[@]}" \
			"${ROOT_WITHOUT[@]}" --customize-hook="$VM/customize" \
			"${suites%%,*}" "$dir" "$new.list"
	else
		foreign_root "$dir" "${suites%%,*}" "$pkgs" "$new.list" && "$VM/configure" "$dir"
	fi || die "mmdebstrap could not make the root file system '$R_NAME'"
	ext4_image "$new" "$dir" "$R_FREE"
}

# foreign_root DIR SUITE PACKAGES SOURCES: unpacked, not installed. That would run programs
# of that architecture here, for which a host's own kernel would have to be told of QEMU:
# that takes privileges which a container may not have, and stays behind.
foreign_root()
{
	# shellcheck disable=SC2016	# for that shell
	debstrap --quiet --variant=extract --architectures="$K_ARCH" "${APT_AGED[@]}" "${ROOT_WITHOUT[@]}" \
		--include='?essential' --include='?priority(required)' --include="$3" \
		--setup-hook='for d in bin sbin lib lib64; do mkdir -p "$1/usr/$d" && ln -s "usr/$d" "$1/$d"; done' \
		"$2" "$1" "$4"
}

# root_row NAME: sets the variables R_* from the table.
root_row()
{
	local line
	line=$(row roots "$1")
	# shellcheck disable=SC2034 # some are for the callers
	read -r R_NAME R_FREE R_MEM R_PACKAGES <<<"$line"
}

# root_image: the image of root_row for the kernel of kernel_dir, in R_IMAGE.
root_image()
{
	local pkgs key suites
	local headers=linux-headers-$K_RELEASE
	# Where modules are installed compressed, Debian has the tool anyway.
	! grep -q '^CONFIG_MODULE_COMPRESS_XZ=y' "$K_DIR/config" || headers+=,xz-utils
	pkgs=${R_PACKAGES//HEADERS/$headers}
	# All kernels share the roots that do without their headers; those of architectures
	# that not all of these suites have come from the kernel's own.
	suites=$K_SUITES
	[[ $R_PACKAGES == *HEADERS* || $K_ARCH != a*64 ]] || suites=$ROOT_SUITES
	key=$(key "$K_ARCH" "$suites" "$R_FREE" "$pkgs" "$(cat "$VM/$(native && echo customize || echo configure)")")
	R_IMAGE=$CACHE/root-$R_NAME-$key.img
	if [[ ! -e $R_IMAGE ]]; then
		need_pkgs mmdebstrap e2fsprogs
		[[ $(id -u) == 0 ]] || die "making a root file system needs root"
	fi
	cached "$R_IMAGE" make_root "$suites" "$pkgs"
}

make_initramfs()
{
	local new=$1 dir=$1.dir
	mkdir -p "$dir/bin" "$dir/dev"
	cp "$K_DIR/busybox" "$dir/bin/busybox"
	cp -r "$K_DIR/early" "$dir/early"
	install "$VM/guest/init" "$VM/guest/main" "$dir/"
	(cd "$dir" && find . | cpio -o -H newc -R 0:0 --quiet) >"$new"
}

# initramfs: for the kernel of kernel_dir, in INITRAMFS.
initramfs()
{
	INITRAMFS=$CACHE/initramfs-${K_NAME:?}-$(key "$K_KEY" "$K_RELEASE" "$(cat "$VM"/guest/*)").cpio
	if [[ ! -e $INITRAMFS ]]; then
		need_pkgs cpio
	fi
	cached "$INITRAMFS" make_initramfs
}
