"""The pages of a draw: the whole way through HTTP, who sees what, and whose draw is not found (七(二), 七(五)-o)."""

from datetime import timedelta

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from plans.draw import actions as draw_actions
from plans.draw import forms as draw_forms
from plans.models import Draw, DrawDocument, DrawStatus, SourceKind, TeamMember, ValueEntry
from tests.browsing import FROM, html_of, post, queries, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.plans.draw.factories import (
    VALUES,
    make_held_draw,
    make_prepared_draw,
    make_published_plan,
    make_sealed_draw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LOTTERY = VALUES[SourceKind.LOTTERY]
PAGES = ["", "prepare/", "seal/", "entry/", "stage/"]


def address(draw, page=""):
    return f"/desk/draws/{draw.draw_id}/{page}"


def names_in(draw):
    """Everything that says who was drawn, and by whom it will be checked."""
    found = {
        text for pick in draw.picks.select_related("facility") for text in (pick.facility.name, pick.facility.code)
    }
    found |= {pick.ticket[:12] for pick in draw.picks.all()}
    return found | set(TeamMember.objects.filter(team__pick__draw=draw).values_list("inspector__name", flat=True))


@pytest.mark.clause("七(四)-4", "七(二)-a", "七(二)-b", "七(二)-i")
def test_a_draw_from_the_published_plan_to_the_locked_result(client, at):
    plan = make_published_plan()
    planner, approver = make_planner(plan.unit), make_approver(plan.unit)

    client.force_login(planner)
    begun = post(client, f"/desk/plans/{plan.unit.code}/2026q3/draw/")
    draw = Draw.objects.get()
    assert begun["Location"] == address(draw, "prepare/")
    page = html_of(client.get(begun["Location"]))
    assert "随机抽取：核对与封存" in page
    assert "七星彩第2026183期在封存后开出（7 月 8 日 10:00）" in page
    assert "已核对，等分管负责人封存" in page

    client.force_login(approver)
    assert "封存并公布指纹…" in html_of(client.get(address(draw, "prepare/")))
    refused = post(client, address(draw, "seal/"), word="好的")
    assert refused.status_code == 409
    assert "在框里写“封存”两个字" in html_of(refused)
    assert post(client, address(draw, "seal/"), word="封存")["Location"] == address(draw)

    at("2026-07-08 21:40")
    for person in (planner, approver):
        client.force_login(person)
        sent = post(client, address(draw, "entry/"), position=1, **{"s1-value": LOTTERY.replace(",", " ")})
        assert sent["Location"] == address(draw, "entry/")

    client.force_login(planner)
    assert "两人一致" in html_of(client.get(address(draw, "entry/")))
    assert post(client, address(draw, "hold/"))["Location"] == address(draw)
    draw.refresh_from_db()
    assert draw.status == DrawStatus.DRAWN
    assert post(client, address(draw, "hold/")).status_code == 409


@pytest.mark.clause("七(四)-3")
def test_a_plan_that_is_not_public_cannot_be_drawn_from_its_page(client):
    plan = make_published_plan(status="APPROVED")
    client.force_login(make_planner(plan.unit))

    post(client, f"/desk/plans/{plan.unit.code}/2026q3/draw/")

    assert not Draw.objects.exists()


@pytest.mark.clause("七(二)-c")
def test_the_entry_page_keeps_the_other_persons_digits_until_both_have_typed(client, at):
    draw = make_sealed_draw()
    planner, approver = make_planner(draw.unit), make_approver(draw.unit)
    at("2026-07-08 21:40")
    draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=planner)

    client.force_login(approver)
    for page in ("entry/", "", "stage/"):
        before = html_of(client.get(address(draw, page)))
        assert planner.full_name in before
        assert LOTTERY not in before
        assert "<b>02</b>" not in before

    post(client, address(draw, "entry/"), position=1, **{"s1-value": LOTTERY.replace("11,", "14,")})
    assert "第 4 个号码不同（11 / 14）" in html_of(client.get(address(draw, "entry/")))
    assert "<b>02</b>" not in html_of(client.get(address(draw, "stage/")))


def test_a_second_entry_by_the_same_person_is_refused_on_the_page(client, at):
    draw = make_sealed_draw()
    at("2026-07-08 21:40")
    client.force_login(make_planner(draw.unit))
    post(client, address(draw, "entry/"), position=1, **{"s1-value": LOTTERY})

    again = post(client, address(draw, "entry/"), position=1, **{"s1-value": LOTTERY})

    assert again.status_code == 409
    assert "一个人不能算两个人" in html_of(again)
    assert ValueEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (SourceKind.LOTTERY, "2 05、9，11\n17 20", "02,05,09,11,17,20"),
        (SourceKind.LOTTERY, "３０ 03,07 11 18 25 + ９", "03,07,11,18,25,30+09"),
        (SourceKind.DICE, "35162 43512", "3516243512"),
        (SourceKind.DIGITS, "４０７ 1358", "4071358"),
        (SourceKind.LOTTERY, "两点", "两点"),
        (SourceKind.BEACON, "A1B2 ｃ3d4", "a1b2c3d4"),
    ],
)
def test_a_typed_value_is_written_as_ssj1_wants_it(kind, typed, value):
    assert draw_forms.canonical_value(kind, typed) == value


# --- secrecy until the visit -------------------------------------------------------------------------------------


def outsiders(unit):
    return {
        "registrar": make_registrar(unit),
        "disclosure officer": make_disclosure_officer(unit),
        "archivist": make_user((Role.ARCHIVIST, unit)),
        "observer": make_observer(),
        "bureau reader": make_user((Role.BUREAU_READER, make_city_team())),
        "lead office": make_user((Role.LEAD_OFFICE, make_city_team())),
    }


@pytest.mark.clause("七(五)-o")
def test_nobody_outside_the_circle_sees_a_drawn_name_before_the_release(client):
    draw = make_held_draw(key=6, general=6, special=2, inspectors=5)
    secret = names_in(draw)
    result = DrawDocument.objects.get(kind="RESULT").text
    assert len(secret) > 10

    for who, user in outsiders(draw.unit).items():
        client.force_login(user)
        for url in ("/desk/draws/", *(address(draw, page) for page in PAGES), address(draw) + "?names=1"):
            response = client.get(url, follow=True)
            page = html_of(response)
            assert response.status_code in (200, 403), (who, url)
            assert not {name for name in secret if name in page}, (who, url)
            assert result.splitlines()[5] not in page, (who, url)
    assert not AuditEntry.objects.filter(verb="plans.sealed.viewed").exists()


@pytest.mark.clause("七(五)-o")
def test_the_wall_shows_counts_and_digests_even_to_the_planner(client):
    draw = make_held_draw()
    client.force_login(make_planner(draw.unit))
    page = html_of(client.get(address(draw, "stage/")))

    assert not {name for name in names_in(draw) if name in page}
    assert DrawDocument.objects.get(kind="RESULT").digest in page
    assert draw.chain_entries.get(kind="RESULT").link in page


@pytest.mark.promise("P05")
@pytest.mark.clause("七(五)-o", "七(二)-j")
def test_whoever_may_see_the_names_leaves_a_trace_each_time(client):
    draw = make_held_draw()
    digest = DrawDocument.objects.get(kind="RESULT").digest

    for n, user in enumerate((make_planner(draw.unit), make_approver(draw.unit), make_supervisor()), 1):
        client.force_login(user)
        assert not {name for name in names_in(draw) if name in html_of(client.get(address(draw)))}
        page = html_of(client.get(address(draw) + "?names=1"))
        assert {name for name in names_in(draw) if name in page} >= set(
            draw.picks.values_list("facility__code", flat=True)
        )
        views = AuditEntry.objects.filter(verb="plans.sealed.viewed", about_key=draw.draw_id)
        assert views.count() == n
        assert (views.last().actor, views.last().details) == (user, {"result": digest} | FROM)


def test_after_the_release_everyone_who_sees_draws_sees_the_names(client):
    draw = make_held_draw(released=True)
    client.force_login(make_observer())

    page = html_of(client.get(address(draw) + "?names=1"))

    assert all(code in page for code in draw.picks.values_list("facility__code", flat=True))
    assert not AuditEntry.objects.filter(verb="plans.sealed.viewed").exists()


# --- whose page it is --------------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-i")
@pytest.mark.parametrize("page", PAGES)
def test_another_units_draw_is_not_found(client, page):
    draw = make_sealed_draw(make_unit("210504"))
    other = make_user((Role.PLANNER, make_unit("210503")), (Role.APPROVER, make_unit("210503")))
    client.force_login(other)

    assert client.get(address(draw, page)).status_code == 404


def test_another_units_draw_cannot_be_changed(client, at):
    draw = make_sealed_draw(make_unit("210504"), values_agreed=True)
    plan = make_published_plan(make_unit("210505"))
    client.force_login(make_user((Role.PLANNER, make_unit("210503")), (Role.APPROVER, make_unit("210503"))))

    assert post(client, address(draw, "hold/")).status_code == 404
    assert post(client, address(draw, "seal/"), word="封存").status_code == 404
    assert post(client, address(draw, "entry/"), position=1).status_code == 404
    assert post(client, f"/desk/plans/{plan.unit.code}/2026q3/draw/").status_code == 404
    draw.refresh_from_db()
    assert draw.status == DrawStatus.FROZEN


@pytest.mark.parametrize("page", ["prepare/", "seal/", "entry/"])
def test_a_page_that_a_role_lacks_says_so(client, page):
    draw = make_prepared_draw()
    client.force_login(make_disclosure_officer(draw.unit))

    assert client.get(address(draw, page)).status_code == 403


@pytest.mark.clause("七(二)-a")
def test_a_late_draw_carries_its_amber_line(client, at):
    at("2026-07-13 09:00")
    draw = make_prepared_draw()
    client.force_login(draw.prepared_by)

    assert "抽取应在 7 月 10 日前完成，已逾期 3 天" in text_of(client.get(address(draw, "prepare/")))


def test_a_unit_that_opens_its_names_at_once_is_warned_before_sealing(client):
    plan = make_published_plan()
    plan.release_at = plan.draw_at + timedelta(hours=1)
    plan.save()
    draw = make_prepared_draw(plan=plan)
    client.force_login(make_approver(draw.unit))

    assert "名单将在抽取当天公开，企业可能提前知道" in html_of(client.get(address(draw, "seal/")))


def test_the_list_offers_to_begin_only_to_the_planner(client):
    plan = make_published_plan()

    for user, sees in ((make_planner(plan.unit), True), (make_registrar(plan.unit), False)):
        client.force_login(user)
        assert (f"/desk/plans/{plan.unit.code}/2026Q3/draw/" in html_of(client.get("/desk/draws/"))) is sees


def test_the_list_takes_the_same_queries_for_one_unit_and_for_three(client):
    supervisor = make_supervisor()
    taken = []
    for code in ("210502", "210503", "210504"):
        make_prepared_draw(make_unit(code))
        client.force_login(supervisor)
        taken.append(queries(client, "/desk/draws/"))

    assert taken[0] == taken[2]
