#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# mk/private.sh ARCHIVE NM OBJCOPY - what the files of a library say to each other gets
# the library's prefix as well, so that none of it can clash with a program's own names:
# disp_find() is sdei_private_disp_find() to the linker. Headers name none of these.
# Called twice it does nothing the second time.
set -eu

archive=$1
nm=$2
objcopy=$3
list=$archive.names
map=$archive.private

die()
{
	echo "private.sh: $archive: $*" >&2
	exit 1
}

trap 'rm -f "$list" "$map"' EXIT
# Without a list of names nothing would be renamed, and nobody would notice.
"$nm" -g --defined-only "$archive" > "$list" ||
	die "'$nm' does not list its names, which want the library's prefix"
grep -q ' sdei_' "$list" || die "'$nm' found no sdei_ name in it; is that nm for its machine?"

awk 'NF == 3 && $3 !~ /^sdei_/ { print $3, "sdei_private_" $3 }' "$list" |
	LC_ALL=C sort -u > "$map"
if [ -s "$map" ]; then
	"$objcopy" --redefine-syms="$map" "$archive" ||
		die "'$objcopy' cannot give its names the library's prefix"
fi
