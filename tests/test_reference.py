# SPDX-License-Identifier: BSD-2-Clause
"""`make reference`: the public headers as pages, without a warning, and each function
that the libraries offer in them, with a description."""

import glob
import os
import re
import subprocess

import patience

BUILD = os.environ.get("BUILD", "build")
# What these do is said once, in front of all tables.
SAID_BEFORE = {"sdei_table_einj", "sdei_table_erst", "sdei_table_bert"}


def functions():
    """As `make abi-check` knows them."""
    with open(glob.glob("abi/*.abi")[0], encoding="ascii") as text:
        # sdei_takes_*: mk/abi.mk's own, by which abidiff sees each structure.
        return {name for name in re.findall(r"elf-symbol name='(\w+)' type='func-type'",
                                            text.read())
                if not name.startswith("sdei_takes_")}


def described():
    """{function: whether there is a text}."""
    found = {}
    for path in glob.glob(f"{BUILD}/reference/html/*_8h.html"):
        with open(path, encoding="utf-8") as page:
            for part in page.read().split('<h2 class="memtitle">')[1:]:
                name = re.search(r"</span>(\w+)\(\)", part)
                if name:
                    text = part.split('<div class="memdoc">', 1)[1]
                    found[name.group(1)] = bool(re.sub("<[^>]+>", "", text).strip())
    return found


def test_reference():
    done = patience.run(["make", "-s", "reference", f"BUILD={BUILD}"], 120)
    assert done.returncode == 0, done.stdout
    found = described()
    offered = functions()
    assert len(offered) > 50
    assert offered - set(found) == set()
    assert {name for name in offered if not found[name]} <= SAID_BEFORE


def test_warning(tmp_path):
    """Doxygen's warnings end it: a command that it does not know is one."""
    header = tmp_path / "wrong.h"
    header.write_text("/** \\file */\n/** \\nonsense */\nint f(void);\n", encoding="ascii")
    with open("mk/Doxyfile", encoding="ascii") as settings:
        text = f"{settings.read()}\nINPUT = {header}\nFILTER_PATTERNS =\n"
    done = subprocess.run(["doxygen", "-"], input=text, text=True, capture_output=True,
                          check=False, env={**os.environ, "VERSION": "0",
                                            "REFERENCE": str(tmp_path)})
    assert done.returncode != 0 and "nonsense" in done.stderr
