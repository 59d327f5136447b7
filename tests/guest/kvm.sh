#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# kvm.sh OUTPUT INITRD KERNEL VMM SDEI FILE... - an initial file system that is
# INITRD and has what it takes to start a guest from it: the VMM and the sdei
# command in /bin, the same kernel and file system in /boot, and each FILE. Not
# compressed: it is packed and unpacked more often than kept.
set -eu

output=$1
initrd=$2
kernel=$3
vmm=$4
sdei=$5
shift 5
tree=$output.d

rm -rf "$tree"
mkdir -p "$tree/boot" "$tree/bin"
cp -L "$kernel" "$tree/boot/vmlinuz"
cp "$initrd" "$tree/boot/initrd"
cp "$vmm" "$tree/bin/sdei-vmm"
cp "$sdei" "$tree/bin/sdei"
cp "$@" "$tree/boot/"
find "$tree" -exec touch -h -d @0 {} +
(cd "$tree" && find . | LC_ALL=C sort |
	cpio -o -H newc -R 0:0 --reproducible --quiet) | cat - "$initrd" > "$output"
rm -rf "$tree"
