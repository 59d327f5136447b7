# SPDX-License-Identifier: BSD-2-Clause
"""inside-lava.py JOBS TEMPLATES: what LAVA's validators say of the jobs, of the device,
and of the device that lava-server's template makes of our dictionary; and that they do
find what is wrong."""

import glob
import os
import sys

import jinja2
import lava_common.schemas
import lava_common.schemas.device
import voluptuous
import yaml

jobs, templates = sys.argv[1:]


def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


names = [path for path in sorted(glob.glob(os.path.join(jobs, "*.yaml")))
         if os.path.basename(path) not in ("device.yaml", "rendered.yaml")]
for path in names:
    lava_common.schemas.validate(read(path))
print(f"lava_common: {len(names)} jobs are valid")
wrong = read(names[0])
wrong["actions"][1]["boot"]["method"] = "qemoo"
try:
    lava_common.schemas.validate(wrong)
    sys.exit("lava_common has let a wrong job pass")
except voluptuous.Invalid as error:
    print(f"lava_common: a wrong one is not: {error}")

environment = jinja2.Environment(loader=jinja2.FileSystemLoader([jobs, templates]),
                                 trim_blocks=True)
rendered = os.path.join(jobs, "rendered.yaml")
with open(rendered, "w", encoding="utf-8") as file:
    file.write(environment.get_template("device.jinja2").render(arch="arm64"))
for path in (os.path.join(jobs, "device.yaml"), rendered):
    lava_common.schemas.device.validate(read(path))
    print(f"lava_common: {os.path.basename(path)} is a valid device")
