#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# fwts passes an EINJ without having looked at its instructions. Guess: the test "EINJ Error
# Injection Table", which lists each instruction entry with eleven fields, lists what is in
# the table, and its "PASSED, No issues found" is about that. Seen with fwts 26.09.00
# (forky), on a table of nine entries, whose fields iasl reads as they were written: all
# nine are listed with every field zero, ninety-nine zeros, and then the table passes. What
# was looked at is the header. Other tables of APEI are read: of a BERT made the same way
# the address is right.
#
# Wants apt-get, dpkg-deb, python3 and Debian's archive key; downloads 30 MB. fwts reads
# the tables from a file in acpidump's format, not from the machine it runs on, and runs
# with the libraries of its own release.
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
echo "deb [signed-by=$key] $mirror forky main" > sources.list
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
	fwts=26.09.00-1 acpica-tools=20260408-1 >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
python3 - <<'END'
import glob, re, struct, subprocess, sys
loader = glob.glob("root/usr/lib/*-linux-gnu/ld-linux-*")[0]
libraries = loader.rsplit("/", 1)[0]
def run(tool, *arguments):
    return subprocess.run(["timeout", "120", loader, "--library-path",
                           f"{libraries}:{libraries}/fwts", "root/usr/bin/" + tool, *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout
def table(signature, body):
    whole = bytearray(struct.pack("<4sIBB6s8sI4sI", signature, 36 + len(body), 1, 0, b"OEMID ",
                                  b"TABLE   ", 1, b"TEST", 1) + body)
    whole[9] = -sum(whole) & 255
    return bytes(whole)
def dump(tables):
    """The text that acpidump makes."""
    lines = []
    for number, data in enumerate(tables):
        lines.append(f"{data[:4].decode()} @ 0x{0x40000000 + 0x1000 * number:016X}")
        for at in range(0, len(data), 16):
            row = data[at:at + 16]
            lines.append(f"    {at:04X}: {row.hex(' ').upper():<47}  {'.' * len(row)}")
        lines.append("")
    return "\n".join(lines) + "\n"
# Each entry: action, instruction (read, read value, write, write value, nothing), flags;
# a 64-bit register in memory; value, mask.
entries = b"".join(
    struct.pack("<BBBxBBBBQQQ", action, instruction, 0, 0, 64, 0, 4,
                0x50000000 + 8 * action, value, 0xFFFFFFFF)
    for action, (instruction, value) in enumerate(
        ((3, 1), (0, 0), (2, 0), (0, 0), (3, 0), (3, 1), (1, 1), (0, 0), (2, 0))))
einj = table(b"EINJ", struct.pack("<III", 48, 0, 9) + entries)
bert = table(b"BERT", struct.pack("<IQ", 0x1000, 0x50001000))
open("tables", "w").write(dump((einj, bert)))
open("einj.aml", "wb").write(einj)
run("iasl", "-p", "einj", "-d", "einj.aml")
right = re.findall("] +Action : (.*)", open("einj.dsl").read())
print("iasl:", *right, sep="\n  ")
print(run("fwts", "--version").split(",")[1].strip())
said = run("fwts", "--arch=aarch64", "--dumpfile=tables", "-r", "-", "einj", "bert")
listed = said.split("Injection Entry Count:")[1].split("PASSED")[0]
values = [int(value, 16) for value in re.findall(r": (0x[0-9a-f]+)", listed)]
print(listed.split("Entry 06")[1].split("Entry 07")[0].replace("Injection Instruction", "")
      .rstrip())
print(f"{listed.count('Injection Action')} entries, {len(values)} values,",
      f"{sum(map(bool, values))} of them not zero")
passed = re.findall("PASSED.*EINJ table", said)
print(*passed)
print("BERT:", *re.findall("Error Region +(0x.*)", said))
sys.exit(len(right) != 9 or len(values) != 99 or any(values) or not passed
         or "50001000" not in said)
END
