# SPDX-License-Identifier: BSD-2-Clause
"""A machine driven from Python: started by `sdei run`, its console read and
typed on, errors injected through `sdei`. The demonstration and the system tests
use this. Nothing waits for ever: a wait fails when the console was silent for
`timeout` seconds of an idle machine's time (patience.py: a busy one has longer),
and the machine itself ends when we do, or by timeout(1) whatever becomes of us.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time

import patience
from patience import Patience

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("BUILD") or os.path.join(ROOT, "build")
ARM64 = os.environ.get("ARM64") or os.path.join(ROOT, "build/arm64")
# What was made for the kernel that is started: make's GUEST.
GUEST = os.environ.get("GUEST") or BUILD
KERNEL = os.environ.get("KERNEL") or os.path.join(ARM64, "vmlinuz")
INITRD = os.environ.get("INITRD") or os.path.join(GUEST, "initrd.cpio.gz")
# The command, if it is not the one that was built: tools/campaign.c says which.
SDEI = os.environ.get("OPENSDEI_SDEI") or os.path.join(BUILD, "sdei")
READY = "opensdei-guest: ready"
LIMIT = 1800    # what no machine lasts, in seconds of an idle machine's time


class MachineError(Exception):
    """The machine did not do what was waited for."""


class SdeiError(MachineError):
    """`sdei` failed. `status` is its exit status: see `sdei --help`."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Machine:
    """One machine. As a context manager it is started and ended.

    `exact` makes one instruction one nanosecond of the machine's time, on all
    CPUs in turn, and idle time pass at once: its times are then repeatable.
    `in_turn` has its CPUs take turns on one core of ours, in real time: who waits
    for another CPU gives way instead of spinning, which is cheaper by a third.

    `console` is all that was printed so far; `log` what read_log() took from
    the kernel's log, as (seconds, text). `started`: the host's time of then.
    """

    def __init__(self, kernel=None, initrd=None, append=None,
                 cpu="neoverse-n1", smp=4, memory="1G", boot=None, el2=None,
                 machine=None, disk=None,
                 firmware=None, qemu=None, qemu_args=(), exact=False,
                 in_turn=False, limit=LIMIT):
        options = {"kernel": kernel, "initrd": initrd, "append": append,
                   "cpu": cpu, "smp": smp, "memory": memory, "boot": boot,
                   "el2": {True: "on", False: "off"}.get(el2),
                   "machine": machine, "disk": disk, "firmware": firmware,
                   "qemu": qemu}
        self.sdei = SDEI
        self.command = ["timeout", "--kill-after=5",
                        str(patience.seconds(limit)), self.sdei, "run"]
        self.command += [f"--{name}={value}" for name, value in options.items()
                         if value is not None]
        if exact:
            qemu_args = ("-icount", "shift=0,sleep=off", *qemu_args)
        elif in_turn:
            qemu_args = ("-accel", "tcg,thread=single", *qemu_args)
        self.command += [f"--qemu-arg={arg}" for arg in qemu_args]
        self.exact = exact
        self.console = ""
        self.log = []
        self._seen = 0          # of console: where expect() goes on
        self._typed = []        # of each command: how long the console was then
        self._ended = False
        self._news = threading.Condition()
        self.heard = None       # is told what the console says, as it comes

    def start(self):
        # A run folder of its own: no other machine's name can be in the way.
        self.started = time.time()
        self._folder = tempfile.mkdtemp(prefix="opensdei-")
        self._environment = dict(os.environ, XDG_RUNTIME_DIR=self._folder)
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *self.command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=self._environment)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def stop(self):
        """End it. timeout(1) passes the signal on to QEMU."""
        if self._process.poll() is None:
            self._process.terminate()
            if not self._ends(10):
                self._process.kill()
                self._process.wait()
        self._reader.join(5)
        self._process.stdin.close()
        self._process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def terminate(self):
        """Have it end, from another thread than the one that drives it."""
        if hasattr(self, "_process"):
            self._process.terminate()

    def ended(self):
        return self._process.poll() is not None

    __enter__ = start

    def __exit__(self, *_):
        self.stop()

    def _ends(self, timeout):
        """Whether it ends; it may go on as long as it has something to say."""
        wait, said = Patience(timeout), len(self.console)
        while not wait.over():
            try:
                self._process.wait(wait.step())
                return True
            except subprocess.TimeoutExpired:
                if len(self.console) != said:
                    said = len(self.console)
                    wait.news()
        return False

    def wait_end(self, timeout=60):
        """Wait until QEMU ends by itself; its exit status."""
        if not self._ends(timeout):
            raise MachineError(f"still running after {timeout} s"
                               + self._tail())
        return self._process.returncode

    # The console.

    def _read(self):
        while True:
            data = os.read(self._process.stdout.fileno(), 65536)
            with self._news:
                if data:
                    text = data.decode("ascii", "replace")
                    self.console += text.replace("\r", "")
                    if self.heard:
                        self.heard(text)
                else:
                    self._ended = True
                self._news.notify_all()
            if not data:
                return

    def _tail(self, lines=25):
        last = "\n".join(self.console.splitlines()[-lines:])
        return f"; the console's last lines:\n{last}"

    def expect(self, pattern, timeout=60):
        """Wait until the console shows `pattern` (a regular expression) after
        what the last expect() found; the match."""
        regex = re.compile(pattern, re.MULTILINE)
        wait, said = Patience(timeout), len(self.console)
        with self._news:
            while True:
                match = regex.search(self.console, self._seen)
                if match:
                    self._seen = match.end()
                    return match
                if self._ended:
                    raise MachineError(f"the machine ended before /{pattern}/ "
                                       "was seen" + self._tail())
                if len(self.console) != said:
                    said = len(self.console)
                    wait.news()
                if wait.over():
                    raise MachineError(f"no /{pattern}/, and nothing new for "
                                       f"{timeout} s" + self._tail())
                self._news.wait(wait.step())

    def send(self, text):
        try:
            self._process.stdin.write(text.encode())
            self._process.stdin.flush()
        except OSError as error:
            raise MachineError(f"cannot type: {error}" + self._tail()) from None

    # The guest of tests/guest.

    def wait_ready(self, timeout=120, ready=None):
        """Wait for the guest's shell; of another guest than ours, what its console
        shows then. From then on the kernel prints only its last words on the console:
        its log is read with read_log(), with times, which a kernel may be built or
        told to leave out."""
        if not ready:
            self.expect(re.escape(READY), timeout)
        self.expect(ready or "guest# ", timeout)
        # What it prints until then may be in the midst of a line that run() looks for.
        self.send("(cd /sys/module/printk/parameters && dmesg -n 1 && "
                  "echo N > ignore_loglevel)\n")
        self.run("echo 1 > /sys/module/printk/parameters/time")

    def start_command(self, command):
        """Type a command and do not wait: finish() does, with the result."""
        self._typed.append(len(self.console))
        n = len(self._typed)
        # The echo of this line shows the quotes, the output does not: only the
        # latter matches.
        self.send(f'echo "@be"gin{n}; {command}; echo "@e"nd{n}:$?\n')
        return n

    def begun(self, n, timeout=60):
        """Wait until a command runs that start_command() has typed."""
        self.expect(f"@begin{n}\n", timeout)

    def finish(self, n, timeout=60, check=True):
        """Wait for a command's end; what it printed, of which an expect() may have
        found some, or all, since it was typed."""
        seen, self._seen = self._seen, self._typed[n - 1]
        try:
            self.expect(f"@begin{n}\n", timeout)
            start = self._seen
            match = self.expect(rf"@end{n}:(\d+)\n", timeout)
        finally:
            self._seen = max(seen, self._seen)
        output = self.console[start:match.start()]
        if check and match.group(1) != "0":
            raise MachineError(f"command {n} exited with {match.group(1)}: "
                               f"{output}")
        return output

    def run(self, command, timeout=60, check=True):
        return self.finish(self.start_command(command), timeout, check)

    def read_log(self):
        """Move what is new in the kernel's log to self.log; all of it."""
        for line in self.run("dmesg -c").splitlines():
            match = re.match(r"\[ *(\d+\.\d+)\] (.*)", line)
            if match:
                self.log.append((float(match.group(1)), match.group(2)))
        return self.log

    def errors(self):
        """The hardware errors in the kernel's log."""
        return hardware_errors(self.read_log())

    def wait_errors(self, count, timeout=60):
        """The same, as soon as there are so many, or when none has come for too
        long. (Of a kind the kernel prints two in five seconds.)"""
        wait, errors = Patience(timeout), self.errors()
        while len(errors) < count and not wait.over():
            before = len(errors)
            self.run("usleep 200000")
            errors = self.errors()
            if len(errors) > before:
                wait.news()
        return errors

    # The firmware.

    def control_command(self, args):
        """The command line and environment of `sdei ARGS... --json`."""
        return [self.sdei, *args, "--json"], {
            **self._environment, **patience.environment(),
            "XDG_RUNTIME_DIR": self._folder}

    def start_control(self, *args):
        """It goes on beside others: a process, whose output is JSON."""
        command, environment = self.control_command(args)
        return subprocess.Popen(command, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=environment)

    def control(self, *args, timeout=60):
        """`sdei ARGS... --json`, its answer as a dictionary."""
        command, environment = self.control_command(args)
        done = patience.run(command, timeout, stderr=subprocess.PIPE,
                            env=environment)
        if done.returncode:
            raise SdeiError(done.returncode, done.stderr.strip())
        return json.loads(done.stdout)

    def control_socket(self):
        """Where the control line is, for who does not use the command."""
        return glob.glob(os.path.join(self._folder, "**", "control*.sock"),
                         recursive=True)[0]

    def inject(self, kind, severity, **fields):
        """inject("memory", "corrected", address=0x50005000, bank=3)"""
        return self.control("inject", kind, f"--severity={severity}",
                            *(f"--{key}={value}"
                              for key, value in fields.items()))

    def status(self):
        return self.control("status")

    def wait_handled(self, timeout=60):
        """Wait until every error is acknowledged and no handler runs; the status
        of then, or of when nothing has moved for too long."""
        wait, before = Patience(timeout), None
        while True:
            status = self.status()
            sources = [(s["injected"], s["acknowledged"], s["queued"],
                        s["dropped"]) for s in status["source"]]
            if not any(e["running"] for e in status["event"]) and all(
                    injected == acknowledged + dropped and not queued
                    for injected, acknowledged, queued, dropped in sources):
                return status
            if sources != before:
                before = sources
                wait.news()
            elif wait.over():
                return status
            self.run("usleep 100000")

    def trace(self):
        return self.control("trace")["trace"]


def hardware_errors(log):
    """What Linux's GHES driver printed, one dictionary an error record: number
    (the kernel's own), sequence (the firmware's), time, severity, kind, address
    (None if it has none), text (its lines)."""
    errors = {}
    for when, text in log:
        match = re.match(r"\{(\d+)\}\[Hardware Error\]: *(.*)", text)
        if not match:
            continue
        number, line = int(match.group(1)), match.group(2)
        error = errors.setdefault(number, {
            "number": number, "sequence": None, "time": when, "severity": None,
            "kind": None, "address": None, "text": []})
        error["text"].append(line)
        key, _, value = line.partition(": ")
        if key == "event severity":
            error["severity"] = value
        elif key == "fru_text" and value.startswith("seq "):
            error["sequence"] = int(value.split()[1])
        elif key == "section_type":
            error["kind"] = "memory" if "memory" in value else "processor"
        elif key in ("physical_address", "physical fault address"):
            error["address"] = int(value.split()[0], 16)
    return list(errors.values())
