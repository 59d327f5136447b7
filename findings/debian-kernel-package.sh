#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The package of Debian's arm64 kernel holds no kernel. Guess: linux-image-VERSION has
# boot/vmlinuz-VERSION and lib/modules/VERSION, as it had for decades. Seen with
# 7.3.4-1~bpo13+1 (Debian 13's backports): three links and a lintian file, 1,892 bytes.
# The kernel is usr/lib/modules/VERSION/vmlinuz of linux-binary-VERSION; the modules are
# those of linux-modules-VERSION, the configuration that of linux-base-VERSION. Whoever
# unpacks the image package for a virtual machine gets nothing to start, and no error.
#
# Wants apt-get (2.6 or later), dpkg-deb and Debian's archive key; 2 KB and lists.
set -eu

for tool in apt-get apt-cache dpkg-deb; do
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
mkdir -p lists/partial cache/archives/partial
: > status
echo "deb [signed-by=$key] $mirror trixie-backports main" > sources.list
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
image=$(apt-cache -c apt.conf depends linux-image-arm64 |
	sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
apt-get -c apt.conf -qq download "$image"
dpkg-deb -c ./*.deb > contents
echo "$(ls ./*.deb): $(grep -vc '/$' contents) files, $(cat ./*.deb | wc -c) bytes"
! grep -E 'vmlinuz|\.ko' contents || { echo "it has a kernel after all"; exit 1; }
dpkg-deb -f ./*.deb Depends | tr ',' '\n' | grep -E 'linux-(base|binary|modules)-' ||
	{ echo "it is not split any more"; exit 1; }
