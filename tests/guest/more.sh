#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# more.sh OUTPUT INITRD PROGRAM... LIBRARY... -- GUEST-FILE... - INITRD, and in it
# each PROGRAM (a path) with the arm64 compiler's libraries (names) that they need, and
# /boot/more.cpio, which is unpacked by a guest whose initial file system ends with it:
# the guest's files in /bin.
set -eu

output=$1
initrd=$2
shift 2
tree=$output.d

pack()
{
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . | LC_ALL=C sort |
		cpio -o -H newc -R 0:0 --reproducible --quiet)
}

rm -rf "$tree"
mkdir -p "$tree/host/boot" "$tree/host/bin" "$tree/host/lib" "$tree/guest/bin"
while [ "$1" != -- ]; do
	case $1 in
	*/*) cp "$1" "$tree/host/bin/" ;;
	*) cp -L "$(aarch64-linux-gnu-gcc -print-file-name="$1")" "$tree/host/lib/" ;;
	esac
	shift
done
shift
cp "$@" "$tree/guest/bin/"
pack "$tree/guest" > "$tree/host/boot/more.cpio"
pack "$tree/host" | cat - "$initrd" > "$output"
rm -rf "$tree"
