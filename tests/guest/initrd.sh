#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# initrd.sh OUTPUT BUSYBOX MODULES PROGRAM... - pack the guest's file system.
# MODULES is a kernel's module tree; einj, virtio_mem and cxl_pci are taken from it,
# with what they need, unless they are not there. lib/modules/release says which kernel
# they are for.
# The kernel brings /dev/console itself, so no device is made and nobody need
# be root.
set -eu

output=$1
busybox=$2
modules=$3
shift 3
tree=$output.d

# Adds a module after those it depends on; the names' order is the load order.
add_module()
{
	file=$(find "$modules/" -name "$1.ko*" | head -n 1)
	[ -n "$file" ] || return 0	# built in, or missing: init says so
	case $file in
	*.xz) xz -dc "$file" ;;
	*.gz) gzip -dc "$file" ;;
	*.zst) zstd -dcq "$file" ;;
	*) cat "$file" ;;
	esac > "$tree/module"
	tr '\0' '\n' < "$tree/module" | sed -n 's/^vermagic=\([^ ]*\).*/\1/p' \
		> "$tree/lib/modules/release"
	set -- "$1" $(tr '\0' '\n' < "$tree/module" |
		sed -n 's/^depends=//p' | tr ',' ' ')
	mv "$tree/module" "$tree/$1.ko"
	name=$1
	shift
	for need; do
		[ -e "$tree/lib/modules/"??-"$need.ko" ] ||
			(add_module "$need")
	done
	number=$(($(find "$tree/lib/modules" -name '*.ko' | wc -l) + 10))
	mv "$tree/$name.ko" "$tree/lib/modules/$number-$name.ko"
}

rm -rf "$tree"
mkdir -p "$tree/bin" "$tree/lib/modules" "$tree/proc" "$tree/sys" \
	"$tree/dev" "$tree/tmp" "$tree/etc"
cp "$(dirname "$0")/init" "$tree/init"
cp "$busybox" "$@" "$tree/bin/"
printf '%s %s %s defaults 0 0\n' proc /proc proc sysfs /sys sysfs \
	devtmpfs /dev devtmpfs debugfs /sys/kernel/debug debugfs > "$tree/etc/fstab"
chmod 755 "$tree/init" "$tree"/bin/*
add_module einj
# Memory that is plugged in while the machine runs.
add_module virtio_mem
# CXL devices: errors reported for them go through their driver.
add_module cxl_pci

# Same input, same bytes: no times, owners or order of the moment.
find "$tree" -exec touch -h -d @0 {} +
(cd "$tree" && find . | LC_ALL=C sort |
	cpio -o -H newc -R 0:0 --reproducible --quiet) | gzip -n > "$output"
rm -rf "$tree"
