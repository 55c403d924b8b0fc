# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # the options are variables of run
# How a run ended, from what the guest told on its channel and the kernel on
# the console.

# What a kernel says when something is wrong. 7.x names the file first.
splat='WARNING: (CPU|suspicious|possible|inconsistent|bad |[^ ]+:[0-9]+ at )|BUG: |Oops: '
splat+='|Call Trace:|Kernel panic|general protection fault|INFO: (task|rcu|lockdep|trying|possible)'
splat+='|rcu: INFO: |UBSAN: |unregister_netdevice: waiting'
# What of that is none of ours: KCSAN has reports of the kernel's own, which name no
# module. (It prints a stack without the words that others have above theirs.)
splat_not='BUG: KCSAN: [^[]*$'

# told WORD: what the guest told under this word.
told()
{
	sed -n "/^$1 /{ s///p; q }" "$tmp/ctl"
}

# complaint: what the kernel complained of, from its log if the guest could
# still send it, or from the console.
complaint()
{
	if grep -qx splat "$tmp/ctl"; then
		sed '1,/^splat$/d; /^end$/d' "$tmp/ctl"
	else
		awk -v splat="$splat" -v no="$splat_not" '$0 ~ splat && $0 !~ no { seen = 1 } seen && n++ < 150 { print }' "$tmp/console"
	fi
}

# guest_failed WHY
guest_failed()
{
	cat "$tmp/qemu" >&2
	tail -n 20 "$tmp/console" >&2
	die "$1, its last words are above"
}

# verdict: the exit status of the run, after qemu_status.
verdict()
{
	local text
	[[ $qemu_status != 141 ]] || exit 141
	if [[ $(told out) ]]; then
		tar -C "$out" --no-same-owner -xf "$tmp/out" ||
			die "cannot unpack what the command left in \$OUT to $out"
	fi
	text=$(complaint)
	if [[ $text ]]; then
		printf '%s\n' "$text" >&2
		note "the kernel complained, see above"
		exit 126
	fi
	if [[ -s $tmp/testimony ]]; then
		sed 's/^/  /' "$tmp/testimony" >&2
	fi
	if [[ $qemu_status == hung ]]; then
		guest_failed "the guest does not come up in $patience seconds"
	fi
	if [[ $qemu_status == 124 ]]; then
		note "time is up after $timeout seconds, --timeout gives more"
		exit 124
	fi
	if [[ $qemu_status != 0 ]] || ! grep -qx end "$tmp/ctl"; then
		guest_failed "the guest ended early"
	fi
	if [[ $bring == yes && ! $(told out) ]]; then
		guest_failed "the guest could not hand over what is in \$OUT"
	fi
	exit "$(told status)"
}
