#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/tf_a/build.sh TREE OUT WHOSE PRIVATES SHAREDS [VARIABLE=VALUE]... - build TF-A
# for QEMU's virt machine, to OUT/firmware.bin. TREE is its source, which is left as it
# is. WHOSE is `own`, TF-A's dispatcher, or the path of OpenSDEI's tree, whose libsdei is
# to serve it. PRIVATES and SHAREDS are the entries of the platform's map, or - and -
# for the platform as it is. Variables go to TF-A's make. With BOOT=FOLDER in the
# environment bl1.bin and bl2.bin are taken from there: they know nothing of SDEI.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tree=$1 out=$2 whose=$3 privates=$4 shareds=$5
shift 5
mkdir -p "$out"
out=$(cd "$out" && pwd)
if [ "$privates" != - ]; then
	[ -d "$out/tree" ] || cp -rl "$(readlink -f "$tree")" "$out/tree"
	tree=$out/tree
	port=$tree/plat/qemu/common
	printf '#define PRIVATES %s\n#define SHAREDS %s\n' "$privates" "$shareds" \
		> "$out/map.h"
	cmp -s "$out/map.h" "$port/map.h" || cp "$out/map.h" "$port/map.h"
	cmp -s "$here/platform.c" "$port/qemu_sdei.c" || {
		rm "$port/qemu_sdei.c"
		cp "$here/platform.c" "$port/qemu_sdei.c"
	}
fi
images="bl1 bl2 bl31"
[ -z "${BOOT:-}" ] || images=bl31
[ "$whose" = own ] || set -- "MAKEFILES=$whose/integrations/tf-a/libsdei.mk" "$@"
# TF-A's makefiles know nothing of ours: none of our variables may reach them.
env -u MAKEFLAGS -u MAKEOVERRIDES -u MAKELEVEL -u BUILD -u V -u ARM64 \
	make -C "$tree" -j 2 PLAT=qemu SDEI_SUPPORT=1 EL3_EXCEPTION_HANDLING=1 \
	QEMU_USE_GIC_DRIVER=QEMU_GICV3 PRELOADED_BL33_BASE=0x60000000 \
	CROSS_COMPILE=aarch64-linux-gnu- BUILD_BASE="$out/build" "$@" \
	$images > "$out/log" 2>&1 || { tail -n 30 "$out/log"; exit 1; }
built=$(dirname "$(ls -t "$out"/build/qemu/*/bl31.bin | head -n 1)")
boot=${BOOT:-$built}
fiptool create --tb-fw "$boot/bl2.bin" --soc-fw "$built/bl31.bin" "$out/fip.bin"
cp "$boot/bl1.bin" "$out/firmware.bin"
dd if="$out/fip.bin" of="$out/firmware.bin" bs=256K seek=1 conv=notrunc status=none
cp "$built/bl31/bl31.map" "$built/bl31/bl31.elf" "$out/"
