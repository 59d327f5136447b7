# SPDX-License-Identifier: BSD-2-Clause
"""The interface is as its version says; and that is noticed (docs/packages.md)."""

import os
import shutil
import subprocess

import pytest

from test_packages import HERE, ROOT, run

VERSION = "include/sdei/version.h"
STRUCT = ("include/sdei/dispatcher.h", "\tunsigned interrupt_count;",
          "\tuint64_t interrupt_count;")
# Declared and there.
MORE = (VERSION, "uint32_t sdei_library_version(void);",
        "uint32_t sdei_library_version(void);\nuint32_t sdei_planted(void);")
MORE_BODY = ("lib/version.c", "uint32_t sdei_library_version(void)",
             "uint32_t sdei_planted(void)\n{\n\treturn 1;\n}\n\n"
             "uint32_t sdei_library_version(void)")
ARGUMENT = ("include/sdei/dispatcher.h", "bool sdei_client_at(struct sdei_dispatcher *d, "
            "unsigned client_el);", "bool sdei_client_at(struct sdei_dispatcher *d, "
            "uint64_t client_el);")
ARGUMENT_BODY = ("lib/dispatcher/init.c",
                 "bool sdei_client_at(struct sdei_dispatcher *d, unsigned client_el)",
                 "bool sdei_client_at(struct sdei_dispatcher *d, uint64_t client_el)")
CONSTANT = ("include/sdei/abi.h", "#define SDEI_PENDING            (-5)",
            "#define SDEI_PENDING            (-6)")
PATCH = (VERSION, "_PATCH 0", "_PATCH 1")
MINOR = (VERSION, "_MINOR 2", "_MINOR 3")


@pytest.fixture(scope="module", name="tree")
def copy_tree(tmp_path_factory):
    """What the check reads, and a makefile's worth of the rest."""
    folder = str(tmp_path_factory.mktemp("tree"))
    for name in run("git", "-C", ROOT, "ls-files", "-co",
                    "--exclude-standard").split("\n"):
        if name and os.path.exists(os.path.join(ROOT, name)):
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, name), os.path.join(folder, name))
    return folder


def check(tree):
    clean = {name: value for name, value in os.environ.items()
             if name not in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES")}
    done = subprocess.run(["make", "-s", "-C", tree, "BUILD=build", "abi-check"],
                          text=True, check=False, env=clean,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode == 0, done.stdout


def test_as_it_is(tree):
    good, said = check(tree)
    assert good, said


BREAKS = [STRUCT, ARGUMENT, ARGUMENT_BODY, CONSTANT]


@pytest.mark.parametrize("edits, says", (
    pytest.param([*BREAKS, MORE, MORE_BODY], (
        "'unsigned int interrupt_count'", "sdei_client_at", "SDEI_PENDING: (-5) -> (-6)",
        "sdei_planted"), id="each kind of change"),
    pytest.param([MORE, MORE_BODY], ("needs a version above it",), id="a new function"),
    pytest.param([MORE, MORE_BODY, PATCH], None, id="a new function, new version"),
    pytest.param([*BREAKS, PATCH], ("version 0.3.0 or higher",), id="too small a step"),
    pytest.param([*BREAKS, MINOR], None, id="breaks, and the version says so")))
def test_planted(tree, edits, says):
    was = {}
    for name, old, new in edits:
        path = os.path.join(tree, name)
        with open(path, encoding="utf-8") as text:
            content = text.read()
        was.setdefault(path, content)
        assert content.count(old) == 1, f"{name}: {old}"
        with open(path, "w", encoding="utf-8") as text:
            text.write(content.replace(old, new))
    try:
        good, said = check(tree)
    finally:
        for path, content in was.items():
            with open(path, "w", encoding="utf-8") as text:
                text.write(content)
    assert good == (says is None), said
    assert all(words in said for words in says or ()), said


def test_baseline_name(tmp_path):
    """One sentence for a baseline that is not there, or not the only one."""
    for baselines in ("", "abi/a.abi abi/b.abi"):
        done = subprocess.run([os.path.join(HERE, "abi.py"), "built", baselines,
                               "0.2.0"], text=True, check=False, cwd=tmp_path,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 1
        assert "must have exactly one baseline" in done.stdout
