# SPDX-License-Identifier: BSD-2-Clause
"""For all tests: who runs what and when, how long a wait is, and the last lines.

With pytest-xdist (-n) a worker takes one test after the other, the longest first:
tests/costs knows which those are. Tests that share a KVM host, or a build folder,
stay together on one worker. What the workers must agree on is made before they
start: OPENSDEI_PATIENCE (tools/patience.py), and a folder of this run's own.
"""

import os
import re
import shutil
import sys
import tempfile

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../tools"))

import patience  # noqa: E402  (after sys.path)

LONGEST = 8     # tests that the last line but one names
counts = {}


def read_costs():
    """Seconds, and what an identifier begins with; the first fit counts."""
    with open(os.path.join(HERE, "costs"), encoding="ascii") as lines:
        words = [line.split(None, 1) for line in lines
                 if line.strip() and not line.startswith("#")]
    return [(float(seconds), name.strip()) for seconds, name in words]


COSTS = read_costs()


def cost(nodeid):
    return next((seconds for seconds, start in COSTS
                 if nodeid.startswith(start)), 0)


def group(nodeid):
    """Tests with the same answer run one after the other on one worker."""
    module = nodeid.split("::")[0]
    mode = re.search(r"\[(vhe|nvhe)\b", nodeid)
    if mode and module.startswith(("tests/system/test_kvm",
                                   "tests/system/test_host_kvm",
                                   "tests/system/test_backports")):
        return f"{module} {mode.group(1)}"
    if module == "tests/packages/test_packages.py":
        return module
    if "test_garbage_on_the_line" in nodeid:
        return module + " line"
    return nodeid


def total(nodeids):
    """What the tests of each group cost together."""
    sums = {}
    for nodeid in nodeids:
        sums[group(nodeid)] = sums.get(group(nodeid), 0) + cost(nodeid)
    return sums


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true",
                     help="only what tests/quick names")


def keep_quick(config, items):
    with open(os.path.join(HERE, "quick"), encoding="ascii") as lines:
        names = tuple(line.strip() for line in lines
                      if line.strip() and not line.startswith("#"))
    left = [item for item in items if not item.nodeid.startswith(names)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item.nodeid.startswith(names)]


def pytest_collection_modifyitems(config, items):
    if config.getoption("quick"):
        keep_quick(config, items)
    sums = total(item.nodeid for item in items)
    items.sort(key=lambda item: -sums[group(item.nodeid)])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class LongestFirst(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group(nodeid)

    return LongestFirst(config, log)


def is_worker(config):
    return hasattr(config, "workerinput")


def pytest_configure(config):
    if not is_worker(config):
        os.environ.setdefault(patience.NAME, f"{patience.measure():.2f}")
        os.environ["OPENSDEI_RUN"] = tempfile.mkdtemp(prefix="opensdei-run-")


def pytest_report_header(config):
    return (f"{patience.NAME}={os.environ[patience.NAME]}: what takes a second on "
            "an idle machine may take so many")


def pytest_terminal_summary(terminalreporter):
    stats = terminalreporter.stats
    counts["passed"] = len(stats.get("passed", ()))
    counts["failed"] = (len(stats.get("failed", ()))
                        + len(stats.get("error", ())))
    counts["skipped"] = len(stats.get("skipped", ()))
    times = {}
    for reports in stats.values():
        for report in reports:
            if hasattr(report, "duration") and hasattr(report, "when"):
                times[report.nodeid] = (times.get(report.nodeid, 0)
                                        + report.duration)
    counts["longest"] = ", ".join(
        f"{name.removeprefix('tests/'):.80} {times[name]:.0f} s" for name in
        sorted(times, key=times.get, reverse=True)[:LONGEST])


def pytest_unconfigure(config):
    if is_worker(config):
        return
    shutil.rmtree(os.environ["OPENSDEI_RUN"], ignore_errors=True)
    if not counts:
        return
    print("longest: " + counts["longest"])
    print("{passed} passed, {failed} failed, {skipped} skipped"
          .format(**counts) if counts["skipped"] else
          "{passed} passed, {failed} failed".format(**counts))
