# SPDX-License-Identifier: BSD-2-Clause
"""The parts of `sdei campaign` one by one, without a machine: what is counted, and what
is kept."""

import os
import sys

import pytest

from machine import ROOT, Machine

sys.path.append(os.path.join(ROOT, "tools/campaign"))

import perform  # noqa: E402  (after sys.path)
import plan  # noqa: E402
import store  # noqa: E402
import workers  # noqa: E402


def performance(monkeypatch, counts, **expectation):
    """One that finds so many, one time after the other."""
    one = perform.Performance(plan.Run({"a": "b"}, {"expect": [
        {"log": "x", **expectation}]}, 0))
    left = list(counts)
    one.read_log = lambda: None
    one.found = lambda _: left.pop(0) if len(left) > 1 else left[0]
    one.machine.wait_handled = lambda _: None
    monkeypatch.setattr(perform, "SETTLE", 0.5)
    return one


@pytest.mark.parametrize("counts, expectation, good", (
    ((0, 2, 3), {"at-least": 3}, True),
    ((0, 2, 2), {"at-least": 3}, False),
    ((0, 1), {}, True),
    ((2,), {}, False),
    ((0, 0, 0, 1), {"times": 0}, False),    # it comes late
    ((0,), {"times": 0}, True),
    ((1, 2, 2), {"times": 2}, True),
))
def test_expected(monkeypatch, counts, expectation, good):
    check, = performance(monkeypatch, counts, **expectation).checks()
    assert check["good"] == good


def test_start_and_console():
    """What a command prints is waited for, and then its end."""
    machine = Machine()
    machine.send = lambda _: None
    machine.console = "WORD\n"
    n = machine.start_command("echo WORD")
    machine.console += f"@begin{n}\nWORD\n@end{n}:0\nguest# LAST\n"
    machine.begun(n)
    machine.expect("WORD")
    machine.expect("LAST")
    assert machine.finish(n) == "WORD\n"
    assert machine.console[machine._seen:] == "\n"


@pytest.mark.parametrize("fault", (
    {"reason": None}, {"files": []}, {"checks": [{"good": True}]}, {"verdict": "good"}))
def test_not_whole(tmp_path, fault):
    """A result without what a report is made of is none."""
    run = plan.Run({"a": "b"}, {"kernel": "/k"}, 0, "digest")
    result = {"id": "b", "digest": "digest", "files": {"kernel": "/k"}, "values": {},
              "verdict": "passed", "checks": [], "reason": "", "machine": "",
              "seconds": 1}
    where = store.Store(tmp_path)
    where.save(result, "", "")
    assert where.load(run) == result
    where.save({**result, **fault}, "", "")
    assert where.load(run) is None


def test_stopped_at_its_last_words(monkeypatch, tmp_path):
    """^C while its trace is asked for: it would be kept without."""
    class Stopped:
        def __init__(self, *_):
            pass

        def result(self, run):
            team.over = run.id == "stopped"
            return {"id": run.id, "verdict": "passed", "status": None, "seconds": 1,
                    "reason": ""}, "", ""

    monkeypatch.setattr(workers, "Performance", Stopped)
    runs = [plan.Run({"a": name}, {}, 0, name) for name in ("whole", "stopped", "never")]
    team = workers.Workers(store.Store(tmp_path), runs, 1)
    team.work()
    assert team.error is None and [path.name for path in (tmp_path / "runs").glob(
        "*.json")] == ["whole.json"]


def test_a_new_file_that_is_not_complete(monkeypatch, tmp_path):
    """Whatever ends the writing: it is not left."""
    def ends(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(store.os, "fsync", ends)
    with pytest.raises(KeyboardInterrupt):
        store.write(str(tmp_path / "x"), "text")
    assert not list(tmp_path.iterdir())


def test_nobody_hears(monkeypatch):
    """The bar's reader has gone; the campaign has not."""
    with open("/dev/full", "w", encoding="ascii") as full:
        monkeypatch.setattr(workers.sys, "stderr", full)
        progress = workers.Progress(1, 0)
        progress.ended({"id": "one", "verdict": "passed", "seconds": 1, "reason": ""})
        monkeypatch.undo()
        assert progress.counts["passed"] == 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())
