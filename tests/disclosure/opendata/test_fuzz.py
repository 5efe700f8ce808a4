"""Every address that OpenAPI describes, asked at random by a program of other people: it answers as described (四(3)-e)."""

from time import monotonic
from urllib.parse import parse_qsl, urlsplit

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from benxi_shuangsuiji.web.middleware import _clean
from disclosure.results import forms as result_forms
from tests.disclosure.site.test_public_site import everything

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SECONDS = 60
PLAIN = {"Accept-Encoding": "identity"}  # without a server between, nobody unpacks the answer
# What is there to be asked for, beside what the fuzzer makes up: names of parts of an address.
KNOWN = ("district", "unit", "item", "code", "no", "draw_id", "receipt")


@pytest.mark.slow("public")
@pytest.mark.django_db
@pytest.mark.clause("四(3)-e")
def test_whatever_is_asked_is_answered_as_described(at, monkeypatch):
    everything(at)
    for signal in (request_started, request_finished):  # as Django's own test client: the line to the database stays
        monkeypatch.setattr(signal, "receivers", [r for r in signal.receivers if r[1]() is not close_old_connections])
        signal.sender_receivers_cache.clear()
    schema = schemathesis.openapi.from_wsgi("/data/openapi.json", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations()]
    asked, ends = dict.fromkeys((o.label for o in operations), 0), monotonic() + SECONDS
    wrong: list[str] = []
    for examples in (4, 10, 25, 60):
        for operation in operations:
            for mode in GenerationMode:
                if monotonic() < ends and not wrong:
                    ask(operation, mode, examples, asked, wrong)
    assert wrong == []
    fixed = [
        o.label for o in operations if not [*o.query, *o.path_parameters]
    ]  # one question each, asked once and again
    assert len(operations) > 40 and min(n for label, n in asked.items() if label not in fixed) > 4, asked
    assert all(asked[label] for label in fixed), asked


def ask(operation, mode: GenerationMode, examples: int, asked: dict, wrong: list) -> None:
    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case):
        asked[operation.label] += 1
        answer = case.call(headers=PLAIN)
        case.validate_response(answer, checks=CHECKS)
        refuses(case, answer)

    try:
        once()
    except Unsatisfiable:  # an address without a single part or condition cannot be asked wrongly
        assert mode.is_negative and not [*operation.query, *operation.path_parameters]


def refuses(case, answer) -> None:
    """A filter that is none, or a value that it cannot have, is refused with those that it can."""
    sent = parse_qsl(urlsplit(answer.request.url).query, keep_blank_values=True)  # an empty list sends nothing
    query = {_clean(name): _clean(value).strip() for name, value in sent}
    known = {p.name: p.definition["schema"].get("enum") for p in case.operation.query}
    misspelt = {n for n, v in query.items() if v and known.get(n) and v not in known[n]}
    if answer.status_code == 200 and known:
        assert not misspelt and query.keys() <= known.keys(), query
    if answer.status_code == 400:
        said = answer.json()["unknown"]
        assert said and all(isinstance(one["allowed"], list) for one in said)
        assert {one["name"] for one in said} <= {name[:40] for name in query} | {*result_forms.NAMES}
