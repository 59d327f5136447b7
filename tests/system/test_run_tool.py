# SPDX-License-Identifier: BSD-2-Clause
"""What `sdei run` starts, without a machine: /bin/echo takes QEMU's place and prints its
arguments."""

import os
import subprocess

import pytest

import patience
from machine import BUILD

SDEI = os.path.join(BUILD, "sdei")


@pytest.fixture(name="run")
def fixture_run(short_path):
    def run(*args):
        return subprocess.run(
            [SDEI, "run", "--qemu=/bin/echo", *args], capture_output=True, text=True,
            env=patience.environment(XDG_RUNTIME_DIR=str(short_path)),
            timeout=patience.seconds(60), check=False)
    return run


def test_disks(run, tmp_path):
    """Raw or qcow2, as the file begins, whatever it is called; commas are QEMU's own."""
    raw, qcow2 = tmp_path / "a,b.qcow2", tmp_path / "b.img"
    raw.write_bytes(bytes(4096))
    qcow2.write_bytes(b"QFI\xfb" + bytes(508))
    done = run(f"--disk={raw}", f"--disk={qcow2}", "--snapshot", "--kernel=/bin/true")
    assert done.returncode == 0, done.stderr
    quoted = str(raw).replace(",", ",,")
    assert (f"-drive if=none,id=opensdei-disk0,format=raw,file={quoted} "
            "-device virtio-blk-pci,drive=opensdei-disk0 "
            f"-drive if=none,id=opensdei-disk1,format=qcow2,file={qcow2} "
            "-device virtio-blk-pci,drive=opensdei-disk1 -snapshot ") in done.stdout
    assert "loader,file=" not in done.stdout


def test_loader(run, tmp_path):
    """Without a kernel the disk's own is started, by U-Boot or the loader that is given,
    which finds SDEI in its device tree (docs/firmware.md)."""
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(512))
    done = run(f"--disk={disk}", "--loader=/bin/true")
    assert "loader,file=/bin/true,addr=0x60000000,force-raw=on" in done.stdout
    assert "name=opt/opensdei/tree,string=sdei" in done.stdout


@pytest.mark.parametrize("args, text", (
    (["--boot=dt", "--boot=acpi"], "boot,string=acpi"),
    (["--slots=1:1", "--slots=2:3"], "slots,string=2:3"),
    (["--trace-size=256", "--trace-size=1024"], "trace-size,string=1024"),
    (["--boot=acpi", "--option=boot=dt"], "boot,string=dt"),
    (["--option=boot=dt", "--boot=acpi"], "boot,string=acpi"),
    (["--option=abi=1.0", "--option=test=timer", "--option=abi=1.1"], "abi,string=1.1"),
    (["--disk=/bin/true", "--loader=/bin/true", "--option=tree=untouched"],
     "tree,string=untouched")))
def test_last_word(run, args, text):
    """QEMU ends over two options of one name."""
    name = text.split(",")[0]
    stdout = run(*args).stdout
    assert f"name=opt/opensdei/{text} " in stdout
    assert stdout.count(f"opt/opensdei/{name},") == 1


def test_option_begins_alike(run):
    stdout = run("--option=a=1", "--option=ab=2", "--option=a=3").stdout
    assert "opensdei/a,string=3 -fw_cfg name=opt/opensdei/ab,string=2 " in stdout


def test_behind_two_dashes(run):
    done = run("--smp=2", "--", "-device", "x,--kernel=y", "--smp", "plain")
    assert done.stdout.rstrip().endswith("-device x,--kernel=y --smp plain")
    assert "-smp 2 " in done.stdout


def test_gdb(run):
    """It waits, for nobody but this machine's users; where the symbols are is said."""
    done = run("--gdb=4321")
    assert "-S -gdb tcp:127.0.0.1:4321 " in done.stdout
    elf = os.path.abspath(f"{BUILD}/opensdei.elf")
    assert f"gdb-multiarch {elf} -ex 'target remote 127.0.0.1:4321'" in done.stderr
    assert "-gdb tcp:127.0.0.1:1234 " in run("--gdb").stdout


@pytest.mark.parametrize("args, why", (
    (["--disk=/nope"], "disk /nope: No such file or directory"),
    (["--disk=/"], "disk /: is a folder"),
    (["--disk=/bin/true", "--loader=/nope"], "U-Boot, /nope: No such file or directory"),
    (["--disk=/bin/true", "--machine=sbsa-ref"], "on --machine virt alone"),
    (["--disk=/bin/true"] * 9, "8 disks are the most"),
    (["x"], "what is QEMU's stands behind --")))
def test_wrong(run, args, why):
    done = run(*args)
    assert done.returncode == 2
    assert why in done.stderr
    assert done.stdout == ""
