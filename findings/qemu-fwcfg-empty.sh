#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# QEMU takes an empty string for no string: `-fw_cfg name=N,string=` ends with "name, plus
# exactly one of file, string and gen_id, are needed". Guess: an item of no bytes, as
# `-fw_cfg name=N,file=/dev/null` makes one, and as `-append ""` or a script's empty
# variable elsewhere is a value. Seen with QEMU 7.2.22 (Debian 12) and 11.1.3 (Debian 13's
# backports), virt. So a firmware's option cannot be set to nothing by a string, and who
# passes a user's value on should say so before QEMU does.
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
import glob, subprocess, sys
bad = False
for suite in ("bookworm", "trixie-backports"):
    loader = (glob.glob(suite + "/root/usr/lib/*-linux-gnu/ld-linux-*") +
              glob.glob(suite + "/root/lib/*-linux-gnu/ld-linux-*"))[0]
    libraries = loader.split("/")[-2]
    command = ["timeout", "60", loader, "--library-path",
               f"{suite}/root/lib/{libraries}:{suite}/root/usr/lib/{libraries}",
               suite + "/root/usr/bin/qemu-system-aarch64", "-L", suite + "/root/usr/share/qemu"]
    print(subprocess.run(command + ["--version"], capture_output=True, text=True,
                         check=True).stdout.splitlines()[0])
    for value, status in (("string=", 1), ("file=/dev/null", 0), ("string=x", 0)):
        done = subprocess.run(
            command + ["-M", "virt", "-display", "none", "-nodefaults", "-monitor", "stdio",
                       "-fw_cfg", "name=opt/org.example/x," + value],
            input="quit\n", capture_output=True, text=True, check=False)
        said = done.stderr.strip().rpartition(": ")[2]
        print(f"{value}: status {done.returncode} {said}".rstrip())
        bad |= done.returncode != status
        bad |= (value == "string=") != ("exactly one of file, string" in done.stderr)
sys.exit(bad)
END
