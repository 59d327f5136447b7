# SPDX-License-Identifier: BSD-2-Clause
"""How long to wait: so many seconds of an idle machine's time, without news.

A wait ends in failure when nothing has moved for its patience. A busy machine's
second counts less: divided by how much slower everything is there. That is the
larger of OPENSDEI_PATIENCE, which the test suite measures at its start (measure()),
and the processes that run now for each CPU. So a test that waits names no time
that another machine, or the same with a neighbour, would not keep.
"""

import os
import signal
import subprocess
import time

NAME = "OPENSDEI_PATIENCE"
CPUS = len(os.sched_getaffinity(0))
# What the job of measure() takes on an idle core of a machine of today.
JOB_SECONDS, JOBS = 0.06, 8
# Steps in which a wait looks again how busy the machine is.
STEP = 2
# Who always has news and never comes to an end has this many patiences.
MOST = 20


def job():
    total = 0
    for number in range(2_500_000):
        total ^= number
    return total


def measure():
    """How much slower than an idle machine of today this one is; at least 1."""
    began = time.monotonic()
    for _ in range(JOBS):
        job()
    return max(1.0, (time.monotonic() - began) / (JOBS * JOB_SECONDS))


def slowness():
    """The same at this moment."""
    with open("/proc/loadavg", encoding="ascii") as load:
        running = int(load.read().split()[3].split("/")[0])
    return max(float(os.environ.get(NAME) or 1), running / CPUS)


def seconds(idle):
    """What takes so long on an idle machine may take so long here: for who can
    be told a time only once."""
    return max(1, int(idle * slowness()))


def environment(**more):
    """For a program that has a patience of its own: `sdei`, tests/threads."""
    return dict(os.environ, **{NAME: f"{slowness():.2f}"}, **more)


class Patience:
    """The patience of one wait."""

    def __init__(self, idle):
        self.idle, self.used, self.all = idle, 0.0, 0.0
        self.since = self.began = time.monotonic()

    def news(self):
        """Something has moved."""
        self.over()
        self.used = 0.0

    def over(self):
        now = time.monotonic()
        passed = (now - self.since) / slowness()
        self.used += passed
        self.all += passed
        self.since = now
        return self.used >= self.idle or self.all >= MOST * self.idle

    def step(self):
        """How long to wait until over() is asked again."""
        return min(STEP, max(0.01, self.idle - self.used))

    def pause(self):
        """Until it is asked again, who must work for the answer: the longer the wait
        is already, the less can one more pause add to it."""
        return min(STEP, max(0.1, (time.monotonic() - self.began) / 8))


def wait_for(condition, idle=60):
    """Ask condition() until it holds; its last value, false after `idle`
    seconds."""
    patience = Patience(idle)
    while True:
        value = condition()
        if value or patience.over():
            return value
        time.sleep(patience.pause())


def run(command, idle=300, **options):
    """subprocess.run() with a patience: what it prints is text and kept, both
    streams as one unless `stderr` says otherwise. With start_new_session it
    leaves nobody when the patience ends."""
    options.setdefault("text", True)
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.STDOUT)
    options.setdefault("env", environment())
    check = options.pop("check", False)
    patience = Patience(idle)
    with subprocess.Popen(command, **options) as process:
        try:
            while True:
                try:
                    output, errors = process.communicate(
                        timeout=patience.step())
                    break
                except subprocess.TimeoutExpired:
                    if patience.over():
                        raise
        except BaseException:
            if options.get("start_new_session"):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            raise
    if check and process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command,
                                            output, errors)
    return subprocess.CompletedProcess(command, process.returncode, output,
                                       errors)
