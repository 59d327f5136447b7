# SPDX-License-Identifier: BSD-2-Clause
"""A guest of sdei-vmm in a machine of machine.py's, whose file system is
initrd-kvm.cpio. Nothing waits for ever."""

import os
import re
import time

from patience import Patience, wait_for
from machine import GUEST, MachineError

HOST_INITRD = os.path.join(GUEST, "initrd-kvm.cpio")
# sdei-vmm's options for an unmodified Linux.
LINUX = "-k /boot/vmlinuz -i /boot/initrd -a quiet"


class Guest:
    """One guest, its console a file in the host. With a name it is one that the
    sdei command finds."""

    def __init__(self, host, options, name=None, vmm="sdei-vmm", answer=False):
        """`answer`: its console's lines "# raise ..." are requests, as
        host/outside.c makes them."""
        self.host = host
        self.folder = host.run("d=$(mktemp -d); chmod 777 $d; echo $d").strip()
        if name:
            self.socket = f"/tmp/opensdei-vm-0/{name}/control.sock"
            self.where = f"--name {name}"
        else:
            self.socket = self.folder + "/control"
            self.where = f"--control {self.socket}"
        self.console = self.folder + "/console"
        self.vmm = vmm
        self.saves = 0
        self.status_at_end = 0      # of the VMM: else it failed
        host.run(f"mkfifo {self.folder}/in; : > {self.console}; "
                 f"{{ sleep 86400 > {self.folder}/in & }}; "
                 f"{self._vmm(f'{self.where} {options}', answer)}")

    def _vmm(self, options, answer=False):
        """A command that starts it; when it is saved, its end is not one."""
        return (f"{{ ({self.vmm} {options} < {self.folder}/in 2>&1; s=$?; "
                f"[ $s = 0 -a -e {self.folder}/saved{self.saves} ] || "
                f"echo @exit $s) | {self._reader(answer)} >> {self.console} & }}")

    def _reader(self, answer):
        """The shell's command that has the guest's console for its input."""
        return f"answer {self.socket}" if answer else "cat"

    def save(self, path):
        """Into a file in the host; its process ends. False if the guest had
        ended by itself."""
        saved = f"{self.folder}/saved{self.saves}"
        answer = self.host.run(
            f"touch {saved}; sdei-vmm -c {self.socket} --ask 'save file={path}' "
            f"2>&1 || {{ rm {saved}; false; }}", check=False)
        if answer.strip() == "ok":
            return True
        # Its end may have found the mark that says that it is none.
        self.host.run(f"sleep 1; [ -e {self.socket} ] || grep -q @exit "
                      f"{self.console} || echo @exit 0 >> {self.console}")
        if self.seen("@exit 0"):
            return False
        raise MachineError(f"guest: not saved: {answer}")

    def resume(self, path, options=""):
        self.saves += 1
        self.host.run(self._vmm(f"{self.where} --resume {path} {options}"))

    def ask(self, request, check=True):
        """A request of docs/control.md; the answer's lines, as dictionaries
        with their first word as "is"."""
        answer = self.host.run(f"sdei-vmm -c {self.socket} --ask '{request}'",
                               check=check)
        return [dict([("is", line.split()[0])]
                     + re.findall(r"(\S+?)=(\S+)", line))
                for line in answer.splitlines() if line.split()]

    def status(self, kind):
        return [line for line in self.ask("status") if line["is"] == kind]

    def trace(self):
        """What the VMM remembers; "what" is a row's second word."""
        rows = self.host.run(f"sdei-vmm -c {self.socket} --ask trace")
        return [dict(re.findall(r"(\S+?)=(\S+)", row), what=row.split()[2])
                for row in rows.splitlines() if row.startswith("trace ")]

    def type(self, text):
        self.host.run(f"echo '{text}' > {self.folder}/in")

    def seen(self, pattern):
        """The last line of its console with a match of grep's, or ''."""
        return self.host.run(f"grep -E '{pattern}' {self.console} | tail -n 1",
                             check=False).strip()

    def count(self, pattern):
        """How many lines of its console have a match."""
        return int(self.host.run(f"grep -c -E '{pattern}' {self.console}",
                                 check=False))

    def said(self):
        """How much there is of its console."""
        return self.host.run(f"wc -c < {self.console}").strip()

    def wait(self, pattern, timeout=120, times=1):
        """Wait until that many lines match, or the console was silent for too
        long; the last of them."""
        wait, said = Patience(timeout), ""
        while True:
            # One command for both, and its end first: what it said before counts.
            *ended, count = self.host.run(
                f"grep -m 1 @exit {self.console}; "
                f"grep -c -E '{pattern}' {self.console}", check=False).splitlines()
            if int(count) >= times:
                return self.seen(pattern)
            if ended and not pattern.startswith("@exit"):
                raise MachineError(f"guest: ended before /{pattern}/\n"
                                   + self.tail())
            if wait.used > timeout / 4:
                before, said = said, self.said()
                if said != before:
                    wait.news()
            if wait.over():
                raise MachineError(f"guest: no /{pattern}/, and nothing new for "
                                   f"{timeout} s\n" + self.tail())
            time.sleep(wait.pause())

    def acknowledged(self, count, source=0):
        """Wait until its kernel has acknowledged so many of a source's errors;
        whether it has."""
        return wait_for(lambda: self.status("source")[source]["acknowledged"]
                        == str(count))

    def page_of_a_process(self):
        """Start a process that says what becomes of it; a page of its own: the
        guest's address, and the host's."""
        self.type("memhog 86400; echo @hog $?")
        line = self.wait("physical 0x[0-9a-f]+")
        address = int(re.search("physical (0x[0-9a-f]+)", line).group(1), 16)
        where = self.ask(f"where address=0x{address:x}")[-1]
        return address, int(where["physical"], 16)

    def watch_memory(self):
        """The VMM's virtual size, in KiB, once a second from now to its end; a
        file in the host."""
        path = self.folder + "/memory"
        self.host.run(
            f"vmm=$(grep -l {self.socket} /proc/[0-9]*/cmdline | cut -d/ -f3 "
            "| while read p; do [ $(cat /proc/$p/comm) = sdei-vmm ] && echo $p;"
            f" done); {{ while awk '/VmSize/ {{ print $2 }}' /proc/$vmm/status;"
            f" do sleep 1; done > {path} 2>/dev/null & }}")
        return path

    def tail(self):
        return self.host.run(f"tail -n 30 {self.console}", check=False)

    def finish(self):
        if not self.seen("@exit"):
            self.ask("stop")
            self.wait("@exit")
        # Its end is its own, not a crash of the VMM.
        if not self.seen(f"@exit {self.status_at_end}"):
            raise MachineError("guest: the VMM failed\n" + self.tail())
