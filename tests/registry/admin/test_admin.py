"""名录后台 (/admin/): lists for registrars only; a row leads to the page of the workbench that changes it (ui.md 7.2)."""

import re
import uuid
from datetime import timedelta
from html import unescape

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
from registry.facilities import actions as facilities_actions
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
from registry.tags import actions as tags_actions
from tests.accounts.test_access import patterns
from tests.browsing import post, text_of
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
from tests.registry.workbooks import credit_code

pytestmark = pytest.mark.django_db
FACILITIES = "admin:registry_facility_changelist"


def form_fields(page, **changes) -> dict:
    """What a browser would send for the form of a page, with some fields typed anew."""
    form, record = page.context["form"], page.context.get("facility") or page.context.get("inspector")
    fields = {"version": record.version} if record else {}
    for name in form.fields:
        value = form[name].value()
        if value is None and isinstance(form.fields[name], forms.ChoiceField) and form.fields[name].required:
            value = form.fields[name].choices[0][0]  # as a browser shows it
        if name != "version" and value not in (None, False, "", []):
            value = getattr(value, "pk", value)
            fields[name] = value if isinstance(value, list) else "on" if value is True else str(value)
    return fields | changes


def hrefs(page) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]+)"', page.content.decode())]


def follow(client, page, *ends: str):
    """Press the one link whose address ends so, then on that page the next; gives the address of the last."""
    for end in ends:
        (address,) = {href for href in hrefs(page) if href.endswith(end)}
        page = client.get(address)
        assert page.status_code == 200
    return address


def change_address(client, record, what="change/"):
    """From the list of the console over the record's page to the one that changes it."""
    console = client.get(reverse(f"admin:registry_{record._meta.model_name}_changelist"))
    return follow(client, console, record.get_absolute_url(), what)


def history_address(client, record):
    console = client.get(reverse(f"admin:registry_{record._meta.model_name}_changelist"))
    return follow(client, console, "#history")


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
    tags, levels = (line["url"] for line in page.context["app_list"][-2:])
    assert (tags, levels) == (reverse("registry:facility-tags"), reverse("registry:facility-levels"))
    assert client.get(tags).status_code == client.get(levels).status_code == 200


def test_there_is_no_second_sign_in_no_password_page_and_no_delete(client):
    here = [address for address, _, _ in patterns() if address.startswith("admin/")]
    assert here == [
        "admin/",
        "admin/registry/facility/",
        "admin/registry/inspector/",
        "admin/registry/inspectorabsence/",
        "admin/registry/conflictofinterest/",
    ]
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
    address = reverse("registry:facility-change", args=[theirs.code])
    assert client.get(address).status_code == 404
    assert post(client, address, name="改名", reason="试一试看").status_code == 404
    assert client.get(theirs.get_absolute_url(), {"verify": "1"}).status_code == 404
    tag = tags_actions.make_tag(unit=make_unit(), name="自己的", note="", by=make_registrar(make_unit()))
    post(client, reverse(FACILITIES), action=f"put-{tag.pk}", _selected_action=theirs.code)
    post(client, reverse(FACILITIES), action="export", _selected_action=theirs.code)
    assert not FacilityTag.objects.exists()


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
    page_address = reverse("registry:facility-change", args=[facility.code])
    address = change_address(client, facility) if where == "admin" else page_address
    assert address == page_address
    answer = saved(client, address, name="本溪枫岭化工有限公司", reason="营业执照变更", evidence="营业执照")
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
    address = change_address(client, facility)
    for changes, status, sentence in (
        ({"name": "新名称"}, 200, "填写变更原因"),
        ({"name": "新名称", "reason": "改"}, 409, "原因写得太短，至少 4 个字"),
        ({"reason": "看看能不能"}, 409, "没有改动任何一项。"),
        ({"uscc": other.uscc, "reason": "更正信用代码"}, 409, "名录里已有使用这个信用代码的对象。"),
        ({"uscc": "91210504MA0S00000A", "reason": "更正信用代码"}, 200, "含不允许的字母 S"),
        ({"name": "新名称", "reason": "更正名称", "version": 0}, 409, "这条记录刚才被别人改过。"),
    ):
        fields = form_fields(client.get(address), **changes)
        here = post(client, address, **fields)
        assert here.status_code == status
        assert sentence in text_of(here)
        assert f'value="{fields["name"]}"' in here.content.decode()
    assert FacilityChange.objects.count() == 0


def test_state_and_unit_become_proposals_and_basic_data_change_at_once(client):
    facility = make_facility(make_unit(), uscc=credit_code())
    team = make_city_team()
    client.force_login(make_registrar(facility.unit))
    status, transfer = (change_address(client, facility, what) for what in ("status/", "transfer/"))
    refused = saved(client, status, status="SUSPENDED", reason="订单不足停产")
    assert "填写依据" in text_of(refused)
    assert (FacilityChange.objects.count(), ChangeProposal.objects.count()) == (0, 0)

    why = {"reason": "订单不足停产", "evidence": "核查记录"}
    assert saved(client, change_address(client, facility), address="新址", **why).status_code == 302
    assert saved(client, status, status="SUSPENDED", **why).status_code == 302
    assert saved(client, transfer, unit=team.pk, **why).status_code == 302
    facility.refresh_from_db()
    assert (facility.status, facility.unit, facility.address) == ("OPERATING", make_unit(), "新址")
    proposals = {p.kind: (p.payload, p.reason, p.evidence) for p in ChangeProposal.objects.pending()}
    assert proposals == {
        "STATUS": ({"status": "SUSPENDED"}, "订单不足停产", "核查记录"),
        "TRANSFER": ({"unit": team.code}, "订单不足停产", "核查记录"),
    }
    page = client.get(facility.get_absolute_url())
    assert "生产状态 在产 → 停产" in text_of(page) and "移交给市执法队监管" in text_of(page)
    again = post(client, status, status="CLOSED", on="2026-07-06", **why)
    assert "正等批准。先撤回，再提出新的。" in text_of(again)


def test_a_new_facility_gets_its_code_and_history(client):
    unit, code = make_unit(), credit_code()
    by = make_registrar(unit)
    client.force_login(by)
    address = follow(client, client.get(reverse(FACILITIES)), f"new/?unit={unit.code}")
    fields = form_fields(client.get(address), name="本溪新厂", uscc=code)
    assert "填写纳入原因" in text_of(post(client, address, **fields))
    made = post(client, address, **fields, reason="新建投产")
    assert made.status_code == 302, made.context["form"].errors
    facility = Facility.objects.get()
    assert (facility.code, facility.unit, facility.name) == (code, unit, "本溪新厂")
    change = FacilityChange.objects.get()
    assert (change.kind, change.reason, change.entered_by) == ("NEW", "新建投产", by)
    other = make_unit("210503")
    post(
        client, f"{address.partition('?')[0]}?unit={other.code}", **{**fields, "uscc": credit_code()}, reason="新建投产"
    )
    assert not Facility.objects.filter(unit=other).exists()


def test_the_history_is_read_only_and_verified(client):
    facility = make_facility(make_unit(), uscc=credit_code())
    client.force_login(make_registrar(facility.unit))
    saved(client, change_address(client, facility), address="新址", reason="搬到新址办公")
    page = client.get(history_address(client, facility))
    assert "地址 — → 新址" in text_of(page) and "搬到新址办公" in text_of(page) and "逐条重算了指纹" in text_of(page)
    history = page.content.decode().partition('id="history"')[2]
    assert "搬到新址办公" in history and "<form" not in history and "<button" not in history


@pytest.mark.parametrize("where", ["console", "page"])
def test_the_history_link_leads_to_all_of_it_not_to_the_latest_sixty(client, where):
    facility = make_facility(make_unit(), uscc=credit_code())
    client.force_login(make_registrar(facility.unit))
    for n in range(62):
        at = clock.now() + timedelta(minutes=n)
        FacilityChange.objects.create(
            facility=facility,
            facility_code=facility.code,
            kind="CHANGED",
            effective_on=at.date(),
            reason=f"第{n}次",
            at=at,
        )
    address = history_address(client, facility) if where == "console" else facility.get_absolute_url()
    words = text_of(client.get(address))
    assert "第61次" in words and ("第0次" in words) == (where == "console")


def test_an_inspector_is_changed_with_a_reason_and_only_by_his_own_units_registrar(client):
    unit = make_unit()
    inspector = make_inspector(unit)
    theirs = make_inspector(make_unit("210503"))
    by = make_registrar(unit)
    client.force_login(by)
    address = change_address(client, inspector)
    assert "填写变更原因" in text_of(saved(client, address, post="法制审核"))
    assert saved(client, address, post="法制审核", reason="岗位调整").status_code == 302
    change = InspectorChange.objects.get()
    assert (change.kind, change.reason, change.entered_by) == ("POST", "岗位调整", by)
    assert change.values == {"post": ["", "法制审核"]}
    assert "岗位调整" in text_of(client.get(history_address(client, inspector)))
    assert client.get(reverse("registry:inspector-change", args=[theirs.code])).status_code == 404
    assert theirs.name not in text_of(client.get(reverse("admin:registry_inspector_changelist")))

    list_page = client.get(reverse("admin:registry_inspector_changelist"))
    add = follow(client, list_page, f"new/?unit={unit.code}")
    fields = form_fields(client.get(add), name="新来的")
    assert post(client, add, **fields, reason="公务员录用").status_code == 302
    assert Inspector.objects.get(name="新来的").unit == unit


def test_leave_is_entered_and_ended_by_the_rules_of_the_page(client):
    unit = make_unit()
    inspector, theirs = make_inspector(unit), make_inspector(make_unit("210503"))
    client.force_login(make_registrar(unit))
    leave = {"kind": "LEAVE", "starts_on": "2026-07-01", "ends_on": "2026-07-20"}
    add, of_theirs = (reverse("registry:absence-new", args=[person.code]) for person in (inspector, theirs))
    assert post(client, add, **leave).status_code == 302
    assert "重叠" in text_of(post(client, add, **leave))
    assert post(client, of_theirs, **leave).status_code == 404
    absence = InspectorAbsence.objects.get()
    address = follow(client, client.get(reverse("admin:registry_inspectorabsence_changelist")), f"{absence.pk}/end/")
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
    make = follow(client, client.get("/admin/"), "/desk/objects/tags/")
    assert post(client, make, name="秋冬攻坚").status_code == 302
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
    change = follow(client, client.get(make), f"/tags/{tag.pk}/")
    assert post(client, change, action="retire").status_code == 302
    tag.refresh_from_db()
    assert tag.retired_on == clock.today()
    assert AuditEntry.objects.filter(verb="registry.tag.retired").count() == 1


def test_levels_and_interests_can_only_be_read(client):
    client.force_login(make_registrar(make_unit()))
    interests = reverse("admin:registry_conflictofinterest_changelist")
    levels = follow(client, client.get("/admin/"), "/desk/objects/levels/")
    for address in (interests, levels):
        page = client.get(address)
        assert page.status_code == 200 and "新增" not in text_of(page) and "change/" not in page.content.decode()
    assert client.get(reverse("registry:facility-level-change")).status_code == 403
    for what in ("add/", "1/", "1/history/"):
        with pytest.raises(Resolver404):
            resolve(f"{interests}{what}")


@pytest.mark.parametrize("model", ["facility", "inspector", "inspectorabsence", "conflictofinterest"])
def test_the_console_itself_changes_no_record(client, model):
    unit = make_unit()
    facility, inspector = make_facility(unit), make_inspector(unit)
    client.force_login(make_registrar(unit))
    before = Facility.objects.values().get(), Inspector.objects.values().get(), AuditEntry.objects.count()
    address = reverse(f"admin:registry_{model}_changelist")
    for fields in (
        {"_save": "1", "form-0-name": "改名"},
        {"action": "delete_selected"},
        {"name": "改名", "reason": "试一试"},
    ):
        post(client, address, **fields, _selected_action=[facility.code, inspector.code, facility.pk])
    assert (Facility.objects.values().get(), Inspector.objects.values().get(), AuditEntry.objects.count()) == before


# --- the list -----------------------------------------------------------------------------------------------------


def test_the_list_is_searched_by_name_code_and_pinyin_and_filtered(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    code = credit_code()
    facilities_actions.add_facility(unit=unit, values={"name": "本溪枫岭焦化", "uscc": code}, reason="新建投产", by=by)
    facilities_actions.add_facility(
        unit=unit, values={"name": "本溪棠汀印刷", "uscc": credit_code()}, reason="新建投产", by=by
    )

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
    saved(client, reverse("registry:facility-change", args=[last.code]), uscc=credit_code(), reason="补登信用代码")
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
    own = text_of(client.get(change_address(client, drawn)))
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
    others = [
        reverse(f"admin:registry_{m}_changelist") for m in ("inspector", "inspectorabsence", "conflictofinterest")
    ]
    for address in ("/admin/", reverse(FACILITIES), *others):
        page = client.get(address)
        html = page.content.decode()
        assert page.status_code == 200 and "请" not in text_of(page).replace("请假", "")
        assert "<title>" in html and "名录后台</title>" in html
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*src=)", html)
        assert re.findall(r"(?:src|href)=\"(?:https?:)?//", html) == []
        assert Permission.EDIT_FACILITIES.label not in html
