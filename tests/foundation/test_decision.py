"""One asks, another decides: the rules of the database, the shared refusals, the one page (ui-2.md 27)."""

import re
import uuid
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.database.constraints import in_words, sentences
from benxi_shuangsuiji.forms.decision import NAMED, Decision, State, why_not_decide
from benxi_shuangsuiji.forms.pages import Confirm, Decide, Row, decision_page, panel_in_list
from benxi_shuangsuiji.refusal import Refused
from inspections.frequency import actions as cap_actions
from inspections.models import FrequencyCap
from plans.aborts import actions as abort_actions
from plans.models import AbortRequest
from tests.factories import make_approver, make_observer, make_planner, make_unit
from tests.plans.draw.factories import make_sealed_draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
RECEIPTS = {"Filing", "WorkReport"}  # signing for what was handed in: no rule says that another person does
DECISIONS = [m for m in apps.get_models() if issubclass(m, Decision) and m.__name__ not in RECEIPTS]
WHY = {"reason": "快乐8 第 2026183 期停售，公开随机数开不出来", "evidence": "开奖机构停售公告 2026 年第 3 号"}
CAP = {"year": 2026, "category": "general", "max_visits": 2, "document": "本环发〔2026〕3号"}


@pytest.fixture
def draw():
    return make_sealed_draw()


@pytest.fixture
def asked(draw):
    return abort_actions.ask_to_abort(draw=draw, by=make_planner(draw.unit), **WHY)


@pytest.fixture
def cap():
    unit = make_unit()
    return cap_actions.propose_cap(unit=unit, by=make_planner(unit), **CAP)


# --- the model --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", DECISIONS, ids=lambda model: model.__name__)
def test_every_decision_has_the_rules_of_the_database_and_the_three_states(model):
    name = model._meta.model_name
    assert {f"{name}_is_decided_by_another", f"{name}_names_who_decided"} <= {c.name for c in model._meta.constraints}
    assert {State.ASKED, State.APPROVED, State.RETURNED} <= set(dict(model._meta.get_field("state").choices))
    assert sentences()[f"{name}_is_decided_by_another"].startswith(
        ("申请", "申报", "年度申报", "提出", "登记", "发起", "写")
    )


def broken(model, pk, **values) -> str:
    with pytest.raises(Refused) as refusal, connection.execute_wrapper(in_words):
        model.objects.filter(pk=pk).update(**values)
    return str(refusal.value)


@pytest.mark.promise("P04")
def test_who_asked_does_not_decide(asked):
    decided = {"state": State.RETURNED, "decided_by": asked.asked_by, "decided_at": clock.now()}
    assert broken(AbortRequest, asked.pk, **decided) == "申请和批准不能是同一个人，由另一位分管负责人批准。"


@pytest.mark.parametrize("left_out", ["decided_by", "decided_at", "state"])
def test_a_decision_names_who_decided_and_when_and_nobody_before_it(asked, left_out):
    decided = {"state": State.RETURNED, "decided_by": make_approver(asked.draw.unit), "decided_at": clock.now()}
    assert broken(AbortRequest, asked.pk, **{n: v for n, v in decided.items() if n != left_out}) == NAMED


def test_a_return_has_an_opinion_where_the_room_says_so(cap):
    decided = {"state": State.RETURNED, "decided_by": make_approver(cap.unit), "decided_at": clock.now()}
    assert "不同意的写意见" in broken(FrequencyCap, cap.pk, **decided)


def test_what_waits_and_what_was_approved_are_asked_by_name(cap):
    assert list(FrequencyCap.objects.pending()) == [cap] and not FrequencyCap.objects.approved().exists()
    cap_actions.approve_cap(cap=cap, by=make_approver(cap.unit))
    assert list(FrequencyCap.objects.approved()) == [cap] and not FrequencyCap.objects.pending().exists()


def test_a_row_is_held_as_it_stands_now_and_what_it_hangs_on_is_read_along_but_not_held(cap):
    FrequencyCap.objects.filter(pk=cap.pk).update(max_visits=1)
    with CaptureQueriesContext(connection) as queries:
        held = FrequencyCap.objects.locked(cap.pk, "unit")
        assert (held.max_visits, held.unit.code) == (1, cap.unit.code)
        plain = FrequencyCap.objects.locked(cap.pk)
    assert [q["sql"].split(" FOR ")[1] for q in queries] == ['UPDATE OF "inspections_frequencycap"'] * 2
    assert "JOIN" in queries[0]["sql"] and "JOIN" not in queries[1]["sql"] and plain == held


def test_the_refusals_come_in_their_order(asked):
    leader, words = make_approver(asked.draw.unit), {"role": "由分管负责人批准。", "own": "不能批准本人的。"}
    assert why_not_decide(asked, leader, may=True, **words) == ""
    assert why_not_decide(asked, leader, may=False, **words) == "由分管负责人批准。"
    assert why_not_decide(asked, asked.asked_by, may=True, **words) == "不能批准本人的。"
    asked.state = State.RETURNED
    assert why_not_decide(asked, asked.asked_by, may=False, **words) == "这份申请未批准，不再变动。"
    assert why_not_decide(asked, leader, may=True, over={"RETURNED": "没有同意。"}, **words) == "没有同意。"


# --- the page ---------------------------------------------------------------------------------------------------------


def page(client, draw, user):
    client.force_login(user)
    return client.get(f"/desk/draws/{draw.draw_id}/abort/")


def post(client, draw, user, **typed):
    client.force_login(user)
    return client.post(f"/desk/draws/{draw.draw_id}/abort/", {"form_key": str(uuid.uuid4()), **typed})


def text(response):
    return response.content.decode()


def said(response):
    return [str(message) for message in response.wsgi_request._messages]


def test_who_may_ask_sees_the_form_and_who_may_decide_nothing_to_decide(client, draw):
    planner, leader = make_planner(draw.unit), make_approver(draw.unit)
    assert "提交作废申请</button>" in text(page(client, draw, planner))
    read = text(page(client, draw, leader))
    assert "<form" not in read.split("<main")[1].split("</main")[0] and "没有人申请过作废。" in read
    assert "谁可以做什么" in read and f"现在登录的是{leader.full_name}。" in read


def test_the_card_says_who_asked_why_and_who_decides_and_the_asker_sees_no_form(client, draw, asked):
    read = text(page(client, draw, asked.asked_by))
    for words in (asked.asked_by.full_name, WHY["reason"], WHY["evidence"], "等本单位分管负责人决定", "待批准"):
        assert words in read
    assert "批准作废</button>" not in read and "提交作废申请</button>" not in read


def test_the_decider_returns_with_an_opinion_alone_and_the_card_then_says_so(client, draw, asked):
    leader = make_approver(draw.unit)
    assert "批准作废</button>" in text(page(client, draw, leader))
    empty = post(client, draw, leader, decision="reject", request=asked.pk)
    assert empty.status_code == 409 and "写明不批准的理由，" in text(empty)
    done = post(client, draw, leader, decision="reject", request=asked.pk, opinion="等开奖机构恢复销售")
    assert (done.status_code, said(done)[-1]) == (302, "已退回作废申请，抽取照常进行。")
    read = text(page(client, draw, leader))
    assert "未批准：等开奖机构恢复销售" in read and "批准作废</button>" not in read


def test_of_two_deciders_the_second_hears_who_was_first(client, draw, asked):
    first, second = make_approver(draw.unit), make_approver(draw.unit)
    post(client, draw, first, decision="reject", opinion="等开奖机构恢复销售")
    late = post(client, draw, second, decision="approve", request=asked.pk, document_no="文号", word="作废")
    assert (late.status_code, said(late)[-1]) == (302, f"{first.full_name} 10:00 已决定，下面是结果。")


@pytest.mark.promise("P04")
def test_of_two_deciders_at_one_moment_the_second_hears_who_was_first(rf, draw, asked):
    """The first decides after the second's page was read and before his act holds the row."""
    first, second = make_approver(draw.unit), make_approver(draw.unit)

    def approve(**_):
        abort_actions.reject_abort(request=asked, by=first, opinion="等开奖机构恢复销售")
        raise Refused("这份申请未批准，不再变动。")

    request = rf.post("/desk/", {"decision": "approve", "request": asked.pk, "opinion": "同意"})
    request.user, request._messages = second, Said()
    part = Decide(OpinionForm, approve, approve, "", "", fresh=False)
    answer = decision_page(request, about=draw, template="", pending=asked, rows=[Row(asked, "warn", "")], decide=part)
    assert (answer.status_code, request._messages.words) == (302, [f"{first.full_name} 10:00 已决定，下面是结果。"])


class Said:
    """Where messages go in a request without middleware."""

    def __init__(self):
        self.words = []

    def add(self, level, words, extra_tags=""):
        self.words.append(words)


class OpinionForm(forms.Form):
    opinion = forms.CharField(label="意见")


def test_who_asks_while_another_request_waits_reads_so_and_keeps_what_he_typed(client, draw, asked):
    answer = post(client, draw, make_planner(draw.unit), **WHY, missing="1")
    assert answer.status_code == 409
    assert "已有一份" in text(answer) and WHY["evidence"] in answer.content.decode()
    assert AbortRequest.objects.count() == 1


def test_a_list_has_no_room_for_a_second_step(cap):
    part = Decide(OpinionForm, lambda **_: None, lambda **_: None, "", "", confirm=Confirm("", "", list))
    with pytest.raises(ImproperlyConfigured):
        panel_in_list(Row(cap, "warn", ""), part, "/desk/")


def test_a_decision_is_never_about_a_later_request(client, draw, asked):
    leader = make_approver(draw.unit)
    abort_actions.reject_abort(request=asked, by=leader, opinion="等开奖机构恢复销售")
    later = abort_actions.ask_to_abort(draw=draw, by=make_planner(draw.unit), **WHY)
    late = post(client, draw, leader, decision="reject", request=asked.pk, opinion="写给上一份的意见")
    later.refresh_from_db()
    assert late.status_code == 302 and "已决定，下面是结果" in said(late)[-1] and later.waits


def test_a_press_that_says_neither_yes_nor_no_decides_nothing(client, draw, asked):
    answer = post(client, draw, make_approver(draw.unit), decision="perhaps", document_no="文号", word="作废")
    asked.refresh_from_db()
    assert answer.status_code == 200 and asked.waits


def test_nobody_else_decides_by_sending_a_form(client, draw, asked):
    answer = post(client, draw, asked.asked_by, decision="approve", document_no="文号", word="作废")
    asked.refresh_from_db()
    assert answer.status_code == 409 and asked.waits


# --- decisions out of a list ------------------------------------------------------------------------------------------


def test_each_waiting_row_of_a_list_has_its_own_form_for_who_decides(client, cap):
    other = cap_actions.propose_cap(unit=cap.unit, by=cap.asked_by, **{**CAP, "category": "key"})
    url = f"/desk/frequency/?unit={cap.unit.code}&quarter=2026Q3"
    client.force_login(make_approver(cap.unit))
    read = text(client.get(url))
    assert read.count("批准上限</button>") == 2 and read.count("csrfmiddlewaretoken") >= 2
    ids = re.findall(r'id="(id_\d+_opinion)"', read)
    assert sorted(ids) == sorted([f"id_{cap.pk}_opinion", f"id_{other.pk}_opinion"])
    client.force_login(cap.asked_by)
    assert "批准上限</button>" not in text(client.get(url))


def test_a_decision_out_of_a_list_is_said_above_it(client, cap):
    url = f"/desk/frequency/caps/{cap.pk}/decide/"
    client.force_login(make_approver(cap.unit))
    for typed, words in (
        ({}, "没有办理，重新打开页面。"),
        ({"decision": "reject"}, "意见写得太短"),
        ({"decision": "reject", "opinion": "字" * 201}, "意见最多 200 字"),
        ({"decision": "approve"}, "上限已批准，从现在起计算。"),
        ({"decision": "approve"}, "这条上限已经批准。"),
    ):
        answer = client.post(url, {"form_key": str(uuid.uuid4()), **typed})
        assert answer.status_code == 302 and words in said(answer)[-1]
    client.force_login(make_observer())
    assert client.post(url, {"form_key": str(uuid.uuid4()), "decision": "approve"}).status_code in (403, 404)


def test_no_room_has_a_rule_of_its_own_for_how_much_is_said_where_something_is_returned():
    """Four letters everywhere (`refusal.why_no_opinion`): who asked has to understand what to do otherwise."""
    root = Path(__file__).resolve().parents[2]
    own = re.compile(r'"" if opinion\.strip\(\) else|not opinion\.strip\(\):\n\s+raise')
    rooms = [root / app for app in ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure")]
    found = [path.as_posix() for room in rooms for path in room.rglob("*.py") if own.search(path.read_text("utf-8"))]
    # There approving needs one too: `refusal.why_not_decided`, and the reasons of what was not checked.
    home = ("benxi_shuangsuiji/refusal.py", "inspections/coverage/rules.py")
    assert [path for path in found if not path.endswith(home)] == []
    assert own.search('return "" if opinion.strip() else "写明意见。"')
