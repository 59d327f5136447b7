# SPDX-License-Identifier: BSD-2-Clause
"""A campaign for the engines that sites have: a job array for Slurm, jobs for LAVA.
Either has `sdei campaign --only RUN` do the work. Slurm's tasks write into the same
folder of results; from LAVA a result comes back in the job's log (Live prints it there,
take() finds it), for its worker shares no folder with us."""

import base64
import json
import os
import re
import shlex
import sys
import textwrap
import zlib

import yaml

import store as kept
from perform import LIMIT
from plan import FILES, WrongFile

MARK = "sdei-campaign:"
RESULT = re.compile(re.escape(MARK) + r" result ([A-Za-z0-9+/=]+)\s*$")
MEMORY_MORE = 1024      # MiB that QEMU and we need beside the machine's
CHUNK = 512


class Live:
    """The console as it comes, and then the verdicts."""

    def hear(self, text):
        sys.stdout.write(text)
        sys.stdout.flush()

    def verdicts(self, store, runs):
        print(f"\n{MARK} begin")
        for run in runs:
            result = store.load(run)
            if not result:
                continue
            for number, check in enumerate(result["checks"]):
                self.case(f"expectation-{number + 1}", check["good"])
            self.case("run", result["verdict"] == "passed")
            print(f"{MARK} {result['verdict']} {run.id}: {result['reason']}")
            result.pop("status", None)
            text = json.dumps({"result": result, "trace": store.text(run, "trace")})
            for chunk in textwrap.wrap(base64.b64encode(
                    zlib.compress(text.encode())).decode(), CHUNK):
                print(f"{MARK} result {chunk}")
        print(f"{MARK} end", flush=True)

    def case(self, name, good):
        print(f"{MARK} check {name} {'pass' if good else 'fail'}")


def target(path):
    """What the device said, by a log of LAVA's: its server's output.yaml, a list, or what
    lava-run prints. In either a line is one JSON object."""
    said = []
    with open(path, encoding="utf-8", errors="replace") as file:
        for text in file:
            try:
                line = json.loads(text.removeprefix("- "))
            except ValueError:
                continue
            if isinstance(line, dict) and line.get("lvl") == "target":
                said.append(str(line.get("msg")))
    return said


def take(path, plan, store):
    """Keep the result that a job of LAVA's has printed."""
    try:
        said = target(path)
    except OSError as error:
        raise WrongFile(f"{path}: {error.strerror}") from None
    chunks = [match.group(1) for match in map(RESULT.search, said) if match]
    if not chunks:
        raise WrongFile(f"{path}: has no result in it: did that job come to its end?")
    try:
        found = json.loads(zlib.decompress(base64.b64decode("".join(chunks))))
        result, trace = found["result"], str(found["trace"])
        if not kept.whole(result):
            raise ValueError
    except (ValueError, zlib.error, KeyError, TypeError):
        raise WrongFile(f"{path}: its result is not complete") from None
    run = next((run for run in plan.runs
                if (run.id, run.digest) == (result["id"], result["digest"])), None)
    if not run:
        raise WrongFile(f"{path}: is of the run '{result['id']}' of another campaign, or "
                        "of this one before it was changed")
    # LAVA fetched them to a place of its own.
    result["files"] = run.files
    store.save(result, "\n".join(line for line in said if MARK not in line), trace)


def write_all(folder, files, what):
    for name, text in files.items():
        kept.write(os.path.join(folder, name), text)
    print(f"{what} in {os.path.abspath(folder)}")
    return 0


# Slurm.


SBATCH = """#!/bin/sh
# Written by sdei campaign. {title}
#SBATCH --job-name=sdei-campaign
#SBATCH --array=0-{last}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={cpus}
#SBATCH --mem={memory}M
#SBATCH --time={minutes}
#SBATCH --output={folder}/%A_%a.out
task=$SLURM_ARRAY_TASK_ID
status=0
for run in $(sed -n "$((task * {each} + 1)),$((task * {each} + {each}))p" {runs}); do
	{command} --only="$run" {campaign} || status=$?
done
exit $status
"""
TASKS = 1000            # Slurm takes no larger array, if it was not told to: MaxArraySize


def megabytes(text):
    return int(text[:-1]) * (1024 if text.endswith("G") else 1)


def slurm(folder, sdei, plan, store, runs):
    """A task for each run that is left, or for a few. All nodes see these folders."""
    if not runs:
        raise WrongFile("no run is left: --report shows the results")
    folder = os.path.abspath(folder)
    if re.search(r"[\s%]", folder):
        raise WrongFile(f"--slurm: '{folder}' has a blank or a % in it, which Slurm takes "
                        "for something else: another folder")
    each = (len(runs) - 1) // TASKS + 1
    last = (len(runs) - 1) // each
    text = SBATCH.format(
        title=plan.title, last=last, each=each, folder=folder,
        cpus=max(run.part.get("smp", 4) if run.part.get("clock") == "real" else 1
                 for run in runs),
        memory=MEMORY_MORE + max(megabytes(run.part.get("memory", "1G"))
                                 for run in runs),
        minutes=each * (2 + max(run.part.get("limit", LIMIT) for run in runs) // 60),
        runs=shlex.quote(os.path.join(folder, "runs")), campaign=shlex.quote(plan.path),
        command=shlex.join(plan.command(sdei, store.folder)))
    return write_all(folder, {
        "runs": "".join(run.id + "\n" for run in runs), "campaign.sbatch": text},
        f"a job array of {last + 1} tasks for sbatch, campaign.sbatch,")


# LAVA.


OPTIONS = ("campaign", "--live", "--workers=1")
# The dictionary of a lab's device: lava-server's own template for QEMU, and we in QEMU's
# place. device.yaml is what becomes of one, for who has no server: lava-run.
TEMPLATE = """{{% extends 'qemu.jinja2' %}}
{{% block qemu_method %}}
        parameters:
          command: {sdei}
          options: {options}
{{% endblock qemu_method %}}
"""


def device(sdei):
    return {
        "available_architectures": ["arm64"],
        "constants": {"boot_retry": None, "failure_retry": 1, "spawn_maxread": "4092",
                      "default-shell-prompt": "lava-test: # "},
        "parameters": {},
        "timeouts": {"actions": {}, "connections": {}},
        "actions": {
            "deploy": {"connections": {"serial": None},
                       "methods": {"image": {"parameters": {"guest": {}}}}},
            "boot": {"connections": {"serial": None},
                     "methods": {"qemu": {"parameters": {
                         "command": sdei, "options": list(OPTIONS)}}}}},
    }


def job(plan, run, where):
    """One run as a job definition. LAVA fetches the files; `where` says from where."""
    minutes = 2 + run.part.get("limit", LIMIT) // 60
    files = {name: run.part[name] for name in FILES if name in run.part}
    if "/" in run.part.get("qemu", ""):
        files["qemu"] = run.part["qemu"]
    images = {name: {"url": where(path), "image_arg": f"--with={name}={{{name}}}"}
              for name, path in files.items() if name != "qemu"}
    more = f"--with=qemu={files['qemu']} " if "qemu" in files else ""
    images["campaign"] = {"url": where(plan.path),
                          "image_arg": f"{more}--only={run.id} {{campaign}}"}

    def limit():        # YAML would write one that is used again as an alias
        return {"minutes": minutes}

    return {
        "job_name": f"sdei campaign: {run.id}"[:200],
        "device_type": "qemu",
        "visibility": "public",
        "priority": "medium",
        "context": {"arch": "arm64"},
        "metadata": {"campaign": plan.title, "run": run.id, **run.values},
        "timeouts": {"job": {"minutes": 2 * minutes}, "action": limit(),
                     "connection": limit()},
        "actions": [
            {"deploy": {"to": "tmpfs", "images": images, "timeout": limit()}},
            {"boot": {"method": "qemu", "media": "tmpfs", "timeout": limit()}},
            {"test": {"timeout": limit(), "monitors": [{
                "name": "campaign", "start": f"{MARK} begin", "end": f"{MARK} end",
                "pattern": MARK + r" check (?P<test_case_id>[\w-]+) "
                           r"(?P<result>pass|fail)",
                "fixupdict": {"pass": "pass", "fail": "fail"}}]}},
        ],
    }


def lava(folder, sdei, plan, runs, url):
    if any(run.id == "device" for run in runs):
        raise WrongFile("--lava: a run called 'device' would be in device.yaml, where "
                        "LAVA's device is: another name")

    def where(path):
        return (url.rstrip("/") if url else "file://") + path

    files = {f"{run.id}.yaml": yaml.safe_dump(job(plan, run, where), sort_keys=False)
             for run in runs}
    files["device.yaml"] = yaml.safe_dump(device(sdei), sort_keys=False)
    files["device.jinja2"] = TEMPLATE.format(sdei=sdei, options=json.dumps(OPTIONS))
    return write_all(folder, files, f"{len(runs)} job definitions for LAVA, and "
                     "device.yaml for lava-run,")
