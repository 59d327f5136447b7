# SPDX-License-Identifier: BSD-2-Clause
"""The device-tree schema of /firmware/sdei: its examples fit it, what is
malformed does not. Judged by a few lines here, which know as much of JSON schema
as this one uses, and by dt-validate where there is one: Debian 12 has the package
dt-schema, Debian 13 has not.
"""

import os
import shutil
import subprocess

import pytest
import yaml

import patience

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
SCHEMAS = os.path.join(ROOT, "docs/bindings")
BINDING = os.path.join(SCHEMAS, "firmware/arm,sdei.yaml")

GOOD = 'compatible = "arm,sdei-1.0"; method = "smc";'
MALFORMED = {
    "method_missing": 'compatible = "arm,sdei-1.0";',
    "method_unknown": 'compatible = "arm,sdei-1.0"; method = "svc";',
    "method_twice": 'compatible = "arm,sdei-1.0"; method = "smc", "hvc";',
    "method_a_number": 'compatible = "arm,sdei-1.0"; method = <1>;',
    "property_unknown": GOOD + ' conduit = "smc";',
    "compatible_with_more": 'compatible = "arm,sdei-1.0", "x,y"; method = "smc";',
}


def schema():
    with open(BINDING, encoding="utf-8") as text:
        return yaml.safe_load(text)


def tree(node):
    return ('/dts-v1/; / { compatible = "x,y"; model = "x"; '
            '#address-cells = <1>; #size-cells = <1>; ' + node + ' };')


def sdei(properties):
    return tree("firmware { sdei { " + properties + " }; };")


def compile_tree(source, form):
    return subprocess.run(["dtc", "-q", "-I", "dts", "-O", form], check=True,
                          input=source.encode(), stdout=subprocess.PIPE).stdout


def node_of(source):
    """The node's properties, each a list, and its name."""
    class Loader(yaml.SafeLoader):
        """dtc tags numbers with their size."""
    Loader.add_multi_constructor("!", lambda loader, suffix, node:
                                 loader.construct_sequence(node, deep=True))
    loaded = yaml.load(compile_tree(source, "yaml"), Loader)[0]
    node = loaded["firmware"]["sdei"]
    return {"$nodename": ["sdei"], **node}


def problems(node):
    """What of a node does not fit the schema."""
    rules = schema()
    found = [f"no {name}" for name in rules["required"] if name not in node]
    for name, values in node.items():
        rule = rules["properties"].get(name)
        if rule is None:
            found.append(f"{name} is unknown")
        if not isinstance(rule, dict):
            continue
        allowed = rule.get("enum", [rule.get("const")])
        if len(values) != 1 or values[0] not in allowed:
            found.append(f"{name} is {values}")
    return found


def test_schema_is_whole():
    rules = schema()
    assert rules["$id"].endswith(os.path.relpath(BINDING, SCHEMAS) + "#")
    assert set(rules["required"]) == {"compatible", "method"}
    assert rules["properties"]["method"]["enum"] == ["smc", "hvc"]
    assert rules["additionalProperties"] is False
    assert len(rules["examples"]) == 2


@pytest.mark.parametrize("example", (0, 1))
def test_examples_fit(example):
    assert problems(node_of(tree(schema()["examples"][example]))) == []


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_does_not(name):
    assert problems(node_of(sdei(MALFORMED[name])))
    assert problems(node_of(sdei(GOOD + ' status = "okay";'))) == []


@pytest.mark.skipif(not shutil.which("dt-validate"),
                    reason="dt-validate is not installed (package dt-schema)")
def test_dt_validate(tmp_path):
    def validate(source):
        blob = tmp_path / "tree.dtb"
        blob.write_bytes(compile_tree(source, "dtb"))
        done = patience.run(["dt-validate", "-s", SCHEMAS, blob], check=True)
        return [line for line in done.stdout.splitlines() if "sdei" in line]

    done = patience.run(["dt-doc-validate", BINDING])
    # It expects schemas to lie in a tree of Linux; ours is not one.
    complaints = [line for line in done.stdout.splitlines()
                  if "$id: relative path" not in line
                  and not line.startswith("\texpected:")]
    assert (done.returncode, complaints) == (0, [])
    for example in schema()["examples"]:
        assert validate(tree(example)) == []
    for properties in MALFORMED.values():
        assert validate(sdei(properties)), properties
