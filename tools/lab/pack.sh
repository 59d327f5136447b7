#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# pack.sh OUTPUT INITRD ROOT - make a Debian system an initial file system. ROOT is where
# mk/arm64.sh has unpacked its packages, INITRD has the kernel's modules, busybox and
# what injects errors. Documents stay out, the packages' scripts have not been run: what
# they would have left and is needed here is written here.
#
# Not compressed: the emulated machine would be longer about it than this one is about
# reading it. The kernel unpacks one archive after the other.
set -eu

output=$1
initrd=$2
root=$3
here=$(cd "$(dirname "$0")" && pwd)
tree=$output.d

pack()
{
	LC_ALL=C sort | cpio -o -H newc -R 0:0 --reproducible --quiet
}

failed()
{
	rm -rf "$output" "$tree"
	echo "lab: cannot write $output: $(df -h "${output%/*}" | awk 'NR == 2 { print $4 }')" \
		"free on this disk, the system takes 150 MB" >&2
	exit 1
}

rm -rf "$tree"
mkdir -p "$tree/usr/bin" "$tree/usr/lib/modules" "$tree/etc" "$tree/var/lib/rasdaemon" \
	"$tree/var/log" "$tree/proc" "$tree/sys" "$tree/dev" "$tree/run" "$tree/tmp" \
	"$tree/root" "$tree/unpacked" || failed
gzip -dc "$initrd" | (cd "$tree/unpacked" && cpio -id --quiet) || failed
mv "$tree"/unpacked/bin/* "$tree/usr/bin/"
mv "$tree"/unpacked/lib/modules "$tree/usr/lib/opensdei"
rm -rf "$tree/unpacked"
cp "$here/init" "$tree/init"
cp "$here/profile" "$tree/root/.bashrc"
chmod 755 "$tree/init"
echo 'root:x:0:0:root:/root:/bin/bash' > "$tree/etc/passwd"
echo 'root:x:0:' > "$tree/etc/group"
echo lab > "$tree/etc/hostname"
for link in awk:mawk pager:less editor:nano usleep:busybox; do
	ln -s "${link#*:}" "$tree/usr/bin/${link%:*}"
done
ln -s ../proc/self/mounts "$tree/etc/mtab"
find "$tree" -exec touch -h -d @0 {} +

{
	(cd "$root" && find . \( -path ./usr/share/doc -o -path ./usr/share/man -o \
		-path ./usr/share/locale -o -path ./usr/share/info -o \
		-path ./usr/include -o -path "./usr/lib/*/gconv" \) -prune -o -print | pack) &&
		(cd "$tree" && find . | pack)
} > "$output" || failed
rm -rf "$tree"
