#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# A device's name in an IORT does not survive Debian 13's iasl, and what it says of padding
# is made up. Guess: a table's source that compiles with "0 Errors, 0 Warnings" has in it
# what its source says, and a table that is taken apart and put together again is the same
# table. Seen with iasl 20250404 (Debian 13): of a named component's "\_SB.PCI0.DEV0" three
# characters are left, `\_S`, and no NUL ends them; the node is shorter, and its length says
# so. A kernel that looks for the device by its name to learn its SMMU and ITS finds none.
# iasl 20260408 (forky) keeps the name. Both, given the right table, print for a run of
# padding not its bytes but the table's first ones: the eight zeros behind the name are
# "49 4F 52 54 64 00 00 00", `IORTd`, and compiled again they get into the table. iasl
# 20200925 (Debian 12) does neither with the older nodes that it knows.
#
# Wants apt-get, dpkg-deb, python3 and Debian's archive key; downloads 15 MB. Each iasl
# runs with the libraries of its own release.
set -eu

for tool in apt-get dpkg-deb python3; do
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
# install SUITE VERSION: iasl and its libraries, unpacked in the folder SUITE
install()
{
	mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
	: > "$1/status"
	echo "deb [signed-by=$key] $mirror $1 main" > "$1/sources.list"
	cat > "$1/apt.conf" <<-END
		APT::Sandbox::User "$(id -un)";
		Acquire::Languages "none";
		Dir::State "$folder/$1";
		Dir::State::status "$folder/$1/status";
		Dir::Cache "$folder/$1/cache";
		Dir::Etc::SourceList "$folder/$1/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
	END
	apt-get -c "$1/apt.conf" -qq update
	apt-get -c "$1/apt.conf" -qq -y --no-install-recommends --download-only install \
		"acpica-tools=$2" >/dev/null
	for deb in "$1"/cache/archives/*.deb; do
		dpkg-deb -x "$deb" "$1/root"
	done
}
install trixie 20250404-1
install forky 20260408-1

python3 - <<'END'
import glob, re, struct, subprocess, sys
NAME = b"\\_SB.PCI0.DEV0\0"
def table():
    """An IORT of one named component, its name padded with zeros to a multiple of 4."""
    data = struct.pack("<IIBHBB", 0, 0, 0, 0, 0, 48) + NAME
    data = data.ljust((len(data) + 4) & ~3, b"\0") + bytes(4)
    node = struct.pack("<BHBIII", 1, 16 + len(data), 4, 0, 0, 0) + data
    body = struct.pack("<III", 1, 48, 0) + node
    whole = bytearray(struct.pack("<4sIBB6s8sI4sI", b"IORT", 36 + len(body), 5, 0, b"OEMID ",
                                  b"TABLE   ", 1, b"TEST", 1) + body)
    whole[9] = -sum(whole) & 255
    return bytes(whole)
def iasl(suite, *arguments):
    loader = (glob.glob(suite + "/root/usr/lib/*-linux-gnu/ld-linux-*") +
              glob.glob(suite + "/root/lib/*-linux-gnu/ld-linux-*"))[0]
    return subprocess.run([loader, "--library-path", loader.rsplit("/", 1)[0],
                           suite + "/root/usr/bin/iasl", *arguments], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
open("good.aml", "wb").write(table())
bad = False
for suite, name in (("trixie", b"\\_S\0"), ("forky", NAME)):
    print(re.search("version [0-9]+", iasl(suite, "-v"))[0])
    iasl(suite, "-p", "apart", "-d", "good.aml")
    lines = re.findall("] +((?:Device Name|Padding) : .*)", open("apart.dsl").read())
    print("taken apart: ", *lines, sep="\n  ")
    said = iasl(suite, "-p", "again", "apart.dsl")
    node = open("again.aml", "rb").read()[48:]
    print("put together:", re.search("Compilation successful.*", said)[0])
    length, kept = struct.unpack_from("<H", node, 1)[0], node[29:]
    print(f"  a node of {length} bytes: {kept}")
    padding = re.search("Padding : ((?:[0-9A-F]{2} )+)", lines[1])
    bad |= "DEV0" not in lines[0] or not padding or not padding[1].startswith("49 4F 52 54")
    bad |= not kept.startswith(name.rstrip(b"\0") + (b"\0IORT" if name == NAME else b"IORT"))
sys.exit(bad)
END
