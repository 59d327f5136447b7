# SPDX-License-Identifier: BSD-2-Clause
"""A campaign's file becomes its runs: one for each choice of a value on every axis.

What is wrong with the file is said in one sentence, by WrongFile. A run's digest is of
all that it is made of, so that a result is known to be of another run of that name."""

import hashlib
import itertools
import json
import os
import re
import shutil

import jsonschema
import yaml

STEPS = ("before", "inject", "after", "expect")
FILES = ("kernel", "initrd", "firmware")
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = "campaign.schema.json"
ONE_KIND = ("a step is one of guest, start, inject, console and reboot; an expectation "
            "is one of log, console, trace, panic, bert, error and acknowledged")


class WrongFile(Exception):
    """The campaign cannot be made as it is; the text is for a person."""


class Loader(yaml.SafeLoader):
    """YAML takes 6.10 for a number and "off" for a truth; a value's name is what is
    written. And a name that is there twice is a mistake."""

    def construct_mapping(self, node, deep=False):
        names = [key.value for key, _ in node.value]
        for name in names:
            if not isinstance(name, str):
                raise WrongFile(f"line {node.start_mark.line + 1}: a name is a word")
            if names.count(name) > 1:
                raise WrongFile(f"line {node.start_mark.line + 1}: '{name}' is there "
                                "twice")
        self.flatten_mapping(node)      # "<<", which others may be written over
        return {key.value: self.construct_object(value, deep=True)
                for key, value in node.value}


Loader.add_constructor("tag:yaml.org,2002:map",
                       lambda loader, node: loader.construct_mapping(node))


def schema():
    """Beside us where it is installed or built; in docs/ in the tree."""
    for folder in (HERE, os.path.join(HERE, "../../docs")):
        path = os.path.join(folder, SCHEMA)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return json.load(file)
    raise WrongFile(f"there is no {SCHEMA} in {HERE}: is this installed completely?")


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return yaml.load(file, Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise WrongFile(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise WrongFile(f"{path}: {where}not YAML: "
                        f"{getattr(error, 'problem', error)}") from None
    except WrongFile as error:
        raise WrongFile(f"{path}: {error}") from None
    except RecursionError:
        raise WrongFile(f"{path}: parts lie too deep in each other") from None


def check(document, path):
    """By the schema: the first thing that is wrong, where it is and what may be there."""
    if not isinstance(document, dict):
        raise WrongFile(f"{path}: is no campaign: that has the names 'campaign' and "
                        "'axes'")
    error = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(
            schema(), format_checker=jsonschema.FormatChecker(("regex",))
        ).iter_errors(document))
    if error is None:
        return
    place = ".".join(str(part) for part in error.absolute_path) or "the file"
    text = error.message
    if len(text) > 200:     # it begins with all that was in the wrong place
        text = "..." + text[-200:]
    if error.validator in ("additionalProperties", "required") and \
            "properties" in error.schema:
        text += "; there may be " + ", ".join(sorted(error.schema["properties"]))
    elif error.validator in ("oneOf", "minProperties", "maxProperties"):
        text = f"{ONE_KIND}, not {json.dumps(error.instance)[:100]}"
    raise WrongFile(f"{path}: {place}: {text}")


def expand(text, path, used):
    """Variables of the environment in a file's name; `used` learns which there are."""
    def value(match):
        name, default = match.groups()
        found = os.environ.get(name) or default
        if os.environ.get(name):
            used[name] = found
        if found is None:
            raise WrongFile(f"{path}: ${{{name}}} is not in the environment, and has no "
                            f"default: ${{{name}:-default}}")
        return found

    return VARIABLE.sub(value, text)


def merge(parts):
    """One part of several: settings of the later, steps of all."""
    whole = {}
    for part in parts:
        for name, value in part.items():
            if name in STEPS or name == "qemu-args":
                value = whole.get(name, []) + value
            elif name == "append" and name in whole:
                value = f"{whole[name]} {value}"
            whole[name] = value
    return whole


class Run:
    """One run. `values`: {axis: the value's name}; `part`: what it is made of; `files`:
    {setting: file} of those, where they lie here."""

    def __init__(self, values, part, turn, digest=None):
        self.values, self.part, self.digest = values, part, digest
        self.files = {name: part[name] for name in (*FILES, "qemu") if name in part}
        self.id = ",".join(values.values()) + (f"@{turn}" if turn else "")


class Plan:
    """A campaign. `runs` in the file's order; `skipped`: {id: why}; `used`: what of the
    environment is in it, by name."""

    def __init__(self, path, given=None):
        """`given`: {setting: value}, in place of what the file says."""
        self.path = os.path.abspath(path)
        self.given = given or {}
        document = read(path)
        check(document, path)
        self.title = document["campaign"]
        self.axes = {axis: list(values) for axis, values in document["axes"].items()}
        self.rows = document.get("rows") or list(self.axes)[-1:]
        self.runs, self.skipped, self.used = [], {}, {}
        self._check_names(document)
        for choice in itertools.product(*self.axes.values()):
            self._add(document, dict(zip(self.axes, choice)))
        if not self.runs:
            raise WrongFile(f"{path}: its rules skip every run")
        ids = [run.id for run in self.runs]
        double = next((one for one in ids if ids.count(one) > 1), None) \
            if len(set(ids)) < len(ids) else None
        if double:
            raise WrongFile(f"{path}: two runs would be called '{double}'")

    def _check_names(self, document):
        for name in self.rows:
            if name not in self.axes:
                raise WrongFile(f"{self.path}: rows: there is no axis '{name}'; there "
                                f"are {', '.join(self.axes)}")
        for number, rule in enumerate(document.get("rules", ())):
            for axis, values in rule["when"].items():
                if axis not in self.axes:
                    raise WrongFile(f"{self.path}: rules.{number}: there is no axis "
                                    f"'{axis}'; there are {', '.join(self.axes)}")
                for value in values:
                    if value not in self.axes[axis]:
                        raise WrongFile(
                            f"{self.path}: rules.{number}: {axis} has no '{value}'; it "
                            f"has {', '.join(self.axes[axis])}")

    def _add(self, document, values):
        rules = [rule for rule in document.get("rules", ())
                 if all(values[axis] in allowed
                        for axis, allowed in rule["when"].items())]
        part = merge([document.get("all", {}),
                      *(document["axes"][axis][value] for axis, value in values.items()),
                      *(rule.get("part", {}) for rule in rules)])
        for rule in rules:
            part["expect"] = rule.get("expect", part.get("expect", []))
        # As the file says it: wherever it lies.
        digest = hashlib.sha256(
            json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]
        part = self._with_paths({**part, **self.given})
        why = next((rule["skip"] for rule in rules if "skip" in rule), None)
        if why:
            self.skipped[Run(values, part, 0).id] = why
            return
        if not part.get("expect"):
            raise WrongFile(f"{self.path}: nothing is expected of the run "
                            f"'{Run(values, part, 0).id}'")
        for turn in range(document.get("repeat", 1)):
            self.runs.append(Run(values, part, turn and turn + 1, digest))

    def _with_paths(self, part):
        folder = os.path.dirname(self.path)
        for name in (*FILES, "qemu"):
            if name not in part:
                continue
            part[name] = expand(part[name], self.path, self.used)
            if name != "qemu" or "/" in part[name]:
                part[name] = os.path.normpath(os.path.join(folder, part[name]))
        return part

    def command(self, sdei, folder):
        """What makes runs of it from anywhere; an option and the file are wanted yet."""
        return [*(["env", *(f"{name}={value}" for name, value in sorted(
            self.used.items()))] if self.used else []),
                sdei, "campaign", f"--results={folder}",
                *(f"--with={name}={path}" for name, path in sorted(self.given.items()))]

    def missing(self, runs):
        """What of the files that these want is not there; one line for each."""
        lines = []
        for name in (*FILES, "qemu"):
            wanted = {run.part[name]: run.id for run in reversed(runs) if name in run.part}
            for path, one in wanted.items():
                if "/" not in path and name == "qemu":
                    good = shutil.which(path)
                else:
                    good = os.path.isfile(path) and os.access(path, os.R_OK)
                if not good:
                    lines.append(f"{name} {path}: there is no such file that can be "
                                 f"read; the run '{one}' wants it")
        return lines
