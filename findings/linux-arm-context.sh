#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Linux tells of a processor's registers in an error record as if they were the vendor's own
# information. Guess: the trace event ras:arm_event has the record's context information in
# its field "Context Info" (from there rasdaemon stores it), and behind that what is the
# vendor's. Seen with 7.3.4 (Debian 13's backports; 6.12.95 alike): of a context of 264
# bytes, a header of 8 that says "256 bytes of general registers" and the registers, the
# event's context is the header alone, 8 bytes; its vendor's information begins with X0 to
# SP, 256 bytes, and then come the vendor's 8. So every record with a context has a vendor's
# part, also where the vendor put none, and who reads the context finds no register.
#
# And the count is one more: the record's "multiple error" field is 2, by UEFI two errors
# (0 is one, 1 is several, from 2 on it is the number), and the log says "num errors: 3".
#
# Wants apt-get, dpkg-deb, python3, cpio, gzip and Debian's archive key; downloads 120 MB,
# boots for up to some minutes. The record comes from QEMU's own injector (ras=on).
set -eu

for tool in apt-get dpkg-deb python3 cpio gzip timeout; do
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
mkdir -p lists/partial cache/archives/partial root guest initrd/bin initrd/proc initrd/sys
: > status
for suite in trixie trixie-backports; do
	echo "deb [signed-by=$key] $mirror $suite main"
done > sources.list
cat > apt.conf <<END
APT::Sandbox::User "$(id -un)";
#clear APT::Architectures;
APT::Architectures { "$(dpkg --print-architecture)"; "arm64"; };
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
apt-get -c apt.conf -qq -y -t trixie-backports --no-install-recommends --download-only \
	install qemu-system-arm=1:11.1.3+ds-1~bpo13+1 qemu-efi-aarch64=2025.02-8+deb13u1 >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
apt-get -c apt.conf -qq download busybox-static:arm64=1:1.37.0-6+b9 \
	linux-binary-7.3.4+deb13-arm64:arm64=7.3.4-1~bpo13+1
for deb in ./*.deb; do
	dpkg-deb -x "$deb" guest
done
cp guest/usr/bin/busybox initrd/bin/
cat > initrd/init <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tracefs tracefs /sys/kernel/tracing
cd /sys/kernel/tracing
echo 1 > events/ras/arm_event/enable
echo "ready: $(uname -r)"
head -n 1 trace_pipe
sleep 1
dmesg | grep 'num errors'
echo done
poweroff -f
END
chmod 755 initrd/init
(cd initrd && find . | cpio -o -H newc --quiet | gzip -1) > initrd.gz

python3 - <<'END'
import base64, glob, json, re, struct, subprocess, sys, time, uuid
loader = glob.glob("root/usr/lib/*-linux-gnu/ld-linux-*")[0]
registers = struct.pack("<32Q", *range(0x1000, 0x1020))     # X0 to X30, SP
context = struct.pack("<HHI", 0, 4, len(registers)) + registers     # UEFI 2.10, N.2.4.4.2
error = struct.pack("<BBHBHBQQQ", 0, 32, 1, 2, 2, 0, 0, 0, 0)       # a cache's, twice
vendor = b"vendor's"
section = struct.pack("<IHHIB3xQQII", 0, 1, 1, 40 + len(error + context + vendor), 0,
                      0, 0x410FD0C1, 1, 0) + error + context + vendor
entry = uuid.UUID("e19e3d16-bc11-11e4-9caa-c2051d5d46b0").bytes_le + struct.pack(
    "<IHBBI44x", 2, 0x300, 0, 0, len(section)) + section
block = struct.pack("<IIIII", 2, 0, 0, len(entry), 2) + entry       # corrected
open("console", "w").close()
with subprocess.Popen(
        ["timeout", "240", loader, "--library-path", loader.rsplit("/", 1)[0],
         "root/usr/bin/qemu-system-aarch64", "-L", "root/usr/share/qemu", "-M", "virt,ras=on",
         "-cpu", "cortex-a57", "-m", "512", "-display", "none", "-nodefaults", "-no-reboot",
         "-bios", "root/usr/share/qemu-efi-aarch64/QEMU_EFI.fd", "-initrd", "initrd.gz",
         "-kernel", glob.glob("guest/usr/lib/modules/*/vmlinuz")[0], "-append",
         "console=ttyAMA0 quiet", "-serial", "file:console", "-qmp", "stdio"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as machine:
    def console():
        return open("console", errors="replace").read().replace("\r", "")
    def ask(command, **arguments):
        machine.stdin.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        machine.stdin.flush()
    ask("qmp_capabilities")
    while "ready:" not in console() and machine.poll() is None:
        time.sleep(0.5)
    ask("inject-ghes-v2-error", cper=base64.b64encode(block).decode())
    machine.stdout.read()       # until it has powered itself off
print("Linux", *re.findall("ready: (.*)", console()))
seen = {}
for name in ("Context", "Vendor Specific"):
    found = re.search(f"{name}(?: Err)? Info raw data: ([0-9a-f ]+)", console())
    seen[name] = bytes.fromhex(found[1]) if found else b""
    print(f"{name} information: {len(seen[name])} bytes, {seen[name][:8].hex(' ')} ...",
          seen[name][-8:])
count = re.findall("num errors: ([0-9]+)", console())
print("num errors:", *count)
sys.exit(seen["Context"] != context[:8] or seen["Vendor Specific"] != registers + vendor
         or count != ["3"])
END
