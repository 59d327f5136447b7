#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# What firmware reads from QEMU's fw_cfg as "the kernel" need not be the file that was
# given with -kernel. Guess: QEMU hands a firmware the file as it is, and a compressed
# kernel is the firmware's to unpack. Seen with QEMU 7.2.22 (Debian 12) and 11.1.3: on an
# arm64 machine a file that is gzip is unpacked on the way, and its size is that of what
# was in it. Only gzip: xz and zstd come as they are.
#
# Wants qemu-system-aarch64, gzip and xz. The machine is never started (-S); it is asked
# for what it holds: fw_cfg's kernel size, key 0x08, by the register interface.
set -eu

for tool in qemu-system-aarch64 gzip xz python3; do
	command -v $tool >/dev/null || { echo "this needs $tool"; exit 1; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
head -c 100000 /dev/zero > "$folder/plain"
gzip -c "$folder/plain" > "$folder/gzip"
xz -c "$folder/plain" > "$folder/xz"
head -c 4096 /dev/zero > "$folder/firmware"
qemu-system-aarch64 --version | head -n 1
python3 - "$folder" <<'END'
import os, subprocess, sys
folder = sys.argv[1]
def size(kernel):
    """By qtest: select key 8 (big-endian) and read four bytes of data."""
    path = os.path.join(folder, kernel)
    with subprocess.Popen(
            ["timeout", "60", "qemu-system-aarch64", "-M", "virt", "-cpu",
             "cortex-a57", "-S", "-qtest", "stdio", "-qtest-log", "/dev/null", "-display", "none",
             "-nodefaults", "-bios", folder + "/firmware", "-kernel", path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            ) as qemu:
        def ask(line):
            qemu.stdin.write(line + "\n")
            qemu.stdin.flush()
            return qemu.stdout.readline().split()
        ask("writew 0x09020008 0x0800")
        got = bytes(int(ask("readb 0x09020000")[1], 16) for _ in range(4))
        qemu.kill()
    return int.from_bytes(got, "little")
bad = False
for kernel in ("plain", "gzip", "xz"):
    file, seen = os.path.getsize(os.path.join(folder, kernel)), size(kernel)
    print(f"{kernel}: a file of {file} bytes, {seen} for the firmware")
    bad |= seen != (file if kernel == "xz" else 100000)
sys.exit(bad)
END
