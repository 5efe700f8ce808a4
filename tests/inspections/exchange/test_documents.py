"""What docs/exchange/ tells the other side holds: the schema takes the examples, and the manifests are true of their files."""

import hashlib
import json
from pathlib import Path

import jsonschema_rs
import pytest

from inspections.exchange import sheets

DOCUMENTS = Path(__file__).resolve().parents[3] / "docs" / "exchange"
SCHEMA = json.loads((DOCUMENTS / "schema.json").read_text())
KINDS = SCHEMA["$defs"]["kind"]["enum"]
EXAMPLES = sorted(path for path in (DOCUMENTS / "example").iterdir() if path.is_dir())


def validator(name):
    return jsonschema_rs.validator_for({**SCHEMA, "$ref": f"#/$defs/{name}"})


@pytest.mark.parametrize("package", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_a_package_as_the_schema_says(package):
    manifest = json.loads((package / "manifest.json").read_text())
    validator("manifest").validate(manifest)
    assert manifest["package"] == package.name
    assert {f["name"] for f in manifest["files"]} == {p.name for p in package.iterdir()} - {"manifest.json"}
    assert manifest["kinds"] == [kind for kind in KINDS if f"{kind}.jsonl" in {f["name"] for f in manifest["files"]}]
    for file in manifest["files"]:
        content = (package / file["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size"], file["sha256"])
        lines = content.decode().split("\n")
        assert lines.pop() == "" and len(lines) == file["records"]
        for line in lines:
            validator(Path(file["name"]).stem).validate(json.loads(line))


def test_each_sender_of_the_examples_counts_its_packages_without_a_gap():
    last: dict[str, str] = {}
    for path in sorted(EXAMPLES, key=lambda p: json.loads((p / "manifest.json").read_text())["made_at"]):
        manifest = json.loads((path / "manifest.json").read_text())
        assert manifest["previous"] == last.get(manifest["sender"])
        last[manifest["sender"]] = manifest["package"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("tasks", {"task": None, "platform_task": None}),
        ("tasks", {"source": "RANDOM"}),
        ("tasks", {"more": 1}),
        ("tasks", {"record_version": 0}),
        ("tasks", {"finish_by": "20261215"}),
        ("teams", {"members": []}),
    ],
)
def test_the_schema_takes_nothing_else(name, change):
    line = (DOCUMENTS / "example" / "BXS-210504-000001" / f"{name}.jsonl").read_text().splitlines()[0]
    assert validator(name).is_valid(json.loads(line))
    assert not validator(name).is_valid({**json.loads(line), **change})


def leaves(name, path=""):
    """Each value of a record by its path; a pair of codes is one, and so is a list that is told in one cell."""
    for key, said in SCHEMA["$defs"][name]["properties"].items():
        inside = said.get("items", said).get("$ref", "").removeprefix("#/$defs/")
        if inside in ("facility", "member"):
            yield from leaves(inside, f"{path}{key}.")
        elif key == "answers":
            yield from (f"{path}answers.{one}" for one in said["items"]["properties"])
        else:
            yield path + key


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_for_people_has_a_column_for_all_that_the_package_says(kind):
    mine = [column.path for sheet in sheets.SHEETS if sheet.kind == kind for column in sheet.columns]
    mine += [column.path for column in sheets.IDENTITY]
    assert len(mine) == len(set(mine))
    # The key is made of what stands there (but for a follow-up, whose number is its key); the files are never in our packages.
    assert set(mine) - {"key"} == set(leaves(kind)) - {"key", "path"}
