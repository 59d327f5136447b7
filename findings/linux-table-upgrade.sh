#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Of the two ACPI tables that errors by SDEI take, Linux lets itself be given one.
# Guess: with ACPI_TABLE_UPGRADE any well-formed table in front of the initrd (its
# kernel/firmware/acpi/) is used, so both can be tried without touching firmware. Seen with
# 6.12.95-1~bpo12+1 (Debian 12's backports, arm64, on EDK2 2022.11): HEST, whose sources
# may name an SDEI event, is installed, and so are AGDI and AEST; "SDEI", without which the
# kernel looks for no SDEI, is refused as "Unknown signature", and so are RASF and RAS2.
# The list of signatures is the kernel's own.
#
# Wants qemu-system-aarch64 (any; 7.2.22 here), apt-get, dpkg-deb, cpio, gzip, python3 and
# Debian's archive key; downloads 85 MB.
set -eu

for tool in qemu-system-aarch64 apt-get dpkg-deb cpio gzip python3 timeout; do
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
mkdir -p lists/partial cache/archives/partial root \
	initrd/bin initrd/proc initrd/sys tables/kernel/firmware/acpi
: > status
for suite in bookworm bookworm-backports; do
	echo "deb [signed-by=$key] $mirror $suite main"
done > sources.list
cat > apt.conf <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Dir::State "$folder";
Dir::State::status "$folder/status";
Dir::Cache "$folder/cache";
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "/dev/null";
END
apt-get -c apt.conf -qq update
apt-get -c apt.conf -qq download \
	linux-image-6.12.95+deb12-arm64=6.12.95-1~bpo12+1 \
	busybox-static=1:1.35.0-4+deb12u1+b1 qemu-efi-aarch64=2022.11-6+deb12u2
for deb in ./*.deb; do
	dpkg-deb -x "$deb" root
done
cp root/bin/busybox initrd/bin/
cat > initrd/init <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
dmesg | sed -n 's/.*\(ACPI OVERRIDE: .*\|Table Upgrade: .*\)/seen \1/p'
echo seen tables: $(ls /sys/firmware/acpi/tables)
poweroff -f
END
chmod 755 initrd/init
python3 - <<'END'
import struct
# A header (ACPI 6.5, 5.2.6) alone is all of SDEI; the others are empty, of least length.
for name, body in (("SDEI", 0), ("HEST", 4), ("AGDI", 12), ("AEST", 0), ("RASF", 12),
                   ("RAS2", 4)):
    table = bytearray(struct.pack("<4sIBB6s8sI4sI", name.encode(), 36 + body, 1, 0,
                                  b"MAKER ", b"FINDINGS", 1, b"TEST", 1) + bytes(body))
    table[9] = -sum(table) & 0xFF
    with open(f"tables/kernel/firmware/acpi/{name}.aml", "wb") as file:
        file.write(table)
END
(cd tables && find kernel | cpio -o -H newc --quiet) > initrd.img
(cd initrd && find . | cpio -o -H newc --quiet | gzip -1) >> initrd.img
qemu-system-aarch64 --version | head -n 1
timeout 600 qemu-system-aarch64 -M virt -cpu cortex-a57 -m 512 -display none \
	-nodefaults -serial stdio -no-reboot \
	-bios root/usr/share/qemu-efi-aarch64/QEMU_EFI.fd \
	-kernel root/boot/vmlinuz-* -initrd initrd.img \
	-append "console=ttyAMA0 quiet" < /dev/null > console || { cat console; exit 1; }
tr -d '\r' < console | grep -a '^seen' > seen || { cat console; exit 1; }
cat seen
for name in HEST AGDI AEST; do
	grep "^seen tables:.* $name " seen | grep -q . &&
		grep -q "Table Upgrade: install \[$name-" seen ||
		{ echo "$name is not taken"; exit 1; }
done
for name in SDEI RASF RAS2; do
	! grep "^seen tables:.* $name " seen &&
		grep -q "OVERRIDE: Unknown signature .*$name.aml" seen ||
		{ echo "$name is not refused"; exit 1; }
done
