# SPDX-License-Identifier: BSD-2-Clause
"""The table of planted faults fits the sources however they are formatted."""

import pathlib
import re

import pytest

import faults

TABLE = faults.read_table(pathlib.Path(__file__).with_name("table"))


@pytest.mark.parametrize("between", (" ", "\n\t\t", " \\\n  "))
def test_format_does_not_matter(between):
    for fault in TABLE:
        text = re.sub(r"\s+", lambda _: between,
                      (faults.ROOT / fault.file).read_text())
        assert len(fault.fits(text)) == 1, fault
        assert fault.planted(text) != text, fault


def test_words_stay_words():
    fault = faults.Fault("x.c", "", "", "\treturn a;\n", "\treturn b;\n")
    assert not fault.fits("return ab; return_a; returna; return aa;")
    assert fault.planted("x(); return\n  a ; y();") == "x(); return b; y();"
