#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/packages/check.sh FOLDER SUITE... - build Debian packages from this tree, have
# lintian judge them, install them in a fresh system of each Debian release, and use
# them there (inside.sh). As root, in FOLDER; FOLDER/SUITE is made by debootstrap
# unless it is there. `make packages-check` calls this.
set -eu

folder=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mirror=${MIRROR:-http://deb.debian.org/debian}

say()
{
	echo "packages: $*"
}

die()
{
	echo "packages: $*" >&2
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
for program in dpkg-buildpackage dh lintian debootstrap help2man; do
	command -v $program > /dev/null || die "there is no $program; ./run make" \
		"packages-check installs what is missing"
done
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# A copy of what git knows: what a release has, and nothing that was built.
rm -rf "$folder/source" "$folder/debs"
mkdir -p "$folder/source/opensdei" "$folder/debs"
git -C "$root" ls-files -z --cached --others --exclude-standard |
	tar -C "$root" --null -cT - | tar -x -C "$folder/source/opensdei"
say "dpkg-buildpackage"
(cd "$folder/source/opensdei" &&
	quietly "$folder/build.log" env OPENSDEI_FETCH=1 dpkg-buildpackage -us -uc -b)
mv "$folder"/source/*.deb "$folder/debs"
say "lintian"
lintian --allow-root --fail-on error "$folder"/debs/*.deb > "$folder/lintian.log" ||
	{ cat "$folder/lintian.log" >&2; die "lintian found errors"; }

for suite; do
	system=$folder/$suite
	if [ ! -e "$system/etc/debian_version" ]; then
		say "$suite: debootstrap"
		quietly "$folder/$suite.log" debootstrap --variant=minbase \
			"$suite" "$system" "$mirror"
	fi
	rm -rf "$system/packages"
	mkdir "$system/packages"
	cp -r "$here/bare" "$here/native" "$here/inside.sh" "$folder"/debs/*.deb \
		"$system/packages"
	cp /etc/resolv.conf "$system/etc/resolv.conf"
	say "$suite: install and use"
	quietly "$folder/$suite-use.log" unshare --mount sh -euc \
		"mount -t proc proc '$system/proc'
		chroot '$system' /packages/inside.sh"
	tail -n 1 "$folder/$suite-use.log"
done
