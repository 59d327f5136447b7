#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# QEMU's virt machine has the same device tree with a GICv3 and with a GICv4, byte for
# byte, but the redistributors lie elsewhere. Guess: the tree tells, by `compatible`,
# `redistributor-stride` or the region's size; and `gic-version=max` is the same GIC
# whatever else the machine is given. Seen with QEMU 7.2.22 (Debian 12) and 11.1.3 (Debian
# 13's backports): with four CPUs both trees say arm,gic-v3 and 0xf60000 bytes, no stride;
# a GICv3's redistributor is 128 KiB, a GICv4's 256 KiB, and only GICR_TYPER.VLPIS says so.
# `max` is 4 with virtualization=on and 3 without. A GICv4's first region holds 61
# redistributors, so with 62 CPUs the one of CPU 60 has GICR_TYPER.Last: that is the last
# of a region, not of the machine.
#
# Wants apt-get, dpkg-deb, python3 and Debian's archive key; downloads 40 MB. The machine
# is never started (-S); its registers are read by QEMU's own test protocol.
set -eu

for tool in apt-get dpkg-deb python3 cmp timeout; do
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
echo "deb [signed-by=$key] $mirror bookworm main" > sources.list
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
	qemu-system-arm=1:7.2+dfsg-7+deb12u18+b3 >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
cat > qemu <<END
#!/bin/sh
set -- -cpu cortex-a57 -m 128 -S -display none -nodefaults "\$@"
for loader in $folder/root/lib/*-linux-gnu/ld-linux-* \\
	$folder/root/usr/lib/*-linux-gnu/ld-linux-*; do
	[ ! -x "\$loader" ] || break
done
libraries=\$(basename "\${loader%/*}")
exec timeout 120 "\$loader" --library-path \\
	"$folder/root/lib/\$libraries:$folder/root/usr/lib/\$libraries" \\
	$folder/root/usr/bin/qemu-system-aarch64 -L $folder/root/usr/share/qemu "\$@"
END
chmod 755 qemu
./qemu --version | head -n 1

for version in 3 4; do
	./qemu -smp 4 -M virt,virtualization=on,gic-version=$version \
		-M dtb-randomness=off,dumpdtb=tree$version 2>/dev/null
done
cmp tree3 tree4 || { echo "the trees differ"; exit 1; }
echo "$(wc -c < tree3) bytes of device tree for 4 CPUs, the same for GICv3 and GICv4"

python3 - <<'END'
import subprocess, sys
def walk(options, cpus):
    """(distance of the first two, CPUs that have Last) by GICR_TYPER."""
    with subprocess.Popen(
            ["./qemu", "-M", "virt," + options, "-smp", str(cpus), "-qtest", "stdio",
             "-qtest-log", "/dev/null"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True) as qemu:
        def typer(frame):
            qemu.stdin.write(f"readq {frame + 8:#x}\n")
            qemu.stdin.flush()
            return int(qemu.stdout.readline().split()[1], 16)
        last, seen = [], 0
        for frame in (0x080A0000, 0x4000000000):	# the regions that the tree names
            while seen < cpus:
                value = typer(frame)
                stride = 0x40000 if value & 2 else 0x20000	# VLPIS: GICv4's two frames more
                seen += 1
                frame += stride
                if value & 0x10:	# Last
                    last.append(value >> 8 & 0xFFFF)
                    break
        qemu.kill()
    return stride >> 10, last
bad = False
for options, cpus, guess in (
        ("virtualization=on,gic-version=3", 4, (128, [3])),
        ("virtualization=on,gic-version=4", 4, (256, [3])),
        ("virtualization=off,gic-version=max", 4, (128, [3])),
        ("virtualization=on,gic-version=max", 4, (256, [3])),
        ("virtualization=on,gic-version=3", 62, (128, [61])),
        ("virtualization=on,gic-version=4", 62, (256, [60, 61]))):
    found = walk(options, cpus)
    print(f"{options}, {cpus} CPUs: {found[0]} KiB apart, Last at CPU",
          *found[1], flush=True)
    bad |= found != guess
sys.exit(bad)
END
