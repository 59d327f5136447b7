#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Next to the free page that Linux has just put out of use, memory is the first to be
# handed out. Guess: an error in free memory, far from anything in use, stays far: what
# lies beside it is as unlikely to be used as any other free page, and a test may report
# a second error there. Seen with 6.12.95-1~bpo12+1 (Debian 12's backports, arm64, 256
# MiB): of 45 wholly free blocks of 4 MiB, sixteen new processes touch none. Then one
# page in the middle of one of them is taken offline, by the documented sysfs file, which
# splits its block; the pieces lead the lists of free memory. After sixteen more
# processes the 15 pages that follow the bad one are all in use, and 84 of its block; of
# the other 44 blocks none is touched (in another run 86, and one). So an error "in free
# memory" a few pages further kills a process.
#
# Wants qemu-system-aarch64 (any; 7.2.22 here), apt-get, dpkg-deb, cpio, gzip and
# Debian's archive key; downloads 80 MB, boots for up to some minutes.
set -eu

for tool in qemu-system-aarch64 apt-get dpkg-deb cpio gzip timeout; do
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
mkdir -p lists/partial cache/archives/partial root initrd/bin initrd/proc initrd/sys
: > status
for suite in bookworm bookworm-backports; do
	echo "deb [signed-by=$key] $mirror $suite main"
done > sources.list
cat > apt.conf <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Dir::State "$folder";
Dir::State::status "$folder/status";
Dir::Cache "$folder/cache";
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "/dev/null";
END
apt-get -c apt.conf -qq update
apt-get -c apt.conf -qq download \
	linux-image-6.12.95+deb12-arm64=6.12.95-1~bpo12+1 \
	busybox-static=1:1.35.0-4+deb12u1+b1
for deb in ./*.deb; do
	dpkg-deb -x "$deb" root
done
cp root/bin/busybox initrd/bin/
cat > initrd/init <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
ram=262144	# page number of 1 GiB, where the machine's 64 Ki pages begin

# flags FIRST COUNT: of pages, a hexadecimal number a line, 400 being "free".
flags()
{
	dd if=/proc/kpageflags bs=8192 skip=$(($1 / 1024)) count=$(($2 / 1024)) \
		2>/dev/null | od -An -v -w8 -t x8 | sed 's/^ *0*//'
}

# The first page of each 4 MiB of which every page is free.
blocks()
{
	flags $ram 65536 | awk -v ram=$ram '
		$1 == "400" { free++ }
		NR % 1024 == 0 { if (free == 1024) print ram + NR - 1024; free = 0 }'
}

sixteen()
{
	for process in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		sleep 10000 &
	done
	sleep 2
}

echo "seen blocks-at-first $(blocks | wc -l)"
sixteen
blocks > free
free=$(wc -l < free)
echo "seen blocks-with-sixteen $free"
block=$(sed -n "$((free / 2))p" free)
printf '0x%x' $(((block + 512) * 4096)) > /sys/devices/system/memory/hard_offline_page
flags $block 1024 > after
echo "seen poisoned $(sed -n 513p after)"
echo "seen free-beside $(grep -c '^400$' after)"
sixteen
flags $block 1024 > after
echo "seen used-beside $(grep -cv -e '^400$' -e '^80000$' after)"
echo "seen used-of-next-15 $(sed -n '514,528{/^400$/!p}' after | wc -l)"
echo "seen blocks-with-more $(blocks | wc -l)"
poweroff -f
END
chmod 755 initrd/init
(cd initrd && find . | cpio -o -H newc --quiet | gzip -1) > initrd.gz
qemu-system-aarch64 --version | head -n 1
timeout 600 qemu-system-aarch64 -M virt -cpu cortex-a57 -m 256 -display none \
	-nodefaults -serial stdio -no-reboot -kernel root/boot/vmlinuz-* \
	-initrd initrd.gz -append "console=ttyAMA0 quiet" < /dev/null > console ||
	{ cat console; exit 1; }
tr -d '\r' < console | grep -E '^seen|Memory failure' || { cat console; exit 1; }
seen()
{
	tr -d '\r' < console | sed -n "s/^seen $1 //p"
}

# Looking takes processes, and these take the first few.
[ "$(seen poisoned)" = 80000 ] && [ "$(seen free-beside)" -ge 960 ] ||
	{ echo "it is not one page of a free block that went"; exit 1; }
before=$(($(seen blocks-at-first) - $(seen blocks-with-sixteen)))
after=$(($(seen blocks-with-sixteen) - 1 - $(seen blocks-with-more)))
[ "$before" -le 2 ] && [ "$after" -le 3 ] ||
	{ echo "new processes take whole blocks, too"; exit 1; }
[ "$(seen used-beside)" -ge 16 ] && [ "$(seen used-of-next-15)" -ge 8 ] ||
	{ echo "the bad page's neighbours stay free"; exit 1; }
