#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# QEMU's sbsa-ref wants the ROM of a PC's display, which an arm64 machine cannot run.
# Guess: the package that has the machine has, or at least recommends, all that the machine
# starts with; and without a display (`-display none`, `-vga none`, `-nodefaults`) no ROM of
# one is looked for. Seen with QEMU 7.2.22 (Debian 12): the machine ends before it starts,
# `failed to find romfile "vgabios-stdvga.bin"`, with each of these options and with all of
# them, since that display is a part of the board. The file is in the package seabios, of
# which qemu-system-arm says nothing. (What a network card wants is in ipxe-qemu, which it
# recommends, and `-nic none` does without.) `virt` starts. What helps is
# `-global pci-device.romfile=`: the display is a PCI device and has no ROM then.
#
# Wants apt-get, dpkg-deb and Debian's archive key; downloads 40 MB.
set -eu

for tool in apt-get dpkg-deb timeout; do
	command -v $tool >/dev/null || { echo "this needs $tool"; exit 1; }
done
key=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r $key ] || { echo "this needs debian-archive-keyring"; exit 1; }
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
	sed -n 's|^[^#]*\(https\{0,1\}://[^ ]*/debian\)/* *.*|\1|p' | head -n 1)
[ -n "$mirror" ] || { echo "this needs a Debian mirror in /etc/apt"; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p lists/partial cache/archives/partial root
: > status
echo "deb [signed-by=$key] $mirror bookworm main" > sources.list
cat > apt.conf <<END
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Dir::State "$folder";
Dir::State::status "$folder/status";
Dir::Cache "$folder/cache";
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
END
apt-get -c apt.conf -qq update
apt-get -c apt.conf -qq -y --no-install-recommends --download-only install \
	qemu-system-arm=1:7.2+dfsg-7+deb12u18+b3 >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
apt-cache -c apt.conf show qemu-system-arm=1:7.2+dfsg-7+deb12u18+b3 |
	grep -E '^(Depends|Recommends|Suggests):' | sed 's/([^)]*)//g' | fold -sw 78
for loader in root/lib/*-linux-gnu/ld-linux-* root/usr/lib/*-linux-gnu/ld-linux-*; do
	[ ! -x "$loader" ] || break
done
libraries=$(basename "${loader%/*}")

# qemu OPTION...: does the machine start, and say its state on the monitor?
qemu()
{
	printf 'info status\nquit\n' | timeout 60 "$loader" --library-path \
		"root/lib/$libraries:root/usr/lib/$libraries" \
		root/usr/bin/qemu-system-aarch64 -L root/usr/share/qemu -S -serial none \
		-monitor stdio "$@" > said 2>&1
}

fails=0
expect()
{
	wanted=$1
	shift
	qemu "$@" || :
	if grep -q 'VM status: paused' said; then
		is=starts
	else
		is=$(grep -o 'failed to find romfile "[^"]*"' said || tail -n 1 said)
	fi
	echo "$*: $is"
	[ "$is" = "$wanted" ] || fails=1
}

rom='failed to find romfile "vgabios-stdvga.bin"'
expect "$rom" -M sbsa-ref -nic none -display none
expect "$rom" -M sbsa-ref -nic none -vga none
expect "$rom" -M sbsa-ref -nic none -nodefaults
expect "$rom" -M sbsa-ref -nic none -display none -vga none -nodefaults
expect starts -M virt -nic none -display none
expect starts -M sbsa-ref -nic none -display none -global pci-device.romfile=
exit $fails
