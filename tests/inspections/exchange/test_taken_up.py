"""A task that was begun there and is a check of ours: it, and everything that came of it, is shown, and compared with ours (五-4h)."""

import pytest

from inspections.exchange import actions, incoming, taking_up
from inspections.models import PlatformDifference, PlatformTask
from tests.browsing import signed_in, text_of
from tests.factories import make_facility
from tests.inspections.exchange.factories import ack, dispatched_now, pack, task_there
from tests.inspections.exchange.test_versions import result_there

pytestmark = [pytest.mark.django_db, pytest.mark.clause("五-4h")]
IDS = {"record_version": 1, "task": None, "platform_task": "PT-0815"}


def piece(n, words) -> dict:
    sha256 = f"{n}" * 64
    row = {"key": f"PT-0815:{sha256[:16]}", "kind": "PHOTO", "sha256": sha256, "size": 9, "content_type": "image/jpeg"}
    return {**IDS, **row, "taken_at": "2026-07-01T09:00:00+08:00", "words": words, "struck": False, "path": None}


def step(day, words) -> dict:
    row = {"key": f"FZ-{day}", "kind": "RECTIFICATION", "step": "CHECKED_AGAIN", "happened_on": day, "words": words}
    return {**IDS, **row, "facts": []}


def came(unit, planner, place, **changes) -> PlatformTask:
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit, place, **changes)]), by=planner)
    return PlatformTask.objects.get()


def otherwise() -> dict:
    return {d.field: (d.ours, d.theirs) for d in PlatformDifference.objects.filter(state="OPEN")}


def by_its_page(check, planner):
    taking_up.take_up(task=PlatformTask.objects.get(), check=check, by=planner)


def by_its_number(check, planner):
    package, _ = actions.make(unit=check.unit, by=planner)
    row = package.lines.get(kind="tasks", key=check.no)
    actions.settle(record=row, accepted=True, number="PT-0815", reason="", by=planner)


def by_acknowledgement(check, planner):
    package, _ = actions.make(unit=check.unit, by=planner)
    said = ack(package.number, kind="tasks", record=check.no, version=1, task=check.no, platform_task="PT-0815")
    assert incoming.take(content=pack(check.unit, 2, acks=[said]), by=planner).differences == 3


@pytest.mark.parametrize("door", [by_its_page, by_its_number, by_acknowledgement])
def test_the_task_itself_is_compared_with_the_check_whichever_door_the_numbers_meet_at(door, unit, planner):
    place = make_facility(unit)
    two = [{"bxs": None, "mep": f"SX-{n}01", "name": ""} for n in (1, 2)]
    came(unit, planner, place, mode="OFFSITE", items=two[1:], finish_by="2026-08-25")
    check = dispatched_now(unit, facility=place)
    door(check, planner)
    ours = "、".join(sorted({a.item_code for a in check.answers.all()}))
    assert otherwise() == {
        "检查方式": ("现场", "非现场"),
        "检查事项": (ours, "B01"),
        "完成不晚于": (check.finish_by.isoformat(), "2026-08-25"),
    }


def test_what_the_platform_mends_in_a_later_version_is_no_difference_any_more(unit, planner):
    place = make_facility(unit)
    check = dispatched_now(unit, facility=place)
    pairs = [{"bxs": None, "mep": {"A01": "SX-101", "B01": "SX-201"}[code], "name": ""} for code in ("A01", "B01")]
    same = {"items": pairs, "finish_by": check.finish_by.isoformat()}
    came(unit, planner, place, **same, mode="OFFSITE")
    by_its_page(check, planner)
    assert set(otherwise()) == {"检查方式"}
    mended = task_there(unit, place, **same, record_version=2)
    incoming.take(content=pack(unit, 2, tasks=[mended]), by=planner)
    assert otherwise() == {} and PlatformDifference.objects.get().words == "平台的新版本和本系统一样"


def test_every_piece_and_step_that_came_of_it_is_shown_and_compared(unit, planner):
    place = make_facility(unit)
    task = came(unit, planner, place)
    pieces = [piece(1, "排口"), piece(2, "台账")]
    steps = [step("2026-07-02", "还没有改完"), step("2026-07-09", "改完了")]
    incoming.take(content=pack(unit, 2, results=[result_there()], evidence=pieces[:1], followups=steps[:1]), by=planner)
    incoming.take(content=pack(unit, 3, evidence=pieces[1:], followups=steps[1:]), by=planner)
    later = pieces[0] | {"words": "排口全景", "record_version": 2}
    incoming.take(content=pack(unit, 4, evidence=[later]), by=planner)
    page = text_of(signed_in(planner).get(task.get_absolute_url()))
    for words in ("排口全景", "台账", "还没有改完", "改完了", "责令限期改正", "台账不全"):
        assert words in page
    by_its_page(dispatched_now(unit, facility=place), planner)
    found = otherwise()
    assert {found[f"证据 {n * 16}"][1] for n in "12"} == {"排口全景", "台账"}
    assert {found[f"后续处理 复查 {day}"][1][11:] for day in ("2026-07-02", "2026-07-09")} == {"还没有改完", "改完了"}


def test_what_was_kept_before_all_of_them_were_is_still_shown(unit, planner):
    """The last piece stood by itself in the content; a row of then is read as it is."""
    task = came(unit, planner, make_facility(unit))
    PlatformTask.objects.filter(pk=task.pk).update(content={**task.content, "evidence": piece(1, "排口")})
    page = task.get_absolute_url()
    assert "排口" in text_of(signed_in(planner).get(page))
    incoming.take(content=pack(unit, 2, evidence=[piece(2, "台账")]), by=planner)
    assert all(words in text_of(signed_in(planner).get(page)) for words in ("排口", "台账"))
