#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's package of Perfetto records traces, and nothing of it reads one. Guess: with
# perfetto installed a trace can be asked by SQL (trace_processor) or turned into another
# format (traceconv), which is what its documentation begins with; the viewer may be
# missing. Seen with perfetto 56.0-1 (Debian forky): it has perfetto, traced and
# traced_probes, and a library with neither the SQL engine's tables nor its functions; no
# other package of the suite has them. Debian 12 and 13 have no perfetto at all. So a test
# of a written trace needs a reader of its own, by the format's public definition.
#
# Wants apt-get, dpkg-deb and Debian's archive key; downloads 20 MB.
set -eu

for tool in apt-get dpkg-deb grep; do
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
echo "deb [signed-by=$key] $mirror forky main" > sources.list
cat > apt.conf <<END
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "$(id -un)";
#clear Acquire::IndexTargets::deb::Contents-deb;
Acquire::Languages "none";
Dir::State "$folder";
Dir::State::status "$folder/status";
Dir::Cache "$folder/cache";
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "/dev/null";
END
apt-get -c apt.conf -qq update
apt-get -c apt.conf -qq download perfetto=56.0-1
dpkg-deb -x perfetto_*.deb root
echo "programs of perfetto 56.0-1:"
(cd root/usr && find bin sbin -type f | sort) | tee programs
[ "$(tr '\n' ' ' < programs)" = "bin/perfetto sbin/traced sbin/traced_probes " ] || exit 1
# The engine's own names, in each program that has it: its tables, and its functions.
for name in thread_slice __intrinsic_slice CREATE_PERFETTO traceconv; do
	count=$(grep -rlF "$name" root/usr/bin root/usr/sbin root/usr/lib | wc -l)
	echo "$name: in $count files"
	[ "$count" = 0 ]
done
packages=$(apt-cache -c apt.conf pkgnames | grep -c 'perfetto\|trace-processor')
echo "packages of forky with such a name: $packages"
[ "$packages" = 1 ]
