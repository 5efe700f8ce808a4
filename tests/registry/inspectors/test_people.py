"""检查人员: tags with counts, change kinds with their day, moving between units (六(三)-i … -p)."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benxi_shuangsuiji.refusal import Refused
from registry.inspectors import actions
from registry.models import Inspector
from tests.browsing import text_of
from tests.factories import make_inspector, make_planner, make_registrar, make_unit

pytestmark = pytest.mark.django_db


def names(client, **query):
    return [line.inspector.name for line in client.get(reverse("registry:inspector-list"), query).context["page"]]


@pytest.mark.clause("六(三)-j", "六(三)-k", "六(三)-l", "六(三)-m", "六(三)-n", "六(三)-o", "六(三)-p")
def test_every_tag_is_counted_and_filters(client):
    unit = make_unit()
    one = {
        "name": "甲",
        "division_code": "210504",
        "gender": "F",
        "entered_service_on": date(2015, 7, 7),
        "expertise": ["WATER", "LEGAL"],
        "post": "现场执法",
        "field_of_study": "环境工程",
        "scopes": ["RAD"],
    }
    other = {
        "name": "乙",
        "division_code": "210503",
        "gender": "M",
        "entered_service_on": date(2015, 7, 6),
        "expertise": ["WATER"],
        "post": "法制审核",
        "field_of_study": "法学",
        "employment": "OFF_POST",
    }
    make_inspector(unit, **one)
    make_inspector(unit, **other)
    client.force_login(make_planner(unit))
    page = client.get(reverse("registry:inspector-list"))
    tags = {t["title"]: {c.label: c.count for c in t["chips"]} for t in page.context["list"].tag_chips}
    assert tags == {
        "行政区域": {"溪湖区": 1, "明山区": 1},
        "性别": {"女": 1, "男": 1},
        "工作年限": {"10 至 19 年": 2},
        "业务专长": {"水": 2, "法制": 1},
        "部门岗位": {"现场执法": 1, "法制审核": 1},
        "专业类别": {"环境工程": 1, "法学": 1},
        "专业资格": {"辐射": 1},
        "在编在岗": {"在编在岗": 1, "在编不在岗": 1},
    }
    assert names(client, division="210503") == ["乙"]
    assert names(client, gender="F") == ["甲"]
    assert names(client, expertise="LEGAL") == ["甲"]
    assert names(client, expertise="WATER") == ["甲", "乙"]
    assert names(client, post="法制审核") == ["乙"]
    assert names(client, study="法学", expertise="LEGAL") == []
    assert names(client, scope="RAD") == ["甲"]
    assert names(client, employment="OFF_POST") == ["乙"]
    assert names(client, years="10") == ["甲", "乙"]
    assert names(client, years="no such band") == []


def test_years_of_service_are_full_years():
    person = Inspector(entered_service_on=date(2015, 7, 7))
    assert [person.years_of_service(date(2026, 7, d)) for d in (6, 7)] == [10, 11]
    assert Inspector().years_of_service(date(2026, 7, 6)) is None


@pytest.mark.clause("六(三)-i")
@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"position": "科长"}, "POST"),
        ({"post": "法制审核"}, "POST"),
        ({"employment": "OFF_POST"}, "POST"),
        ({"can_lead": False}, "QUALIFIED"),
        ({"scopes": ["HW"], "scope_basis": "培训证 7 号"}, "QUALIFIED"),
        ({"name": "改名"}, "CHANGED"),
        ({"left_on": date(2026, 7, 1)}, "TRANSFER_OUT"),
    ],
)
def test_each_change_has_its_kind_day_and_reason(values, kind):
    unit = make_unit()
    person = make_inspector(unit)
    actions.change_inspector(
        inspector=person,
        values=values,
        version=1,
        reason="市局人事文件",
        on=date(2026, 7, 1),
        by=make_registrar(unit),
    )
    change = person.changes.get()
    assert (change.kind, change.effective_on, change.reason) == (kind, date(2026, 7, 1), "市局人事文件")
    assert all(len(pair) == 2 for pair in change.values.values())


def test_a_change_cannot_begin_tomorrow_and_a_qualification_needs_a_basis():
    unit = make_unit()
    person, by = make_inspector(unit), make_registrar(unit)
    change = {"inspector": person, "version": 1, "reason": "市局人事文件", "by": by}
    with pytest.raises(Refused, match="不能晚于今天"):
        actions.change_inspector(values={"post": "法制审核"}, on=date(2026, 7, 7), **change)
    with pytest.raises(Refused, match="写明依据"):
        actions.change_inspector(values={"scopes": ["HW"]}, **change)
    assert not person.changes.exists()


@pytest.mark.clause("六(三)-i")
def test_somebody_moves_to_another_unit_with_code_card_and_history(client):
    old, new = make_unit(), make_unit("210503")
    person = make_inspector(old, name="调动人")
    there = make_registrar(new)
    take = {"inspector": person, "unit": new, "values": {"post": "现场执法"}, "reason": "调令〔2026〕3号", "by": there}
    with pytest.raises(Refused, match="由原单位先登记调离"):
        actions.take_over(on=date(2026, 7, 6), **take)
    actions.leave(inspector=person, on=date(2026, 7, 3), reason="调令〔2026〕3号", version=1, by=make_registrar(old))
    with pytest.raises(Refused, match="早于调离日期"):
        actions.take_over(on=date(2026, 7, 2), **take)
    client.force_login(there)
    assert client.get(person.get_absolute_url()).status_code == 404
    form = {
        "form_key": str(uuid.uuid4()),
        "name": "调动人",
        "number": person.certificate_no,
        "unit": new.pk,
        "post": "现场执法",
        "on": "2026-07-06",
        "reason": "调令〔2026〕3号",
    }
    url = reverse("registry:inspector-take-over")
    assert "全市名录里没有" in text_of(client.post(url, {**form, "name": "猜的人"}))
    assert client.post(url, {**form, "form_key": str(uuid.uuid4())}).status_code == 302
    moved = Inspector.objects.get(pk=person.pk)
    assert (moved.unit, moved.left_on, moved.post, moved.code) == (new, None, "现场执法", person.code)
    assert (moved.division_code, moved.certificate_no) == ("210503", person.certificate_no)
    kinds = list(moved.changes.order_by("pk").values_list("kind", "effective_on"))
    assert kinds == [("TRANSFER_OUT", date(2026, 7, 3)), ("TRANSFER_IN", date(2026, 7, 6))]
    assert client.get(moved.get_absolute_url()).status_code == 200


def test_who_has_a_card_that_ends_before_the_checks_do_is_marked(client):
    unit = make_unit()
    make_inspector(unit, name="窗口内到期", certificate_to=date(2026, 9, 24))
    make_inspector(unit, name="窗口后到期", certificate_to=date(2026, 9, 25))
    client.force_login(make_planner(unit))
    words = text_of(client.get(reverse("registry:inspector-list")))
    assert "有效期至 2026-09-24，早于检查截止日 2026-09-25，不参加抽取" in words
    assert "有效期至 2026-09-25，将到期" in words
    assert names(client, view="window") == ["窗口内到期"]


def test_a_list_of_thirty_takes_as_many_queries_as_a_list_of_one(client):
    unit = make_unit()
    client.force_login(make_planner(unit))
    make_inspector(unit)
    url = reverse("registry:inspector-list")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _ in range(29):
        make_inspector(unit, expertise=["AIR"])
    with CaptureQueriesContext(connection) as thirty:
        assert len(client.get(url).context["page"]) == 30
    assert len(one) == len(thirty)
    own = [
        q
        for q in thirty.captured_queries
        if 'FROM "registry_inspector' in q["sql"] and "notices_message" not in q["sql"]
    ]
    assert len(own) == 3  # people, absences of today, checks of the quarter
