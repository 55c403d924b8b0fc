# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # K_* are for the callers
# A kernel that its user has built: a tree for x86-64, which is only read.

# tree_lacks DIR: what of a built tree is not there
tree_lacks()
{
	local word

	for word in .config include/config/kernel.release Module.symvers arch/x86/boot/bzImage modules.order; do
		[[ -e $1/$word ]] || printf '%s\n' "$word"
	done
}

# tree_config DIR NAME: the value of CONFIG_NAME, without quotation marks
tree_config()
{
	sed -n "s/^CONFIG_$2=\"\\?\\([^\"]*\\)\"\\?\$/\\1/p" "$1/.config"
}

# tree_modules DIR: the paths of its modules in it. modules.order names .ko or .o,
# and until 5.15 as they are called where they are installed.
tree_modules()
{
	sed 's|^kernel/||; s/\.k\?o$/.ko/' "$1/modules.order" | while read -r ko; do
		# "kernel/" is a folder of the tree, too
		[[ -e $1/$ko ]] || ko=kernel/$ko
		printf '%s\n' "$ko"
	done | sort -u
}

# tree_row DIR: what kernel_row does, for a tree
tree_row()
{
	local lacks cc

	K_TREE=$(cd "$1" 2>/dev/null && pwd) || die "no folder $1"
	[[ -e $K_TREE/Makefile ]] || die "$K_TREE has no Makefile, it is no tree of a kernel"
	mapfile -t lacks < <(tree_lacks "$K_TREE")
	[[ ${#lacks[@]} == 0 ]] ||
		die "$K_TREE is not built, it has no ${lacks[*]}; run there: make bzImage modules"
	[[ $(tree_config "$K_TREE" X86_64) == y && $(tree_config "$K_TREE" MODULES) == y ]] ||
		die "$K_TREE is not built for x86-64 with CONFIG_MODULES"
	# What the others need of Debian comes from where the first kernel of the table does.
	kernel_row ''
	cc=$(tree_config "$K_TREE" CC_VERSION_TEXT)
	[[ $(tree_config "$K_TREE" CC_IS_CLANG) != y ]] || cc=clang
	cc=${CC:-${cc%% *}}
	cc=${cc:-gcc}
	K_NAME=tree K_HEADERS=tree: K_BUILD=host:$cc K_CONFIGS=()
	# Another path or another build is another kernel.
	K_KEY=$(cd "$K_TREE" && key "$K_TREE" "$(tree_modules . | xargs -r stat -c '%n %Y %s' \
		.config Module.symvers arch/x86/boot/bzImage)")
}

# tree_kernel DIR: laid out as what make_kernel makes
tree_kernel()
{
	local new=$1 release to ko

	suite_update
	release=$(cat "$K_TREE/include/config/kernel.release")
	to=$new/m/lib/modules/$release
	mkdir -p "$to"
	tree_modules "$K_TREE" | while read -r ko; do
		install -D -m 644 "$K_TREE/$ko" "$to/kernel/$ko"
		strip --strip-debug "$to/kernel/$ko"
	done
	for ko in modules.order modules.builtin modules.builtin.modinfo; do
		[[ ! -e $K_TREE/$ko ]] || cp "$K_TREE/$ko" "$to/"
	done
	printf '%s\n' "$release" >"$new/release"
	cp "$K_TREE/arch/x86/boot/bzImage" "$new/vmlinuz"
	cp "$K_TREE/.config" "$new/config"
	suite_unpack "$new/box" busybox-static
	take_busybox "$new/box" "$new"
	rm -rf "$new/box"
	finish_kernel "$new" "$release"
}
