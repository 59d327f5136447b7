# SPDX-License-Identifier: BSD-2-Clause
"""`sdei campaign`: tools/campaign.c starts this folder with Python. Exit status: 0 every
run passed, 1 one did not, 2 the campaign cannot be made, 130 and so on: a signal."""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback

SDEI = os.environ.get("OPENSDEI_SDEI") or shutil.which("sdei") or "sdei"
EXIT_OK, EXIT_REFUSED, EXIT_USAGE = 0, 1, 2


def fail(text, status=EXIT_USAGE):
    print(f"sdei campaign: {text}", file=sys.stderr)
    return status


try:
    import jsonschema  # noqa: F401
    import yaml        # noqa: F401
except ImportError as error:
    sys.exit(fail(f"python3-{error.name} is not installed: "
                  "apt-get install python3-yaml python3-jsonschema"))

import engines  # noqa: E402  (after we know that it can be)
import report  # noqa: E402
from plan import Plan, WrongFile  # noqa: E402
from store import Busy, Store, Unwritable, write  # noqa: E402
from workers import Workers, cores  # noqa: E402

HELP = """
FILE is YAML: docs/campaign.md says what may be in it, and campaign.schema.json says it to
programs. Each run's result is kept as a file, so the same command goes on after ^C, or
when the machine has died; what was broken is made again. junit.xml and index.html are
written beside the results.

Exit status:
  0    every run passed
  1    a run failed, is broken, or was not made
  2    wrong arguments or file, or results that cannot be written
  130  interrupted (128 and the signal's number)
"""


class Help(argparse.RawDescriptionHelpFormatter):
    """As the other commands' help begins, and help2man wants it."""

    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, "Usage: ")


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="sdei campaign", usage="sdei campaign [OPTION...] FILE", epilog=HELP,
        allow_abbrev=False, formatter_class=Help,
        description="Boot machines of many kinds, inject errors, compare what became of "
                    "each with what was expected.")
    add = parser.add_argument
    add("file", metavar="FILE", help="the campaign")
    add("--results", metavar="DIR",
        help="where results are kept (FILE's name, .results for .yaml, here)")
    add("--workers", metavar="N", type=int, default=cores(),
        help="machines at a time (one for each core)")
    add("--only", metavar="RUN", action="append",
        help="this run, again if it was made before; may be repeated")
    add("--again", action="store_true", help="failed runs are made again, too")
    add("--list", action="store_true", help="name the runs, and make none")
    add("--report", action="store_true",
        help="make no run: report what is in DIR, from wherever it came")
    add("--slurm", metavar="FOLDER",
        help="make no run: write a Slurm job array for those that are left")
    add("--lava", metavar="FOLDER",
        help="make no run: write LAVA's job definitions for those that are left")
    add("--url", metavar="URL",
        help="with --lava: where LAVA finds this machine's files (file://)")
    add("--take", metavar="FILE", action="append", default=[],
        help="with --report: an output.yaml of LAVA's, its result goes into DIR first")
    add("--with", metavar="NAME=FILE", action="append", default=[], dest="given",
        help="a kernel, initrd, firmware or qemu in place of the campaign's")
    add("--live", action="store_true",
        help="print the console, and verdicts as LAVA reads them")
    add("--json", action="store_true", help="print the sums, or the list, as JSON")
    chosen = parser.parse_args(words)
    if chosen.workers < 1:
        parser.error("--workers: at least 1")
    for one in chosen.given:
        if one.partition("=")[0] not in ("kernel", "initrd", "firmware", "qemu") or \
                not one.partition("=")[2]:
            parser.error(f"--with: '{one}' is not kernel=, initrd=, firmware= or qemu= "
                         "and a file")
    if chosen.take and not chosen.report:
        parser.error("--take goes with --report")
    return chosen


def choose(plan, store, chosen):
    """The runs that are to be made, and the results that are there."""
    done = store.done(plan.runs)
    if chosen.only:
        names = {run.id: run for run in plan.runs}
        for name in chosen.only:
            if name in plan.skipped:
                raise WrongFile(f"the run '{name}' is left out: {plan.skipped[name]}")
            if name not in names:
                raise WrongFile(f"there is no run '{name}'; --list names them")
        return [names[name] for name in dict.fromkeys(chosen.only)], done
    keep = ("passed",) if chosen.again else ("passed", "failed")
    return [run for run in plan.runs if done.get(run.id, {"verdict": None})["verdict"]
            not in keep], done


def write_report(plan, store, as_json):
    results = store.done(plan.runs)
    write(os.path.join(store.folder, "junit.xml"), report.junit(plan, store, results))
    page = os.path.join(store.folder, "index.html")
    write(page, report.Page(SDEI, plan, store, results).text())
    counts = report.sums(plan, results)
    if as_json:
        print(json.dumps({"campaign": plan.title, "results": store.folder,
                          "page": page, **counts}))
    else:
        print(", ".join(f"{n} {kind}" for kind, n in counts.items()) + f": {page}")
    return EXIT_OK if counts["passed"] == len(plan.runs) else EXIT_REFUSED


def perform(plan, store, runs, done, chosen):
    lines = plan.missing(runs)
    if lines:
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        return fail(lines[0] + more)
    kept = len(done) - sum(run.id in done for run in runs)
    if kept:
        print(f"{kept} of {len(plan.runs)} results are there; {len(runs)} runs are left",
              file=sys.stderr)
    live = engines.Live() if chosen.live else None
    ended = Workers(store, runs, chosen.workers, hear=live and live.hear).run()
    if live:
        live.verdicts(store, runs)
    status = EXIT_OK
    if not chosen.only:
        status = write_report(plan, store, chosen.json)
    elif any(report.verdict(store.load(run)) != "passed" for run in runs):
        status = EXIT_REFUSED
    if ended:
        fail(f"ended by signal {ended}; what is done is kept, and the same command "
             "goes on")
        return 128 + ended
    return status


def main(words):
    chosen = arguments(words)
    if chosen.live and not chosen.results:
        # All that is to be kept is printed.
        with tempfile.TemporaryDirectory(prefix="opensdei-campaign-") as folder:
            return main([*words, f"--results={folder}"])
    results = chosen.results or os.path.splitext(
        os.path.basename(chosen.file))[0] + ".results"
    try:
        plan = Plan(chosen.file, {name: os.path.abspath(path) for name, _, path in
                                  (one.partition("=") for one in chosen.given)})
        store = Store(results)
        runs, done = choose(plan, store, chosen)
        if chosen.list:
            verdicts = {run.id: report.verdict(done.get(run.id)) for run in plan.runs}
            print(json.dumps(verdicts) if chosen.json else
                  "\n".join(map("\t".join, verdicts.items())))
            return EXIT_OK
        if chosen.slurm:
            return engines.slurm(chosen.slurm, SDEI, plan, store, runs)
        if chosen.lava:
            return engines.lava(chosen.lava, SDEI, plan, runs, chosen.url)
        if chosen.report:
            for path in chosen.take:
                engines.take(path, plan, store)
            return write_report(plan, store, chosen.json)
        if chosen.only:     # others may run beside it: a job array's
            return perform(plan, store, runs, done, chosen)
        with store.claimed():
            return perform(plan, store, runs, done, chosen)
    except (WrongFile, Busy, Unwritable) as error:
        return fail(str(error))


def sure(words):
    """main(), and a sentence of whatever it did not think of."""
    try:
        status = main(words)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return fail("ended by ^C", 128 + signal.SIGINT)
    except Exception as error:  # pylint: disable=broad-except
        where = traceback.extract_tb(error.__traceback__)[-1]
        # What cannot be printed is not tried again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return fail(f"{' '.join(str(error).split())} ({type(error).__name__}, "
                    f"{os.path.basename(where.filename)}:{where.lineno})")


if __name__ == "__main__":
    sys.exit(sure(sys.argv[1:]))
