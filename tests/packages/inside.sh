#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/packages/inside.sh - in a fresh Debian, as root, in the folder with the packages:
# installs them, builds strangers' projects with them by make, CMake and Meson, runs
# what came of it, and takes them away again.
set -eux

cd "$(dirname "$0")"
export DEBIAN_FRONTEND=noninteractive
export LC_ALL=C.UTF-8
arch=$(dpkg --print-architecture)
cross=
[ "$arch" = arm64 ] || cross="gcc-aarch64-linux-gnu libc6-dev-arm64-cross"

apt-get update -q
rm -f ./*-dbgsym_*.deb
apt-get install -y -q --no-install-recommends ./*.deb gcc libc6-dev make pkg-config \
	cmake ninja-build meson qemu-system-arm $cross
version=$(dpkg-query -W -f '${Version}' libsdei-dev)
packages='libsdei-dev libsdei-kvm-dev libsdei-ras-native-dev opensdei-firmware
	opensdei-tools'

for name in libsdei libsdei-fdt libsdei-ras libsdei-kvm libsdei-ras-native; do
	[ "$(pkg-config --modversion $name)" = "$version" ]
done

rm -rf built
mkdir built
make -C bare
make -C native
cp bare/bare.elf built/make.elf
cp native/native built/make
for name in bare native; do
	toolchain=
	file=
	if [ $name = bare ]; then
		toolchain=-DCMAKE_TOOLCHAIN_FILE=$PWD/bare/cross.cmake
		file="--cross-file $PWD/bare/cross.meson"
	fi
	cmake -G Ninja -S $name -B built/cmake-$name $toolchain
	ninja -C built/cmake-$name
	meson setup built/meson-$name $name $file
	ninja -C built/meson-$name
done

# DEN0054C 5.1.1: version 1.1; bare/main.c has 0x51 for its vendor's part.
for elf in built/make.elf built/cmake-bare/bare.elf built/meson-bare/bare.elf; do
	timeout 100 qemu-system-aarch64 -M virt -cpu max -nographic -nic none \
		-kernel $elf > said
	grep -q '^dispatcher 0001000100000051' said
done
for program in built/make built/cmake-native/native built/meson-native/native; do
	$program > said
	grep -q '^physical_address 0x12345000$' said
done
# A VMM is linked; it runs on an arm64 host.
echo '#include <sdei/kvm.h>
int main(int count, char **words)
{
	return count > 1 && sdei_kvm_create((void *)words, 0);
}' > vmm.c
aarch64-linux-gnu-gcc -Wall -Werror $(pkg-config --cflags libsdei-kvm) vmm.c \
	$(pkg-config --libs libsdei-kvm) -o built/vmm

[ "$(sdei --version)" = "sdei (OpenSDEI) $version" ]
# By its name alone: the tool finds the firmware and the payload that were installed.
timeout 300 sdei conformance > said
tail -n 5 said
for page in sdei sdei-run sdei-inject sdei-status sdei-trace sdei-explain sdei-doctor \
	sdei-list sdei-stop sdei-conformance sdei-decode sdei-bench sdei-campaign; do
	dpkg -L opensdei-tools | grep -q "/man1/$page.1.gz$"
done

dpkg -L opensdei-tools | grep -q /bash-completion/completions/sdei$

dpkg -L $packages | sort -u > had
apt-get purge -y -q $packages
grep -E 'opensdei|sdei' had | while read -r path; do
	[ ! -e "$path" ]
done
echo "packages: installed, used and removed on Debian $(cat /etc/debian_version)"
