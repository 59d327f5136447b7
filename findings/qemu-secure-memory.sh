#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# QEMU's pmemsave saves Secure memory as zeros, and says that it went well. Guess: it saves
# what is at a physical address, or refuses, as `xp` does. Seen with QEMU 7.2.22 (Debian 12)
# and 11.1.3 (Debian 13's backports), virt with secure=on: firmware has written a word to
# Secure RAM, 0x0e000000, and runs at EL3, its MMU off, so that its addresses are physical
# ones. `x` shows the word, and memsave saves it; `xp` says "Cannot access memory", at the
# firmware's own code, too; pmemsave answers success and leaves a file of the right length
# with nothing but zeros. These commands look with Non-secure eyes, whatever state the CPU
# is in. So a dump of EL3 firmware's memory must go through a CPU whose addresses it has.
#
# Wants apt-get, dpkg-deb, python3 and Debian's archive key; downloads 80 MB. Each QEMU
# runs with the libraries of its own release.
set -eu

for tool in apt-get dpkg-deb python3 timeout; do
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
# install VERSION SUITE...: QEMU of the last suite, unpacked in the folder of its name
install()
{
	version=$1
	shift
	for suite in "$@"; do
		echo "deb [signed-by=$key] $mirror $suite main"
	done > sources.list
	mkdir -p "$suite/lists/partial" "$suite/cache/archives/partial"
	: > "$suite/status"
	cat > apt.conf <<-END
		APT::Sandbox::User "$(id -un)";
		Acquire::Languages "none";
		Dir::State "$folder/$suite";
		Dir::State::status "$folder/$suite/status";
		Dir::Cache "$folder/$suite/cache";
		Dir::Etc::SourceList "$folder/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
	END
	apt-get -c apt.conf -qq update
	apt-get -c apt.conf -qq -y -t "$suite" --no-install-recommends --download-only install \
		"qemu-system-arm=$version" >/dev/null
	for deb in "$suite"/cache/archives/*.deb; do
		dpkg-deb -x "$deb" "$suite/root"
	done
}
install 1:7.2+dfsg-7+deb12u18+b3 bookworm
install 1:11.1.3+ds-1~bpo13+1 trixie trixie-backports

python3 - <<'END'
import glob, json, struct, subprocess, sys, time
# mov x1, #0x0e000000; mov w0, #0xbeef; movk w0, #0xdead, lsl 16; str w0, [x1]; b .
code = struct.pack("<5I", 0xD2A1C001, 0x5297DDE0, 0x72BBD5A0, 0xB9000020, 0x14000000)
open("firmware", "wb").write(code.ljust(4096, b"\0"))
SECURE, WORD = 0x0E000000, struct.pack("<I", 0xDEADBEEF)
bad = False
for suite in ("bookworm", "trixie-backports"):
    loader = (glob.glob(suite + "/root/usr/lib/*-linux-gnu/ld-linux-*") +
              glob.glob(suite + "/root/lib/*-linux-gnu/ld-linux-*"))[0]
    libraries = loader.split("/")[-2]
    with subprocess.Popen(
            ["timeout", "60", loader, "--library-path",
             f"{suite}/root/lib/{libraries}:{suite}/root/usr/lib/{libraries}",
             suite + "/root/usr/bin/qemu-system-aarch64", "-L", suite + "/root/usr/share/qemu",
             "-M", "virt,secure=on", "-cpu", "cortex-a72", "-m", "128", "-bios", "firmware",
             "-display", "none", "-nodefaults", "-qmp", "stdio"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as machine:
        def ask(command, **arguments):
            machine.stdin.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
            machine.stdin.flush()
            while True:
                answer = json.loads(machine.stdout.readline())
                if "return" in answer or "error" in answer:
                    return answer
        def monitor(line):
            return ask("human-monitor-command", **{"command-line": line})["return"].strip()
        machine.stdout.readline()
        ask("qmp_capabilities")
        print("QEMU", monitor("info version"))
        deadline = time.monotonic() + 30
        while (seen := monitor(f"x/1xw {SECURE:#x}").split()[-1]) != "0xdeadbeef":
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        physical = [monitor(f"xp/1xw {at:#x}") for at in (SECURE, 0)]
        print(f"x: {seen}; xp:", *physical)
        bad |= seen != "0xdeadbeef" or not all("Cannot access" in said for said in physical)
        for command, word in (("memsave", WORD), ("pmemsave", bytes(4))):
            answer = ask(command, val=SECURE, size=4096, filename=command)
            saved = open(command, "rb").read()
            print(f"{command}: {json.dumps(answer)}, {len(saved)} bytes,",
                  f"{saved[:4].hex()} first, {len(saved) - saved.count(0)} not zero")
            bad |= answer != {"return": {}} or saved != word.ljust(4096, b"\0")
        ask("quit")
sys.exit(bad)
END
