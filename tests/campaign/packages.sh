#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/campaign/packages.sh WHAT - in the fresh Debian: install what that needs.
set -eu

case $1 in
slurm)   more="slurmctld slurmd slurm-client munge" ;;
# lava-server is not installed, for its database; its templates of devices are wanted.
lava)    more="lava-dispatcher lava-common python3-jinja2" ;;
browser) more="chromium chromium-driver python3-selenium" ;;
*)       echo "packages.sh: '$1' is none of slurm, lava, browser" >&2; exit 2 ;;
esac
export DEBIAN_FRONTEND=noninteractive
dpkg --configure -a	# of a run that was interrupted
apt-get update -q
apt-get install -y -q --no-install-recommends iproute2 hostname procps qemu-system-arm \
	libjansson4 python3-yaml python3-jsonschema $more
if [ "$1" = lava ] && [ ! -e /templates/usr ]; then
	cd /tmp
	apt-get download -q lava-server
	mkdir -p /templates
	dpkg-deb -x lava-server_*.deb /templates
fi
