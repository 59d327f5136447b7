# SPDX-License-Identifier: BSD-2-Clause
"""What is wrong is said clearly, and the firmware goes on."""

import os
import socket

import pytest

import patience
from conftest import KERNEL
from machine import BUILD, SdeiError

SDEI = os.path.join(BUILD, "sdei")


def sdei(short_path, *args):
    """`sdei ARGS` with a run folder of its own: (exit status, what it said)."""
    done = patience.run([SDEI, *args], env=patience.environment(
        XDG_RUNTIME_DIR=str(short_path)))
    return done.returncode, done.stdout


@pytest.mark.parametrize("args, status, words", (
    (("run", "--kernel=/nowhere/Image"), 2, ("/nowhere/Image",)),
    (("run", "--firmware=/nowhere/fw"), 2, ("/nowhere/fw",)),
    (("run", "--slots=two:two"), 2, ("two:two", "PRIVATE:SHARED")),
    (("run", "--option=abi="), 2, ("abi=", "NAME=VALUE")),
    (("run", "--trace-size=1M"), 2, ("1M", "KiB from 256 to 65536")),
    (("run", "--trace-size=255"), 2, ("255", "KiB from 256 to 65536")),
    (("inject", "memory", "--severity=corrected", "--address=0x50000000"), 3,
     ("no machine", "sdei run")),
    (("status", "--name=other"), 3, ("other",)),
    (("inject", "memory", "--severity=mild"), 2,
     ("mild", "corrected", "recoverable", "fatal")),
    (("inject", "disk", "--severity=fatal"), 2, ("disk", "memory",
                                                 "processor")),
    (("inject", "memory", "--severity=corrected", "--address=0x5G"), 2,
     ("0x5G",)),
    (("paint",), 2, ("paint",)),
))
def test_command_line(short_path, args, status, words):
    got, said = sdei(short_path, *args)
    assert got == status, said
    for word in words:
        assert word in said


def alive(machine):
    """The firmware still answers on its line."""
    assert machine.control("status")["machine"]["pes"]


def stops_with(boot, message, **options):
    machine = boot(wait=False, smp=2, **options)
    machine.expect(rf"opensdei: error: .*{message}")
    assert "Booting Linux" not in machine.console
    alive(machine)


@pytest.mark.parametrize("length, message", (
    (40, "has 40 bytes: an arm64 Image begins with a header of 64"),
    (20_000_000, "truncated: it has 20000000 bytes")))
def test_truncated_kernel(boot, short_path, length, message):
    image = short_path / "Image"
    with open(KERNEL, "rb") as kernel:
        image.write_bytes(kernel.read(length))
    stops_with(boot, message, kernel=image)


def test_not_a_kernel(boot, short_path):
    image = short_path / "Image"
    image.write_text("This is no kernel.\n" * 1000)
    stops_with(boot, "kernel", kernel=image)


@pytest.mark.parametrize("option", ("boot=grub", "abi=2.0", "test=yes", "tree=no",
                                    "slots=4:64", "slots=3:65", "slots=3"))
def test_unknown_option(boot, option):
    name, value = option.split("=")
    stops_with(boot, f'"{value}"', qemu_args=(
        "-fw_cfg", f"name=opt/opensdei/{name},string={value}"))


def test_nothing_to_boot(boot):
    machine = boot(wait=False, kernel=None, initrd=None)
    machine.expect(r"opensdei: error: .*-kernel.*0x60000000")
    alive(machine)


def test_too_little_memory(boot):
    stops_with(boot, "", memory="40M")


def poke(path, address, data):
    """Write memory of a machine that waits at reset, through QEMU's gdb stub,
    and let it go."""
    def packet(text):
        body = text.encode()
        stub.sendall(b"$" + body + b"#%02x" % (sum(body) & 0xFF))
        answer = b""
        while b"#" not in answer:
            answer += stub.recv(4096)
        return answer

    assert patience.wait_for(lambda: os.path.exists(path))
    with socket.socket(socket.AF_UNIX) as stub:
        stub.settimeout(patience.seconds(60))
        stub.connect(path)
        packet("?")
        assert b"OK" in packet(f"M{address:x},{len(data):x}:{data.hex()}")
        packet("D")


@pytest.mark.parametrize("offset, data", (
    (0, b"\xde\xad\xbe\xef"),           # the magic
    (4, b"\x7f\xff\xff\xff"),           # the total size
    (8, b"\x00\x0f\xff\xf0"),           # where the structure begins
    (0x40, b"\xff" * 64),               # the structure itself
), ids=("magic", "size", "offset", "structure"))
def test_corrupt_device_tree(boot, short_path, offset, data):
    gdb = str(short_path / "gdb")
    machine = boot(wait=False, qemu_args=(
        "-S", "-gdb", f"unix:{gdb},server=on,wait=off"))
    poke(gdb, 0x40000000 + offset, data)
    machine.expect(r"opensdei: error: .*device tree")
    assert "Booting Linux" not in machine.console
    alive(machine)


def test_einj_bad_type(boot):
    machine = boot(smp=2)
    for bad in ("0x40", "0x3", "0xffffffff"):
        assert "nvalid argument" in machine.run(f"inject {bad} 0x50000000",
                                                check=False)
    # An address outside memory: refused by the firmware, told to Linux.
    machine.run("cd /sys/kernel/debug/apei/einj; echo 0x8 > error_type;"
                "echo 0x10000 > param1; echo 0xfffffffffffff000 > param2")
    assert "nvalid" in machine.run("echo 1 > error_inject", check=False)
    assert machine.errors() == []
    machine.run("cd /; inject 0x8 0x50000000")
    assert [e["address"] for e in machine.wait_errors(1)] == [0x50000000]


def test_bad_injections(boot):
    machine = boot(smp=2)
    for args, words in (
            ({"address": 0x1000}, ("0x1000", "0x40000000 to 0x7fffffff")),
            ({"address": 0x80000000}, ("0x80000000", "0x7fffffff")),
            ({}, ("address",))):
        with pytest.raises(SdeiError) as error:
            machine.inject("memory", "corrected", **args)
        assert error.value.status in (1, 2)
        for word in words:
            assert word in str(error.value)
    with pytest.raises(SdeiError) as error:
        machine.inject("processor", "corrected", cpu=2)
    assert error.value.status == 1
    alive(machine)


@pytest.mark.parametrize("garbage, answer", (
    (b"x" * 5000 + b"\n", b"error the line is longer than 4159"),
    (b"\x00\x01\xff\xfe\x80\n", b"error the line has characters"),
    (b"frobnicate\n", b"error unknown request"),
    (b"inject\n", b"error inject what"),
    (b"inject memory\n", b"error severity= is missing"),
    (b"inject memory severity=big\n", b"error severity is \"big\""),
    (b"inject memory severity=corrected address=0x\n", b"error address is"),
    (b"inject memory severity=corrected address=99999999999999999999\n",
     b"error address is"),
    (b"inject memory severity=corrected colour=3\n", b"error unknown key"),
    (b"inject processor severity=corrected cpu=512\n", b"error cpu is"),
    (b"inject count=0 rate=1 processor severity=corrected\n", b"error a storm has"),
    (b"inject count=4294967296 rate=1 processor severity=corrected\n",
     b"error a storm has count=, 1 to 4294967295"),
    (b"inject count=1 rate=10001 processor severity=corrected\n",
     b"error a storm has"),
    (b"inject rate=1 count=1 processor severity=corrected\n", b"error inject what"),
    (b"inject count=1 rate=1 dump\n", b"error there is no storm of that"),
    (b"inject count=1 rate=1 processor severity=corrected cpu=2\n",
     b"error there is no such PE"),
    (b"inject stop storm=0\n", b"error there can be storm="),
    (b"storms of=1\n", b"error there can be storm="),
))
def test_garbage_on_the_line(line, garbage, answer):
    line.sendall(garbage)
    assert read_answer(line).startswith(answer)
    line.sendall(b"version\n")
    assert read_answer(line).startswith(b"ok opensdei=")


def read_answer(line):
    text = b""
    while not text.endswith(b"\n"):
        text += line.recv(4096)
    return text


@pytest.fixture(scope="module")
def line():
    """The control line of one machine for all garbage: it must survive."""
    from conftest import INITRD
    from machine import Machine

    with Machine(kernel=KERNEL, initrd=INITRD, smp=2) as machine:
        machine.wait_ready()
        with socket.socket(socket.AF_UNIX) as stub:
            stub.settimeout(patience.seconds(60))
            stub.connect(machine.control_socket())
            yield stub
