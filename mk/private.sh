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
map=$archive.private

$nm -g --defined-only "$archive" |
	awk 'NF == 3 && $3 !~ /^sdei_/ { print $3, "sdei_private_" $3 }' |
	LC_ALL=C sort -u > "$map"
if [ -s "$map" ]; then
	$objcopy --redefine-syms="$map" "$archive"
fi
rm -f "$map"
