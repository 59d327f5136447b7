# SPDX-License-Identifier: BSD-2-Clause
"""The conformance payload passes on our firmware, on every machine it supports;
and `sdei conformance` says so, and says what is wrong if something is."""

import json
import os
import re
import struct
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

import patience
from machine import BUILD

SDEI = os.path.join(BUILD, "sdei")
FIRMWARE = os.path.join(BUILD, "opensdei-qemu-virt.bin")
CPUS = ("neoverse-n1", "cortex-a76", "cortex-a57", "max,pauth-impdef=on")
CHECKS = 587

# Everything this firmware offers and these machines have is checked; these
# reasons depend on the CPU, its number, or what is *not* offered.
SKIPPED_ANYWHERE = (
    "the dispatcher offers relative mode",
    "not on this CPU, or not below this client",
    "this CPU does not have the feature",
    "there are slots",
    "one PE",
    "no EL2",
    "the client is at EL1: EL0 has no SMC",
)


def conformance(*args):
    """`sdei conformance ARGS`: (exit status, output, messages)."""
    done = patience.run([SDEI, "conformance", *args], 600,
                        stderr=subprocess.PIPE)
    return done.returncode, done.stdout, done.stderr


def check_passes(*args):
    """The report, which must be complete and without a failure."""
    status, output, said = conformance("--json", *args)
    assert status in (0, 1), said
    report = json.loads(output)
    failures = [f"{c['section']} {c['name']}\n{c['diagnostic']}"
                for c in report["check"] if c["result"] == "failed"]
    assert not failures, "\n".join(failures)
    assert report["problem"] is None
    assert (status, said) == (0, "")
    assert report["checks"] == report["plan"] >= CHECKS
    assert report["passed"] + report["skipped"] == report["checks"]
    skipped = {c["reason"] for c in report["check"]
               if c["result"] == "skipped"}
    assert skipped <= set(SKIPPED_ANYWHERE)
    return report


@pytest.mark.parametrize("el2", ("on", "off"))
@pytest.mark.parametrize("smp", (1, 2, 4, 8))
@pytest.mark.parametrize("cpu", CPUS)
def test_our_firmware(cpu, smp, el2):
    report = check_passes("--cpu", cpu, "--smp", str(smp), "--el2", el2)
    assert all(c["result"] != "skipped" or smp == 1
               for c in report["check"] if c["section"] == "4.3.2")


def test_gic_v4():
    """Redistributors of 256 KiB (GICR_TYPER.VLPIS)."""
    report = check_passes("--gic", "4", "--smp", "4")
    assert all(c["result"] != "skipped"
               for c in report["check"] if c["section"] == "4.3.2")


def test_abi_1_0():
    check_passes("--abi", "1.0")


@pytest.mark.parametrize("slots", ("0:0", "1:2", "0:64", "2:2"))
def test_slots(slots):
    """Fewer bind slots: FEATURES says so, INTERRUPT_BIND takes no more, and where
    there are none it answers OUT_OF_RESOURCE. Less than two of a kind, if not
    none at all, is the user's wish and not the specification's (6.3)."""
    private, shared = map(int, slots.split(":"))
    status, output, said = conformance("--json", "--verbose", "--smp", "2",
                                       "--slots", slots)
    checks = {(c["section"], c["name"]): c["result"]
              for c in json.loads(output)["check"]}
    failed = [name for name, result in checks.items() if result == "failed"]
    short = slots != "0:0" and min(private, shared) < 2
    assert failed == [("6.3", "at least two private and two shared slots")] * short
    assert status == short
    assert f" {private} private and {shared} shared bind slots" in said
    for count, what in ((private, "PPIs"), (shared, "SPIs")):
        assert checks["5.1.14", f"INTERRUPT_BIND of {what} until no slot is left"] \
            == ("passed" if count else "skipped")
    assert checks["5.1.14", "INTERRUPT_BIND without slots: OUT_OF_RESOURCE"] \
        == ("skipped" if private and shared else "passed")


@pytest.mark.parametrize("option, name", (
    ("--firmware", "opensdei-qemu-virt.bin"),
    ("--payload", "conformance.bin"),
))
def test_built_by_clang(option, name):
    check_passes(option, os.path.join(BUILD, "llvm", name))


# The command itself, by payloads of a few instructions.

def a64_print(text):
    """A64 code that writes `text` to the PL011 and then does SYSTEM_OFF."""
    code = struct.pack(
        "<10I",
        0xd2a12000,                   # mov x0, #0x09000000
        0x10000121,                   # adr x1, text
        0x38401422,                   # 1: ldrb w2, [x1], #1
        0x34000062,                   # cbz w2, 2f
        0xb9000002,                   # str w2, [x0]
        0x17fffffd,                   # b 1b
        0x52800100,                   # 2: mov w0, #8
        0x72b08000,                   # movk w0, #0x8400, lsl #16
        0xd4000003,                   # smc #0
        0x14000000)                   # b .
    return code + text.encode() + b"\0"


ENDLESS = struct.pack("<I", 0x14000000)     # b .

SMALL = """left by somebody: TAP version 13
# a comment
ok 1 - 5.1.1 VERSION
not ok 2 - 5.1.2 REGISTER: <event> & "flags"
  ---
  - asked: "SDEI_EVENT_REGISTER(0x0) on PE 0"
    got: "-1 NOT_SUPPORTED"
    specification: "0 SUCCESS"
  ...
ok 3 - 5.1.2 REGISTER # SKIP no <slots>
somebody else: not TAP
ok 4 - 5.1.10 GET_INFO # SKIP no <slots>
1..4
"""


@pytest.fixture
def payload(tmp_path):
    """payload(content) is a file's name; text becomes code that prints it."""
    def write(content):
        path = tmp_path / "payload,1.bin"
        path.write_bytes(a64_print(content) if isinstance(content, str)
                         else content)
        return str(path)
    return write


def test_table(payload):
    """A failure is told in full, a reason once; in the sections' order."""
    status, output, said = conformance("--payload", payload(SMALL))
    assert (status, said) == (1, "")
    rows = [line.split() for line in output.splitlines()[1:5]]
    assert rows == [["5.1.1", "1", "0", "0"], ["5.1.2", "0", "1", "1"],
                    ["5.1.10", "0", "0", "1"], ["all", "1", "1", "2"]]
    assert 'FAILED 2, 5.1.2 REGISTER: <event> & "flags"\n' \
           '- asked: "SDEI_EVENT_REGISTER(0x0) on PE 0"\n' \
           '  got: "-1 NOT_SUPPORTED"\n' \
           '  specification: "0 SUCCESS"\n' in output
    assert re.findall(r"^ +(\d+)  no <slots>$", output, re.M) == ["2"]
    assert "did not finish" not in output


def test_json(payload):
    status, output, _ = conformance("--json", "--payload", payload(SMALL))
    report = json.loads(output)
    assert status == 1
    assert (report["passed"], report["failed"], report["skipped"],
            report["plan"], report["problem"]) == (1, 1, 2, 4, None)
    assert [c["result"] for c in report["check"]] == \
        ["passed", "failed", "skipped", "skipped"]
    assert "NOT_SUPPORTED" in report["check"][1]["diagnostic"]


@pytest.mark.parametrize("to_file", (False, True))
def test_junit(payload, tmp_path, to_file):
    path = str(tmp_path / "results.xml")
    status, output, _ = conformance("--payload", payload(SMALL), "--junit",
                                    path if to_file else "-")
    assert status == 1
    if to_file:
        assert "FAILED 2" in output
        with open(path, encoding="utf-8") as file:
            output = file.read()
    root = ElementTree.fromstring(output)
    assert (root.get("tests"), root.get("failures"), root.get("errors"),
            root.get("skipped")) == ("4", "1", "0", "2")
    assert [suite.get("name") for suite in root] == ["5.1.1", "5.1.2",
                                                     "5.1.10"]
    assert len(root.findall("testsuite/testcase")) == 4
    assert "-1 NOT_SUPPORTED" in root.find(".//failure").text
    case = root.find("testsuite[@name='5.1.2']/testcase")
    assert case.get("name") == 'REGISTER: <event> & "flags"'


def test_junit_of_our_firmware():
    status, output, _ = conformance("--junit=-")
    root = ElementTree.fromstring(output)
    cases = root.findall("testsuite/testcase")
    assert status == 0
    assert int(root.get("tests")) == len(cases) >= CHECKS
    assert int(root.get("skipped")) == len(root.findall(".//skipped"))
    assert (root.get("failures"), root.get("errors")) == ("0", "0")
    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))


@pytest.mark.parametrize("content, words", (
    (ENDLESS, ("still running after 2 s", "before 'TAP version 13'")),
    ("TAP version 13\nok 1 - 5.1 a\nBail out! PE 0 is lost\n",
     ("bailed out", "after 1 checks", "PE 0 is lost")),
    ("TAP version 13\nok 1 - 5.1 a\n", ("ended early", "without a plan")),
    ("TAP version 13\nok 1 - 5.1 a\n1..2\n", ("plan says 2", "were 1")),
    ("TAP version 13\nok 1 - 5.1 a\nok 3 - 5.1 b\n1..2\n",
     ("check 1", "check 3", "lost")),
    ("nothing of interest\n", ("ended early", "before 'TAP version 13'")),
), ids=("endless", "bail out", "no plan", "too few", "a gap", "no TAP"))
def test_does_not_finish(payload, content, words):
    path = payload(content)
    limit = "--timeout=2" if content == ENDLESS else "--timeout=30"
    status, output, _ = conformance(limit, "--payload", path)
    assert status == 1
    assert "The payload did not finish: " in output
    for word in words:
        assert word in output
    status, output, _ = conformance(limit, "--payload", path, "--junit=-")
    assert status == 1
    error = ElementTree.fromstring(output).find(".//error")
    assert words[0] in error.get("message")


def test_tampered_firmware(tmp_path):
    """Our firmware where INVALID_PARAMETERS, -2, has become DENIED, -3: in each
    MOV Xn, #-2 and MOV Wn, #-2."""
    with open(FIRMWARE, "rb") as file:
        code = bytearray(file.read())
    for at in range(0, len(code) - 3, 4):
        word, = struct.unpack_from("<I", code, at)
        if word & ~0x8000001f == 0x12800020:
            struct.pack_into("<I", code, at, word ^ 0x60)
    path = tmp_path / "tampered.bin"
    path.write_bytes(code)
    status, output, _ = conformance("--firmware", str(path))
    assert status == 1
    assert re.search(r"^FAILED \d+, 5\.1\.2 REGISTER: unknown event$", output,
                     re.M)
    assert '  got: "-3 DENIED"\n' \
           '  specification: "-2 INVALID_PARAMETERS"\n' in output
    assert "did not finish" not in output


def test_nothing_is_left_behind(short_path, payload):
    done = patience.run([SDEI, "conformance", "--timeout=1", "--payload",
                         payload(ENDLESS)], env=patience.environment(
                             XDG_RUNTIME_DIR=str(short_path)))
    assert done.returncode == 1
    assert os.listdir(short_path / "opensdei") == []


@pytest.mark.parametrize("args, word", (
    (("--firmware=/nowhere/fw.bin",), "/nowhere/fw.bin"),
    (("--payload=/nowhere/payload.bin",), "/nowhere/payload.bin"),
    (("--qemu=/nowhere/qemu",), "/nowhere/qemu"),
    (("--cpu=pentium",), "pentium"),
    (("--smp=none",), "smp"),
    (("--el2=perhaps",), "perhaps"),
    (("--abi=2.0",), "2.0"),
    (("--slots=2", "--qemu=/bin/true"), "PRIVATE:SHARED"),
    (("--timeout=0",), "0"),
    (("--json", "--junit=-"), "--junit"),
    (("--junit=/nowhere/results.xml",), "/nowhere/results.xml"),
    (("something",), "something"),
))
def test_usage(args, word):
    status, _, said = conformance(*args)
    assert status == 2
    assert word in said
