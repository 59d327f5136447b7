#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# rasdaemon tells a TLB's error as a cache's. Guess: the row of an Arm processor's record has
# the kinds of its errors in `error_type`, and the log has each error with its own. Seen with
# rasdaemon 0.8.4 (forky) on Linux 7.3.4 (Debian 13's backports): a record of two errors, the
# first " cache error" with the flag " first error", the second " TLB error", " overflow". The
# log says "error_types: cache", "error_flags: first" for both, and the row has " cache " and
# " first ": of all kinds (and all flags) of a record, one behind the other, the first seven
# characters are kept, and these are what each error is given. The bytes in `err_info` are
# right, so a reader should decode those.
#
# Wants apt-get, dpkg-deb, python3, cpio, gzip and Debian's archive key; downloads 140 MB,
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
# unpack NAME ARCHITECTURE SUITES PACKAGE...: with what they depend on, in the folder NAME
unpack()
{
	name=$1 suites=$3 suite=${3##* }
	mkdir -p "$name" "$name.apt/lists/partial" "$name.apt/cache/archives/partial"
	: > "$name.apt/status"
	for each in $suites; do
		echo "deb [signed-by=$key] $mirror $each main"
	done > "$name.apt/sources.list"
	cat > "$name.apt/apt.conf" <<-END
		APT::Architecture "$2";
		APT::Architectures { "$2"; };
		APT::Sandbox::User "$(id -un)";
		Acquire::Languages "none";
		Dir::State "$folder/$name.apt";
		Dir::State::status "$folder/$name.apt/status";
		Dir::Cache "$folder/$name.apt/cache";
		Dir::Etc::SourceList "$folder/$name.apt/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
	END
	shift 3
	apt-get -c "$name.apt/apt.conf" -qq update
	apt-get -c "$name.apt/apt.conf" -qq -y -t "$suite" --no-install-recommends \
		--download-only install "$@" >/dev/null
	for deb in "$name.apt"/cache/archives/*.deb; do
		dpkg-deb -x "$deb" "$name"
	done
}
unpack root "$(dpkg --print-architecture)" 'trixie trixie-backports' \
	qemu-system-arm=1:11.1.3+ds-1~bpo13+1 qemu-efi-aarch64=2025.02-8+deb13u1
unpack kernel arm64 'trixie trixie-backports' linux-binary-7.3.4+deb13-arm64=7.3.4-1~bpo13+1
unpack guest arm64 forky rasdaemon=0.8.4-2 busybox-static
rm -rf guest/usr/share guest/usr/lib/*/*perl* guest/usr/lib/*/gconv
mkdir -p guest/proc guest/sys guest/dev guest/var/lib/rasdaemon
for link in bin sbin lib; do
	ln -sfn usr/$link guest/$link
done
cat > guest/init <<'END'
#!/usr/bin/busybox sh
/usr/bin/busybox --install -s /usr/bin
export PATH=/usr/sbin:/usr/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t debugfs debug /sys/kernel/debug
rasdaemon --foreground --record > log 2>&1 &
until grep -q 'Listening to events' log; do sleep 1; done
sleep 5
echo "ready: $(uname -r)"
until grep -q 'inserted at db' log; do sleep 1; done
sleep 2
echo "log:"; grep 'error_types' log
echo "database:"; base64 var/lib/rasdaemon/ras-mc_event.db
echo "end"
poweroff -f
END
chmod 755 guest/init
(cd guest && find . | cpio -o -H newc --quiet | gzip -1) > initrd.gz

python3 - <<'END'
import base64, glob, json, re, sqlite3, struct, subprocess, sys, time, uuid
loader = glob.glob("root/usr/lib/*-linux-gnu/ld-linux-*")[0]
errors = b"".join(struct.pack("<BBHBHBQQQ", 0, 32, 2, kind, 0, flags, 0, 0, 0)
                  for kind, flags in ((2, 1), (4, 8)))  # UEFI 2.10, table N.17
section = struct.pack("<IHHIB3xQQII", 0, 2, 0, 40 + len(errors), 0, 0, 0x410FD0C1, 1, 0) + errors
entry = uuid.UUID("e19e3d16-bc11-11e4-9caa-c2051d5d46b0").bytes_le + struct.pack(
    "<IHBBI44x", 2, 0x300, 0, 0, len(section)) + section
block = struct.pack("<IIIII", 2, 0, 0, len(entry), 2) + entry   # corrected
open("console", "w").close()
with subprocess.Popen(
        ["timeout", "240", loader, "--library-path", loader.rsplit("/", 1)[0],
         "root/usr/bin/qemu-system-aarch64", "-L", "root/usr/share/qemu", "-M", "virt,ras=on",
         "-cpu", "cortex-a57", "-m", "1024", "-display", "none", "-nodefaults", "-no-reboot",
         "-bios", "root/usr/share/qemu-efi-aarch64/QEMU_EFI.fd", "-initrd", "initrd.gz",
         "-kernel", glob.glob("kernel/usr/lib/modules/*/vmlinuz")[0], "-append",
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
log = re.findall("log:\n(.*)database:", console(), re.S)[0]
print(log.rstrip())
open("rows", "wb").write(base64.b64decode(
    re.findall("database:\n(.*)end\n", console(), re.S)[0]))
rows = sqlite3.connect("rows").execute(
    "SELECT error_type, error_flags, err_info FROM arm_event").fetchall()
for kind, flags, info in rows:
    print(f"row: error_type {kind!r}, error_flags {flags!r}; err_info has the types",
          *(info[at + 4] for at in range(0, len(info), 32)))
sys.exit(rows != [(" cache ", " first ", errors)] or "TLB" in log
         or len(re.findall("error_types: cache ", log)) != 2)
END
