#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian 13's iasl cannot compile what it has itself taken apart, if the table is of an older
# revision than the latest that it knows. Guess: a table that it disassembles without a
# complaint can be compiled again, as by the iasl before it; a revision is in the header for
# that. Seen with iasl 20250404 (Debian 13): an SPCR of revision 2, 80 bytes, and a MADT whose
# CPU interface has the 80 bytes of ACPI 6.4 are printed right, field by field; compiled they
# end in "Internal compiler error Found NULL field", once for "Precise Baud rate" (of
# revision 3), once for "TRBE Interrupt" (of ACPI 6.5). The interface's 82 bytes of 6.5
# compile. iasl 20200925 (Debian 12) takes all three. So a firmware's tests that send each
# table through iasl and back begin to fail with the tool, not with the table.
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
install bookworm 20200925-8
install trixie 20250404-1

python3 - <<'END'
import glob, re, struct, subprocess, sys
def table(signature, revision, body):
    whole = bytearray(struct.pack("<4sIBB6s8sI4sI", signature, 36 + len(body), revision, 0,
                                  b"OEMID ", b"TABLE   ", 1, b"TEST", 1) + body)
    whole[9] = -sum(whole) & 255
    return bytes(whole)
def madt(revision, size):
    """A distributor of a GICv3 and one CPU interface of that size, all else zero."""
    gicc = struct.pack("<BBHIII", 11, size, 0, 0, 0, 1).ljust(size, b"\0")
    gicd = struct.pack("<BBHIQIB3x", 12, 24, 0, 0, 0x08000000, 0, 3)
    return table(b"APIC", revision, struct.pack("<II", 0, 0) + gicd + gicc)
# A PL011 at 115200 baud by interrupt 33.
spcr = table(b"SPCR", 2, struct.pack("<B3xBBBBQBBIBBBBBBHHBBBIBI", 3, 0, 32, 0, 3, 0x09000000,
                                     8, 0, 33, 7, 0, 1, 2, 3, 0, 0xffff, 0xffff, 0, 0, 0, 0, 0, 0))
assert len(spcr) == 80
def iasl(suite, *arguments):
    loader = (glob.glob(suite + "/root/usr/lib/*-linux-gnu/ld-linux-*") +
              glob.glob(suite + "/root/lib/*-linux-gnu/ld-linux-*"))[0]
    libraries = loader.split("/")[-2]
    done = subprocess.run(
        [loader, "--library-path", f"{suite}/root/lib/{libraries}:{suite}/root/usr/lib/{libraries}",
         suite + "/root/usr/bin/iasl", *arguments], check=False, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout
bad = False
for suite, wanted in (("bookworm", ("", "", "")),
                      ("trixie", ("Precise Baud rate", "TRBE Interrupt", ""))):
    print(re.search("version [0-9]+", iasl(suite, "-v")[1])[0])
    for name, data, field in (("SPCR, revision 2", spcr, wanted[0]),
                              ("MADT, revision 5, 80 bytes", madt(5, 80), wanted[1]),
                              ("MADT, revision 6, 82 bytes", madt(6, 82), wanted[2])):
        open("table.aml", "wb").write(data)
        apart, _ = iasl(suite, "-p", "table", "-d", "table.aml")
        status, said = iasl(suite, "-p", "again", "table.dsl")
        missing = re.search('Found NULL field - Field name "(.*)" needed', said)
        print(f"  {name}: taken apart {apart}, compiled {status}", missing[0] if missing else "")
        bad |= apart != 0 or (status != 0) != bool(field) or (missing[1] if missing else "") != field
sys.exit(bad)
END
