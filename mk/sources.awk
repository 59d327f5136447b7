# SPDX-License-Identifier: BSD-2-Clause
#
# Reads apt's source files, *.list (one line each) and *.sources (deb822), and
# prints those entries that are Debian's, main component, as one-line entries:
# same mirror, same keys, but for any architecture. With backports=1 each of the
# release's mirrors is also given its -backports suite, which may not exist.
# codename is the release this machine runs ("bookworm").

function add(uri, suite, components, options,    line)
{
	if (uri ~ /^cdrom:/ || (" " components " ") !~ / main /)
		return
	# Half the world calls its one suite "stable".
	if (suite !~ release && !(suite ~ alias && uri ~ /debian/))
		return
	gsub(/^ +| +$/, "", options)
	line = "deb " (options ? "[" options "] " : "") uri " "
	if (!seen[line suite]++)
		print line suite " main"
	# A suite with "-" has updates and lies on another mirror, perhaps.
	if (backports && suite !~ /-/ && uri ~ /debian/ &&
	    !seen[line codename "-backports"]++)
		print line codename "-backports main"
}

function flush(    uris, suites, i, j, n, m, options)
{
	# A key written into the file itself ("-----BEGIN") cannot be named in
	# a one-line entry: apt's own keyring is used then.
	if (field["signed-by"] ~ /^ *\//)
		options = "signed-by=" field["signed-by"]
	if (field["trusted"])
		options = options " trusted=" field["trusted"]
	gsub(/= +/, "=", options)
	if ((" " field["types"] " ") ~ / deb / && field["enabled"] !~ /no/) {
		n = split(field["uris"], uris, " ")
		m = split(field["suites"], suites, " ")
		for (i = 1; i <= n; i++)
			for (j = 1; j <= m; j++)
				add(uris[i], suites[j], field["components"],
				    options)
	}
	split("", field)
}

BEGIN {
	parts = "(-updates|-security|-backports)?$"
	release = "^" codename parts
	alias = "^(stable|oldstable|testing|unstable|sid)" parts
}

FNR == 1 { flush() }
/^[ \t]*#/ { next }

FILENAME ~ /\.list$/ {
	sub(/#.*/, "")
	sub(/^[ \t]+/, "")
	options = ""
	if ($0 ~ /^deb[ \t]+\[/) {
		end = index($0, "]")
		options = substr($0, index($0, "[") + 1,
				 end - index($0, "[") - 1)
		gsub(/(arch|lang|target)[+-]?=[^ ]*/, "", options)
		$0 = "deb " substr($0, end + 1)
	}
	if ($1 != "deb" || NF < 4)
		next
	components = ""
	for (i = 4; i <= NF; i++)
		components = components " " $i
	add($2, $3, components, options)
	next
}

/^[ \t]*$/ { flush(); next }
/^[ \t]/ { field[name] = field[name] " " $0; next }
{
	name = tolower(substr($0, 1, index($0, ":") - 1))
	field[name] = substr($0, index($0, ":") + 1)
}

END { flush() }
