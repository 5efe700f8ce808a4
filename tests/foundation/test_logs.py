"""The server's log: one JSON object a line, whose request it was, and nobody's words (operations.md 14, P24)."""

import json
import logging
import re
import subprocess
import sys

import pytest
from django.conf import settings

from benxi_shuangsuiji.web import logs
from disclosure.mirror.writing import Site
from tests.accounts.test_access import patterns
from tests.browsing import signed_in
from tests.factories import make_planner, make_unit

# What an address may hold of that a log may have: numbers of plans, checks and rows, units, quarters, kinds.
LOGGED = {
    "case_no",
    "category",
    "chapter",
    "check_no",
    "draw_id",
    "form",
    "grant",
    "inspector",
    "instruction_no",
    "k",
    "kind",
    "level",
    "n",
    "name",
    "no",
    "number",
    "package_no",
    "part",
    "pk",
    "platform_no",
    "quarter",
    "referral_no",
    "report_no",
    "seq",
    "sheet",
    "size",
    "table",
    "unit",
    "version",
    "way",
    "width",
    "year",
}


@pytest.fixture
def lines(monkeypatch):
    """What the handler writes, each line read as JSON."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            text = self.format(record)
            assert "\n" not in text
            written.append(json.loads(text))

    kept = Kept()
    kept.addFilter(logs.Quiet())
    kept.setFormatter(logs.Json())
    root = logging.getLogger()
    root.addHandler(kept)
    yield written
    root.removeHandler(kept)


def test_whether_it_may_stand_in_the_log_is_decided_of_every_argument_of_an_address():
    named = {a for address, _, _ in patterns() for a in re.findall(r"<(?:[^:>]+:)?([^>]+)>", address)}
    assert named == LOGGED | logs.NOT_LOGGED and not LOGGED & logs.NOT_LOGGED


@pytest.mark.story("O14")
@pytest.mark.django_db
def test_a_request_is_one_line_with_account_and_unit_and_without_its_query(client, lines):
    planner = make_planner(make_unit())
    signed_in(planner).get("/desk/plans/?q=13800000000")
    client.get("/enterprises/?q=13800000000")
    staff, public = (line for line in lines if line["log"] == "benxi_shuangsuiji.access")
    assert (staff["says"], staff["status"], staff["user"], staff["unit"]) == (
        "GET /desk/plans/",
        200,
        planner.pk,
        "210504",
    )
    assert public["says"] == "GET /enterprises/" and "user" not in public
    assert staff["request"] != public["request"] and staff["ms"] >= 0
    assert "13800000000" not in json.dumps(lines)


@pytest.mark.django_db
def test_the_copy_of_the_site_is_no_request_of_anybody(lines):
    assert Site().get("/guide/")[0] == 200
    assert not [line for line in lines if line["log"] == "benxi_shuangsuiji.access"]


@pytest.mark.promise("P24")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/e/geheim-geheim-geheim/", "/e/…/"),
        ("/calendar/geheim.ics", "/calendar/….ics"),
        ("/e/geheim", "/e/…"),
        ("/corrections/geheim/nowhere/at/all", "/corrections/…"),
    ],
)
def test_what_an_address_opens_is_not_in_the_log(client, lines, path, shown):
    client.get(path)
    assert f"GET {shown}" in [line["says"] for line in lines]
    assert "geheim" not in json.dumps(lines)


def test_what_broke_has_its_way_and_what_was_refused_has_none(lines, rf):
    request = rf.get("/desk/plans/")
    with logs.about(request="0A0B0C0D"):
        for status in (404, 503, 500):
            extra = {"status_code": status, "request": request}
            try:
                raise ValueError("two\nlines")
            except ValueError:
                logging.getLogger("django.request").error("Error: %s", request.path, exc_info=True, extra=extra)
    assert [("trace" in line, line["request"], line["level"]) for line in lines] == [
        (False, "0A0B0C0D", "ERROR"),
        (False, "0A0B0C0D", "ERROR"),
        (True, "0A0B0C0D", "ERROR"),
    ]


WRITES = """
import logging, os, sys
import django
django.setup()
from benxi_shuangsuiji.web import logs
with logs.about(request="1"):
    logging.getLogger("a").warning("first")
    os.rename(sys.argv[1], sys.argv[1] + ".1")
    logging.getLogger("a").warning("second")
"""


def test_a_log_that_was_moved_away_is_begun_anew(tmp_path):
    import os

    file = tmp_path / "web.log"
    environment = {**os.environ, "LOG_FILE": str(file), "DJANGO_SETTINGS_MODULE": "benxi_shuangsuiji.settings"}
    subprocess.run(
        [sys.executable, "-c", WRITES, str(file)], cwd=settings.BASE_DIR, env=environment, check=True, timeout=120
    )
    first, second = ((tmp_path / name).read_text().splitlines() for name in ("web.log.1", "web.log"))
    assert [json.loads(line)["says"] for line in (*first, *second)] == ["first", "second"]
    assert json.loads(first[0])["request"] == "1"


def test_what_a_message_holds_begins_no_line_of_its_own(lines):
    """A line end and a brace that somebody typed stay inside the one line (ASVS 16.4.1)."""
    typed = 'a\n{"at": "2026-07-06T10:00:00+0800", "says": "signed in"}\r\n\u2028b'
    logging.getLogger("benxi_shuangsuiji.access").warning("%s", typed)
    assert [line["says"] for line in lines] == [typed]
