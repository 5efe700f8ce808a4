"""L-11: what a list seals are the grounds in force on that very day, whether or not the worker has been there (六(二)-am)."""

from datetime import date

import pytest

from benxi_shuangsuiji import clock
from plans.draw import actions as drawing
from plans.draw import ssj1
from plans.models import Draw
from registry.facilities import categories, recompute
from registry.models import CategoryRun, Facility
from tests.browsing import enter, text_of
from tests.factories import make_approver, make_facility, make_planner, make_registrar
from tests.plans.draw.factories import make_prepared_draw
from tests.registry.factories import approved_ground

pytestmark = pytest.mark.django_db


def differences(draw: Draw) -> list[tuple[str, str, str]]:
    """Every row of the draw's sealed frames whose category is not what the grounds of the day of the seal make.

    Its own arithmetic: from the days of each ground, by its last day, never from a stored label.
    """
    day = draw.frozen_at.astimezone(clock.now().tzinfo).date()
    found = []
    for text in draw.documents.filter(kind="FRAME").values_list("text", flat=True):
        frame = ssj1.parse_frame(text)
        codes = [row.id for row in frame.rows]
        for facility in Facility.objects.filter(code__in=codes).prefetch_related("grounds"):
            kinds = {
                g.kind
                for g in facility.grounds.all()
                if g.valid_from <= day
                and (g.valid_to is None or g.valid_to > day)
                and (categories.last_day(g.kind, g.year, g.valid_from) or day) >= day
            }
            if any(k.startswith("SF") for k in kinds):
                wanted = "special"
            else:
                wanted = "key" if any(k.startswith("KF") for k in kinds) else "general"
            if wanted != frame.category:
                found.append((facility.code, frame.category, wanted))
    return found


@pytest.fixture
def expired(at):
    """A case of 2024 and a list of 2025 that nobody has ended, on the day of a seal when the worker was down."""
    at("2026-07-06 09:00")
    draw = make_prepared_draw()
    by = make_registrar(draw.unit)
    at("2025-06-01 09:00")
    supervised, listed = make_facility(draw.unit, name="甲厂"), make_facility(draw.unit, name="乙厂")
    approved_ground(supervised, "SF1", by=by, evidence="省督办令", year=2024)
    approved_ground(listed, "KF1", by=by, evidence="2025 年名录", year=2025)
    at("2026-07-06 10:00")
    return draw, supervised, listed


@pytest.mark.clause("六(二)-am")
@pytest.mark.parametrize("ran", [False, True])
def test_expired_grounds_are_never_sealed(expired, ran):
    draw, supervised, listed = expired
    if ran:  # the worker was here today, and what is over was entered after it
        CategoryRun.objects.create(day=clock.today(), at=clock.now(), checked=0, lines=[])

    draw = drawing.seal_draw(draw=draw, by=make_approver(draw.unit))

    assert differences(draw) == []
    for facility in (supervised, listed):
        facility.refresh_from_db()
        assert facility.category == "general"
        ended = facility.changes.order_by("-seq").first()
        assert (ended.kind, ended.entered_by) == ("GROUND_ENDED", None)
    assert supervised.grounds.get().valid_to == date(2026, 1, 1)
    assert CategoryRun.objects.filter(day=clock.today()).count() == 1


@pytest.mark.clause("六(二)-am")
def test_the_page_before_the_seal_says_what_would_change(expired, client):
    draw, *_ = expired
    enter(client, make_planner(draw.unit))
    page = text_of(client.get(f"{draw.get_absolute_url()}prepare/"))
    assert "封存时先按当天的依据重新判定，2 家会变" in page
    assert "甲厂 上一年度被国家、省、市挂牌督办到期，特殊 → 一般" in page
    assert [row.facility.name for row in recompute.pending(draw.unit, date(2025, 12, 31))] == []


def test_a_seal_that_is_refused_changes_no_label(expired):
    draw, supervised, _ = expired
    with pytest.raises(Exception, match="两个字"):
        drawing.seal_draw(draw=draw, by=make_approver(draw.unit), word="盖章")
    supervised.refresh_from_db()
    assert supervised.category == "special"
    assert not CategoryRun.objects.exists()
