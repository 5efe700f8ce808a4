"""No page of an import is a dead end: what was put aside, what has grown old meanwhile, what was sent to the wrong units."""

import pytest

from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from registry.imports import actions, duties
from registry.imports.pages import BatchPage, Report
from registry.imports.shelf_pages import FACILITIES
from registry.models import BatchKind, BatchState
from tests.browsing import enter, post_and_follow, signed_in, text_of
from tests.factories import make_city_team, make_facility, make_lead_office, make_registrar, make_unit
from tests.registry.factories import approved_import
from tests.registry.workbooks import facility_row, workbook

pytestmark = pytest.mark.django_db
HERE = "/desk/objects/import/"
CITY = "/desk/objects/city/import/"
LIST_2026 = {"year": 2026, "document": "本环发〔2026〕12 号"}


def brought(rows, by, kind=BatchKind.FACILITY, unit=None, asked=None):
    return actions.check_workbook(
        file_name="表.xlsx", content=workbook(rows), kind=kind, unit=unit or make_unit(), by=by, asked=asked
    )


def listed(facility):
    return {"名称": facility.name, "统一社会信用代码": facility.uscc}


@pytest.fixture
def registrar():
    return make_registrar(make_unit())


@pytest.fixture
def split():
    """The year's list of the whole city: a firm of each of two branches."""
    firms = [make_facility(make_unit(code), name=f"{code}的厂") for code in ("210503", "210504")]
    whole = {"unit": make_city_team(), "kind": BatchKind.KEY_LIST, "asked": LIST_2026 | {"whole": True}}
    return brought([listed(f) for f in firms], make_lead_office(), **whole)


def test_a_workbook_put_aside_before_its_columns_were_told_has_a_page(registrar, client):
    batch = brought([{"甲方": "红叶食品有限公司", "标识": "无"}], registrar)
    assert batch.state == BatchState.ASKS
    text = text_of(post_and_follow(enter(client, registrar), f"{HERE}{batch.pk}/discard/"))
    assert "已放弃，名录没有变化" in text and "重新上传" in text and "等待开始" not in text
    assert client.get(f"{HERE}{batch.pk}/").status_code == 200


def test_what_has_grown_old_is_checked_again_without_the_file(registrar, client):
    batch = brought([facility_row()], registrar)
    enter(client, registrar)
    assert "导入 1 行" in text_of(client.get(f"{HERE}{batch.pk}/"))
    first = brought([facility_row(name="先到的厂")], registrar)
    actions.confirm_import(batch=first, by=registrar)

    text = text_of(client.get(f"{HERE}{batch.pk}/"))
    assert "核对之后名录有了变化。按“重新核对”" in text and "导入 1 行" not in text
    with pytest.raises(Refused, match="按“重新核对”"):
        actions.confirm_import(batch=batch, by=registrar)
    text = text_of(post_and_follow(client, f"{HERE}{batch.pk}/again/"))
    assert "已重新核对" in text and "要重新核对" not in text and "导入 1 行" in text
    assert "已导入 1 行：新增 1 家，有变化 0 家" in text_of(post_and_follow(client, f"{HERE}{batch.pk}/confirm/"))
    with pytest.raises(Refused, match="不用重新核对"):
        actions.check_again(batch=batch, by=registrar)


def test_only_whoever_may_import_checks_again(registrar, client):
    batch = brought([facility_row()], registrar)
    neighbour = signed_in(make_registrar(make_unit("210503")))
    assert post_and_follow(neighbour, f"{HERE}{batch.pk}/again/").status_code == 404
    with pytest.raises(Refused, match="没有维护明山分局检查对象名录的权限"):
        actions.check_again(batch=batch, by=make_registrar(make_unit("210503")))


@pytest.mark.clause("六(二)-t")
def test_a_part_of_a_citys_list_is_checked_again_as_a_part(split):
    part = split.parts.get(unit=make_unit())
    registrar = make_registrar(part.unit)
    actions.confirm_import(batch=brought([facility_row()], registrar), by=registrar)
    with pytest.raises(Refused, match="按“重新核对”"):
        actions.confirm_import(batch=part, by=registrar)
    again = actions.check_again(batch=part, by=registrar)
    assert (again.state, again.counts["changed"], again.counts["foreign"], again.part_of) == ("CHECKED", 1, 1, split)
    assert actions.confirm_import(batch=again, by=registrar).state == BatchState.CONFIRMED


@pytest.mark.clause("六(二)-t")
def test_the_lead_office_takes_back_what_no_unit_has_confirmed(split, client):
    done, waits = split.parts.order_by("unit__code")
    actions.confirm_import(batch=done, by=make_registrar(done.unit))
    enter(client, split.uploaded_by)
    text = text_of(client.get(f"{CITY}{split.pk}/"))
    assert "还有 1 个单位没有确认" in text and "收回没有确认的部分" in text
    text = text_of(post_and_follow(client, f"{CITY}{split.pk}/discard/"))
    assert "没有确认的部分已收回" in text and "已放弃" in text and "收回没有确认的部分" not in text
    assert {p.pk: p.state for p in split.parts.all()} == {done.pk: "CONFIRMED", waits.pk: "DISCARDED"}
    with pytest.raises(Refused, match="这一批已放弃"):
        actions.confirm_import(batch=waits, by=make_registrar(waits.unit))
    with pytest.raises(Refused, match="这一批已放弃，不能放弃"):
        actions.discard_import(batch=split, by=split.uploaded_by)


def test_what_every_unit_has_decided_about_is_not_taken_back(split, client):
    for part in split.parts.all():
        actions.confirm_import(batch=part, by=make_registrar(part.unit))
    with pytest.raises(Refused, match="没有可以收回的部分"):
        actions.discard_import(batch=split, by=split.uploaded_by)
    text = text_of(enter(client, split.uploaded_by).get(f"{CITY}{split.pk}/"))
    assert "没有确认" not in text and "已导入" in text


def test_the_pages_of_the_citys_lists_speak_of_facilities_and_belong_to_them(split, client):
    enter(client, split.uploaded_by)
    page = client.get(CITY)
    text = text_of(page)
    assert "表里没有的检查对象不会被删除" in text and "全市名单不会" not in text
    assert "以前的导入" in text and "已分给各单位" in text
    assert [link.label for group in page.context["desk"].nav for link in group.links if link.current] == ["检查对象"]


def test_a_withdrawal_that_cannot_be_leads_back(registrar, client):
    batch = brought([facility_row()], registrar)
    actions.withdraw_import(batch=actions.confirm_import(batch=batch, by=registrar), by=registrar)
    page = enter(client, registrar).get(f"{HERE}{batch.pk}/withdraw/")
    assert "没有可以撤回的内容" in text_of(page) and f'href="{HERE}{batch.pk}/"' in page.content.decode()


def test_whom_a_years_list_leaves_out_is_counted_apart_from_what_it_changes(registrar, client, at):
    at("2026-03-20 09:00")
    unit = make_unit()
    old, new = (make_facility(unit, name=name) for name in ("去年的厂", "今年的厂"))
    last = brought([listed(old)], registrar, BatchKind.KEY_LIST, asked={"year": 2025, "document": "旧文"})
    approved_import(actions.confirm_import(batch=last, by=registrar))
    batch = brought([listed(new)], registrar, BatchKind.KEY_LIST, asked=LIST_2026)
    assert BatchPage(batch, FACILITIES).changed == 1
    report = Report(BatchPage(batch, FACILITIES), registrar, "依据")
    assert [(chip.label, chip.count) for chip in report.change_chips] == [("全部", 1), ("类别", 1), ("依据", 1)]
    assert (len(report.left_out), len(report.changes), report.more_changes) == (1, 1, 0)
    enter(client, registrar)
    short = post_and_follow(client, f"{HERE}{batch.pk}/confirm/", ends="on", ending="调出")
    assert short.status_code == 409 and "写得太短" in text_of(short) and 'value="调出"' in short.content.decode()
    assert "这 1 家确实不再列入" in text_of(short) and "导入 1 行" in text_of(short)
    text = text_of(post_and_follow(client, f"{HERE}{batch.pk}/confirm/"))
    assert "已导入 1 行：新增 0 家，有变化 1 家" in text
    assert "有变化的 1 家恢复" in text_of(client.get(f"{HERE}{batch.pk}/withdraw/"))
    actions.withdraw_import(batch=batch, by=registrar)
    again = brought([listed(new)], registrar, BatchKind.KEY_LIST, asked=LIST_2026)
    words = {"ends": "on", "ending": "2026 年名录已调出"}
    assert "有变化 1 家，提出取消 1 家" in text_of(post_and_follow(client, f"{HERE}{again.pk}/confirm/", **words))


def test_lists_count_the_rows_of_other_units_and_nobody_as_missing(split):
    part = split.parts.get(unit=make_unit())
    report = Report(BatchPage(part, FACILITIES), make_registrar(part.unit))
    assert report.counts[-1]["label"] == "以前列入、这次没有"
    part.kind = BatchKind.PERMIT
    assert report.counts[-1] == {"label": "属于其他单位", "figure": "1", "unit": "行", "note": "没有读取"}


def test_a_citys_list_is_split_for_all_units_or_for_none(split, monkeypatch):
    content, asked = files.read(split.file), {"unit": split.unit, "by": split.uploaded_by, "asked": split.asked}
    monkeypatch.setattr(actions, "is_large", lambda content: True)  # left to the worker
    whole = actions.check_workbook(file_name="表.xlsx", content=content, kind=split.kind, **asked)
    told, original = [], duties.wait_for

    def stopped(part):
        if told:
            raise RuntimeError("stopped")
        told.append(original(part))

    monkeypatch.setattr(duties, "wait_for", stopped)
    with pytest.raises(RuntimeError):
        actions.check_batch(batch=whole, content=content)
    assert not whole.parts.exists()

    monkeypatch.setattr(duties, "wait_for", original)
    said = []
    actions.check_batch(batch=whole, content=content, progress=lambda *far: said.append(far))
    assert whole.parts.count() == 2
    assert said == sorted(said) and said[-1][0] == said[-1][1] and len(said) == 3  # the team and two branches
