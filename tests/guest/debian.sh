#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# debian.sh OUTPUT INITRD ROOT PROGRAM... - INITRD, and in it the programs (paths below
# ROOT, a Debian system that mk/arm64.sh has unpacked) with the libraries that they need,
# where they are in Debian. Not compressed: it is packed and unpacked more often than
# kept.
set -eu

output=$1
initrd=$2
root=$3
shift 3
tree=$output.d

# Adds those that a file names as needed; the program that starts it is one of them.
add_libraries()
{
	for library in $(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
		[ ! -e "$tree/$libraries/$library" ] || continue
		cp -L "$root/$libraries/$library" "$tree/$libraries/"
		add_libraries "$root/$libraries/$library"
	done
}

rm -rf "$tree"
libraries=usr/lib/aarch64-linux-gnu
mkdir -p "$tree/$libraries" "$tree/lib"
for program; do
	mkdir -p "$tree/${program%/*}"
	cp "$root/$program" "$tree/$program"
	add_libraries "$root/$program"
done
# Where every program looks for it; Debian has a link from /lib to /usr/lib.
ln -s "/$libraries/ld-linux-aarch64.so.1" "$tree/lib/"
find "$tree" -exec touch -h -d @0 {} +
(cd "$tree" && find . | LC_ALL=C sort |
	cpio -o -H newc -R 0:0 --reproducible --quiet) | cat - "$initrd" > "$output"
rm -rf "$tree"
