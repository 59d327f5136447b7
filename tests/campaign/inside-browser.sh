# SPDX-License-Identifier: BSD-2-Clause
# A page with a run that passed and one whose machine died, in a real browser.

dpkg-query -W -f '${Package} ${Version}\n' chromium
rm -rf results
# One QEMU by its name, for a result knows its files; what it does is another thing.
qemu()
{
	printf '#!/bin/sh\n%s\n' "$1" > qemu
	chmod 755 qemu
}
campaign()
{
	sdei campaign --results results --with=qemu=/campaign/qemu "$@" small.yaml
}
qemu 'exec qemu-system-aarch64 "$@"'
campaign --only idle
qemu 'echo "no <memory> left"; exit 1'
campaign --only cpu-off || [ $? = 1 ]
campaign --report || [ $? = 1 ]
python3 ./inside-browser.py results/index.html results/page.png
