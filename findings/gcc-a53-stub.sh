#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's gcc for arm64 has bare-metal code for a Neoverse N1 linked with a Cortex-A53's
# bug in mind. Guess: with -nostdlib -ffreestanding and -mcpu=neoverse-n1 the instructions
# in the image are those that the assembler made, and a linker script of one .text holds
# just them. Seen with gcc 14.2.0 and GNU ld 2.44 (Debian 13; gcc 12.2 and ld 2.40 of Debian
# 12 alike): gcc hands ld --fix-cortex-a53-843419, by the way it was configured, for any
# -mcpu. Where an ADRP is the last or last but one word of a 4 KiB page, ld takes a load or
# store behind it out, puts a jump to a stub in its place, and the stub at the end of .text,
# in a section of its own that is rounded to 4 KiB: five instructions become seven, and 4,108
# bytes 8,208. So the cost of a path, and the fit of an image into a small ROM, depend on
# where the code happens to lie. ld by itself, or gcc with -mno-fix-cortex-a53-843419, leaves
# the code as it is. (An address within 1 MiB is cheaper: the ADRP becomes an ADR.)
#
# Wants an amd64 machine, apt-get, dpkg-deb and Debian's archive key; downloads 90 MB. gcc
# only says what it would run; ld runs with the libraries of its own release.
set -eu

for tool in apt-get dpkg-deb; do
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
echo "deb [signed-by=$key] $mirror trixie main" > sources.list
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
	gcc-14-aarch64-linux-gnu=14.2.0-19cross1 binutils-aarch64-linux-gnu=2.44-3 >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
loader=$(echo root/usr/lib/*-linux-gnu/ld-linux-x86-64.so.2)
run()
{
	tool=$1
	shift
	"$loader" --library-path "${loader%/*}" "root/usr/bin/aarch64-linux-gnu-$tool" "$@"
}
run gcc-14 --version | head -n 1
run ld --version | head -n 1

cat > code.s <<'END'
	.text
	.global	_start
_start:	.skip	0xff8		// so much other code comes before
	adrp	x0, data
	ldr	x1, [x2]
	nop
	ldr	x3, [x0, :lo12:data]
	ret
	.data
	.skip	32
data:	.quad	1
END
cat > code.ld <<'END'
SECTIONS {
	.text 0x40000000 : { *(.text) }
	.data 0x40300000 : { *(.data) }
}
END
run as -o code.o code.s
bare='-nostdlib -ffreestanding -mcpu=neoverse-n1'
# shellcheck disable=SC2086 # they are several
for options in "$bare" "$bare -mno-fix-cortex-a53-843419"; do
	fix=$(run gcc-14 $options -### code.o 2>&1 | grep -o -e '--fix-cortex[-a-z0-9]*' || :)
	echo "gcc $options: ${fix:-nothing}"
	run ld $fix --no-warn-rwx-segments -T code.ld -o image code.o
	run objdump -d --no-show-raw-insn image | grep -E '40000ff8|4000100[048]|4000101'
	run size -A image | sed -n 's/^\.text *\([0-9]*\).*/\1/p' | tee -a sizes
	run nm image | grep -c e843419 >> stubs || :
done
[ "$(xargs < sizes) $(xargs < stubs)" = '8208 4108 1 0' ] ||
	{ echo "that is another image"; exit 1; }
