#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# What clang makes of -fcall-saved-x8 and a function that ends with an indirect call.
# Guess: a register that a function must preserve is put back after its last use, or
# another is taken, as gcc does (x16). Seen with clang 14.0.6 (Debian 12): the function's
# address is kept in x8, x8 is put back for the caller, and then the jump goes by x8, to
# whatever the caller had there. Nothing is said. -fno-optimize-sibling-calls helps.
#
# Wants apt-get, dpkg-deb and Debian's archive key; downloads 100 MB. clang runs with the
# libraries of its own release, and only makes assembly: nothing of it is run.
set -eu

for tool in apt-get dpkg-deb; do
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
echo "deb [signed-by=$key] $mirror bookworm main" > sources.list
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
apt-get -c apt.conf -qq -y --no-install-recommends --download-only install \
	'clang-14=1:14.0.6-12' >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
clang()
{
	"$(echo root/usr/lib/*-linux-gnu/ld-linux-* root/lib/*-linux-gnu/ld-linux-* |
		tr ' ' '\n' | grep -v '\*' | head -n 1)" --library-path \
		"$(echo root/usr/lib/*-linux-gnu root/lib/*-linux-gnu root/usr/lib/llvm-14/lib |
			tr ' ' ':')" root/usr/lib/llvm-14/bin/clang "$@"
}
clang --version | head -n 1
cat > last.c <<'END'
int value(int);

int last(int first, int second, int (*serve)(int, int))
{
	int found = value(second);

	return found ? serve(first, found) : -1;
}
END
make_assembly()
{
	clang --target=aarch64-linux-gnu -O2 -fcall-saved-x8 -fcall-saved-x9 "$@" -S \
		-o - last.c | sed -n '/^last:/,/func_end/p' | grep -v '^[[:space:]]*\.'
}
make_assembly | tee jump
make_assembly -fno-optimize-sibling-calls > call
jump=$(sed -n 's/^[[:space:]]*br[[:space:]]*\(x[0-9]*\).*/\1/p' jump)
echo "it jumps by ${jump:-nothing}"
[ "$jump" = x8 ] || { echo "it does not jump by x8 any more"; exit 1; }
grep -B 1 'br[[:space:]]*x8' jump | grep -q 'ldp.*x8' ||
	{ echo "x8 is not put back just before that any more"; exit 1; }
! grep -q 'br[[:space:]]*x' call || { echo "it jumps without sibling calls, too"; exit 1; }
