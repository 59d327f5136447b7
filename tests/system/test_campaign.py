# SPDX-License-Identifier: BSD-2-Clause
"""`sdei campaign`: the example boots; the rest is about what goes wrong, mostly with a
program in QEMU's place that dies, or never says anything. Its parts one by one:
test_campaign_parts.py."""

import html.parser
import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import jsonschema
import pytest
import yaml

import patience
from machine import ARM64, BUILD, INITRD, KERNEL, ROOT

sys.path.append(os.path.join(ROOT, "tools/campaign"))

import plan  # noqa: E402  (after sys.path)

SDEI = os.path.abspath(os.path.join(BUILD, "sdei"))
EXAMPLES = os.path.join(ROOT, "examples/campaign")
ENVIRONMENT = {"BUILD": os.path.abspath(BUILD), "ARM64": os.path.abspath(ARM64)}


def campaign(*args, env=None, **options):
    """Exit status, what it printed, what it said of the way."""
    done = patience.run([SDEI, "campaign", *map(str, args)], stderr=subprocess.PIPE,
                        env=patience.environment(**{**ENVIRONMENT, **(env or {})}),
                        **options)
    return done.returncode, done.stdout, done.stderr


class Links(html.parser.HTMLParser):
    """What a page has: ids, links, elements that are open at its end, text by id."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.open, self.again = [], [], [], []
        self.texts = {}
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.open += [] if tag in ("meta", "br") else [(tag, attrs)]
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs[name] for name in ("href", "src") if name in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        tag, attrs = self.open[-1] if self.open else ("", {})
        if attrs.get("class") == "again":
            self.again.append(data)
        if tag == "pre":
            self.texts[self.ids[-1]] = data

    def check(self):
        assert not self.open
        assert len(set(self.ids)) == len(self.ids)
        for link in self.links:
            assert link[0] == "#" and link[1:] in self.ids
        return self


def cases(folder):
    """{run: what became of it} of JUnit's file."""
    suite = ET.parse(folder / "junit.xml").getroot()
    assert int(suite.get("tests")) == len(suite)
    return {case.get("name"): case[0].tag if len(case) else "passed" for case in suite}


def verdicts(folder):
    found = {}
    for path in (folder / "runs").glob("*.json"):
        result = json.loads(path.read_text())
        found[result["id"]] = result["verdict"]
    return found


@pytest.fixture
def write(tmp_path):
    """write(values, ...) makes a campaign's file with one axis, "a"."""
    def make(values, **more):
        path = tmp_path / "c.yaml"
        path.write_text(yaml.safe_dump({
            "campaign": "what a <test> asks", "axes": {"a": values}, **more,
            "all": {"kernel": os.path.abspath(KERNEL), "smp": 1,
                    "initrd": os.path.abspath(INITRD),
                    "expect": [{"log": "Linux version", "at-least": 1}],
                    **more.get("all", {})}}, sort_keys=False))
        return path

    return make


@pytest.fixture
def program(tmp_path):
    """program(name, text) is a script that can stand in QEMU's place."""
    def make(name, text):
        path = tmp_path / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)
        return str(path)

    return make


# Boots.


def test_example(tmp_path):
    """It passes; made again, there is nothing to do."""
    folder = tmp_path / "r"
    args = (f"--results={folder}", "--json", os.path.join(EXAMPLES, "small.yaml"))
    status, said, way = campaign(*args)
    assert status == 0, way
    sums = json.loads(said)
    assert (sums["passed"], sums["failed"], sums["broken"], sums["not run"]) == \
        (2, 0, 0, 0)
    assert "\r" not in way and way.count("passed") == 2
    assert cases(folder) == {"idle": "passed", "cpu-off": "passed"}
    page = Links(folder / "index.html").check()
    assert len(page.ids) > 3
    again = shlex.join(["env", *(f"{name}={value}" for name, value in
                                 sorted(ENVIRONMENT.items())), SDEI, "campaign"])
    assert page.again[0].startswith(again + " ")    # wherever it is typed
    for name in ("idle", "cpu-off"):
        assert "enter" in (folder / "runs" / f"{name}.trace").read_text()
        assert "Booting Linux" in (folder / "runs" / f"{name}.console").read_text()
    result = json.loads((folder / "runs" / "cpu-off.json").read_text())
    assert [check["good"] for check in result["checks"]] == [True] * 3
    assert [pe["power"] for pe in result["status"]["pe"]] == ["on", "off"]

    began = time.monotonic()
    status, said, way = campaign(*args)
    assert (status, json.loads(said)) == (0, sums)
    assert "2 of 2 results are there; 0 runs are left" in way
    assert time.monotonic() - began < patience.seconds(10)


def test_failed_and_broken(write, program, tmp_path):
    """What is expected and does not come; and a machine that dies, and not when it is
    made again, by the page's command."""
    mark = tmp_path / "died"
    qemu = program("qemu", f"[ -e {mark} ] || {{ touch {mark}; echo ' no <core> left'; "
                           "exit 1; }\nexec qemu-system-aarch64 \"$@\"\n")
    folder = tmp_path / "r"
    path = write({"lost": {"inject": [{"inject": "memory --severity corrected "
                                                 "--address 0x7d000000"}],
                           "expect": [{"error": {"kind": "memory"}, "times": 2}]},
                  "dies": {"qemu": qemu}}, all={"append": "mem=960M"})
    status, said, way = campaign(f"--results={folder}", path)
    assert status == 1 and "0 passed, 1 failed, 1 broken" in said
    assert "failed lost" in way and "error kind=memory 2 times: once" in way
    assert "broken dies" in way and "its last line: no <core> left" in way
    assert cases(folder) == {"lost": "failure", "dies": "error"}
    page = Links(folder / "index.html").check()
    assert "Booting Linux" in page.texts["run-0-console"]
    assert "enter" in page.texts["run-0-trace"]
    assert "no <core> left" in page.texts["run-1-console"]

    done = patience.run(shlex.split(page.again[1]))
    assert done.returncode == 0, done.stdout
    status, said, _ = campaign("--report", f"--results={folder}", path)
    assert status == 1 and "1 passed, 1 failed, 0 broken" in said


# What goes wrong, without a boot.


DIES = "echo dead; exit 1\n"
HANGS = "echo $$ > {}\nexec sleep 1000\n"


def started(path, folder, pid, **options):
    """A campaign whose first machine has died and whose second hangs."""
    process = subprocess.Popen(
        [SDEI, "campaign", "--workers=1", f"--results={folder}", path],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=patience.environment(), **options)
    assert patience.wait_for(lambda: pid.exists() and pid.read_text().strip())
    return process, int(pid.read_text())


def gone(pid):
    return patience.wait_for(lambda: not os.path.exists(f"/proc/{pid}"))


@pytest.mark.parametrize("number", (signal.SIGINT, signal.SIGTERM, signal.SIGKILL))
def test_ended(write, program, tmp_path, number):
    """By ^C, by kill, by a machine that died: what was done is there, no machine is
    left, and the next one begins where it was."""
    pid, folder = tmp_path / "pid", tmp_path / "r"
    path = write({"first": {"qemu": program("dies", DIES)},
                  "second": {"qemu": program("hangs", HANGS.format(pid))}})
    process, machine = started(path, folder, pid)
    process.send_signal(number)
    _, said = process.communicate(timeout=patience.seconds(60))
    assert gone(machine)
    assert verdicts(folder) == {"first": "broken"}
    assert not list((folder / "runs").glob("second*"))
    if number == signal.SIGKILL:
        assert process.returncode == -number
    else:
        assert process.returncode == 128 + number
        assert f"ended by signal {int(number)}; what is done is kept" in said
    status, listed, _ = campaign("--list", "--json", f"--results={folder}", path)
    assert (status, json.loads(listed)) == (0, {"first": "broken", "second": "not run"})


def test_two_at_once(write, program, tmp_path):
    pid, folder = tmp_path / "pid", tmp_path / "r"
    path = write({"second": {"qemu": program("hangs", HANGS.format(pid))}})
    process, _ = started(path, folder, pid)
    status, _, said = campaign(f"--results={folder}", path)
    assert status == 2 and "another campaign writes into" in said
    process.terminate()
    process.communicate(timeout=patience.seconds(60))


def test_full_disk(write, program, tmp_path):
    """There is room for the first results, and for no more."""
    alone = ["unshare", "--user", "--map-root-user", "--mount"]
    refused = patience.run([*alone, "true"])
    if refused.returncode:
        pytest.skip(f"no small disk can be made: {refused.stdout.strip()}")
    path = write({f"n{n}": {"qemu": program("dies", "seq 3000; exit 1\n")}
                  for n in range(8)})
    folder = tmp_path / "small"
    folder.mkdir()
    command = [SDEI, "campaign", "--workers=1", f"--results={folder}", str(path)]
    script = (f"mount -t tmpfs -o size=40k none {folder} && {shlex.join(command)}; "
              f"echo status=$?; ls {folder}/runs")
    done = patience.run([*alone, "sh", "-c", script])
    assert "status=2" in done.stdout, done.stdout
    assert "No space left on device" in done.stdout
    assert "Traceback" not in done.stdout and ".new" not in done.stdout.split("status")[1]
    assert "n0.json" in done.stdout         # what had room is there


def test_changed(write, program, tmp_path):
    """A result is of just this run: of one that is otherwise by now it is none."""
    folder = tmp_path / "r"
    dies = program("dies", DIES)
    path = write({"one": {"qemu": dies, "smp": 1}})
    campaign(f"--results={folder}", path)
    assert campaign("--list", f"--results={folder}", path)[1] == "one\tbroken\n"
    path = write({"one": {"qemu": dies, "smp": 2}})
    assert campaign("--list", f"--results={folder}", path)[1] == "one\tnot run\n"
    (folder / "runs" / "one.json").write_text("{")
    assert campaign("--list", f"--results={folder}", path)[1] == "one\tnot run\n"


def test_other_files(write, program, tmp_path):
    """Nor is it of a run with another QEMU; the page's command has the one that it had."""
    args = (f"--results={tmp_path}/r", write({"one": {"qemu": program("dies", DIES)}}))
    other = "--with=qemu=" + program("other", DIES)
    campaign(*args)
    assert campaign("--list", *args)[1] == "one\tbroken\n"
    assert campaign("--list", other, *args)[1] == "one\tnot run\n"
    campaign(other, *args)
    assert campaign("--list", other, *args)[1] == "one\tbroken\n"
    assert campaign("--list", *args)[1] == "one\tnot run\n"
    page = Links(tmp_path / "r" / "index.html").check()
    assert other in shlex.split(page.again[0])


def test_not_thought_of(tmp_path):
    """One sentence, whatever it is."""
    for what, status, words in (
            ("RuntimeError('oh\\nno')", 2, "oh no (RuntimeError, jsonschema.py:2)"),
            ("KeyboardInterrupt", 130, "ended by ^C")):
        (tmp_path / "jsonschema.py").write_text(
            f"def __getattr__(name):\n    raise {what}\n")
        found, _, said = campaign(f"{EXAMPLES}/small.yaml",
                                  env={"PYTHONPATH": str(tmp_path)}, cwd=tmp_path)
        assert (found, said) == (status, f"sdei campaign: {words}\n")
    (tmp_path / "jsonschema.py").unlink()
    with open("/dev/full", "w", encoding="ascii") as full:
        found, _, said = campaign("--list", f"{EXAMPLES}/small.yaml", stdout=full)
    assert found == 2 and "No space left on device (OSError" in said
    assert "Traceback" not in said


def test_terminal(write, program, tmp_path):
    """A bar, on a terminal only."""
    path = write({f"n{n}": {"qemu": program("dies", DIES)} for n in range(3)})
    ours, theirs = pty.openpty()
    process = subprocess.Popen([SDEI, "campaign", f"--results={tmp_path}/r", path],
                               stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    said = b""
    try:
        while data := os.read(ours, 4096):
            said += data
    except OSError:
        pass                    # the end of a terminal
    assert process.wait(timeout=patience.seconds(60)) == 1
    assert b"\r\033[K[" + b"#" * 30 + b"] 3/3: 0 passed, 0 failed, 3 broken" in said
    os.close(ours)


GOOD = {"campaign": "x", "axes": {"a": {"b": {"expect": [{"log": "x"}]}}}}


@pytest.mark.parametrize("text, words", (
    ("campaign: [", "line 1: not YAML"),
    ("a: 1\na: 2\n", "line 1: 'a' is there twice"),
    ("campaign: x\n", "'axes' is a required property; there may be all, axes"),
    ({**GOOD, "axe": {}}, "'axe' was unexpected"),
    ({**GOOD, "axes": {"a": {"b": {"kernels": "x"}}}}, "axes.a.b: "),
    ({**GOOD, "axes": {"a": {"b": {"smp": 0}}}}, "axes.a.b.smp: 0 is less than"),
    ({**GOOD, "axes": {"a": {"../b": {}}}}, "'../b' does not match"),
    ({**GOOD, "axes": {"a": {"b": {"expect": [{"log": "("}]}}}}, "'(' is not a 'regex'"),
    ({**GOOD, "axes": {"a": {"b": {"expect": [{"times": 2}]}}}},
     "an expectation is one of log, console"),
    ({**GOOD, "axes": {"a": {"b": {}}}}, "nothing is expected of the run 'b'"),
    ({**GOOD, "rows": ["c"]}, "rows: there is no axis 'c'; there are a"),
    ({**GOOD, "rules": [{"when": {"a": ["z"]}, "skip": "y"}]},
     "rules.0: a has no 'z'; it has b"),
    ({**GOOD, "rules": [{"when": {"a": ["b"]}, "skip": "y"}]}, "skip every run"),
    ({**GOOD, "all": {"kernel": "nowhere"}}, "/nowhere: there is no such file that can "
                                             "be read; the run 'b' wants it"),
    ({**GOOD, "all": {"qemu": "no-such-qemu"}}, "qemu no-such-qemu: there is no such"),
    ({**GOOD, "all": {"kernel": "${NO_SUCH}"}}, "${NO_SUCH} is not in the environment"),
    (b"\xff\xfe", "c.yaml: "),
))
def test_wrong_file(tmp_path, text, words):
    """One sentence; test_wrong_arguments sees that it is said."""
    path = tmp_path / "c.yaml"
    path.write_bytes(text if isinstance(text, bytes) else
                     (text if isinstance(text, str) else yaml.safe_dump(text)).encode())
    with pytest.raises(plan.WrongFile) as wrong:
        raise plan.WrongFile(*(one := plan.Plan(str(path))).missing(one.runs))
    assert words in str(wrong.value) and "\n" not in str(wrong.value)


@pytest.mark.parametrize("args, words", (
    ((), "the following arguments are required: FILE"),
    (("/nowhere.yaml",), "/nowhere.yaml: No such file or directory"),
    (("--workers=0", "x"), "--workers: at least 1"),
    (("--with=disk=x", "x"), "'disk=x' is not kernel="),
    (("--only=none", f"{EXAMPLES}/small.yaml"), "there is no run 'none'; --list names"),
    (("--results=/dev/null/r", f"{EXAMPLES}/small.yaml"), "cannot write /dev/null/r"),
    (("--with=qemu=/no-qemu", f"{EXAMPLES}/small.yaml"), "qemu /no-qemu: there is no"),
    (("/dev/null",), "/dev/null: is no campaign: that has"),
    (("--report", "--take=/dev/null", f"{EXAMPLES}/small.yaml"), "has no result in it"),
))
def test_wrong_arguments(args, words, tmp_path):
    status, _, said = campaign(*args, cwd=tmp_path)
    assert status == 2 and words in said and "Traceback" not in said


def test_missing_package(tmp_path):
    (tmp_path / "jsonschema.py").write_text("raise ImportError(name='jsonschema')\n")
    status, _, said = campaign("x", env={"PYTHONPATH": str(tmp_path)})
    assert (status, said) == (2, "sdei campaign: python3-jsonschema is not installed: "
                                 "apt-get install python3-yaml python3-jsonschema\n")


def test_schema():
    with open(os.path.join(ROOT, "docs/campaign.schema.json"), encoding="utf-8") as file:
        jsonschema.Draft202012Validator.check_schema(json.load(file))


def test_large_example():
    """228 runs; nothing of it need be there for its list."""
    status, said, _ = campaign("--list", os.path.join(EXAMPLES, "kernels.yaml"))
    assert status == 0 and len(set(said.splitlines())) == 3 * (3 * 4 * 6 + 4)
    assert "6.1,n1-qemu7,cpu-off,memory-fatal\t" in said


# Other engines. What these say of it: make campaign-slurm, make campaign-lava.


def test_slurm_task(write, program, tmp_path):
    """A task of the array, by hand: its result is the second run's."""
    dies = program("dies", DIES)
    path = write({"one": {"qemu": dies}, "two": {"qemu": dies}})
    status, said, _ = campaign("--slurm", tmp_path / "s", f"--results={tmp_path}/r", path)
    assert status == 0 and "a job array of 2 tasks" in said
    script = tmp_path / "s" / "campaign.sbatch"
    assert "#SBATCH --array=0-1\n" in script.read_text()
    done = patience.run(["sh", script], env=patience.environment(SLURM_ARRAY_TASK_ID="1"))
    assert done.returncode == 1, done.stdout
    assert verdicts(tmp_path / "r") == {"two": "broken"}

    # One that is named twice is made once, and with the file that was given.
    campaign("--slurm", tmp_path / "s", f"--results={tmp_path}/r", "--only=one",
             "--only=one", f"--with=qemu={program('other', DIES)}", path)
    assert (tmp_path / "s" / "runs").read_text() == "one\n"
    patience.run(["sh", script], env=patience.environment(SLURM_ARRAY_TASK_ID="0"))
    result = json.loads((tmp_path / "r" / "runs" / "one.json").read_text())
    assert result["files"]["qemu"] == f"{tmp_path}/other"
    (tmp_path / "r" / "runs" / "one.json").unlink()

    # More than an array may have: each task makes some.
    path = write({"one": {"qemu": dies}, "two": {"qemu": dies}}, repeat=501)
    campaign("--slurm", tmp_path / "s", f"--results={tmp_path}/r", path)
    assert "#SBATCH --array=0-500\n" in script.read_text()
    patience.run(["sh", script], env=patience.environment(SLURM_ARRAY_TASK_ID="500"))
    assert set(verdicts(tmp_path / "r")) == {"two", "two@500", "two@501"}


@pytest.mark.parametrize("option, name, words", (
    ("--lava=l", "device", "a run called 'device'"),
    ("--slurm=a b", "one", "has a blank or a % in it"),
    ("--slurm=%j", "one", "has a blank or a % in it"),
))
def test_other_names(write, tmp_path, option, name, words):
    status, _, said = campaign(option, write({name: {}}), cwd=tmp_path)
    assert status == 2 and words in said and said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["c.yaml"]


def test_lava_result(write, program, tmp_path):
    """What a job prints is a result again; of another campaign it is none."""
    path = write({"one": {"qemu": program("dies", "echo A LAST WORD; exit 1\n")}})
    status, _, _ = campaign("--lava", tmp_path / "l", path)
    job = yaml.safe_load((tmp_path / "l" / "one.yaml").read_text())
    images = job["actions"][0]["deploy"]["images"]
    assert images["kernel"] == {"url": f"file://{os.path.abspath(KERNEL)}",
                                "image_arg": "--with=kernel={kernel}"}
    kernel = tmp_path / "kernel"        # as LAVA has it: elsewhere
    kernel.write_bytes(b"")
    status, said, _ = campaign("--live", f"--with=kernel={kernel}", "--only=one", path)
    assert status == 1 and "sdei-campaign: check run fail\n" in said
    log = tmp_path / "output.yaml"
    log.write_text("".join("- " + json.dumps({"lvl": "target", "msg": line}) + "\n"
                           for line in said.splitlines()))
    status, said, _ = campaign("--report", f"--take={log}", f"--results={tmp_path}/r",
                               path)
    assert status == 1 and "1 broken" in said
    assert verdicts(tmp_path / "r") == {"one": "broken"}
    assert "A LAST WORD" in (tmp_path / "r" / "runs" / "one.console").read_text()
    path = write({"one": {"smp": 2}})
    status, _, said = campaign("--report", f"--take={log}", path)
    assert status == 2 and "another campaign" in said


