# SPDX-License-Identifier: BSD-2-Clause
# The jobs as LAVA's own schema judges them; the device as its server's template makes it;
# each job done by its dispatcher; what they printed in the campaign's report.

dpkg-query -W -f '${Package} ${Version}\n' lava-common lava-dispatcher
rm -rf jobs results
sdei campaign --lava jobs small.yaml
python3 ./inside-lava.py jobs /templates/usr/share/lava-server/device-types
# It wants to know its own address, which it finds by a default route otherwise.
echo 'dispatcher_ip: 10.0.0.1' > dispatcher.yaml
number=0
for job in jobs/idle.yaml jobs/cpu-off.yaml; do
	number=$((number + 1))
	mkdir -p "out-$number"
	# Once as lava-server would have the device, once as we write it.
	device=jobs/rendered.yaml
	[ $number = 1 ] || device=jobs/device.yaml
	lava-run --job-id $number --output-dir out-$number --device $device \
		--dispatcher dispatcher.yaml "$job" > out-$number/output.yaml 2>&1
	echo "lava-run: $job:" $(cat out-$number/result.yaml)
	grep -o '"case": "[a-z0-9_]*", "definition": "campaign".*"result": "[a-z]*"' \
		out-$number/output.yaml | sed 's/, "extra.*"result"/, "result"/'
done
sdei campaign --report --take out-1/output.yaml --take out-2/output.yaml \
	--results results small.yaml
