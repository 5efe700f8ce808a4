"""The list of 检查对象: what it counts, finds and offers, and what it tells of draws (ui.md 4.4; 六(二)-p, -q)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from inspections.models import Inspection, InspectionStatus
from registry.facilities import records, search
from registry.facilities import selection as facility_list
from registry.models import Facility, FacilityTag, SavedView, Tag
from registry.tags import actions
from tests.browsing import html_of, post, text_of
from tests.factories import make_approver, make_facility, make_planner, make_registrar, make_unit
from tests.inspections.factories import came_and_went, make_dispatched
from tests.registry.workbooks import credit_code

pytestmark = pytest.mark.django_db
URL = "registry:facility-list"


def found_in(unit, name, **fields):
    facility = make_facility(unit, name=name, **fields)
    facility.search_text = search.facility_text(facility)
    facility.save()
    return facility


def names(client, **asked):
    page = client.get(reverse(URL), {"unit": "210504", **asked})
    assert page.status_code == 200
    return [f.name for f in page.context["page"]]


# --- one count word everywhere ------------------------------------------------------------------------------------


def test_the_list_the_badge_and_the_views_count_those_on_the_books(client):
    unit = make_unit()
    make_facility(unit, name="甲厂")
    make_facility(unit, name="乙厂", status="CLOSED")
    client.force_login(make_planner(unit))
    page = client.get(reverse(URL))
    assert "1 家，另有已关闭、注销或迁出 1 家" in text_of(page)
    assert page.context["figures"]["all"] == 1 and page.context["figures"]["gone"] == 1
    badge = next(x for g in page.context["desk"].nav for x in g.links if x.label == "检查对象")
    assert badge.count == 1
    assert names(client) == ["甲厂"]
    assert names(client, view="gone") == names(client, status="CLOSED") == ["乙厂"]


def test_the_day_of_a_change_has_its_year_where_that_is_not_this_one(client, at):
    at("2025-12-09 09:00")
    unit = make_unit()
    place = make_facility(unit, name="甲厂")
    change = records.change_of(place, "CHANGED", clock.now(), by=make_registrar(unit), reason="改了联系人")
    records.record("registry.facility.changed", place, change, by=change.entered_by)
    client.force_login(make_planner(unit))
    assert 'data-l="更新">12-09<' in html_of(client.get(reverse(URL)))
    at("2026-08-03 09:00")
    assert 'data-l="更新">2025-12-09<' in html_of(client.get(reverse(URL)))


def test_past_its_limit_a_count_says_so_and_the_views_stay_uncounted(client, monkeypatch):
    monkeypatch.setattr(facility_list, "MOST", 2)
    unit = make_unit()
    for _ in range(3):
        make_facility(unit)
    client.force_login(make_planner(unit))
    page = client.get(reverse(URL), {"sort": "changed"})
    words = text_of(page)
    assert "超过 2 家" in words and "共 3 家" not in words
    assert all(count is None for count in page.context["figures"].values())
    assert page.context["sort"] == "code"
    assert len(page.context["page"].object_list) == 2


# --- search -------------------------------------------------------------------------------------------------------


def test_what_stands_in_a_longer_word_is_kept_once_and_found(client):
    unit = make_unit()
    code = credit_code()
    words = {"operator_name": "枫岭化工厂", "uscc": code, "permit_no": f"{code}001P", "code": f"{code}001P"}
    facility = found_in(unit, "枫岭化工厂二分厂", **words)
    assert facility.search_text.split() == [
        *("枫岭化工厂二分厂", "fenglinghuagongchangerfenchang", "flhgcefc", f"{code.lower()}001p", "明山区")
    ]
    client.force_login(make_registrar(unit))
    for word in ("枫岭化工厂", "fenglinghuagongchang", "flhgc", code):
        assert names(client, q=word) == ["枫岭化工厂二分厂"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("枫", ["枫岭焦化"]),
        ("枫岭", ["枫岭焦化"]),
        ("岭焦", ["枫岭焦化"]),
        ("fljh", ["枫岭焦化"]),
        ("lingjiao", ["枫岭焦化"]),
        ("bx-77", ["棠汀印刷"]),
        ("溪湖", ["棠汀印刷"]),
        ("棠汀 溪湖", ["棠汀印刷"]),
        ("棠汀 明山", []),
        ("两高", ["枫岭焦化"]),
        ("攻坚", ["棠汀印刷"]),
        ("100%", []),
        ("_", []),
    ],
)
@pytest.mark.clause("六(二)-q")
def test_a_part_of_a_name_pinyin_code_district_and_tags_are_found(client, word, found):
    unit = make_unit()
    by = make_registrar(unit)
    one = found_in(unit, "枫岭焦化", code="BX-1")
    two = found_in(unit, "棠汀印刷", code="BX-77")
    two.division_code = "210503"
    two.search_text = search.facility_text(two)
    two.save()
    one.grounds.create(
        kind="KF3", evidence="e", valid_from=clock.today(), entered_by=by, approved_by=make_approver(unit)
    )
    tag = actions.make_tag(unit=unit, name="秋冬攻坚", by=by)
    actions.put_tag(tag=tag, facilities=Facility.objects.filter(pk=two.pk), by=by)
    client.force_login(by)
    assert names(client, q=word) == found


def test_one_chinese_character_is_found_through_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_spread(%s)", ["枫a岭"])
        assert cursor.fetchone()[0] == search.spread("枫a岭") == "枫枫枫a岭岭岭"
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM registry_facility WHERE registry_spread(search_text) LIKE %s", ["%枫枫枫%"]
        )
        assert "facility_search" in "".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("page=abc", id="F01-word"),
        pytest.param("page=-1", id="F01-negative"),
        pytest.param("page=" + "9" * 31, id="F01-huge"),
        pytest.param("q=%00", id="F02"),
        pytest.param("q=%ED%A0%80", id="F03-surrogate"),
        pytest.param("q=%C0%AF", id="F03-overlong"),
        pytest.param("on=0000-01-01", id="F04-year-0"),
        pytest.param("on=2025-02-30", id="F04-no-such-day"),
        pytest.param("on=9999-12-31", id="F04-future"),
        pytest.param("sort=password", id="F05-sort"),
        pytest.param("sort=unit__code&view=__class__&tag=t:x&industry=none", id="F05-rest"),
        pytest.param("tag=t:" + "9" * 40, id="F05-number"),
        pytest.param("run=" + "9" * 40, id="F05-run"),
        pytest.param("unit=%00&quarter=%00", id="F05-unit"),
    ],
)
def test_whatever_stands_in_the_address_the_list_opens(client, asked):
    unit = make_unit()
    make_facility(unit)
    client.force_login(make_registrar(unit))
    page = client.get(reverse(URL) + "?" + asked, follow=True)
    assert page.status_code == 200
    if asked.startswith("on="):
        assert "日期" in text_of(page) or "今天和以前" in text_of(page)
    elif not asked.startswith("q=%"):
        assert len(page.context["page"].object_list) == 1


def test_of_a_repeated_filter_the_last_counts_and_a_repeated_order_is_refused(client):
    unit = make_unit()
    found_in(unit, "枫岭焦化")
    found_in(unit, "棠汀印刷")
    client.force_login(make_registrar(unit))
    page = client.get(reverse(URL) + "?unit=210504&q=枫岭&q=棠汀")
    assert [f.name for f in page.context["page"]] == ["棠汀印刷"]
    answer = post(client, reverse("registry:facility-chosen"), action=["put", "take"], tag="1", chosen="x")
    assert answer.status_code == 400
    assert FacilityTag.objects.count() == 0


# --- what is known of draws ---------------------------------------------------------------------------------------


@pytest.mark.clause("七(五)-o")
def test_a_pick_counts_in_the_list_only_once_its_result_is_public(client, at):
    unit = make_unit()
    inspections = make_dispatched(unit)
    client.force_login(make_planner(unit))

    def told():
        page = client.get(reverse(URL), {"unit": unit.code})
        row = next(f for f in page.context["page"] if f.pk == inspections[0].facility_id)
        return page.context["figures"]["undrawn"], row.times, row.checked_at

    everybody = Facility.objects.on_books().filter(unit=unit).count()
    assert told() == (everybody, 0, None)
    ended = clock.now()
    ours = Inspection.objects.filter(pk=inspections[0].pk)
    came_and_went(inspections[0], at=ended, status=InspectionStatus.REVIEWED)
    assert told() == (everybody, 0, None)
    ours.update(status=InspectionStatus.PUBLISHED, published_at=ended)
    assert told() == (everybody - 1, 1, ended)


# --- tags ---------------------------------------------------------------------------------------------------------


def standing(unit):
    rows = FacilityTag.objects.filter(tag__unit=unit, removed__isnull=True)
    return set(rows.values_list("facility__name", "tag__name", "added_id"))


@pytest.mark.clause("六(二)-p")
def test_bulk_tags_are_put_taken_and_restored_exactly(client):
    unit = make_unit()
    by = make_registrar(unit)
    for name in ("甲", "乙", "丙"):
        found_in(unit, name)
    tag = actions.make_tag(unit=unit, name="秋冬攻坚", by=by)
    client.force_login(by)
    url = reverse("registry:facility-chosen") + "?unit=210504"
    codes = list(Facility.objects.filter(name__in="甲乙").values_list("code", flat=True))
    first = post(client, url, action="put", tag=tag.pk, chosen=codes)
    before = standing(unit)
    assert {name for name, _, _ in before} == {"甲", "乙"}
    assert "撤销" in text_of(client.get(first["Location"]))
    everything = post(client, url, action="put", tag=tag.pk, all="1", query="")
    assert len(standing(unit)) == 3
    run = everything["Location"].rpartition("run=")[2]
    assert post(client, reverse("registry:facility-tag-undo", args=[run])).status_code == 302
    assert standing(unit) == before
    taken = post(client, url, action="take", tag=tag.pk, all="1", query="q=甲")
    assert {name for name, _, _ in standing(unit)} == {"乙"}
    post(client, reverse("registry:facility-tag-undo", args=[taken["Location"].rpartition("run=")[2]]))
    assert standing(unit) == before
    verbs = AuditEntry.objects.filter(verb__startswith="registry.tag.").order_by("pk").values_list("verb", flat=True)
    assert [v.rpartition(".")[2] for v in verbs] == ["made", "put", "put", "undone", "taken", "undone"]


@pytest.mark.clause("六(二)-p")
def test_an_undo_is_refused_when_late_done_or_built_upon(at):
    unit = make_unit()
    by = make_registrar(unit)
    make_facility(unit)
    rows = Facility.objects.filter(unit=unit)
    tag = actions.make_tag(unit=unit, name="攻坚", by=by)
    put = actions.put_tag(tag=tag, facilities=rows, by=by)
    taken = actions.take_tag(tag=tag, facilities=rows, by=by)
    with pytest.raises(Refused, match="后来又改过"):
        actions.undo_tags(run=put, by=by)
    actions.undo_tags(run=taken, by=by)
    with pytest.raises(Refused, match="已经撤销"):
        actions.undo_tags(run=taken, by=by)
    at("2026-07-06 10:31")
    with pytest.raises(Refused, match="30 分钟"):
        actions.undo_tags(run=put, by=by)
    assert FacilityTag.objects.get().removed_id is None


@pytest.mark.clause("六(二)-p")
def test_only_the_units_registrar_keeps_its_tags():
    unit, other = make_unit(), make_unit("210503")
    by = make_registrar(unit)
    tag = actions.make_tag(unit=unit, name="攻坚", by=by)
    theirs = make_facility(other)
    for who in (make_planner(unit), make_registrar(other)):
        with pytest.raises(Refused, match="名录管理员"):
            actions.put_tag(tag=tag, facilities=Facility.objects.filter(unit=unit), by=who)
    with pytest.raises(Refused, match="都已有"):
        actions.put_tag(tag=tag, facilities=Facility.objects.filter(pk=theirs.pk), by=by)
    with pytest.raises(Refused, match="已有标签"):
        actions.make_tag(unit=unit, name="攻坚", by=by)
    actions.retire_tag(tag=tag, retired=True, by=by)
    with pytest.raises(Refused, match="已停用"):
        actions.put_tag(tag=tag, facilities=Facility.objects.filter(unit=unit), by=by)
    assert Tag.objects.count() == 1 and FacilityTag.objects.count() == 0


# --- kept views ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-q")
def test_kept_views_have_counts_and_are_shared_on_wish(client):
    unit = make_unit()
    by = make_registrar(unit)
    make_facility(unit, permit_category="KEY")
    make_facility(unit)
    client.force_login(by)
    url = reverse("registry:facility-view-new")
    post(client, f"{url}?unit=210504", query="permit=KEY&page=7&unit=210503", name="今年许可", shared="on")
    view = SavedView.objects.get()
    assert view.query == "permit=KEY"
    reader = make_planner(unit)
    client.force_login(reader)
    assert "今年许可 1" in text_of(client.get(reverse(URL)))
    assert post(client, reverse("registry:facility-view-delete", args=[view.pk])).status_code == 404
    SavedView.objects.update(shared=False)
    assert "今年许可" not in text_of(client.get(reverse(URL)))


def test_the_list_takes_eight_queries_of_its_own_at_one_row_and_at_thirty(client):
    unit = make_unit()
    by = make_registrar(unit)
    tag = actions.make_tag(unit=unit, name="攻坚", by=by)
    actions.save_view(unit=unit, query="view=key", name="重点", shared=True, by=by)
    client.force_login(by)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(URL), {"unit": "210504", "tag": f"t:{tag.pk}", "q": "攻坚"})
        return [q["sql"] for q in seen if "registry_" in q["sql"]]

    counts = []
    for n in (1, 29):
        for _ in range(n):
            make_facility(unit)
        actions.put_tag(tag=tag, facilities=Facility.objects.filter(unit=unit), by=by)
        counts.append(len(queries()))
    # Two of the ten are the navigation's counts of the two registries.
    assert counts[0] == counts[1] <= 10, counts


def test_what_a_line_shows_is_looked_up_line_by_line_however_many_facilities_there_are(client):
    """An EXISTS among what is selected becomes a hash of the whole other table once it looks cheaper than the lookups."""
    client.force_login(make_registrar(make_unit()))

    with CaptureQueriesContext(connection) as seen:
        client.get(reverse(URL), {"unit": "210504"})

    # The frame's counts, unread messages among them, come in a statement of their own and are no line of this list.
    rows = [q["sql"] for q in seen if 'FROM "registry_facility"' in q["sql"] and "notices_message" not in q["sql"]]
    assert len(rows) >= 2  # how many there are, and the lines
    assert not any("EXISTS" in sql for sql in rows)


def test_a_search_for_one_character_is_answered_from_the_index():
    """What spreads the words has a price, so the planner does not take a whole table for cheaper (0018)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procost, l.lanname FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE proname = %s",
            ["registry_spread"],
        )
        assert cursor.fetchone() == (100, "plpgsql")
