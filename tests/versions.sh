#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# versions.sh - what the tests run on and are built with, a line each.
set -eu

python3 -B - <<'END'
import sys
sys.path[:0] = ["tools", "tests/system"]
from releases import BACKPORTS, STABLE
for release in (STABLE, BACKPORTS):
    print("tests:", release.versions())
END
for root in "$ARM64/lab" "$ARM64/backports/rasdaemon"; do
	zcat "$root"/usr/share/doc/rasdaemon/changelog.Debian.gz |
		sed -n '1s/^\(rasdaemon ([^)]*)\).*/tests: \1/p'
done
for tool in gcc aarch64-linux-gnu-gcc clang iasl; do
	version=$("$tool" --version 2>/dev/null || "$tool" -v 2>&1)
	echo "tests: $tool: $(echo "$version" | sed -n '/[0-9]\{4\}\|[0-9]\.[0-9]/ { p; q; }')"
done
. /etc/os-release
echo "tests: $PRETTY_NAME, $(uname -m), $(nproc) CPUs"
