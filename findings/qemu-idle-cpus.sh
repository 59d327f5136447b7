#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# CPUs that do nothing make an emulated Arm machine slower, and QEMU's threads cost more
# than they give while Linux starts. Guess: with thread=multi, the default, a CPU that
# waits (WFI) costs nothing, and eight of them on several cores start no slower than on
# one. Seen with QEMU 7.2.22 (Debian 12) and 11.1.3 (Debian 13's backports), virt,
# cortex-a72, 512 MiB, Debian's Linux 6.12.95, up to "Unable to mount root fs", on two
# cores with other work: with 8 CPUs thread=multi took 4.6 s of host CPU and 148,261
# voluntary context switches, thread=single 3.2 s and 4,655; in 11.1.3 5.4 s and 146,095
# against 3.4 s and 5,758. (On idle cores 4.9 s against 2.6 s, and 6.1 against 3.3.) With one
# CPU both take the same. Linux broadcasts TLB invalidations by the ten thousand while it
# patches itself, and QEMU wakes each CPU's thread for each, from WFI, too. So for tests
# that only start Linux `-accel tcg,thread=single` is the cheaper, the more so beside
# other tests.
#
# Wants apt-get, dpkg-deb, python3 and Debian's archive key; downloads 170 MB, boots four
# times for some seconds. Each QEMU runs with the libraries of its own release.
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
# lists FOLDER ARCHITECTURE SUITE...: what apt needs to know of them
lists()
{
	state=$1 arch=$2
	shift 2
	for suite in "$@"; do
		echo "deb [signed-by=$key] $mirror $suite main"
	done > sources.list
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
	: > "$state/status"
	cat > apt.conf <<-END
		APT::Architecture "$arch";
		APT::Architectures { "$arch"; };
		APT::Sandbox::User "$(id -un)";
		Acquire::Languages "none";
		Dir::State "$folder/$state";
		Dir::State::status "$folder/$state/status";
		Dir::Cache "$folder/$state/cache";
		Dir::Etc::SourceList "$folder/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
	END
	apt-get -c apt.conf -qq update
}
# qemu VERSION SUITE...: of the last suite, unpacked in the folder of its name
qemu()
{
	version=$1
	shift
	for suite in "$@"; do :; done
	lists "$suite" "$(dpkg --print-architecture)" "$@"
	apt-get -c apt.conf -qq -y -t "$suite" --no-install-recommends --download-only install \
		"qemu-system-arm=$version" >/dev/null
	for deb in "$suite"/cache/archives/*.deb; do
		dpkg-deb -x "$deb" "$suite/root"
	done
}
qemu 1:7.2+dfsg-7+deb12u18+b3 bookworm
qemu 1:11.1.3+ds-1~bpo13+1 trixie trixie-backports
lists kernel arm64 bookworm-backports
apt-get -c apt.conf -qq download linux-image-6.12.95+deb12-arm64=6.12.95-1~bpo12+1
dpkg-deb -x linux-image-*.deb kernel/root

python3 - <<'END'
import glob, os, subprocess, sys
image, = glob.glob("kernel/root/boot/vmlinuz-*")
bad = False
for suite in ("bookworm", "trixie-backports"):
    loader = (glob.glob(suite + "/root/usr/lib/*-linux-gnu/ld-linux-*") +
              glob.glob(suite + "/root/lib/*-linux-gnu/ld-linux-*"))[0]
    libraries = loader.split("/")[-2]
    command = [loader, "--library-path",
               f"{suite}/root/lib/{libraries}:{suite}/root/usr/lib/{libraries}",
               suite + "/root/usr/bin/qemu-system-aarch64", "-L", suite + "/root/usr/share/qemu"]
    print(subprocess.run(command + ["--version"], capture_output=True, text=True,
                         check=True).stdout.splitlines()[0])
    def start(cpus, thread):
        with subprocess.Popen(
                ["timeout", "300", *command, "-M", "virt", "-cpu", "cortex-a72", "-m", "512",
                 "-smp", str(cpus), "-accel", f"tcg,thread={thread}", "-display", "none",
                 "-nodefaults", "-serial", "stdio", "-no-reboot", "-kernel", image,
                 "-append", "panic=-1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL) as machine:
            said = machine.stdout.read()
            _, status, used = os.wait4(machine.pid, 0)
            machine.returncode = status
        if b"Unable to mount root fs" not in said:
            sys.exit("Linux did not come so far")
        seconds = used.ru_utime + used.ru_stime
        print(f"{cpus} CPUs, thread={thread}: {seconds:.1f} s of CPU, "
              f"{used.ru_nvcsw} voluntary context switches")
        return seconds, used.ru_nvcsw
    (one, switches), (many, more) = start(8, "single"), start(8, "multi")
    bad |= many < 1.3 * one or more < 5 * switches
sys.exit(bad)
END
