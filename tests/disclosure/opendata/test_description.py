"""What is told of the data holds: each kind's text by its JSON Schema, each address by OpenAPI (四(3)-e)."""

import json
import re
from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import jsonschema_rs
import pytest
from django.urls import resolve

from disclosure.facilities import forms as facility_forms
from disclosure.models import Publication, PublicationKind
from disclosure.opendata import description_pages, rows, schemas
from disclosure.results import forms as result_forms
from disclosure.statistics import forms as statistics_forms
from inspections.models import Mode, Source
from plans.lists.public_facts import ItemListFacts
from plans.quarterly.public_facts import PlanFacts
from tests.disclosure.factories import make_published_result, make_published_step, make_revision
from tests.disclosure.opendata.descriptions import differences
from tests.disclosure.site.test_public_site import everything

pytestmark = pytest.mark.django_db
# The same texts under older addresses, programs to be read, papers, and what robots and browsers ask for by themselves.
NOT_DATA = re.compile(
    r"snapshot$|^roster-schema$|^verifier|^register-(verifier|script)$|^paper$|^(robots|sitemap|security|favicon)$"
)


@pytest.mark.clause("四(3)-e")
def test_every_public_text_is_as_its_schema_says_and_another_is_not(client, at):
    addresses = everything(at)
    result = make_published_result(problem="标签缺项 2 处")
    make_published_step(result)
    make_revision(result, words={"finding": "标签缺项 3 处"})
    make_revision(make_published_result(), "WITHDRAW")
    served = {k: client.get(f"/data/schema/texts/{k.lower()}.json").json() for k in PublicationKind.values}
    assert served == {k: schemas.of_kind(k) for k in PublicationKind.values}
    assert client.get("/data/schema/register.json").json() == served["REGISTER"]
    for said in served.values():
        jsonschema_rs.meta.validate(said)

    found = list(Publication.everything.all())
    assert {p.kind for p in found} >= {
        "ITEM_LIST",
        "PLAN",
        "SUMMARY",
        "REGISTER",
        "RESULT",
        "DECISION",
        "RECTIFICATION",
    }
    assert {p.change for p in found if p.kind == "RESULT"} == {"", "correction", "withdrawal"}
    assert {p.no: wrong for p in found if (wrong := differences(p.kind, p.text))} == {}
    for p in found:
        said = json.loads(p.text)
        for name in said.keys() - {"change", "correction"} - {*schemas.LATER.get(p.kind, ())}:
            assert differences(p.kind, json.dumps({k: v for k, v in said.items() if k != name})), (p.kind, name)
        assert differences(p.kind, json.dumps(said | {"secret": "x"})) and differences(
            p.kind, json.dumps(said | {"version": "1"})
        )

    # Each file that is no page is described, with the kind of content that comes.
    said = client.get("/data/openapi.json").json()
    by_name = {o["get"]["operationId"]: o["get"] for o in said["paths"].values()}
    by_name |= {f"json-{k}": o for k in PublicationKind.values for n, o in by_name.items() if n.startswith("json-")}
    for address in addresses:
        answer = client.get(address)
        name, kind = resolve(address.partition("?")[0]).url_name, answer["Content-Type"].partition(";")[0]
        if kind != "text/html" and not NOT_DATA.search(name):
            assert kind in by_name[name]["responses"]["200"]["content"], address


@pytest.mark.clause("四(3)-e")
def test_the_description_names_every_filter_that_a_form_reads(client):
    said = client.get("/data/openapi.json").json()

    def asked(path):
        return {p["name"] for p in said["paths"][path]["get"]["parameters"] if p["in"] == "query"}

    assert asked("/data/results.json") == {*result_forms.NAMES, "after"}
    assert (
        asked("/data/results.jsonl")
        == asked("/results/export.csv")
        == asked("/results/export.xlsx")
        == {*result_forms.NAMES}
    )
    assert asked("/data/facilities.csv") == {*facility_forms.NAMES}
    assert asked("/statistics/{table}.json") == asked("/statistics/{table}.csv") == {*statistics_forms.NAMES}
    assert client.get("/data/schema/result.json").json()["properties"].keys() == rows.SCHEMA["properties"].keys()
    names = description_pages.patterns()
    assert {f"{way}-{kind}" for way in ("json", "tlog-proof") for kind in PublicationKind.values} <= names.keys()


def of_type(kind) -> dict:
    """What a field of a dataclass is as JSON."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        said = schemas.thing(**{f.name: of_type(hints[f.name]) for f in fields(kind)})
        return said | {"required": [f.name for f in fields(kind) if f.default is MISSING]}
    if get_origin(kind) is tuple:
        return schemas.some(of_type(get_args(kind)[0]))
    if isinstance(kind, UnionType):
        return {"anyOf": [of_type(one) for one in get_args(kind)]}
    return {str: schemas.TEXT, int: schemas.WHOLE, bool: schemas.YES_NO, type(None): {"type": "null"}}[kind]


def same(said: dict, due: dict, where: str) -> list[str]:
    """Where two descriptions are of other things; a number may be said to be no smaller than 0, names come in any order."""
    if said.get("type") == "object":
        found = [f"{where}: {name}" for name in said["properties"].keys() ^ due["properties"].keys()]
        found += [f"{where}: required {name}" for name in {*said["required"]} ^ {*due["required"]}]
        both = said["properties"].keys() & due["properties"].keys()
        return found + [w for n in both for w in same(said["properties"][n], due["properties"][n], f"{where}.{n}")]
    if said.get("type") == "array":
        return same(said["items"], due["items"], f"{where}[]")
    return [] if said in (due, due | {"minimum": 0}) else [f"{where}: {said} {due}"]


def test_lists_plans_and_checks_are_described_as_what_writes_them_has_it():
    for kind, writes in (("ITEM_LIST", ItemListFacts), ("PLAN", PlanFacts)):
        said, due = schemas.WORDS[kind], of_type(writes)
        required = [name for name in said if name not in schemas.LATER.get(kind, ())]
        assert same({"type": "object", "properties": said, "required": required}, due, kind) == []
    assert (schemas.SOURCE["enum"], schemas.MODE["enum"]) == (Source.values, Mode.values)
