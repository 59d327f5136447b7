# SPDX-License-Identifier: BSD-2-Clause
"""`sdei decode` on files, no machine needed: words, JSON, dumps, what is wrong.

The fuzzer's seeds are the records: each kind of section is among them.
"""

import json
import os
import struct
import subprocess

import pytest

import patience

HERE = os.path.dirname(os.path.abspath(__file__))
SDEI = os.path.join(os.environ["BUILD"], "sdei")
SEEDS = os.path.join(HERE, "fuzz/seeds/decode")

MEMORY = bytes.fromhex("1411bca5646fde4eb8633e83ed7c83b1")


def block(address=0x50005000, word=0x12, severity=2):
    """A status block with one memory error: ACPI 6.5, 18.3.2.7.1; UEFI 2.10, N.2.5."""
    section = struct.pack("<QQQQ", 0x4002, 0, address, 0) + bytes(40) + \
        struct.pack("<BBHHH", 2, 0, 0, 0, 0)
    entry = MEMORY + struct.pack("<IHBBI", severity, 0x300, 6, 1, 80) + \
        bytes(16) + b"seq 17".ljust(20, b"\0") + \
        bytes.fromhex("0216130128112620")
    return struct.pack("<IIIII", word, 0, 0, 152, severity) + entry + section


def decode(*args, stdin=b""):
    done = subprocess.run([SDEI, "decode", *args], input=stdin, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=patience.seconds(60))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_words(tmp_path):
    path = tmp_path / "block"
    path.write_bytes(block() + bytes(100))
    status, said, _ = decode(str(path))
    assert status == 0
    lines = [line.strip() for line in said.splitlines()]
    for line in ("record 0: status block", "severity: 2 (corrected)",
                 "block_status: 0x02 (corrected)", "section 0: memory error",
                 'fru_text: "seq 17"', "time: 2026-11-28 13:16:02",
                 "physical_address: 0x0000000050005000",
                 "error_type: 2 (single-bit ECC)"):
        assert line in lines


def test_json():
    status, said, _ = decode("--json", "-", stdin=block() + block(0x6000))
    told = json.loads(said)
    assert (status, told["wrong_count"]) == (0, 0)
    first, second = told["records"]
    assert first["severity"] == 2
    assert first["severity_name"] == "corrected"
    section = first["sections"][0]
    assert section["kind"] == "memory error"
    assert section["flags_names"] == ["primary"]
    assert section["fru_text"] == "seq 17"
    assert section["time"] == "2026-11-28T13:16:02Z"
    assert section["time_precise"] is True
    assert section["body"]["error_type_name"] == "single-bit ECC"
    assert section["body"]["physical_address"] == "0x0000000050005000"
    assert second["sections"][0]["body"]["physical_address"] == \
        "0x0000000000006000"
    assert second["offset"] == len(block())


@pytest.mark.parametrize("dump", (("xxd",), ("xxd", "-p"), ("hexdump", "-vC"),
                                  ("od", "-An", "-v", "-tx1")),
                         ids="-".join)
def test_dumps(tmp_path, dump):
    path = tmp_path / "block"
    path.write_bytes(block())
    try:
        text = subprocess.run([*dump, str(path)], check=True,
                              stdout=subprocess.PIPE).stdout
    except FileNotFoundError:
        pytest.skip(f"there is no {dump[0]}")
    assert decode("-", stdin=text) == decode(str(path))


@pytest.mark.parametrize("seed", sorted(os.listdir(SEEDS)))
def test_seeds(seed):
    """Words and JSON tell of the same things, and JSON is some."""
    path = os.path.join(SEEDS, seed)
    status, words, _ = decode(path)
    as_json, said, _ = decode("--json", path)
    told = json.loads(said)
    assert status == as_json == (1 if told["wrong_count"] else 0)
    assert words.count("WRONG") == told["wrong_count"]
    assert len(told["records"]) == sum(
        line.startswith("record ") for line in words.splitlines())


def test_wrong():
    """What lies is said where it is, and the rest is read."""
    lying = bytearray(block())
    struct.pack_into("<I", lying, 44, 4096)
    status, said, _ = decode("-", stdin=bytes(lying))
    assert status == 1
    assert "WRONG at byte 0x2c: length is 4096, but only 80 bytes follow" in said
    assert "physical_address: 0x0000000050005000" in said
    status, said, _ = decode("--json", "-", stdin=bytes(lying))
    section = json.loads(said)["records"][0]["sections"][0]
    assert section["wrong"] == [{
        "offset": 44, "what": "length is 4096, but only 80 bytes follow"}]


def test_text_is_escaped():
    """Nothing that a record says reaches a terminal as an order."""
    evil = block().replace(b"seq 17", b"\x1b[2J\xff\n")
    _, said, _ = decode("-", stdin=evil)
    assert r"\x1b[2J\xff" in said and "\x1b" not in said
    _, said, _ = decode("--json", "-", stdin=evil)
    text = json.loads(said)["records"][0]["sections"][0]["fru_text"]
    assert text == "\\x1b[2J\\xff\n"


def test_nothing():
    assert decode("-", stdin=bytes(64)) == \
        (0, "no record: all 64 bytes are zero\n", "")
    status, said, _ = decode("--json", "-", stdin=bytes(64))
    assert (status, json.loads(said)["records"]) == (0, [])
    assert decode("-")[0] == 1


@pytest.mark.parametrize("args, stdin, words", (
    ((), b"", "FILE"),
    (("-", "-"), b"", "too many"),
    (("/nowhere/block",), b"", "/nowhere/block: No such file"),
    (("/",), b"", "is a folder"),
    (("-",), b"12 34\nno dump\n", "see line 2"),
))
def test_usage(args, stdin, words):
    status, said, error = decode(*args, stdin=stdin)
    assert status == 2 and said == ""
    assert words in error


def test_too_large(tmp_path):
    path = tmp_path / "disk"
    with open(path, "wb") as file:
        file.truncate(17 << 20)
    status, said, error = decode(str(path))
    assert (status, said) == (2, "") and "more than 16 MiB" in error
