# SPDX-License-Identifier: BSD-2-Clause
#
# For Doxygen (mk/Doxyfile): a header of include/sdei with its comments as Doxygen wants
# them. One in front of something becomes /**, one behind something /**<, the first is
# the file's. Several things behind a comment, without a blank line, have it in common: a
# group, unless they are a structure's fields. What Doxygen would take for a command is
# marked as text.

# A comment's text.
function escaped(text) {
	gsub(/[\\@#<>&%$]/, "\\\\&", text)
	gsub(/::/, "\\::", text)
	return text
}

# A comment and what follows it, so far.
function flush() {
	if (things > 1 && !braces)
		print "/**@{*/"
	printf "%s", lines
	if (things > 1 && !braces)
		print "/**@}*/"
	lines = ""
	things = 0
	braces = depth
}

function put(line) {
	lines = lines line "\n"
}

inside {
	inside = !index($0, "*/")
	put(escaped($0))
	next
}

/^$/ {
	flush()
	print
	next
}

{
	at = index($0, "/*")
	before = at ? substr($0, 1, at - 1) : $0
	behind = before ~ /[^ \t]/
	if (!behind)
		flush()
	things += lines ~ /^[ \t]*\/\*/ && before ~ /;[ \t]*$|^#define/
	opened = gsub(/{/, "{", before)
	depth += opened - gsub(/}/, "}", before)
	braces += opened
}

!at || /SPDX-License|clang-format|^[ \t]*#(end|el|if)|\\$|\{[ \t]*\/\*/ {
	put($0)
	next
}

{
	inside = !index(substr($0, at), "*/")
	mark = behind ? "*<" : "*"
	if (!headed++)
		mark = "* \\file\n *"
	put(before "/*" mark escaped(substr($0, at + 2)))
}

END {
	flush()
}
