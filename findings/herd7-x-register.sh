#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# herd7 runs an AArch64 litmus test with 64-bit registers and judges it with 32 bits of
# them. Guess: `exists (0:X0=0)` asks for the register of which the program has just seen,
# by `CBZ X0`, that it is not zero. Seen with herd7 7.58 (forky): X0 is 0x100000000, the
# branch for zero is not taken, and "0:X0=0 /\ 0:X2=1" is "Always". The same for a location:
# what STR X0 has put there, and LDR X3 has got back whole, "is" 0. A register or location
# that has no type in the first lines is an `int`, and a condition is about that much of it,
# whatever the X says; so a test about a value's upper half (an affinity, a flag above bit
# 31, an address) holds, or does not, for another reason. `uint64_t 0:X0=...;` says it all.
#
# And a test that it cannot read (an SMC; a file that is not there) is a line on stderr,
# "Warning", and exit status 0, with `-exit true` 1: a suite that lost tests goes well.
#
# Wants apt-get, dpkg-deb and Debian's archive key; downloads 20 MB. herd7 runs with the
# libraries of its own release.
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
	herdtools7=7.58-2 >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
for loader in root/usr/lib/*-linux-gnu/ld-linux-*; do
	[ ! -x "$loader" ] || break
done
herd()
{
	timeout 60 "$loader" --library-path "${loader%/*}" root/usr/bin/herd7 \
		-set-libdir root/usr/share/herdtools7/herd "$@"
}
echo "herd7 $(herd -version)"

fails=0
# expect OBSERVATION TYPES CONDITION, of a program that looks at its own values
expect()
{
	cat > wide.litmus <<-END
		AArch64 wide
		{ 0:X1=x; $2 }
		 P0           ;
		 STR X0,[X1]  ;
		 LDR X3,[X1]  ;
		 CBZ X0,zero  ;
		 CBZ X3,zero  ;
		 MOV W2,#1    ;
		 zero:        ;
		exists ($3)
	END
	is=$(herd wide.litmus 2>&1 | sed -n 's/^Observation wide \([A-Z][a-z]*\) .*/\1/p')
	echo "{ $2 } exists ($3): ${is:-no answer}"
	[ "$is" = "$1" ] || fails=1
}

wide='0:X0=0x100000000;'
expect Always "$wide" '0:X2=1'
expect Always "$wide" '0:X0=0 /\ 0:X2=1'
expect Always "$wide" '0:X3=0 /\ 0:X2=1'
expect Always "$wide" 'x=0 /\ 0:X2=1'
expect Always "$wide" '0:X0=0x100000000'
expect Never "uint64_t $wide uint64_t 0:X3; uint64_t x;" '0:X0=0 \/ 0:X3=0 \/ x=0'
expect Always "uint64_t $wide uint64_t 0:X3; uint64_t x;" \
	'0:X0=0x100000000 /\ 0:X3=0x100000000 /\ x=0x100000000'

printf 'AArch64 call\n{ }\n P0     ;\n SMC #0 ;\nexists (0:X0=0)\n' > call.litmus
for test in call.litmus nowhere.litmus; do
	status=0
	herd $test > said 2>&1 || status=$?
	echo "$test: $status, $(cat said)"
	[ $status = 0 ] || fails=1
	! herd -exit true $test > said 2>&1 || fails=1
done
exit $fails
