"""名录后台 (/admin/): the pages' rules, reasons and history behind Django's admin, for registrars only (ui.md 7.2)."""

import re
import uuid

import pytest
from django import forms
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.audit.models import AuditEntry
from registry.admin import site
from registry.facilities import actions
from registry.models import (
    ChangeProposal,
    Facility,
    FacilityChange,
    FacilityTag,
    Inspector,
    InspectorAbsence,
    InspectorChange,
    Tag,
)
from tests.accounts.test_access import patterns
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_inspector,
    make_lead_office,
    make_planner,
    make_registrar,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_dispatched
from tests.registry.facilities.test_pages import post, text_of
from tests.registry.workbooks import credit_code

pytestmark = pytest.mark.django_db
FACILITIES = "admin:registry_facility_changelist"


def form_fields(page, **changes) -> dict:
    """What a browser would send for the form of a page, with some fields typed anew."""
    form = page.context["form"]
    fields = {"version": page.context["record"].version} if getattr(page.context["record"], "version", None) else {}
    for name in form.fields:
        value = form[name].value()
        if value is None and isinstance(form.fields[name], forms.ChoiceField) and form.fields[name].required:
            value = form.fields[name].choices[0][0]  # as a browser shows it
        if name != "version" and value not in (None, False, "", []):
            value = getattr(value, "pk", value)
            fields[name] = value if isinstance(value, list) else "on" if value is True else str(value)
    return fields | changes


def change_address(facility):
    return reverse("admin:registry_facility_change", args=[facility.code])


def saved(client, url, **changes):
    return post(client, url, **form_fields(client.get(url), **changes))


# --- who gets in, and what is there -------------------------------------------------------------------------------


def test_only_registrars_open_it_and_nothing_of_draws_or_accounts_is_in_it(client):
    unit = make_unit()
    for other in (make_planner(unit), make_approver(unit), make_lead_office(), make_user((Role.ADMIN_SYSTEM, unit))):
        client.force_login(other)
        page = client.get("/admin/")
        assert page.status_code == 403
        assert "维护检查对象名录" in text_of(page)
    client.force_login(make_registrar(unit))
    page = client.get("/admin/")
    assert [line["name"] for line in page.context["app_list"]] == [
        "检查对象",
        "检查人员",
        "离岗",
        "回避登记",
        "本单位标签",
        "评价等级",
    ]
    assert {model._meta.app_label for model in site._registry} == {"registry"}


def test_there_is_no_second_sign_in_no_password_page_and_no_delete(client):
    here = [address for address, _, _ in patterns() if address.startswith("admin/")]
    assert [a for a in here if re.search("delete|login|logout|password|jsi18n|autocomplete|/r/", a)] == []
    for address in ("/admin/login/", "/admin/logout/", "/admin/password_change/", "/admin/registry/facility/X/delete/"):
        with pytest.raises(Resolver404):
            resolve(address)
    answer = client.get("/admin/registry/facility/")
    assert answer.status_code == 302 and answer["Location"].startswith("/desk/login/")
    facility = make_facility(make_unit())
    client.force_login(make_registrar(facility.unit))
    offered = client.get(reverse(FACILITIES)).context["action_form"].fields["action"].choices
    assert [name for name, _ in offered] == ["", "export"]
    post(client, reverse(FACILITIES), action="delete_selected", _selected_action=facility.code)
    assert Facility.objects.count() == 1


def test_another_units_record_is_not_listed_and_not_found(client):
    make_facility(make_unit(), name="自己的企业")
    theirs = make_facility(make_unit("210503"), name="溪湖的企业")
    client.force_login(make_registrar(make_unit()))
    assert "溪湖的企业" not in text_of(client.get(reverse(FACILITIES)))
    address = change_address(theirs)
    assert client.get(address).status_code == 404
    assert post(client, address, name="改名", reason="试一试看").status_code == 404
    assert client.get(reverse("admin:registry_facility_history", args=[theirs.code])).status_code == 404


def test_who_reads_another_units_registry_does_not_find_it_here(client):
    own, other = make_unit(), make_unit("210503")
    make_facility(other, name="溪湖的企业")
    client.force_login(make_user((Role.REGISTRAR, own), (Role.PLANNER, other)))
    page = client.get(reverse(FACILITIES))
    assert page.context["cl"].result_count == 0


# --- the same rules as on the page --------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["admin", "page"])
def test_a_change_leaves_the_same_history_as_on_the_page(client, where):
    facility = make_facility(make_unit(), uscc=credit_code(), name="本溪枫岭焦化有限公司")
    by = make_registrar(facility.unit)
    client.force_login(by)
    address = (
        change_address(facility) if where == "admin" else reverse("registry:facility-change", args=[facility.code])
    )
    page = client.get(address)
    fields = form_fields(page, name="本溪枫岭化工有限公司", reason="营业执照变更", evidence="营业执照") if where == "admin" else {
        **form_fields(client.get(change_address(facility))), "name": "本溪枫岭化工有限公司", "reason": "营业执照变更", "evidence": "营业执照",
    }  # fmt: skip
    answer = post(client, address, **fields)
    assert answer.status_code == 302
    change = FacilityChange.objects.get()
    assert (change.kind, change.reason, change.evidence, change.entered_by) == (
        "CHANGED",
        "营业执照变更",
        "营业执照",
        by,
    )
    assert change.values == {
        "name": ["本溪枫岭焦化有限公司", "本溪枫岭化工有限公司"],
        "former_names": [[], ["本溪枫岭焦化有限公司"]],
    }
    entry = AuditEntry.objects.get(verb="registry.facility.changed")
    assert entry.details["entry"] == [change.seq, change.digest]
    assert LogEntry.objects.count() == 0


def test_a_reason_is_demanded_and_refusals_are_those_of_the_page(client):
    unit = make_unit()
    other = make_facility(unit, uscc=credit_code())
    facility = make_facility(unit, uscc=credit_code())
    client.force_login(make_registrar(unit))
    address, page_address = change_address(facility), reverse("registry:facility-change", args=[facility.code])
    for changes, sentence in (
        ({"name": "新名称"}, "填写变更原因"),
        ({"name": "新名称", "reason": "改"}, "原因写得太短，至少 4 个字"),
        ({"reason": "看看能不能"}, "没有改动任何一项。"),
        ({"uscc": other.uscc, "reason": "更正信用代码"}, "名录里已有使用这个信用代码的对象。"),
        ({"uscc": "91210504MA0S00000A", "reason": "更正信用代码"}, "含不允许的字母 S"),
        ({"name": "新名称", "reason": "更正名称", "version": 0}, "这条记录刚才被别人改过。"),
    ):
        fields = form_fields(client.get(address), **changes)
        here, there = post(client, address, **fields), post(client, page_address, **fields)
        assert here.status_code == there.status_code == 200
        assert sentence in text_of(here) and sentence in text_of(there)
        assert f'value="{fields["name"]}"' in here.content.decode()
    assert FacilityChange.objects.count() == 0


def test_state_and_unit_become_proposals_and_basic_data_change_at_once(client):
    facility = make_facility(make_unit(), uscc=credit_code())
    team = make_city_team()
    client.force_login(make_registrar(facility.unit))
    address = change_address(facility)
    refused = saved(client, address, status="SUSPENDED", address="新址", reason="订单不足停产")
    assert "写明依据，如“现场核查记录”“注销通知书”。" in text_of(refused)
    assert (FacilityChange.objects.count(), ChangeProposal.objects.count()) == (
        0,
        0,
    )  # the first step went back as well

    answer = saved(
        client, address, status="SUSPENDED", unit=team.pk, address="新址", reason="订单不足停产", evidence="核查记录"
    )
    assert answer.status_code == 302
    facility.refresh_from_db()
    assert (facility.status, facility.unit, facility.address) == ("OPERATING", make_unit(), "新址")
    proposals = {p.kind: (p.payload, p.reason, p.evidence) for p in ChangeProposal.objects.pending()}
    assert proposals == {
        "STATUS": ({"status": "SUSPENDED"}, "订单不足停产", "核查记录"),
        "TRANSFER": ({"unit": team.code}, "订单不足停产", "核查记录"),
    }
    page = client.get(address)
    assert "生产状态 在产 → 停产" in text_of(page) and "移交给市执法队监管" in text_of(page)
    again = saved(client, address, status="CLOSED", reason="订单不足停产", evidence="核查记录")
    assert "正等批准。先撤回，再提出新的。" in text_of(again)


def test_a_new_facility_gets_its_code_and_history(client):
    unit, code = make_unit(), credit_code()
    by = make_registrar(unit)
    client.force_login(by)
    address = reverse("admin:registry_facility_add")
    fields = form_fields(client.get(address), name="本溪新厂", uscc=code)
    assert "填写变更原因" in text_of(post(client, address, **fields))
    made = post(client, address, **fields, reason="新建投产")
    assert made.status_code == 302, made.context["form"].errors
    facility = Facility.objects.get()
    assert (facility.code, facility.unit, facility.name) == (code, unit, "本溪新厂")
    change = FacilityChange.objects.get()
    assert (change.kind, change.reason, change.entered_by) == ("NEW", "新建投产", by)
    other = make_unit("210503")
    theirs = post(client, address, **{**fields, "unit": other.pk, "uscc": credit_code()}, reason="新建投产")
    assert "监管单位从列表里选" in text_of(theirs)


def test_the_history_is_read_only_and_verified(client):
    facility = make_facility(make_unit(), uscc=credit_code())
    client.force_login(make_registrar(facility.unit))
    saved(client, change_address(facility), address="新址", reason="搬到新址办公")
    address = reverse("admin:registry_facility_history", args=[facility.code])
    page = client.get(address)
    assert "地址 — → 新址" in text_of(page) and "搬到新址办公" in text_of(page) and "逐条重算了指纹" in text_of(page)
    assert page.content.decode().count('method="post"') == 1  # signing out


def test_an_inspector_is_changed_with_a_reason_and_only_by_his_own_units_registrar(client):
    unit = make_unit()
    inspector = make_inspector(unit)
    theirs = make_inspector(make_unit("210503"))
    by = make_registrar(unit)
    client.force_login(by)
    address = reverse("admin:registry_inspector_change", args=[inspector.code])
    assert "填写变更原因" in text_of(saved(client, address, post="法制审核"))
    assert saved(client, address, post="法制审核", reason="岗位调整").status_code == 302
    change = InspectorChange.objects.get()
    assert (change.kind, change.reason, change.entered_by) == ("POST", "岗位调整", by)
    assert change.values == {"post": ["", "法制审核"]}
    assert "岗位调整" in text_of(client.get(reverse("admin:registry_inspector_history", args=[inspector.code])))
    assert client.get(reverse("admin:registry_inspector_change", args=[theirs.code])).status_code == 404
    assert theirs.name not in text_of(client.get(reverse("admin:registry_inspector_changelist")))

    add = reverse("admin:registry_inspector_add")
    fields = form_fields(client.get(add), name="新来的")
    assert "填写变更原因" in text_of(post(client, add, **fields))
    assert post(client, add, **fields, reason="公务员录用").status_code == 302
    assert Inspector.objects.get(name="新来的").unit == unit


def test_leave_is_entered_and_ended_by_the_rules_of_the_page(client):
    unit = make_unit()
    inspector, theirs = make_inspector(unit), make_inspector(make_unit("210503"))
    client.force_login(make_registrar(unit))
    add = reverse("admin:registry_inspectorabsence_add")
    leave = {"inspector": inspector.pk, "kind": "LEAVE", "starts_on": "2026-07-01", "ends_on": "2026-07-20"}
    assert post(client, add, **leave).status_code == 302
    assert "重叠" in text_of(post(client, add, **leave))
    assert "检查人员从列表里选" in text_of(post(client, add, **{**leave, "inspector": theirs.pk}))
    absence = InspectorAbsence.objects.get()
    address = reverse("admin:registry_inspectorabsence_change", args=[absence.pk])
    assert "延长的，另登记一段。" in text_of(post(client, address, on="2026-07-30"))
    assert post(client, address, on="2026-07-05").status_code == 302
    absence.refresh_from_db()
    assert absence.ends_on.isoformat() == "2026-07-05"
    assert [c.kind for c in InspectorChange.objects.order_by("pk")] == ["ABSENCE", "BACK"]


def test_tags_are_made_and_retired_and_put_on_the_rows_chosen(client):
    unit = make_unit()
    one, two = make_facility(unit), make_facility(unit)
    theirs = make_facility(make_unit("210503"))
    client.force_login(make_registrar(unit))
    assert post(client, reverse("admin:registry_tag_add"), unit=unit.pk, name="秋冬攻坚").status_code == 302
    tag = Tag.objects.get()
    page = client.get(reverse(FACILITIES))
    assert "加标签：秋冬攻坚" in text_of(page)

    def act(action, *codes):
        return client.post(
            reverse(FACILITIES) + "?q=BX",
            {"form_key": str(uuid.uuid4()), "action": action, "_selected_action": codes},
            follow=True,
        )

    assert "已给 1 家加上标签“秋冬攻坚”" in text_of(act(f"put-{tag.pk}", one.code, theirs.code))
    assert [held.facility for held in FacilityTag.objects.filter(removed=None)] == [one]
    assert "先选一个动作" in text_of(act("", two.code))
    assert "还没有勾选检查对象" in text_of(act(f"put-{tag.pk}"))
    assert "选中的都已有标签" in text_of(act(f"put-{tag.pk}", one.code))
    assert act("export", one.code)["Content-Disposition"].startswith("attachment")
    change = reverse("admin:registry_tag_change", args=[tag.pk])
    assert "没有改动任何一项。" in text_of(post(client, change, name="秋冬攻坚"))
    assert post(client, change, name="秋冬攻坚", retired="on").status_code == 302
    tag.refresh_from_db()
    assert tag.retired_on == clock.today()
    assert AuditEntry.objects.filter(verb="registry.tag.retired").count() == 1


def test_levels_and_interests_can_only_be_read(client):
    client.force_login(make_registrar(make_unit()))
    for model in ("vocabularyterm", "conflictofinterest"):
        assert client.get(reverse(f"admin:registry_{model}_changelist")).status_code == 200
        for what in ("add/", "1/", "1/history/"):
            with pytest.raises(Resolver404):
                resolve(f"/admin/registry/{model}/{what}")


# --- the list -----------------------------------------------------------------------------------------------------


def test_the_list_is_searched_by_name_code_and_pinyin_and_filtered(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    code = credit_code()
    actions.add_facility(unit=unit, values={"name": "本溪枫岭焦化", "uscc": code}, reason="新建投产", by=by)
    actions.add_facility(unit=unit, values={"name": "本溪棠汀印刷", "uscc": credit_code()}, reason="新建投产", by=by)

    def found(**query):
        page = client.get(reverse(FACILITIES), query)
        assert page.status_code == 200 and "cl" in page.context, (query, page.status_code, page.get("Location"))
        return [f.name for f in page.context["cl"].result_list]

    assert found(q="枫岭") == found(q="fljh") == found(q=code) == ["本溪枫岭焦化"]
    assert found(category="key") == [] and len(found(category="general", status="OPERATING")) == 2
    assert found(division_code="210502") == []
    for nonsense in ({"category": "x"}, {"p": "99"}, {"p": "x"}, {"o": "99.x"}, {"e": "1"}, {"all": ""}, {"x__y": "1"}):
        assert len(found(**nonsense)) == 2, nonsense


def test_a_long_list_has_pages_and_the_last_change_of_each_row(client):
    unit = make_unit()
    for _ in range(101):
        make_facility(unit)
    last = Facility.objects.order_by("code").last()
    client.force_login(make_registrar(unit))
    saved(client, change_address(last), uscc=credit_code(), reason="补登信用代码")
    first, second = client.get(reverse(FACILITIES)), client.get(reverse(FACILITIES), {"p": "2"})
    assert "共 101 条，每页 100 条" in text_of(first) and 'href="?p=2"' in first.content.decode()
    row = second.context["cl"].result_list[0]
    assert (row, row.changed_at) == (last, FacilityChange.objects.get().at)
    assert "2026-07-06 10:00" in text_of(second)


def test_no_address_asks_the_list_about_a_draw(client, at):
    """Django lets an address follow every relation of a model; here it would tell who was drawn (decisions.md 3)."""
    unit = make_unit()
    inspection = make_dispatched(unit)[0]
    drawn = inspection.facility
    client.force_login(make_registrar(unit))
    everybody = client.get(reverse(FACILITIES)).context["cl"].result_count
    relations = [r.name for r in Facility._meta.get_fields() if r.is_relation and r.auto_created]
    assert {"changes", "inspections"} <= set(relations), relations
    for name in relations:
        for condition in (f"{name}__isnull", f"{name}__pk__gte", name):
            page = client.get(reverse(FACILITIES), {condition: "0"})
            assert page.status_code == 200 and page.context["cl"].result_count == everybody, condition
    own = text_of(client.get(change_address(drawn)))
    assert "抽中" not in own and "抽查次数" not in own


def test_a_sealed_list_is_announced_until_its_release(client, at):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    assert "名单已封存" not in text_of(client.get(reverse(FACILITIES)))
    make_dispatched(unit)
    words = text_of(client.get(reverse(FACILITIES)))
    assert "2026 年第三季度名单已封存（" in words
    assert "现在的修改从第四季度起生效。每次修改都要写理由，并记入操作历史，不能删除。" in words
    other = make_unit("210503")
    client.force_login(make_registrar(other))
    assert "名单已封存" not in text_of(client.get(reverse(FACILITIES)))


@pytest.mark.parametrize(("model", "make"), [("facility", make_facility), ("inspector", make_inspector)])
def test_a_list_takes_the_same_queries_for_one_row_and_thirty(client, model, make):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make(unit)
        with CaptureQueriesContext(connection) as seen:
            page = client.get(reverse(f"admin:registry_{model}_changelist"))
        assert page.context["cl"].result_count == (1 if more == 1 else 30)
        # Without the session and the clock of the demo; one more is the clock itself.
        counts.append(len([q for q in seen if re.search('FROM "(registry|accounts|plans)_', q["sql"])]))
    assert counts[0] == counts[1] <= 7


def test_pages_hold_nothing_inline_and_nothing_from_elsewhere(client):
    facility = make_facility(make_unit(), uscc=credit_code())
    client.force_login(make_registrar(facility.unit))
    for address in ("/admin/", reverse(FACILITIES), change_address(facility), reverse("admin:registry_facility_add")):
        page = client.get(address)
        html = page.content.decode()
        assert page.status_code == 200 and "请" not in text_of(page).replace("请假", "")
        assert "<title>" in html and "名录后台</title>" in html
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*src=)", html)
        assert re.findall(r"(?:src|href)=\"(?:https?:)?//", html) == []
        assert Permission.EDIT_FACILITIES.label not in html
