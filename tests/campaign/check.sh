#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/campaign/check.sh FOLDER WHAT - in a fresh Debian, as root, install WHAT (slurm,
# lava, browser: inside-WHAT.sh) and have it do the small campaign with the sdei that was
# built. FOLDER/SUITE is made by debootstrap unless it is there. `make campaign-WHAT`
# calls this; docs/campaign.md has what it printed.
set -eu

folder=$1
what=$2
suite=${SUITE:-bookworm}
mirror=${MIRROR:-http://deb.debian.org/debian}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "${BUILD:-$root/build}" && pwd)

die()
{
	echo "campaign: $*" >&2
	exit 1
}

# A step whose output is wanted only if it fails.
quietly()
{
	log=$1
	shift
	"$@" > "$log" 2>&1 || { tail -n 40 "$log" >&2; die "failed: $* ($log)"; }
}

[ "$(id -u)" = 0 ] || die "debootstrap and chroot want root"
command -v debootstrap > /dev/null || die "there is no debootstrap: apt-get install it"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
system=$folder/$suite
if [ ! -e "$system/etc/debian_version" ]; then
	echo "campaign: $suite: debootstrap"
	quietly "$folder/$suite.log" debootstrap --variant=minbase \
		--include=ca-certificates "$suite" "$system" "$mirror"
fi
cp /etc/resolv.conf "$system/etc/resolv.conf"

# What the campaign needs: sdei as it is installed, kernel, file system.
rm -rf "$system/campaign"
mkdir -p "$system/campaign/files"
quietly "$folder/install.log" make -C "$root" BUILD="$build" NODOC=1 \
	PARTS="tools firmware" PREFIX=/usr DESTDIR="$system" install
cp -L "${ARM64:-$root/build/arm64}/vmlinuz" "$build/initrd.cpio.gz" \
	"$system/campaign/files"
cp "$root/examples/campaign/small.yaml" "$here/inside-$what".* "$here/packages.sh" \
	"$system/campaign"
quietly "$folder/packages-$what.log" chroot "$system" /campaign/packages.sh "$what"

# A machine of its own as far as processes, names, network and terminals go.
exec unshare --mount --pid --fork --uts --net chroot "$system" sh -euc '
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts
	ln -sf pts/ptmx /dev/ptmx
	mount -t tmpfs -o mode=1777 tmpfs /dev/shm 2>/dev/null || :
	ip link set lo up
	# A machine that has no address but 127.0.0.1 resolves none (AI_ADDRCONFIG).
	ip address add 10.0.0.1/32 dev lo
	hostname node
	echo 127.0.0.1 localhost > /etc/hosts
	echo 10.0.0.1 node >> /etc/hosts
	export ARM64=/campaign/files BUILD=/campaign/files LC_ALL=C.UTF-8
	cd /campaign
	exec sh -eu ./inside-'"$what"'.sh'
