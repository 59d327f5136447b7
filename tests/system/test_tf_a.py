# SPDX-License-Identifier: BSD-2-Clause
"""TF-A with libsdei for its dispatcher (integrations/tf-a), on QEMU's virt machine.
Some of it in each run; all of it, on both releases that Debian has, with TF_A=1:
`make tf-a`."""

import json
import os
import re
import shutil
import struct
import subprocess

import pytest

import patience
from machine import BUILD, READY
from test_conformance import conformance
from test_host import VHE, results, start
from test_third_party import NOT_OFFERED

AT_ONCE = True  # CPUs signal each other

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.abspath(os.path.join(HERE, "../.."))
SCRIPT = os.path.join(TREE, "tests/tf_a/build.sh")
README = os.path.join(TREE, "integrations/tf-a/README.md")
CLIENT = os.path.join(BUILD, "tf_a/client.bin")
# TF-A's own, by tests/third_party: the images before BL31.
BOOT = os.path.abspath(os.path.join(BUILD, "third_party/qemu/release"))
ALL = bool(os.environ.get("TF_A"))
ARM64 = os.environ.get("ARM64", os.path.join(TREE, "build/arm64"))
SOURCES = {"2.12.1": os.path.join(ARM64, "tfa")}
if os.environ.get("TF_A_NEXT"):
    SOURCES["next"] = os.environ["TF_A_NEXT"]

ZERO = "SDEI_DEFINE_EVENT_0(PLAT_SDEI_SGI_PRIVATE)"
AS_SHIPPED = ("-", "-")
SLOTS = (", ".join([ZERO] + [
    f"SDEI_PRIVATE_EVENT({n}, SDEI_DYN_IRQ, SDEI_MAPF_DYNAMIC)"
    for n in (100, 101, 102)]), ", ".join(
    f"SDEI_SHARED_EVENT({n}, SDEI_DYN_IRQ, SDEI_MAPF_DYNAMIC)"
    for n in (200, 201, 202)))
# client.c knows these.
EVENTS = (f"{ZERO}, SDEI_EXPLICIT_EVENT(100, SDEI_MAPF_NORMAL), "
          "SDEI_EXPLICIT_EVENT(101, SDEI_MAPF_CRITICAL), "
          "SDEI_PRIVATE_EVENT(110, 30, SDEI_MAPF_NORMAL), "
          "SDEI_PRIVATE_EVENT(111, 27, SDEI_MAPF_CRITICAL), "
          "SDEI_PRIVATE_EVENT(112, SDEI_DYN_IRQ, SDEI_MAPF_DYNAMIC)",
          "SDEI_SHARED_EVENT(200, 34, SDEI_MAPF_NORMAL)")
# The QEMU port leaves PPI 29, the Secure timer's, to the Normal world.
FORCED = {"INTERRUPT_BIND of a Secure interrupt"}

# What breaks a rule: the map, and words of the sentence that names the entry.
BAD_MAPS = (
    ((f"{ZERO}, {ZERO}", ""),
     ("private entry 1 ", "event 0x0", "number is given twice")),
    ((f"{ZERO}, SDEI_PRIVATE_EVENT(110, 34, SDEI_MAPF_NORMAL)", ""),
     ("private entry 1 ", "event 0x6e", "interrupt 34", "not a PPI")),
    ((ZERO, "SDEI_SHARED_EVENT(200, 60, SDEI_MAPF_NORMAL)"),
     ("shared entry 0 ", "interrupt 60", "not the Normal world's")),
    ((ZERO, "SDEI_SHARED_EVENT(200, 34, 0), SDEI_SHARED_EVENT(201, 34, 0)"),
     ("shared entry 1 ", "event 0xc9", "interrupt is given twice")),
    ((ZERO, "SDEI_SHARED_EVENT(200, 30, SDEI_MAPF_NORMAL)"),
     ("shared entry 0 ", "interrupt 30", "not an SPI")),
    ((ZERO, "SDEI_SHARED_EVENT(200, 290, SDEI_MAPF_NORMAL)"),
     ("shared entry 0 ", "interrupt 290", "GIC has no such")),
    ((ZERO, "SDEI_SHARED_EVENT(0, 34, SDEI_MAPF_NORMAL)"),
     ("shared entry 0 ", "event 0 is private")),
    (("SDEI_EXPLICIT_EVENT(100, SDEI_MAPF_NORMAL)", ""),
     ("event 0 is missing",)),
    (("SDEI_DEFINE_EVENT_0(30)", ""),
     ("private entry 0 ", "interrupt 30", "not an SGI")),
    ((f"{ZERO}, SDEI_PRIVATE_EVENT(0x3000000, 30, 0)", ""),
     ("private entry 1 ", "event 0x3000000", "its number is none")),
    ((f"{ZERO}, SDEI_PRIVATE_EVENT(100, SDEI_DYN_IRQ, SDEI_MAPF_DYNAMIC | "
      "SDEI_MAPF_CRITICAL)", ""),
     ("private entry 1 ", "dynamic events are normal")),
    ((f"{ZERO}, SDEI_SHARED_EVENT(200, 34, 0)", ""),
     ("private entry 1 ", "it is not private")),
)
# The compiler says so.
BAD_BUILDS = (
    (("", ""), "privates has no entry: event 0 is missing"),
    ((f"{ZERO}, [4096] = SDEI_EXPLICIT_EVENT(100, 0)", ""),
     "privates has more than 4096 entries"),
)


def build(folder, release, the_map, *options, whose=TREE, boot=BOOT):
    """TF-A built to folder/firmware.bin: (exit status, what was said)."""
    done = patience.run(
        [SCRIPT, SOURCES[release], str(folder), whose, *the_map, *options], 900,
        env=patience.environment(**({"BOOT": boot} if boot else {})))
    return done.returncode, done.stdout


def made(*args, **options):
    status, said = build(*args, **options)
    assert status == 0, said
    return os.path.join(args[0], "firmware.bin")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One for all maps in turn: only the platform's file differs."""
    return tmp_path_factory.mktemp("tf_a")


def judge(firmware, smp=4, cpu="max,pauth-impdef=on", passed=510):
    _, output, _ = conformance("--json", "--firmware", firmware, "--cpu", cpu,
                               "--smp", str(smp))
    checks = json.loads(output)["check"]
    failed = {c["name"] for c in checks if c["result"] == "failed"}
    assert failed <= FORCED
    assert len([c for c in checks if c["result"] == "passed"]) >= passed


def run_client(boot, firmware):
    machine = start(boot, CLIENT, service=False, firmware=firmware, smp=2,
                    cpu="max,pauth-impdef=on")
    machine.expect(r"^end\r?\n", 60)
    lines = re.findall(r"^(not ok|ok) (.*?)\r?$", machine.console, re.M)
    assert [line for line in lines if line[0] != "ok"] == []
    assert len(lines) == 27


def stops(boot, firmware, words):
    machine = start(boot, CLIENT, service=False, firmware=firmware, smp=1,
                    cpu="max,pauth-impdef=on")
    # The whole line: what is there so far ends somewhere, too.
    machine.expect(r"^ERROR: .*SDEI: .*\n", 60)
    said = re.search(r"^ERROR: .*SDEI: .*\n", machine.console, re.M).group()
    for word in words:
        assert word in said
    assert "ok explicit" not in machine.console


def test_in_each_run(boot, folder):
    """Slots, judged; events that fire; three maps that stop the boot, one the build."""
    judge(made(folder, "2.12.1", SLOTS))
    run_client(boot, made(folder, "2.12.1", EVENTS))
    for the_map, words in BAD_MAPS[:3]:
        stops(boot, made(folder, "2.12.1", the_map), words)
    status, said = build(folder, "2.12.1", BAD_BUILDS[1][0])
    assert status != 0 and BAD_BUILDS[1][1] in said


everything = pytest.mark.skipif(not ALL, reason="make tf-a")


@everything
@pytest.mark.parametrize("the_map, words", BAD_MAPS)
def test_bad_map(boot, folder, the_map, words):
    stops(boot, made(folder, "2.12.1", the_map), words)


@everything
@pytest.mark.parametrize("the_map, words", BAD_BUILDS)
def test_bad_build(folder, the_map, words):
    status, said = build(folder, "2.12.1", the_map)
    assert status != 0 and words in said


@everything
def test_el2_registers(folder):
    """With RME make stops, before it compiles."""
    status, said = build(folder, "2.12.1", SLOTS, "ENABLE_RME=1")
    assert status != 0 and "does not build with CTX_INCLUDE_EL2_REGS" in said


@everything
@pytest.mark.parametrize("debug", (0, 1))
@pytest.mark.parametrize("version", SOURCES)
def test_releases(boot, folder, version, debug):
    """As shipped, with slots, with events; the host's payload. (`release` is what boot()
    has a fixture for.)"""
    place, option = folder / f"{version}-{debug}", f"DEBUG={debug}"
    shipped = made(place / "shipped", version, AS_SHIPPED, option, boot=None)
    judge(shipped, passed=440)
    results(start(boot, VHE, service=False, firmware=shipped, smp=4,
                  cpu="max,pauth-impdef=on"), NOT_OFFERED)
    slots = made(place, version, SLOTS, option, boot=None)
    for smp in (1, 4):
        judge(slots, smp, passed=480)
    judge(slots, cpu="cortex-a72", passed=480)
    run_client(boot, made(place, version, EVENTS, option, boot=None))


@everything
@pytest.mark.parametrize("options", (
    ("ENABLE_LTO=1",), ("ENABLE_PIE=1",), ("BRANCH_PROTECTION=1",),
    ("DYNAMIC_WORKAROUND_CVE_2018_3639=1", "WORKAROUND_CVE_2018_3639=1"),
    ("SDEI_VERSION_MINOR=0",)), ids=lambda options: options[0])
def test_options(boot, folder, options):
    place = folder / options[0].replace("=", "-")  # TF-A's make stops at it
    judge(made(place, "2.12.1", SLOTS, *options))
    run_client(boot, made(place, "2.12.1", EVENTS, *options))


def to_the_letter():
    """The commands of the README, but those that install and download."""
    with open(README, encoding="utf-8") as text:
        blocks = re.findall(r"^```sh\n(.*?)^```$", text.read(), re.M | re.S)
    assert len(blocks) == 2
    return "set -e\n" + "".join(blocks)


@everything
def test_readme(tmp_path):
    """From an empty folder, with the documents and both sources, to an event."""
    shutil.copytree(SOURCES["2.12.1"], tmp_path / "arm-trusted-firmware-2.12.1+dfsg",
                    symlinks=True)
    env = patience.environment(OPENSDEI=TREE)
    for name in ("MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "BUILD"):
        env.pop(name, None)
    done = patience.run(["sh", "-c", to_the_letter()], 900, cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stdout[-3000:]
    passed, failed = re.search(r"^all +([0-9]+) +([0-9]+) ", done.stdout,
                               re.M).groups()
    assert int(passed) >= 440 and failed == "0"


INITRD = 0x70000000


def device_tree(path, initrd):
    """QEMU's, and what tells Linux of SDEI."""
    qemu = ["qemu-system-aarch64", "-cpu", "max,pauth-impdef=on", "-smp", "2",
            "-m", "1G", "-display", "none", "-nic", "none", "-machine",
            "virt,secure=on,virtualization=on,gic-version=3,acpi=off"]
    subprocess.run([*qemu[:-1], f"{qemu[-1]},dumpdtb={path}"], check=True)
    end = INITRD + os.path.getsize(initrd)
    for edit in (
            ("-p", "-c", path, "/firmware/sdei"),
            ("-t", "s", path, "/firmware/sdei", "compatible", "arm,sdei-1.0"),
            ("-t", "s", path, "/firmware/sdei", "method", "smc"),
            ("-t", "s", path, "/chosen", "bootargs", "console=ttyAMA0"),
            ("-t", "x", path, "/chosen", "linux,initrd-start", "0",
             hex(INITRD)),
            ("-t", "x", path, "/chosen", "linux,initrd-end", "0", hex(end))):
        subprocess.run(["fdtput", *edit], check=True)
    return qemu


@everything
def test_linux(folder):
    """Debian's, told of SDEI by its device tree, finds it and comes to its shell."""
    firmware = made(folder, "2.12.1", SLOTS)
    initrd, tree = os.path.join(BUILD, "initrd.cpio.gz"), folder / "tree.dtb"
    qemu = device_tree(str(tree), initrd)
    # x0 = 0x40000000, where QEMU puts the tree; br 0x60200000
    jump = folder / "jump"
    jump.write_bytes(struct.pack("<6I", 0xd2a80000, 0xd2800001, 0xd2800002,
                                 0xd2800003, 0xd2ac0404, 0xd61f0080))
    loads = ((jump, 0x60000000), (os.path.join(ARM64, "vmlinuz"), 0x60200000),
             (initrd, INITRD))
    args = [*qemu, "-serial", "stdio", "-bios", firmware, "-dtb", str(tree)]
    for file, at in loads:
        args += ["-device", f"loader,file={file},addr={at:#x},force-raw=on"]
    with subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True, errors="replace") as machine:
        wait = patience.Patience(120)
        console = ""
        for line in machine.stdout:
            console += line
            if READY in line or wait.over():
                break
        machine.kill()
    assert "sdei: SDEIv1.1 (0x0) detected in firmware." in console
    assert READY in console and "Kernel panic" not in console


# Instructions, as a part of those with TF-A's own dispatcher (issue 13).
MOST = {
    "SDEI_VERSION": 1.03, "EVENT_STATUS": 1.03, "EVENT_GET_INFO": 1.03,
    "FEATURES": 1.03, "EVENT_CONTEXT": 1.03, "PE_MASK": 1.03, "PE_UNMASK": 1.03,
    "EVENT_ENABLE": 0.85, "EVENT_REGISTER": 0.85, "EVENT_SIGNAL": 0.23,
    "EVENT_COMPLETE,": 0.23, "EVENT_COMPLETE_AND_RESUME": 0.33,
    "one signalled event": 0.22, "bound SPI": 0.3,
}


def measured(firmware, folder):
    out = folder / "bench.json"
    patience.run(["python3", "-B", os.path.join(TREE, "bench/bench.py"),
                  "--firmware", firmware, "--cpu", "max,pauth-impdef=on",
                  "--json", str(out)])
    return [(row["what"], row["values"][0])
            for row in json.loads(out.read_text())["rows"]]


@everything
@pytest.mark.parametrize("release", SOURCES)
def test_speed(folder, release):
    """Side by side with TF-A's own, release builds with slots."""
    place = folder / f"{release}-speed"
    own = measured(made(place / "own", release, SLOTS, whose="own", boot=None),
                   place)
    ours = measured(made(place / "ours", release, SLOTS, boot=None), place)
    over = []
    for (name, before), (_, now) in zip(own, ours):
        print(f"{name:45} {before:8} {now:8} {now / before:.3f}")
        over += [name for start, most in MOST.items()
                 if name.startswith(start) and now > most * before]
    assert len(own) == len(ours) >= 14 and over == []
