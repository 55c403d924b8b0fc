# SPDX-License-Identifier: GPL-2.0
#
# Reads the kernel's headers of drop reasons and prints, for reason.c, what
# the running kernel cannot tell:
#
#	REASON_DOC(SKB_DROP_REASON_NO_SOCKET, "no valid socket ...")
#	SUBSYS_NAME(SKB_DROP_REASON_SUBSYS_OPENVSWITCH, "openvswitch")
#
# The text is that of the enum's kernel-doc: a comment that starts with
# "@NAME:" in front of each item, on one line or on several.

function flush_doc()
{
	if (doc_name == "")
		return
	gsub(/\\/, "\\\\", doc_text)
	gsub(/"/, "\\\"", doc_text)
	gsub(/[ \t]+/, " ", doc_text)
	sub(/^ /, "", doc_text)
	sub(/ $/, "", doc_text)
	if (doc_name ~ /^SKB_DROP_REASON_SUBSYS_/) {
		if (doc_name !~ /_(NUM|MASK|SHIFT)$/) {
			short = tolower(substr(doc_name, 24))
			printf "SUBSYS_NAME(%s, \"%s\")\n", doc_name, short
		}
	} else if (doc_name ~ /^(SKB|QDISC)_[A-Z0-9_]+$/ &&
		   doc_name !~ /_(MAX|MASK)$/) {
		printf "REASON_DOC(%s, \"%s\")\n", doc_name, doc_text
	}
	doc_name = doc_text = ""
}

/^[ \t]*enum [a-z_]+ *\{/	{ in_enum = 1 }
/^}/				{ flush_doc(); in_enum = 0 }

in_enum && /\/\*\*/ {
	flush_doc()
	in_doc = 1
}

in_doc {
	line = $0
	done = sub(/[ \t]*\*\/.*/, "", line)
	sub(/^[ \t]*\/\*\*/, "", line)
	sub(/^[ \t]*\*?[ \t]*/, "", line)
	if (line ~ /^@[A-Z0-9_]+:/) {
		flush_doc()
		colon = index(line, ":")
		doc_name = substr(line, 2, colon - 2)
		line = substr(line, colon + 1)
	}
	doc_text = doc_text " " line
	if (done) {
		flush_doc()
		in_doc = 0
	}
}
