#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# QEMU's QMP command inject-ghes-v2-error answers success when nobody can ever read the
# record. Guess: without `ras=on` there is no error source and the command fails; or it
# fails until firmware has told QEMU where it put the status blocks. Seen with QEMU
# 11.1.3 (Debian 13's backports) on a machine that has not executed one instruction, with
# and without ras=on: {"return": {}} each time. A test that trusts the answer proves
# nothing.
#
# Wants apt-get, dpkg-deb, python3 and Debian's archive key; downloads 40 MB. The QEMU
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
mkdir -p lists/partial cache/archives/partial root
: > status
for suite in trixie trixie-backports; do
	echo "deb [signed-by=$key] $mirror $suite main"
done > sources.list
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
apt-get -c apt.conf -qq -y -t trixie-backports --no-install-recommends \
	--download-only install qemu-system-arm >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
python3 - <<'END'
import base64, glob, json, subprocess, sys
loader = glob.glob("root/usr/lib/*-linux-gnu/ld-linux-*")[0]
qemu = [loader, "--library-path", loader.rsplit("/", 1)[0],
        "root/usr/bin/qemu-system-aarch64", "-L", "root/usr/share/qemu"]
print(subprocess.run([*qemu, "--version"], check=True, text=True,
                     stdout=subprocess.PIPE).stdout.splitlines()[0])
open("firmware", "wb").write(bytes(4096))
# A Generic Error Status Block without an entry: ACPI 6.5, 18.3.2.7.1.
record = base64.b64encode(bytes(20)).decode()
bad = False
for ras in ("on", "off"):
    with subprocess.Popen(
            ["timeout", "60", *qemu, "-M", f"virt,secure=on,ras={ras}", "-cpu",
             "cortex-a57", "-S", "-display", "none", "-nodefaults", "-bios",
             "firmware", "-qmp", "stdio"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE) as machine:
        def ask(command, **arguments):
            machine.stdin.write(json.dumps({"execute": command,
                                            "arguments": arguments}) + "\n")
            machine.stdin.flush()
            while True:
                answer = json.loads(machine.stdout.readline())
                if "return" in answer or "error" in answer:
                    return answer
        machine.stdout.readline()
        ask("qmp_capabilities")
        answer = ask("inject-ghes-v2-error", cper=record)
        machine.kill()
    print(f"ras={ras}, nothing executed: {json.dumps(answer)}")
    bad |= "return" not in answer
sys.exit(bad)
END
