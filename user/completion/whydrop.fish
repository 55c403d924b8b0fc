# fish completion for whydrop(8), which itself knows what there is.
# SPDX-License-Identifier: GPL-2.0-only

function __whydrop_complete
	set -l words (commandline -opc)
	set -l current (string replace -r '^[\'"]' '' -- (commandline -ct))
	set -l found ($words[1] --complete $words[2..-1] "$current" 2>/dev/null)

	if test "$found[1]" != :files
		string join \n -- $found
		return
	end
	# Of --file=NAME, only what stands behind the = is one.
	set -l option (string match -r '^--[a-z-]+=' -- "$current")
	set -l names (__fish_complete_path (string replace -- "$option" '' "$current"))
	printf '%s\n' "$option"$names
end

complete -c whydrop -f -a '(__whydrop_complete)'
