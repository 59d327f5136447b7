# SPDX-License-Identifier: BSD-2-Clause
"""Where results are kept: DIR/runs/ID.json, and beside it ID.console and ID.trace. Each
is written under another name and renamed, the JSON last: what is there is complete, so
whoever is killed in between has lost no more than the run of that moment."""

import contextlib
import fcntl
import json
import os

KINDS = ("passed", "failed", "broken")
# Of a result.
PARTS = {"id": str, "digest": str, "files": dict, "values": dict, "verdict": str,
         "checks": list, "reason": str, "machine": str, "seconds": (int, float)}


class Unwritable(Exception):
    """A result could not be kept; the text is for a person."""


class Busy(Exception):
    """Another campaign writes into this folder."""


def write(path, text):
    """All of it, or nothing that is new."""
    new = f"{path}.{os.getpid()}.new"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(new, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(new)
        if not isinstance(error, OSError):
            raise
        raise Unwritable(f"cannot write {path}: {error.strerror}") from None


def whole(result):
    """Whether it has all that a report is made of."""
    return (isinstance(result, dict)
            and all(isinstance(result.get(name), kind) for name, kind in PARTS.items())
            and result["verdict"] in KINDS
            and all(isinstance(check, dict) and isinstance(check.get("good"), bool)
                    and isinstance(check.get("expected"), str)
                    and isinstance(check.get("found"), str) for check in result["checks"]))


class Store:
    def __init__(self, folder):
        self.folder = os.path.abspath(folder)

    def path(self, name, kind):
        return os.path.join(self.folder, "runs", f"{name}.{kind}")

    @contextlib.contextmanager
    def claimed(self):
        """Two that write here would make each run twice."""
        try:
            os.makedirs(os.path.join(self.folder, "runs"), exist_ok=True)
            lock = open(os.path.join(self.folder, "lock"), "w", encoding="ascii")
        except OSError as error:
            raise Unwritable(f"cannot write {self.folder}: {error.strerror}") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Busy(f"another campaign writes into {self.folder}; "
                           "--results names another folder") from None
            yield

    def save(self, result, console, trace):
        write(self.path(result["id"], "console"), console)
        write(self.path(result["id"], "trace"), trace)
        write(self.path(result["id"], "json"), json.dumps(result, indent=1) + "\n")

    def load(self, run):
        """The result of just this run; None if there is none, or of another run that
        had this name, or was made with other files."""
        try:
            with open(self.path(run.id, "json"), encoding="utf-8") as file:
                result = json.load(file)
        except (OSError, ValueError):
            return None
        same = whole(result) and (result["digest"], result["files"]) == (run.digest,
                                                                         run.files)
        return result if same else None

    def text(self, run, kind):
        try:
            with open(self.path(run.id, kind), encoding="utf-8",
                      errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def done(self, runs):
        """{id: result} of what is there."""
        results = {run.id: self.load(run) for run in runs}
        return {name: result for name, result in results.items() if result}
