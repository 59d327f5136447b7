#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's kernels take firmware-first errors (ACPI_APEI_GHES=y) and have EDAC and RAS,
# but a corrected memory error that firmware reports reaches neither EDAC's counters nor
# the ras:mc_event tracepoint, so rasdaemon has no row for it: EDAC_GHES, the driver between
# the two, is left out, on arm64 and on amd64 alike. Guess: whoever turns on all three
# has the link between them, too; rasdaemon's table mc_event fills as on other
# distributions. Seen with 6.12.117 (Debian 13) and 7.3.4 (its backports).
#
# And none of them can inject CXL errors by debugfs (cxl/einj_inject), though 7.3.4 has
# ACPI_APEI_EINJ and CXL_BUS: ACPI_APEI_EINJ_CXL wants EINJ to be built in if CXL_BUS is,
# and it is a module. arm64 has no driver for AGDI (ACPI_AGDI), Arm's table for "dump
# now" by SDEI, either.
#
# Wants apt-get, dpkg-deb, xzcat and Debian's archive key; downloads 15 MB.
set -eu

for tool in apt-get dpkg-deb xzcat; do
	command -v $tool >/dev/null || { echo "this needs $tool"; exit 1; }
done
key=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r $key ] || { echo "this needs debian-archive-keyring"; exit 1; }
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
	sed -n 's|^[^#]*\(https\{0,1\}://[^ ]*/debian\)/* *.*|\1|p;s|^URIs: *\(https\{0,1\}://[^ ]*/debian\)/*$|\1|p' |
	head -n 1)
[ -n "$mirror" ] || { echo "this needs a Debian mirror in /etc/apt"; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p lists/partial cache/archives/partial
: > status
for suite in trixie trixie-backports; do
	echo "deb [signed-by=$key] $mirror $suite main"
done > sources.list
cat > apt.conf <<END
APT::Sandbox::User "$(id -un)";
#clear APT::Architectures;
APT::Architectures { "amd64"; "arm64"; };
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

fails=0
# expect SERIES CONFIGURATION LINE
expect()
{
	if xzcat "$2/usr/src/linux-config-$1/config.${2}_none_$2.xz" | grep -qx "$3"; then
		echo "Linux $1, $2: $3"
	else
		echo "Linux $1, $2: not: $3"
		fails=1
	fi
}

for package in linux-config-6.12=6.12.117-1 linux-config-7.3=7.3.4-1~bpo13+1; do
	series=${package#linux-config-}
	series=${series%%=*}
	for arch in amd64 arm64; do
		apt-get -c apt.conf -qq download "${package%=*}:$arch=${package#*=}"
		dpkg-deb -x "linux-config-${series}_"*"_$arch.deb" $arch
		expect $series $arch CONFIG_ACPI_APEI_GHES=y
		expect $series $arch CONFIG_EDAC=y
		expect $series $arch CONFIG_RAS=y
		expect $series $arch '# CONFIG_EDAC_GHES is not set'
	done
	expect $series arm64 '# CONFIG_ACPI_AGDI is not set'
done
expect 7.3 arm64 CONFIG_ACPI_APEI_EINJ=m
expect 7.3 arm64 CONFIG_CXL_BUS=y
! xzcat arm64/usr/src/linux-config-7.3/config.arm64_none_arm64.xz |
	grep ACPI_APEI_EINJ_CXL=y || fails=1
exit $fails
