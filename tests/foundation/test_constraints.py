"""A rule of the database that a form can break is said in Chinese, and what was typed stays (ui.md 7.3)."""

import re
import uuid
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint

from benxi_shuangsuiji.database import constraints
from benxi_shuangsuiji.refusal import Refused
from plans.quarterly import actions as plans_actions
from tests.factories import make_observer
from tests.journeys.forms import submit
from tests.plans.factories import make_plan

pytestmark = pytest.mark.django_db


def test_every_check_constraint_of_the_project_has_a_sentence():
    said = constraints.sentences()
    bare = [
        c.name
        for c in constraints.named_constraints()
        if isinstance(c, CheckConstraint) and not re.search(r"[\u4e00-\u9fff].*。$", said.get(c.name, ""))
    ]
    assert bare == []


def test_a_broken_constraint_is_a_refusal_with_its_sentence_and_still_an_integrity_error():
    plan = make_plan()
    for kind in (Refused, IntegrityError):
        with (
            connection.execute_wrapper(constraints.in_words),
            pytest.raises(kind, match="检查完成的日期早于检查开始"),
            transaction.atomic(),
        ):
            type(plan).objects.filter(pk=plan.pk).update(window_from="2026-09-01", window_to="2026-08-01")


def test_the_same_thing_written_twice_says_so():
    plan = make_plan()
    stratum = plan.strata.first()
    stratum.pk = None
    with connection.execute_wrapper(constraints.in_words), pytest.raises(Refused), transaction.atomic():
        stratum.save()


def test_a_view_that_shows_no_refusals_answers_with_a_page_and_what_was_typed(client, monkeypatch):
    plan = make_plan()

    def break_it(*_):
        type(plan).objects.filter(pk=plan.pk).update(window_from="2026-09-01", window_to="2026-08-01")

    monkeypatch.setattr("benxi_shuangsuiji.audit.trail.verify", break_it)
    client.force_login(make_observer())
    answer = client.post("/desk/log/check/", {"form_key": str(uuid.uuid4()), "opinion": "看过了"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "检查完成的日期早于检查开始" in page and "看过了" in page and "双随机工作台" in page


def test_the_plan_editor_says_that_the_window_is_reversed(client):
    plan = make_plan()
    client.force_login(plan.created_by)
    page = client.get(f"{plan.get_absolute_url()}edit/")
    answer = submit(client, page, "保存草稿", window_from="2026-09-10", window_to="2026-09-01")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "检查完成的日期早于检查开始" in text and 'value="2026-09-10"' in text
    with pytest.raises(Refused, match="早于检查开始"):  # and so does the act itself, whoever calls it
        plans_actions.save_plan(plan=plan, by=plan.created_by, data={"window_to": date(2026, 1, 1)})


def test_a_broken_page_has_a_number_the_desks_frame_and_what_was_typed(client, monkeypatch, caplog):
    def break_it(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr("benxi_shuangsuiji.audit.trail.verify", break_it)
    client.force_login(make_observer())
    client.raise_request_exception = False
    answer = client.post("/desk/log/check/", {"form_key": str(uuid.uuid4()), "opinion": "看过了", "password": "geheim"})
    page = answer.content.decode()
    number = re.search(r'编号 <b class="mono">([0-9A-F]{8})</b>', page)
    assert answer.status_code == 500 and number, page
    assert "双随机工作台" in page and "看过了" in page and "geheim" not in page
    assert number[1] in caplog.text
