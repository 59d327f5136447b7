#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# mk/install.sh SET... - install those packages of mk/packages that are missing.
# Says what and why, and asks for root only when there is something to install.
set -eu

list=$(dirname "$0")/packages
machine=$(uname -m)

die()
{
	echo "run: $*" >&2
	exit 1
}

# Lines "package reason" of the sets asked for, for this machine.
wanted()
{
	while read -r set on package reason; do
		case $set in ''|'#'*) continue ;; esac
		case $on in any|"$machine") ;; *) continue ;; esac
		case " $* " in *" $set "*) echo "$package $reason" ;; esac
	done < "$list"
}

missing()
{
	wanted "$@" | while read -r package reason; do
		status=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
			2>/dev/null) || status=none
		[ "$status" = installed ] || echo "$package $reason"
	done
}

as_root()
{
	if [ "$(id -u)" = 0 ]; then
		env "$@"
	elif command -v sudo >/dev/null; then
		sudo env "$@"
	else
		# su takes one string; nothing in it needs quoting.
		su root -c "env $*"
	fi
}

case $machine in
x86_64|aarch64) ;;
*) die "this machine is a $machine; x86_64 or aarch64 is needed" ;;
esac
command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
	die "this needs Debian 12 or 13 (no apt here); $list lists the tools," \
		"'make demo' works when they are there"

todo=$(missing "$@")
[ -n "$todo" ] || exit 0

echo "run: these Debian packages are missing and will be installed with apt:"
echo "$todo" | while read -r package reason; do
	printf '  %-22s %s\n' "$package" "$reason"
done
packages=$(echo "$todo" | cut -d ' ' -f 1 | tr '\n' ' ')
[ "$(id -u)" = 0 ] || echo "run: this asks for root; nothing else will."

options="-o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Dpkg::Use-Pty=0"
install="apt-get $options install -y -q --no-install-recommends $packages"
# The lists may be old or, in a container, not there at all.
as_root apt-get $options update -q ||
	die "apt-get update failed (see above): no root, or no network?"
as_root DEBIAN_FRONTEND=noninteractive $install ||
	die "installation failed (see above); as root, try: $install"
