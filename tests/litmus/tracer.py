# SPDX-License-Identifier: BSD-2-Clause
"""Runs functions of a program for Arm, one at a time, and notes each access to
memory and each barrier: what it is, where, and which value."""

import dataclasses
import re
import struct
import subprocess

import unicorn
from unicorn import arm64_const as arm64

BASE, SIZE = 0x80000, 0x180000          # the program, and what it writes
STACKS, STACK = 0x400000, 0x10000       # one a thread, its own variables below
STOP = 0x10                             # where a thread's function returns to
MISSING = bytes.fromhex("000080d2c0035fd6")  # at 0: what is not linked returns 0

VALUE_BITS = 16                         # of a value: what MOV takes is enough

# What the instructions are, as far as order goes.
LOADS = re.compile(r"ld(?P<acquire>a)?(?P<exclusive>x)?(u?r|p|r)?(s?[bhw])?$")
STORES = re.compile(r"st(?P<release>l)?(?P<exclusive>x)?(u?r|p|r)?[bh]?$")


def cut(value, size):
    return value & (1 << min(8 * size, VALUE_BITS)) - 1


@dataclasses.dataclass
class Access:
    what: str           # load, store or barrier
    order: str          # A (acquire), L (release) or ""; which barrier
    exclusive: str = "" # X: one of a pair
    at: int = 0
    size: int = 0
    value: int = 0


class Program:
    def __init__(self, elf, objdump, nm):
        def out(*command):
            return subprocess.run(command, check=True, text=True,
                                  stdout=subprocess.PIPE).stdout
        self.symbols = {}
        for line in out(nm, "--defined-only", elf).splitlines():
            address, _, symbol = line.rsplit(" ", 2)
            self.symbols[symbol] = int(address, 16)
        self.code = {}
        for line in out(objdump, "-d", "--no-show-raw-insn", elf).splitlines():
            match = re.match(r" *([0-9a-f]+):\t(\S+)\t?(.*)", line)
            if match:
                self.code[int(match[1], 16)] = (match[2], match[3])
        self.machine = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
        self.machine.mem_map(BASE, SIZE)
        self.machine.mem_map(STACKS, 4 * STACK)
        self.machine.mem_map(0, 0x1000)
        self.machine.mem_write(0, MISSING)
        with open(elf, "rb") as file:
            self.load(file.read())
        self.trace, self.turn = None, None
        self.machine.hook_add(unicorn.UC_HOOK_CODE, self.step)
        # Before a read, whose value is there already: 2.1 knows no hook after it.
        self.machine.hook_add(unicorn.UC_HOOK_MEM_READ |
                              unicorn.UC_HOOK_MEM_WRITE, self.access)

    def load(self, image):
        """What the program's headers ask for."""
        start, = struct.unpack_from("<Q", image, 32)
        size, count = struct.unpack_from("<HH", image, 54)
        for i in range(count):
            kind, _, offset, at, _, length = struct.unpack_from(
                "<IIQQQQ", image, start + i * size)
            if kind == 1:
                self.machine.mem_write(at, image[offset:offset + length])

    def words(self, at, n):
        return struct.unpack(f"<{n}Q", self.machine.mem_read(at, 8 * n))

    def text(self, at):
        return bytes(self.machine.mem_read(at, 64)).split(b"\0")[0].decode()

    def value(self, at, size):
        return cut(int.from_bytes(self.machine.mem_read(at, size), "little"), size)

    def state(self):
        return bytes(self.machine.mem_read(BASE, SIZE))

    def restore(self, state):
        self.machine.mem_write(BASE, state)

    def step(self, machine, address, _size, _user):
        if address == self.symbols["turn"] and self.turn:
            machine.emu_stop()
            return
        if self.trace is not None and address > STOP and \
                self.code[address][0] in ("dmb", "dsb"):
            self.trace.append(Access("barrier",
                                     " ".join(self.code[address]).upper()))
        self.pc = address

    def access(self, machine, kind, at, size, value, _user):
        if self.trace is None or STACKS <= at < STACKS + 4 * STACK:
            return
        word, arguments = self.code[self.pc]
        is_write = kind == unicorn.UC_MEM_WRITE
        match = (STORES if is_write else LOADS).match(word)
        if not match:
            if STORES.match(word):      # a store exclusive looks first
                return
            raise ValueError(f"{self.pc:x}: what is {word} {arguments}?")
        ordered, exclusive = match.groups()[:2]
        if not is_write:
            value = self.value(at, size)
        self.trace.append(Access(
            "store" if is_write else "load",
            (ordered or "").upper(), (exclusive or "").upper(), at, size,
            cut(value, size)))

    def call(self, function, thread=3, trace=None, turn=None):
        """Run a function to its end; at its first turn(), `turn`."""
        machine = self.machine
        self.trace, self.turn = trace, turn
        machine.reg_write(arm64.UC_ARM64_REG_SP, STACKS + (thread + 1) * STACK)
        machine.reg_write(arm64.UC_ARM64_REG_TPIDR_EL0, STACKS + thread * STACK)
        machine.reg_write(arm64.UC_ARM64_REG_LR, STOP)
        at = function
        if turn:
            machine.emu_start(at, STOP)
            registers = machine.context_save()
            turn()
            machine.context_restore(registers)
            self.trace, self.turn = trace, None
            at = self.symbols["turn"]
        machine.emu_start(at, STOP)
        self.trace = None
