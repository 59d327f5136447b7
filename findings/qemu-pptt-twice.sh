#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The XSDT of QEMU's virt machine names one table twice. Guess: each entry is another
# table, and the PPTT, which is about the whole machine, is named once. Seen
# with QEMU 11.1.3 (Debian 13's backports): two neighbouring entries hold the address of
# the one PPTT; so firmware that rebuilds the list, or counts by signature, finds a second.
# QEMU 7.2.22 (Debian 12) has one entry.
#
# Wants apt-get, dpkg-deb, python3 and Debian's archive key; downloads 40 MB. The machine
# is never started (-S): its tables are read out of fw_cfg as firmware does it, by DMA.
# The QEMU runs with the libraries of its own release.
set -eu

for tool in apt-get dpkg-deb python3 timeout; do
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
for suite in trixie trixie-backports; do
	echo "deb [signed-by=$key] $mirror $suite main"
done > sources.list
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
apt-get -c apt.conf -qq -y -t trixie-backports --no-install-recommends \
	--download-only install 'qemu-system-arm=1:11.1.3+ds-1~bpo13+1' >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
python3 - <<'END'
import glob, struct, subprocess, sys
loader = glob.glob("root/usr/lib/*-linux-gnu/ld-linux-*")[0]
qemu = [loader, "--library-path", loader.rsplit("/", 1)[0],
        "root/usr/bin/qemu-system-aarch64", "-L", "root/usr/share/qemu"]
print(subprocess.run([*qemu, "--version"], check=True, text=True,
                     stdout=subprocess.PIPE).stdout.splitlines()[0])
open("firmware", "wb").write(bytes(4096))
RAM, BUFFER, DMA, DIRECTORY = 0x40000000, 0x40100000, 0x09020010, 0x19
with subprocess.Popen(
        ["timeout", "120", *qemu, "-M", "virt", "-cpu", "cortex-a57", "-m", "128", "-S",
         "-display", "none", "-nodefaults", "-bios", "firmware", "-qtest", "stdio",
         "-qtest-log", "/dev/null"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True) as machine:
    def ask(line):
        machine.stdin.write(line + "\n")
        machine.stdin.flush()
        return machine.stdout.readline().split()
    def read(key, size):
        """An item, by a descriptor (select, read; big-endian) at the start of RAM."""
        ask(f"write {RAM:#x} 16 0x" +
            struct.pack(">IIQ", key << 16 | 8 | 2, size, BUFFER).hex())
        ask(f"writeq {DMA:#x} {int.from_bytes(RAM.to_bytes(8, 'big'), 'little'):#x}")
        return bytes.fromhex(ask(f"read {BUFFER:#x} {size}")[1][2:])
    files = struct.unpack(">I", read(DIRECTORY, 4))[0]
    entries = read(DIRECTORY, 4 + 64 * files)
    for at in range(4, len(entries), 64):
        size, key = struct.unpack_from(">IH", entries, at)
        if entries[at + 8:].startswith(b"etc/acpi/tables\0"):
            tables = read(key, size)
    machine.kill()
# Before they are linked, an address is an offset in this file.
names, at = {}, 0
while tables[at:at + 4].isalnum():
    names[at] = tables[at:at + 4].decode()
    at += struct.unpack_from("<I", tables, at + 4)[0]
xsdt = next(at for at in names if names[at] == "XSDT")
end = xsdt + struct.unpack_from("<I", tables, xsdt + 4)[0]
listed = [at for at, in struct.iter_unpack("<Q", tables[xsdt + 36:end])]
print("tables:", *names.values())
print("XSDT:", *(f"{names[at]}@{at:#x}" for at in listed))
twice = [names[at] for at in set(listed) if listed.count(at) > 1]
sys.exit(twice != ["PPTT"] and "another than PPTT, or none, is named twice")
END
