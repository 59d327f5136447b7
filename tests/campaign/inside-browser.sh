# SPDX-License-Identifier: BSD-2-Clause
# A page with a run that passed and one whose machine died, in a real browser.

dpkg-query -W -f '${Package} ${Version}\n' chromium
rm -rf results
printf '#!/bin/sh\necho "no <memory> left"\nexit 1\n' > dies
chmod 755 dies
sdei campaign --results results --only idle small.yaml
sdei campaign --results results --only cpu-off --with=qemu=/campaign/dies small.yaml ||
	[ $? = 1 ]
sdei campaign --results results --report small.yaml || [ $? = 1 ]
python3 ./inside-browser.py results/index.html results/page.png
