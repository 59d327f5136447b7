#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# second.sh OUTPUT INITRD KERNEL KEXEC - an initial file system that is INITRD
# and has in /boot what it takes to start a second kernel from it. Not
# compressed: it is packed and unpacked more often than kept.
set -eu

output=$1
initrd=$2
kernel=$3
kexec=$4
tree=$output.d

rm -rf "$tree"
mkdir -p "$tree/boot" "$tree/bin"
cp -L "$kernel" "$tree/boot/vmlinuz"
cp "$initrd" "$tree/boot/initrd"
cp "$kexec" "$tree/bin/kexec"
find "$tree" -exec touch -h -d @0 {} +
(cd "$tree" && find . | LC_ALL=C sort |
	cpio -o -H newc -R 0:0 --reproducible --quiet) | cat - "$initrd" > "$output"
rm -rf "$tree"
