# bash completion for whydrop(8), which itself knows what there is.
# SPDX-License-Identifier: GPL-2.0-only

_whydrop()
{
	local line cur=${COMP_WORDS[COMP_CWORD]#[\'\"]} files=

	COMPREPLY=()
	while IFS= read -r line; do
		if [[ $line == :files ]]; then
			files=1
		else
			COMPREPLY+=("${line%%$'\t'*}")
		fi
	done < <("$1" --complete "${COMP_WORDS[@]:1:COMP_CWORD - 1}" "$cur" 2>/dev/null)
	if [[ $files ]]; then
		compopt -o filenames
		[[ $cur != = ]] || cur=
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
	[[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace
}
complete -F _whydrop whydrop
