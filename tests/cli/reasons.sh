#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The names of drop reasons in the headers of kernels, one a line, as in -r.
# usage: tests/cli/reasons.sh HEADERS... >tests/cli/reasons.txt
#
# HEADERS is a folder that has include/net/dropreason*.h, as `tests/vm/headers'
# gives it (its -common sibling), or a source tree, where the subsystems have
# theirs. What is in the list and in none of the folders is kept.
set -u
list=$(cd "$(dirname "$0")" && pwd)/reasons.txt

for dir; do
	find "$dir/" -path '*include/net/dropreason*.h' ! -name '*-qdisc.h' -exec \
		sed -n 's/^[[:blank:]]FN(\([A-Z0-9_]*\)).*/\1/p' {} +
	find "$dir/" -path '*include/net/dropreason-qdisc.h' -exec \
		sed -n 's/^[[:blank:]]FN(\([A-Z0-9_]*\)).*/qdisc\/\1/p' {} +
	sed -n 's/^[[:blank:]]*R(\(OVS_[A-Z0-9_]*\)).*/openvswitch\/\1/p' \
		"$dir"/net/openvswitch/drop.h 2>/dev/null
	sed -n 's/^[[:blank:]]*R(\(RX_DROP_U_[A-Z0-9_]*\)).*/mac80211_unusable\/\1/p
		s/^[[:blank:]]*R(\(RX_DROP_M_[A-Z0-9_]*\)).*/mac80211_monitor\/\1/p' \
		"$dir"/net/mac80211/drop.h 2>/dev/null
done | sort -u - "$list" | grep -v '^#' >"$list.new"
{
	echo '# Drop reasons that some kernel has, 5.15 to 7.3; made by reasons.sh.'
	cat "$list.new"
}
rm "$list.new"
