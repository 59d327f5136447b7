# SPDX-License-Identifier: BSD-2-Clause
"""For all tests: the very last line, which CI reads."""

counts = {}


def pytest_terminal_summary(terminalreporter):
    stats = terminalreporter.stats
    counts["passed"] = len(stats.get("passed", ()))
    counts["failed"] = (len(stats.get("failed", ()))
                        + len(stats.get("error", ())))
    counts["skipped"] = len(stats.get("skipped", ()))


def pytest_unconfigure():
    if counts:
        print("{passed} passed, {failed} failed, {skipped} skipped"
              .format(**counts) if counts["skipped"] else
              "{passed} passed, {failed} failed".format(**counts))
