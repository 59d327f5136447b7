# SPDX-License-Identifier: BSD-2-Clause
"""What has become of a campaign: junit.xml for a build server, index.html for people.
The page is one file: of each run that did not pass it has the console and the trace in
it, so a link never leads out of it."""

import html
import shlex
import xml.etree.ElementTree as ET

NEVER = "not run"
MARKS = {"passed": "✓", "failed": "✗", "broken": "!", NEVER: "·"}
SHOWN = 64 << 10    # of a console, its last characters
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 75em;
       padding: 0 1em; color: #222; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid #ccc; padding: .25em .6em; text-align: left;
         vertical-align: top; }
td.sum { text-align: center; white-space: nowrap; }
.passed { background: #d9f2dc; } .failed { background: #f9d0cd; }
.broken { background: #fce8b8; } .never { background: #eee; }
pre { background: #1b1f24; color: #e6e6e6; padding: .8em; overflow: auto;
      max-height: 30em; }
code { background: #f3f3f3; } section { border-top: 2px solid #ccc; margin-top: 2em; }
"""


def clean(text):
    """Without what no XML or page may have: most control characters."""
    return "".join(c for c in text if c in "\n\t" or " " <= c and
                   not "\x7f" <= c <= "\x9f" and not "\ud800" <= c <= "\udfff" and
                   c not in "\ufffe\uffff")


def verdict(result):
    return result["verdict"] if result else NEVER


def sums(plan, results):
    counts = dict.fromkeys(MARKS, 0)
    for run in plan.runs:
        counts[verdict(results.get(run.id))] += 1
    return counts


def repeat_command(sdei, plan, store, run):
    """What makes this run alone again."""
    return shlex.join([*plan.command(sdei, store.folder), f"--only={run.id}", plan.path])


def junit(plan, store, results):
    counts = sums(plan, results)
    suite = ET.Element("testsuite", {
        "name": clean(plan.title), "tests": str(len(plan.runs)),
        "failures": str(counts["failed"]), "errors": str(counts["broken"]),
        "skipped": str(counts[NEVER]), "time": f"{sum(r['seconds'] for r in results.values()):.3f}"})
    for run in plan.runs:
        result = results.get(run.id)
        case = ET.SubElement(suite, "testcase", {
            "classname": "campaign", "name": run.id,
            "time": f"{result['seconds'] if result else 0:.3f}"})
        what = {"failed": "failure", "broken": "error", NEVER: "skipped"}.get(
            verdict(result))
        if what is None:
            continue
        reason = clean(result["reason"]) if result else NEVER
        ET.SubElement(case, what, {"message": reason}).text = reason
        if result:
            ET.SubElement(case, "system-out").text = clean(
                store.text(run, "console"))[-4096:]
    tree = ET.ElementTree(suite)
    ET.indent(tree)
    return ('<?xml version="1.0" encoding="utf-8"?>\n'
            + ET.tostring(suite, encoding="unicode") + "\n")


class Page:
    def __init__(self, sdei, plan, store, results):
        self.sdei, self.plan, self.store, self.results = sdei, plan, store, results
        self.parts = []
        self.ids = {run.id: f"run-{n}" for n, run in enumerate(plan.runs)}

    def add(self, text):
        self.parts.append(text)

    def text(self):
        title = html.escape(clean(self.plan.title))
        self.add(f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
                 f"<title>{title}</title>\n<style>{STYLE}</style></head>\n<body>\n"
                 f"<h1>{title}</h1>")
        counts = sums(self.plan, self.results)
        self.add('<p id="sums">' + ", ".join(
            f'<span class="{css(kind)}">{n} {kind}</span>' for kind, n in counts.items())
            + f" of {len(self.plan.runs)} runs; {len(self.plan.skipped)} that the "
            "file's rules leave out.</p>")
        self.table()
        self.list()
        for run in self.plan.runs:
            self.section(run, self.results.get(run.id))
        self.add("</body>\n</html>")
        return "\n".join(self.parts) + "\n"

    def cell(self, values):
        """Of all runs with these values: how many passed, with links to the others."""
        runs = [run for run in self.plan.runs
                if all(run.values[axis] == value for axis, value in values.items())]
        if not runs:
            return '<td class="sum"></td>'
        bad = [run for run in runs if verdict(self.results.get(run.id)) in
               ("failed", "broken")]
        good = sum(verdict(self.results.get(run.id)) == "passed" for run in runs)
        kind = (verdict(self.results.get(bad[0].id)) if bad else
                "passed" if good == len(runs) else NEVER)
        links = " ".join(
            f'<a href="#{self.ids[run.id]}">{MARKS[verdict(self.results[run.id])]}</a>'
            for run in bad)
        return f'<td class="sum {css(kind)}">{good}/{len(runs)} {links}</td>'

    def table(self):
        rows = self.plan.rows
        columns = [axis for axis in self.plan.axes if axis not in rows]
        self.add('<table id="table"><caption>Passed, of how many</caption>')
        heads = combinations(self.plan, columns)
        for n, axis in enumerate(columns):
            cells = "".join(f"<th>{html.escape(one[axis])}</th>" for one in heads)
            label = "".join(f"<th>{html.escape(row) if n == len(columns) - 1 else ''}</th>"
                            for row in rows[:-1])
            self.add(f"<tr>{label}<th>{html.escape(axis)}</th>{cells}</tr>")
        for row in combinations(self.plan, rows):
            self.add("<tr>" + "".join(f"<th>{html.escape(row[axis])}</th>"
                                      for axis in rows)
                     + "".join(self.cell({**row, **head}) for head in heads) + "</tr>")
        self.add("</table>")

    def list(self):
        self.add('<h2>Runs</h2>\n<table id="runs"><tr><th>run</th><th>verdict</th>'
                 "<th>seconds</th><th>why</th></tr>")
        for run in self.plan.runs:
            result = self.results.get(run.id)
            kind = verdict(result)
            self.add(f'<tr><td><a href="#{self.ids[run.id]}">{html.escape(run.id)}</a>'
                     f'</td><td class="{css(kind)}">{kind}</td>'
                     f"<td>{result['seconds'] if result else 0:.1f}</td>"
                     f"<td>{html.escape(clean(result['reason'])) if result else ''}</td>"
                     "</tr>")
        self.add("</table>")

    def section(self, run, result):
        name, kind = self.ids[run.id], verdict(result)
        self.add(f'<section id="{name}"><h3 class="{css(kind)}">{html.escape(run.id)}: '
                 f"{kind}</h3>")
        if result:
            self.checks(result)
        self.add("<p>Again, alone: <code class=\"again\">" + html.escape(
            repeat_command(self.sdei, self.plan, self.store, run)) + "</code></p>")
        if result:
            self.add(f"<p>Its machine: <code>{html.escape(result['machine'])}</code></p>")
        if kind in ("failed", "broken"):
            self.add(f'<p><a href="#{name}-console">console</a>, '
                     f'<a href="#{name}-trace">trace</a></p>')
            console = clean(self.store.text(run, "console"))[-SHOWN:]
            trace = clean(self.store.text(run, "trace"))
            for what, text in (("console", console), ("trace", trace)):
                self.add(f'<h4 id="{name}-{what}">{what}</h4>\n<pre>'
                         + (html.escape(text) or "(nothing)") + "</pre>")
        self.add("</section>")

    def checks(self, result):
        if not result["checks"]:
            self.add(f"<p>{html.escape(clean(result['reason']))}</p>")
            return
        self.add("<table><tr><th>expected</th><th>found</th></tr>")
        for check in result["checks"]:
            kind = "passed" if check["good"] else "failed"
            self.add(f"<tr><td>{html.escape(check['expected'])}</td>"
                     f'<td class="{kind}">{html.escape(check["found"])}</td></tr>')
        self.add("</table>")


def css(kind):
    return "never" if kind == NEVER else kind


def combinations(plan, axes):
    """The choices of these axes that some run has, in the file's order."""
    seen = {}
    for run in plan.runs:
        seen[tuple(run.values[axis] for axis in axes)] = None
    place = {axis: {v: n for n, v in enumerate(plan.axes[axis])} for axis in axes}
    return [dict(zip(axes, one)) for one in sorted(
        seen, key=lambda one: [place[axis][v] for axis, v in zip(axes, one)])]
