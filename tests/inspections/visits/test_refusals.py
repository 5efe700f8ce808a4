"""Every refusal of a visit, at every door: page, phone that comes again, paper entered afterwards (七(五)-b, -c, -d, -h; N-3, N-6).

One table. Each row makes a visit to which one thing is lacking, and the words that say what and how to mend it. At each
door the same words come, what was typed is there again, and no row of the visit has changed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.models import model_to_dict

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents.models import StoredFile
from inspections.evidence import actions as evidence
from inspections.models import (
    Answer,
    CheckAnswer,
    Custody,
    Evidence,
    Inspection,
    Receipt,
    Recording,
    VisitMember,
)
from inspections.visits import actions as visits_actions
from plans.models import InspectionItem, ItemList, ListStatus
from tests.browsing import html_of, post, signed_in, text_of
from tests.factories import make_city_team, make_lead_office, make_planner
from tests.inspections.evidence.pictures import HEIC, PDF
from tests.inspections.factories import (
    accept,
    answer_all,
    approve,
    make_inspection,
    make_started,
    sign_all,
    team_of,
)
from tests.inspections.outbox.test_receiving import send
from tests.inspections.visits.test_pages import minutes
from tests.inspections.visits.test_visit import declare_conflict, let_lapse
from tests.law.test_l10_the_leader_leads_and_the_absent_stay_away import away
from tests.plans.draw.factories import make_item_list
from tests.test_layers import SOURCES

pytestmark = pytest.mark.django_db
MIB = 1024 * 1024


def everything(visit) -> list:
    """All that an act of the visit could have changed; who looked is written all the same."""
    about = ("answers", "members", "evidence", "recordings", "signatures", "deliveries", "recording_gaps")
    return [
        model_to_dict(Inspection.objects.get(pk=visit.pk)),
        *(list(getattr(visit, name).order_by("pk").values()) for name in about),
        StoredFile.objects.count(),
        AuditEntry.objects.exclude(verb="inspections.sealed.viewed").count(),
    ]


def leader(visit):
    return team_of(visit)[0]


@dataclass(frozen=True)
class Lacking:
    """A visit to which something lacks; what is sent to its page `tail`; which words answer."""

    make: Callable[[], Inspection]
    words: str
    tail: str = "arrive/"
    changes: Callable[[Inspection], dict] = field(default=lambda visit: {})
    file: Callable[[], bytes] | None = None
    typed: str = "BX-GETIPPT-7"


def arriving(visit, **changes) -> dict:
    people = [p.pk for p in team_of(visit)]
    return {"present": people, "recorder": "other", "recorder_no": "BX-GETIPPT-7", **changes}


def without_approval():
    return make_inspection(approved=False)


def with_approval_of(**fields):
    def make():
        visit = make_inspection(approved=False)
        approve(visit, **fields)
        return visit

    return make


def one_not_accepted():
    visit = make_inspection(accepted=False)
    visit.accepted_at = clock.now() - timedelta(hours=1)
    visit.save()
    member = visit.members.get(is_leader=True)
    VisitMember.objects.filter(inspection=visit, is_leader=False).update(left_at=clock.now())
    accept(visit)
    VisitMember.ever.filter(inspection=visit).exclude(pk=member.pk).update(left_at=None)
    return visit


def lapsed():
    visit = make_inspection()
    let_lapse(team_of(visit)[1])
    return visit


def three_of_whom(mend=lambda visit: None):
    def make():
        visit = make_inspection(people=3)
        mend(visit)
        return visit

    return make


def with_conflict():
    visit = make_inspection()
    declare_conflict(team_of(visit)[1], visit.facility)
    return visit


def off_the_list():
    """The city's list was published anew, without the one item of this check."""
    item = make_item_list().items.get()
    visit = make_inspection(points=[("A01", item.name, 1, item.content)])
    CheckAnswer.objects.filter(inspection=visit).update(item=item)
    anew = ItemList.objects.create(
        unit=make_city_team(),
        year=2026,
        version=2,
        status=ListStatus.PUBLISHED,
        created_by=make_lead_office(),
        published_at=clock.now(),
    )
    fields = {f.attname: getattr(item, f.attname) for f in item._meta.concrete_fields if not f.primary_key}
    InspectionItem.objects.create(**{**fields, "list_id": anew.pk, "code": "B09"})
    return visit


def with_another_recorder():
    visit = make_inspection()
    evidence.enter_recorder(unit=visit.unit, no="BX-MS-01", by=make_planner(visit.unit))
    return visit


def with_a_gap():
    visit = answer_all(make_started())
    who, begun = leader(visit).user, visit.started_at
    evidence.stop(inspection=visit, at=begun + timedelta(minutes=5), by=who)
    evidence.run_again(inspection=visit, recorder_no="BX-MS-07", at=begun + timedelta(minutes=15), by=who)
    visits_actions.conclude(inspection=visit, by=who, outcome="NO_ISSUE", finding="", measures="", rectify_by=None)
    sign_all(visit)
    return visit


def with_a_bare_problem():
    visit = answer_all(make_started())
    point = visit.answers.order_by("item_code", "number").first()
    visits_actions.answer_point(inspection=visit, pk=point.pk, answer=Answer.FOUND, by=leader(visit).user)
    return visit


def concluding(visit):
    return {"outcome": "ON_SITE_FIXED", "finding": "少一块标志", "seen": ""}


REFUSALS = {
    "no approval": Lacking(without_approval, "还没有报批。由组长或者计划员报分管负责人审批，批准以后才能到场"),
    "approval still waited for": Lacking(
        with_approval_of(state="ASKED", decided_by=None, decided_at=None), "批准以后才能到场"
    ),
    "approved for another day": Lacking(
        with_approval_of(first_day=date(2026, 7, 9), last_day=date(2026, 7, 10)),
        "批准的检查时间是 7 月 9 日至 7 月 10 日。改期的先重新报批",
    ),
    "one of the team has not accepted": Lacking(one_not_accepted, "还没有声明并接受任务。本人在手机上接受以后才能到场"),
    "one certified person": Lacking(
        make_inspection,
        "至少两名持有效执法证的人员到场才能开始检查，现在是 1 名。补齐人员，或办理更换",
        changes=lambda visit: {"present": [leader(visit).pk]},
    ),
    "certificate lapsed since the draw": Lacking(lapsed, "的执法证 2026 年 7 月 1 日到期）。补齐人员，或办理更换"),
    "leader absent": Lacking(
        three_of_whom(),
        "到场才能开始检查；组长不能来的，先办理更换组长",
        changes=lambda visit: {"present": [p.pk for p in team_of(visit)[1:]]},
    ),
    "somebody on leave": Lacking(
        three_of_whom(lambda visit: away(team_of(visit)[2])),
        "当天不能参加检查。已经回来的，先由名录管理员登记销假；不能来的，办理更换",
    ),
    "conflict declared": Lacking(with_conflict, "登记了与这家企业的利害关系，应当回避。办理更换之后再检查"),
    "item off the list": Lacking(
        off_the_list,
        "已不在公开的清单里，不能列入计划、抽取和检查。这次检查没有可以检查的事项，由计划员报牵头部门，调整清单或者更换对象",
    ),
    "no recorder and no reason": Lacking(
        make_inspection,
        "没有记录仪的，写明原因",
        changes=lambda visit: {"recorder_no": ""},
        typed=" checked",
    ),
    "recorder that is not in the register": Lacking(
        with_another_recorder, "没有登记编号 BX-GETIPPT-7 的执法记录仪。核对编号，或由计划员先登记"
    ),
    "recorder gap": Lacking(
        with_a_gap, "没有录像，写明原因", tail="submit/", changes=lambda visit: {"at": ""}, typed="没有录像"
    ),
    "a problem without words": Lacking(
        with_a_bare_problem, "没有写看到了什么。写了再办", tail="finish/", changes=concluding, typed="少一块标志"
    ),
    "a program that calls itself a photo": Lacking(
        make_started, "不是图片，没有收。照片只收 JPG 和 PNG", "evidence/", file=lambda: b"MZ\x90\x00" + b"\0" * 500
    ),
    "a PDF that calls itself a photo": Lacking(
        make_started, "这是 PDF，不是照片。作为扫描件上传，或重拍", "evidence/", file=lambda: PDF
    ),
    "a photo that most computers cannot open": Lacking(
        make_started, "在手机相机设置里改存 JPG", "evidence/", file=lambda: HEIC
    ),
    "a photo of 40 MB": Lacking(
        make_started,
        "照片 40 MB，最多 10 MB。缩小后再传，或在这一页直接拍照",
        "evidence/",
        file=lambda: b"\xff\xd8\xff" + bytes(40 * MIB - 3),
    ),
}


def sent(row: Lacking, visit) -> dict:
    if row.tail == "arrive/":
        return {**arriving(visit), **row.changes(visit)}
    if row.file is not None:
        photo = SimpleUploadedFile("池.jpg", row.file(), "image/jpeg")
        return {"kind": "PHOTO", "words": "BX-GETIPPT-7", "file": photo}
    return row.changes(visit)


@pytest.mark.clause("七(五)-b", "七(五)-c", "七(五)-d", "七(五)-h")
@pytest.mark.parametrize("row", REFUSALS.values(), ids=REFUSALS)
def test_what_lacks_is_said_in_the_same_words_at_every_door_and_nothing_changes(row):
    visit = row.make()
    page, who = f"/field/{visit.no}/{row.tail}", signed_in(leader(visit).user)
    before = everything(visit)

    shown = post(who, page, sent(row, visit))
    if shown.status_code == 302:
        shown = who.get(shown["Location"])
    assert row.words in text_of(shown) and everything(visit) == before
    assert row.typed in html_of(shown)  # what was typed is there to be mended

    answer = send(who, page, sent(row, visit), ago=timedelta(minutes=3)).json()
    assert answer["state"] == "refused" and row.words in answer["why"]
    assert everything(visit) == before and Receipt.objects.get().state == "REFUSED"

    if row.tail == "arrive/":  # a visit made on paper, entered afterwards with its own time
        later = post(who, page, {**sent(row, visit), "at": minutes(clock.now() - timedelta(minutes=20))})
        assert row.words in text_of(later) and everything(visit) == before
    assert not Evidence.objects.exists() and not Custody.objects.exists()


def test_a_visit_begins_at_one_door_only_and_everybody_who_begins_one_goes_through_it():
    """The pages, the phone and a paper entered afterwards all call one action; nothing else sets a check under way."""
    texts = {str(path): path.read_text(encoding="utf-8") for path in SOURCES if "/migrations/" not in str(path)}
    moves = [path for path, text in texts.items() if "InspectionStatus.STARTED)" in text and "move_to(" in text]
    assert [path.rpartition("inspections/")[2] for path in moves] == ["visits/actions.py"]
    calls = {path.rpartition("/")[2] for path, text in texts.items() if "start_visit(" in text and "/demo/" not in path}
    assert calls == {"actions.py", "arrival_views.py"}
    assert not Recording.objects.exists()
