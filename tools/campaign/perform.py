# SPDX-License-Identifier: BSD-2-Clause
"""One run of a campaign: a machine is started, its steps are taken, what was expected is
compared with what there is. The result is a dictionary, kept as JSON: docs/campaign.md.

Its verdict is `passed`; `failed`: the run went to its end and was not as expected; or
`broken`: the machine did not get that far. A broken one is made again."""

import re
import shlex
import subprocess
import time

import patience
from machine import Machine, MachineError, SdeiError, hardware_errors

LIMIT = 600         # seconds of a run on an idle machine, if the file says nothing
SETTLE = 5          # what is expected and not there is waited for so long
TRACE_SECONDS = 20
KEPT = 1 << 20      # of a console, characters
BERT = "BERT: Error records from previous boot:"
PANIC = "Kernel panic - not syncing: "


def options(part):
    """What Machine() is told."""
    clock = part.get("clock", "in-turn")
    names = ("kernel", "initrd", "append", "cpu", "boot", "el2", "machine", "firmware",
             "qemu", "memory", "smp")
    return {**{name: part[name] for name in names if name in part},
            "qemu_args": tuple(part.get("qemu-args", ())),
            "exact": clock == "exact", "in_turn": clock == "in-turn",
            "limit": part.get("limit", LIMIT)}


def say(expectation):
    """An expectation in words."""
    what = next(name for name in ("log", "console", "trace", "panic", "bert", "error",
                                  "acknowledged") if name in expectation)
    value = expectation[what]
    if what == "error":
        value = " ".join(f"{name}={field:#x}" if name == "address" else f"{name}={field}"
                         for name, field in value.items())
    elif what == "acknowledged":
        return "acknowledged: " + ", ".join(f"{name} {n}" for name, n in value.items())
    else:
        value = f"/{value}/"
    often = (f"at least {expectation['at-least']} times" if "at-least" in expectation
             else {0: "never", 1: "once"}.get(expectation.get("times", 1),
                                              f"{expectation.get('times')} times"))
    return f"{what} {value} {often}"


class Performance:
    def __init__(self, run, heard=None):
        """`heard` is called with what the console says, as it comes."""
        self.part = run.part
        self.machine = Machine(**options(run.part))
        self.machine.heard = heard
        self.pending = []       # commands that have been started
        self.boots = [[]]       # of each, the kernel's log lines
        self.bert = []          # those of errors from before a boot
        self.stopped = False

    def stop(self):
        """From another thread: the run is over, and is broken."""
        self.stopped = True
        self.machine.terminate()

    def result(self, run):
        """All of it; never raises but for a fault of ours."""
        began = time.time()
        result = {"id": run.id, "digest": run.digest, "files": run.files,
                  "values": run.values, "began": round(began, 3), "verdict": "broken",
                  "checks": [], "answers": [], "reason": "",
                  "machine": shlex.join(self.machine.command[3:])}
        trace = ""
        try:
            with self.machine:
                try:
                    if self.stopped:
                        raise MachineError("stopped before it began")
                    self.ready()
                    self.steps(result["answers"])
                    result["checks"] = self.checks()
                finally:
                    trace, result["status"] = self.last_words()
            good = all(check["good"] for check in result["checks"])
            result["verdict"] = "passed" if good else "failed"
            result["reason"] = "; ".join(
                f"{check['expected']}: {check['found']}"
                for check in result["checks"] if not check["good"])
        except (MachineError, OSError, subprocess.SubprocessError, ValueError) as error:
            # All of its console is in a file of its own.
            result["reason"] = str(error).split("; the console's last lines")[0]
            last = [line for line in self.machine.console.splitlines() if line.strip()]
            if last:
                result["reason"] += f"; its last line: {last[-1].strip()[:100]}"
        result["seconds"] = round(time.time() - began, 3)
        result["stopped"] = self.stopped
        return result, self.machine.console[-KEPT:], trace

    def ready(self):
        self.machine.wait_ready(ready=self.part.get("ready"))
        self.read_log()

    def steps(self, answers):
        for phase in ("before", "inject", "after"):
            for step in self.part.get(phase, ()):
                (kind, text), = step.items()
                if kind == "inject":
                    answers.append(self.machine.control(
                        "inject", *shlex.split(text)))
                else:
                    getattr(self, "step_" + kind)(text)

    def step_guest(self, text):
        self.settle()
        self.machine.run(text)

    def step_start(self, text):
        self.settle()
        self.pending.append(self.machine.start_command(text))
        self.machine.begun(self.pending[-1])

    def step_console(self, text):
        self.machine.expect(text)

    def step_reboot(self, _):
        self.pending.clear()    # it went with the guest that was
        self.boots.append([])
        self.ready()

    def settle(self):
        """Until the shell is free."""
        while self.pending:
            self.machine.finish(self.pending.pop(0))

    def read_log(self):
        self.settle()
        log = [text for _, text in self.machine.read_log()]
        self.boots[-1] += log
        self.machine.log.clear()
        for place, text in enumerate(log):
            if BERT in text:
                self.bert += [line for line in log[place + 1:]
                              if "[Hardware Error]" in line]

    # What was expected.

    def found(self, expectation):
        """How often, or how many, of what is expected."""
        machine = self.machine
        if "log" in expectation:
            return sum(count(expectation["log"], log) for log in self.boots)
        if "console" in expectation:
            return count(expectation["console"], machine.console.splitlines())
        if "bert" in expectation:
            return count(expectation["bert"], self.bert)
        if "panic" in expectation:
            return count(expectation["panic"],
                         [line for line in machine.console.splitlines()
                          if PANIC in line])
        if "trace" in expectation:
            return count(expectation["trace"], self.trace().splitlines())
        if "error" in expectation:
            return sum(all(error[name] == value for name, value
                           in expectation["error"].items())
                       for log in self.boots
                       for error in hardware_errors([(0, text) for text in log]))
        sources = {source["name"]: source["acknowledged"]
                   for source in machine.status()["source"]}
        for name in expectation["acknowledged"]:
            if name not in sources:
                raise MachineError(f"acknowledged: there is no source '{name}'; there "
                                   f"are {', '.join(sources)}")
        return {name: sources[name] for name in expectation["acknowledged"]}

    def check(self, expectation):
        found, often = self.found(expectation), False
        least = expectation.get("at-least")
        if "acknowledged" in expectation:
            good = found == expectation["acknowledged"]
            words = ", ".join(f"{name} {n}" for name, n in found.items())
        else:
            times = expectation.get("times", 1)
            good = found == times if least is None else found >= least
            often = least is None and found > times         # and will not be rarer
            words = {0: "never", 1: "once"}.get(found, f"{found} times")
        return {"expected": say(expectation), "found": words, "good": good,
                "too_often": not good and often}

    def checks(self):
        """Until all is good, or nothing has changed for a while; and then once more,
        for what comes too often comes later. Where the file says how many times, that
        while is always waited."""
        wait, before = patience.Patience(SETTLE), None
        exact = any("times" in one for one in self.part["expect"])
        while True:
            self.read_log()
            checks = [self.check(one) for one in self.part["expect"]]
            if checks != before:
                wait.news()
            before, over = checks, wait.over()
            if all(check["good"] for check in checks) and (over or not exact):
                break
            if over or any(check["too_often"] for check in checks):
                return checks
            time.sleep(wait.pause())
        self.machine.wait_handled(SETTLE)
        self.read_log()
        return [self.check(one) for one in self.part["expect"]]

    def trace(self):
        """What `sdei trace` prints, for people."""
        command, environment = self.machine.control_command(["trace"])
        done = patience.run(command[:-1], TRACE_SECONDS, env=environment)
        if done.returncode:
            raise SdeiError(done.returncode, done.stdout.strip())
        return done.stdout

    def last_words(self):
        """Trace and status, if there is anybody left to ask."""
        if self.stopped or self.machine.ended():
            return "", None
        try:
            return self.trace(), self.machine.status()
        except (MachineError, OSError, subprocess.SubprocessError, ValueError):
            return "", None


def count(pattern, lines):
    return sum(bool(re.search(pattern, line)) for line in lines)
